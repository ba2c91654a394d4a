"""Addresses of the leaders room."""

from django.urls import path

from circlekeeper.areas.leaders.pages import handover, keys, kit, papers, parting, taken, ways

app_name = "leaders"
urlpatterns = [
    path("account/taken/", taken.taken, name="taken"),
    path("sign-in/taken/", taken.taken_by_kit, name="taken-by-kit"),
    path("groups/<str:group_id>/team/keys/", keys.change_keys, name="keys"),
    path("groups/<str:group_id>/team/handover/", handover.hand_over, name="handover"),
    path("groups/<str:group_id>/team/papers/", papers.make, name="papers"),
    path("groups/<str:group_id>/team/papers/use/", papers.use, name="use-papers"),
    path("groups/<str:group_id>/team/<str:person_id>/way-back/", ways.way_back, name="way-back"),
    path("sign-in/no-phone/", kit.no_phone, name="no-phone"),
    path("account/way-back/", ways.own, name="own-way-back"),
    path("way-back/<str:way_id>/", ways.enter, name="enter"),
    path("groups/<str:group_id>/team/<str:person_id>/remove/", parting.remove, name="remove"),
]
