"""Addresses of the meetings room. Members' addresses are short and stand outside the staff's namespace."""

from django.urls import path

from circlekeeper.areas.meetings.pages import cockpit, door, plan

app_name = "meetings"
_GROUP = "groups/<str:group_id>/meetings/"

door_urls = [
    path("m/<str:token>/", door.door, name="door"),
    path("m/<str:token>/in/", door.enter, name="door-enter"),
    path("me/door/<str:meeting_id>/", door.my_door, name="my-door"),
]
urlpatterns = [
    path("meetings/", plan.index, name="index"),
    path(_GROUP, plan.overview, name="overview"),
    path(_GROUP + "plan/", plan.plan, name="plan"),
    path(_GROUP + "series/<str:series_id>/end/", plan.end_series, name="end-series"),
    path(_GROUP + "<str:meeting_id>/", cockpit.cockpit, name="cockpit"),
    path(_GROUP + "<str:meeting_id>/cancel/", plan.cancel, name="cancel"),
    path(_GROUP + "<str:meeting_id>/people/", cockpit.people, name="people"),
    path(_GROUP + "<str:meeting_id>/recording/", cockpit.recording, name="recording"),
]
