"""Addresses of the ballots room."""

from django.urls import path

from circlekeeper.areas.ballots.pages import keeping, kept, rooms, yes

app_name = "ballots"
_MEETING = "groups/<str:group_id>/meetings/<str:meeting_id>/"
_KEPT = "groups/<str:group_id>/kept/"

own_urls = [
    path("me/said/<str:keepsake_id>/", kept.said, name="my-said"),
]
urlpatterns = [
    path(_MEETING + "yes/", yes.yes, name="yes"),
    path(_MEETING + "rooms/", rooms.rooms, name="rooms"),
    path(_MEETING + "keep/", keeping.keep, name="keep"),
    path(_KEPT, kept.shelf, name="shelf"),
    path(_KEPT + "<str:keepsake_id>/", kept.kept, name="kept"),
    path(_KEPT + "<str:keepsake_id>/sound/", kept.sound, name="sound"),
]
