"""Addresses of the leaders room."""

from django.urls import path

from circlekeeper.areas.leaders.pages import keys, parting

app_name = "leaders"
urlpatterns = [
    path("groups/<str:group_id>/team/keys/", keys.change_keys, name="keys"),
    path("groups/<str:group_id>/team/<str:person_id>/remove/", parting.remove, name="remove"),
]
