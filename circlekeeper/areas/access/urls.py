"""Addresses of the access room."""

from django.urls import include, path

from circlekeeper.areas.access.pages import lead, own, reviews, tips

_GROUP = "groups/<str:group_id>/access/"
_team = [
    path(_GROUP, lead.index, name="index"),
    path(_GROUP + "helpers/", lead.helpers, name="helpers"),
    path(_GROUP + "needs/<str:member_id>/", lead.needs, name="needs"),
    path(_GROUP + "rules/", reviews.rules, name="rules"),
    path(_GROUP + "rules/<str:review_id>/", reviews.rule, name="rule"),
    path(_GROUP + "tips/", tips.tips, name="tips"),
    path(_GROUP + "talks/<str:thread_id>/", lead.talk, name="talk"),
]
urlpatterns = [
    path("me/access/", own.talk, name="own-access"),
    path("me/card/", own.card, name="own-card"),
    path("me/rules/", own.rules, name="own-rules"),
    path("", include((_team, "access"))),
]
