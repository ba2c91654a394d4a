"""Addresses of the incidents room."""

from django.urls import path

from circlekeeper.areas.incidents import pages

app_name = "incidents"
_GROUP = "groups/<str:group_id>/happened/"
urlpatterns = [
    path(_GROUP, pages.index, name="index"),
    path(_GROUP + "<str:incident_id>/", pages.draft, name="draft"),
]
