"""Addresses of the joining room."""

from django.urls import path

from circlekeeper.areas.joining.pages import public, team

app_name = "joining"
urlpatterns = [
    path("g/<str:group_id>/", public.group, name="group"),
    path("g/<str:group_id>/join/", public.join, name="join"),
    path("me/code/", public.code, name="code"),
    path("groups/<str:group_id>/joining/", team.applications, name="applications"),
    path("groups/<str:group_id>/joining/<str:application_id>/", team.application, name="application"),
]
