"""Addresses of the venues room."""

from django.urls import path

from circlekeeper.areas.venues.pages import doorlist, places

app_name = "venues"
_PLACES = "groups/<str:group_id>/places/"

_MEETING = "groups/<str:group_id>/meetings/<str:meeting_id>/"

urlpatterns = [
    path(_MEETING + "list/", doorlist.door_list, name="door-list"),
    path(_PLACES, places.index, name="index"),
    path(_PLACES + "new/", places.write, name="write"),
    path(_PLACES + "<str:venue_id>/", places.place, name="place"),
    path(_PLACES + "<str:venue_id>/change/", places.change, name="change"),
]
