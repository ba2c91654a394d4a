"""Every address of the house. Pages live in the rooms; this file only says where each room hangs."""

from django.urls import URLPattern, URLResolver, include, path

handler400 = "circlekeeper.web.errors.bad_request"
handler403 = "circlekeeper.web.errors.forbidden"
handler404 = "circlekeeper.web.errors.not_found"
handler500 = "circlekeeper.web.errors.broken"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("circlekeeper.web.urls")),
]
