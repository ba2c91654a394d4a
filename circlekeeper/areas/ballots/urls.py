"""Addresses of the ballots room."""

from django.urls import path

from circlekeeper.areas.ballots.pages import rooms, yes

app_name = "ballots"
_MEETING = "groups/<str:group_id>/meetings/<str:meeting_id>/"

urlpatterns = [
    path(_MEETING + "yes/", yes.yes, name="yes"),
    path(_MEETING + "rooms/", rooms.rooms, name="rooms"),
]
