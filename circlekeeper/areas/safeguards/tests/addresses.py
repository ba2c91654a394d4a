"""The house's addresses, and this room's, for tests of its pages."""

from django.urls import include, path

handler404 = "circlekeeper.web.errors.not_found"
urlpatterns = [path("", include("circlekeeper.areas.safeguards.urls")), path("", include("circlekeeper.urls"))]
