"""What every template can count on."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from circlekeeper.web import navigation


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Navigation, ``demo``, ``layout``: the base for what staff and visitors share (``refused``, ``confirm``, errors)."""
    who = getattr(request, "who", None)
    nav = navigation.main(request, who)
    return {
        "demo": settings.DEMO,
        "nav": nav,
        "own_pages": navigation.own(request, who),
        "layout": "web/base.html" if nav else "web/public.html",
    }
