"""Every address of the house. Pages live in the rooms; this file only says where each room hangs."""

from django.urls import URLPattern, URLResolver, include, path

from circlekeeper.areas.ballots.urls import own_urls
from circlekeeper.areas.meetings.urls import door_urls
from circlekeeper.areas.venues.urls import own_urls as own_plan_urls

handler400 = "circlekeeper.web.errors.bad_request"
handler403 = "circlekeeper.web.errors.forbidden"
handler404 = "circlekeeper.web.errors.not_found"
handler500 = "circlekeeper.web.errors.broken"
# Tried one after the other: what many people use at the same time comes first.
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("circlekeeper.areas.joining.urls")),
    path("", include("circlekeeper.web.urls")),
    path("", include("circlekeeper.foundation.accounts.urls")),
    path("", include("circlekeeper.areas.safeguards.urls")),
    path("", include("circlekeeper.areas.domain.urls")),
    path("", include("circlekeeper.areas.agreements.urls")),
    path("", include("circlekeeper.areas.roster.urls")),
    path("", include("circlekeeper.areas.access.urls")),
    path("", include("circlekeeper.areas.meetings.urls")),
    path("", include(door_urls)),
    path("", include("circlekeeper.areas.incidents.urls")),
    path("", include("circlekeeper.areas.ballots.urls")),
    path("", include("circlekeeper.areas.venues.urls")),
    path("", include(own_urls)),
    path("", include(own_plan_urls)),
    path("", include("circlekeeper.areas.leaders.urls")),
    path("", include("circlekeeper.areas.retention.urls")),
    path("", include("circlekeeper.web.group_urls")),
]
