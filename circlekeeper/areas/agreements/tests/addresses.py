"""The house's addresses, and this room's wherever the house does not list them yet."""

from django.urls import include, path

urlpatterns = [
    path("", include("circlekeeper.urls")),
    path("", include("circlekeeper.areas.agreements.urls")),
]
