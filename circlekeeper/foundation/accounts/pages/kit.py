"""The recovery kit: twelve words on paper, typed back once, because nobody here can open anything for you."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import arriving, nexts, queries, throttle
from circlekeeper.foundation.accounts.forms import KitForm
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import ROLE_WORDS, Permission
from circlekeeper.foundation.vault import envelope, userkeys

_TRIES = "20/10m/key"


@page(needs=Permission.SIGNED_IN, methods=("GET", "POST"), keys=True)
def kit(request: HttpRequest) -> HttpResponse:
    """Make a kit and show its words, once. With a checked kit already, ask first: the old one stops working."""
    who = request.who  # type: ignore[attr-defined]
    checked = queries.kit_checked(who.id)
    if checked:
        closed = nexts.proof_first(request)
        if closed is not None:
            return closed
    if request.method == "GET":
        return render(request, "accounts/kit_start.html", {"again": checked, "step": 4})
    made = userkeys.new_kit(secret=who.ring.secret, now=clock.now())
    return render(request, "accounts/kit.html", {"words": made.words.split(), "step": 4})


@page(needs=Permission.SIGNED_IN, methods=("GET", "POST"))
def check(request: HttpRequest) -> HttpResponse:
    """Type the words back, from paper."""
    who = request.who  # type: ignore[attr-defined]
    form = KitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not throttle.allowed(request, action="accounts.kit", rate=_TRIES, key=who.id):
            form.add_error("words", _("Too many tries. Wait ten minutes, then try again."))
        elif _confirmed(who.id, form):
            arriving.finish(who.id)
            return HttpResponseRedirect(reverse("accounts:ready"))
    return render(
        request, "accounts/kit_check.html", {"form": form, "step": 5}, status=422 if form.errors else 200
    )


@page(needs=Permission.SIGNED_IN)
def ready(request: HttpRequest) -> HttpResponse:
    """The end of the set-up: what you are here now, and what you still wait for."""
    who = request.who  # type: ignore[attr-defined]
    roles = queries.roles_of(who.id)
    waits = any(
        role.waits and role.person_id == who.id for place in roles for role in queries.waiting_for_keys(place)
    )
    shown = {
        "roles": [ROLE_WORDS[role] for _place, role in queries.words_of(roles)],
        "waits": waits,
        "four_words": queries.four_words(who.id),
        "missing": nexts.missing(who.id),
    }
    return render(request, "accounts/ready.html", shown)


def _confirmed(person_id: str, form: KitForm) -> bool:
    try:
        userkeys.confirm_kit(person_id=person_id, kit=form.cleaned_data["words"], now=clock.now())
    except userkeys.NotAKit:
        form.add_error("words", _("These are not twelve words of a kit. Compare each with your paper."))
    except envelope.SealBroken:
        form.add_error("words", _("These words are not those of your newest kit. Take the newest paper."))
    else:
        return True
    return False
