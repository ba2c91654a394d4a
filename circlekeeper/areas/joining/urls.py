"""Addresses of the joining room."""

from django.urls import path

from circlekeeper.areas.joining.pages import calls, fields, public, referrals, team, vetting

app_name = "joining"
_TEAM = "groups/<str:group_id>/joining/"
urlpatterns = [
    path("g/<str:group_id>/", public.group, name="group"),
    path("g/<str:group_id>/join/", public.join, name="join"),
    path("me/code/", public.code, name="code"),
    path("me/call/", calls.choose, name="choose-call"),
    path(_TEAM, team.applications, name="applications"),
    path(_TEAM + "way/", vetting.way, name="way"),
    path(_TEAM + "calls/", calls.calls, name="calls"),
    path(_TEAM + "fields/", fields.fields, name="fields"),
    path(_TEAM + "referrers/", referrals.referrers, name="referrers"),
    path(_TEAM + "referrers/<str:referrer_id>/", referrals.referrer, name="referrer"),
    path(_TEAM + "<str:application_id>/", team.application, name="application"),
    path(_TEAM + "<str:application_id>/notes/", calls.notes, name="notes"),
]
