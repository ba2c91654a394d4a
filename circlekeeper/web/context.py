"""What every template can count on."""

from typing import Any

from django.http import HttpRequest

from circlekeeper.web import navigation


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Navigation, and ``layout``: the base for pages that staff and visitors share (``refused``, ``confirm``, errors)."""
    who = getattr(request, "who", None)
    nav = navigation.main(request, who)
    return {
        "nav": nav,
        "own_pages": navigation.own(request, who),
        "layout": "web/base.html" if nav else "web/public.html",
    }
