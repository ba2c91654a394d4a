"""Addresses of the venues room."""

from django.urls import path

from circlekeeper.areas.venues.pages import both, doorlist, places, plans, screen

app_name = "venues"
_PLACES = "groups/<str:group_id>/places/"

_MEETING = "groups/<str:group_id>/meetings/<str:meeting_id>/"

_PLANS = "groups/<str:group_id>/plans/"

own_urls = [
    path("me/plan/", plans.own, name="my-plan"),
    path("me/room/", both.camera, name="my-room"),
    path("screen/<str:screen>/", screen.screen, name="screen"),
]
urlpatterns = [
    path(_PLANS, plans.index, name="plans"),
    path(_PLANS + "new/", plans.write, name="write-plan"),
    path(_PLANS + "<str:plan_id>/", plans.plan, name="plan"),
    path(_PLANS + "<str:plan_id>/change/", plans.change, name="change-plan"),
    path(_MEETING + "list/", doorlist.door_list, name="door-list"),
    path(_MEETING + "devices/", both.devices, name="devices"),
    path(_MEETING + "rehearsal/", both.rehearsal, name="rehearsal"),
    path(_PLACES, places.index, name="index"),
    path(_PLACES + "new/", places.write, name="write"),
    path(_PLACES + "<str:venue_id>/", places.place, name="place"),
    path(_PLACES + "<str:venue_id>/change/", places.change, name="change"),
]
