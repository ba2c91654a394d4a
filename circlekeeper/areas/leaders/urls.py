"""Addresses of the leaders room."""

from django.urls import path

from circlekeeper.areas.leaders.pages import handover, keys, parting, taken

app_name = "leaders"
urlpatterns = [
    path("account/taken/", taken.taken, name="taken"),
    path("sign-in/taken/", taken.taken_by_kit, name="taken-by-kit"),
    path("groups/<str:group_id>/team/keys/", keys.change_keys, name="keys"),
    path("groups/<str:group_id>/team/handover/", handover.hand_over, name="handover"),
    path("groups/<str:group_id>/team/<str:person_id>/remove/", parting.remove, name="remove"),
]
