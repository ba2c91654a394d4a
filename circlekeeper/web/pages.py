"""Leaving, help, and the day of a signed-in person."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from circlekeeper.foundation import clock
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission
from circlekeeper.web import help as help_numbers
from circlekeeper.web import leaving, todos


@page(needs=Permission.ANYONE)
def leave(request: HttpRequest) -> HttpResponse:
    """``/exit``: end whatever is open here and go elsewhere. GET and without CSRF: it can only end one's own session."""
    if leaving.is_guess(request):
        return HttpResponse(status=204)
    leaving.close_everything(request)
    return leaving.away(request)


@page(needs=Permission.ANYONE)
def about_leaving(request: HttpRequest) -> HttpResponse:
    """``/leaving/``: what the button does and what no button can do."""
    return render(request, "web/leaving.html", {"place": leaving.place_name()})


@page(needs=Permission.ANYONE)
def help_now(request: HttpRequest) -> HttpResponse:
    """``/help-now/``: people who answer, by country, the community's own country first."""
    home = str(getattr(settings, "HELP_REGION", ""))
    found = help_numbers.regions(today=clock.now().date(), home=home)
    return render(request, "web/help_now.html", {"regions": found, "home": home.upper()})


@page(needs=Permission.SIGNED_IN)
def today(request: HttpRequest) -> HttpResponse:
    """What needs me, most urgent first, at most seven, the rest behind "later"."""
    todos.arrive(request.who, clock.now())  # type: ignore[attr-defined]
    day = todos.day(who=request.who, now=clock.now())  # type: ignore[attr-defined]
    return render(request, "web/today.html", {"day": day})
