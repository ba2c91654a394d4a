"""Addresses of a group's own page and its team."""

from django.urls import path

from circlekeeper.web import group_pages, role_pages

app_name = "groups"
urlpatterns = [
    path("groups/", group_pages.index, name="index"),
    path("groups/<str:group_id>/", group_pages.home, name="home"),
    path("groups/<str:group_id>/team/", group_pages.team, name="team"),
    path("groups/<str:group_id>/team/roles/", role_pages.roles, name="roles"),
    path("groups/<str:group_id>/team/invite/", group_pages.invite, name="invite"),
    path("groups/<str:group_id>/team/<str:person_id>/keys/", group_pages.give_keys, name="give-keys"),
    path("groups/<str:group_id>/team/<str:person_id>/leaves/", group_pages.leaves, name="leaves"),
    path("groups/<str:group_id>/team/invitations/<str:invitation_id>/end/", group_pages.uninvite, name="uninvite"),
]
