"""Where to go next: what was asked for, or what is still missing."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from circlekeeper.foundation import page
from circlekeeper.foundation.accounts import queries

HOME = "/"
# Pages of a room above, to which the account's own pages lead.
TAKEN, TAKEN_BY_KIT, NO_PHONE = "/account/taken/", "/sign-in/taken/", "/sign-in/no-phone/"


def wanted(request: HttpRequest, default: str = HOME) -> str:
    """The path in ``?next=``, if it is one of ours; never another host."""
    asked = request.GET.get("next", "")
    if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return asked
    return default


def proof_first(request: HttpRequest) -> HttpResponse | None:
    """Send someone who has a second factor to prove it again, unless they did within five minutes."""
    who = request.who  # type: ignore[attr-defined]
    if not who.has_factor or page.proof_is_fresh(who.proved_at):
        return None
    return HttpResponseRedirect(f"{page.CONFIRM}?{urlencode({'next': request.path})}")


def missing(person_id: str) -> str | None:
    """The page of the first thing a new account still lacks: a second factor, a checked kit; or None."""
    if not queries.has_factor(person_id):
        return page.SET_UP_FACTOR
    if not queries.kit_checked(person_id):
        return "/account/kit/"
    return None
