"""Addresses of the retention room."""

from django.urls import path

from circlekeeper.areas.retention import pages

app_name = "retention"
urlpatterns = [
    path("certificate/", pages.certificate, name="certificate"),
    path("groups/<str:group_id>/retention/", pages.overview, name="overview"),
    path("groups/<str:group_id>/retention/hold/", pages.hold, name="hold"),
    path("groups/<str:group_id>/retention/holds/<str:hold_id>/release/", pages.release, name="release"),
]
