"""Every address of the house. Pages live in the rooms; this file only says where each room hangs."""

from django.urls import URLPattern, URLResolver, include, path


handler400 = "circlekeeper.web.errors.bad_request"
handler403 = "circlekeeper.web.errors.forbidden"
handler404 = "circlekeeper.web.errors.not_found"
handler500 = "circlekeeper.web.errors.broken"
import importlib  # TEMP while rooms are half-written


def _there(name):
    try:
        importlib.import_module(name)
        return True
    except ImportError:
        return False


urlpatterns: list[URLPattern | URLResolver] = [
    *([path("", include("circlekeeper.web.urls"))] if _there("circlekeeper.web.urls") else []),
    *(
        [path("", include("circlekeeper.foundation.accounts.urls"))]
        if _there("circlekeeper.foundation.accounts.urls")
        else []
    ),
    *(
        [path("", include("circlekeeper.areas.safeguards.urls"))]
        if _there("circlekeeper.areas.safeguards.urls")
        else []
    ),
    *(
        [path("", include("circlekeeper.areas.agreements.urls"))]
        if _there("circlekeeper.areas.agreements.urls")
        else []
    ),
    *([path("", include("circlekeeper.areas.roster.urls"))] if _there("circlekeeper.areas.roster.urls") else []),
    *([path("", include("circlekeeper.areas.joining.urls"))] if _there("circlekeeper.areas.joining.urls") else []),
    *(
        [path("", include("circlekeeper.areas.meetings.urls"))]
        if _there("circlekeeper.areas.meetings.urls")
        else []
    ),
    *(
        [path("", include(__import__("circlekeeper.areas.meetings.urls", fromlist=["x"]).door_urls))]
        if _there("circlekeeper.areas.meetings.urls")
        else []
    ),
    *(
        [path("", include("circlekeeper.areas.retention.urls"))]
        if _there("circlekeeper.areas.retention.urls")
        else []
    ),
    *([path("", include("circlekeeper.web.group_urls"))] if _there("circlekeeper.web.group_urls") else []),
]
