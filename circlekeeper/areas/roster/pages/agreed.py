"""What a member agreed to and promised: read it, take a receipt, take it back, give it again (CON1, CON2)."""

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import actions as agreements_do
from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.roster import actions, queries, rules, words
from circlekeeper.areas.roster.forms import YesForm
from circlekeeper.areas.roster.models import State
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import throttle
from circlekeeper.foundation.accounts.who import Who
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

_GONE = (State.LEFT, State.DECLINED)
_FORM_OF = {"contact": "roster-contact", "emergency": "roster-emergency", "access-needs": "roster-help"}


@page(needs=Permission.OWN)
def agreed(request: HttpRequest) -> HttpResponse:
    """Each yes, each no and each promise, with its words."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    here = queries.member(group_id=who.group_id, member_id=who.id).state not in _GONE
    zone = groups.group(who.group_id).zone
    promises = agreements.own_promises(group_id=who.group_id, member_id=who.id, holder=who.member_key)
    shown = {
        "purposes": [
            {
                "it": each,
                "given": each.standing == "given",
                "expired": each.standing == "expired",
                "at": words.day(each.at, zone),
                "until": words.day(each.until, zone),
                "offer": here and each.may_give and (each.standing != "given" or each.newer),
            }
            for each in agreements.agreed(group_id=who.group_id, member_id=who.id, now=now)
        ],
        "promises": [
            {
                "it": each,
                "stands": each.withdrawn_at is None and each.lapses_at > now,
                "signed": words.day(each.signed_at, zone),
                "lapses": words.day(each.lapses_at, zone),
                "withdrawn": words.day(each.withdrawn_at, zone),
            }
            for each in promises
        ],
        "here": here,
        "has_copy": who.id in agreements.with_copies(who.group_id),
    }
    return render(request, "roster/agreed.html", shown)


def _purpose(who: Who, purpose: str) -> agreements.AgreedPurpose:
    now = clock.now()
    for each in agreements.agreed(group_id=who.group_id or "", member_id=who.id, now=now):
        if each.purpose == purpose:
            return each
    raise NotHere


@page(needs=Permission.OWN, methods=("GET", "POST"))
def withdraw(request: HttpRequest, purpose: str) -> HttpResponse:
    """Take one consent back; what it does is said before, and done at once."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    found = _purpose(who, purpose)
    if found.standing not in ("given", "expired"):
        # Also a button pressed twice: it is done.
        return HttpResponseRedirect(reverse("roster-agreed"))
    if request.method == "POST":
        agreements_do.withdraw_consent(
            by=who.id, group_id=who.group_id, member_id=who.id, purpose=purpose, now=now
        )
        # The worker hears of it too. Here it is done before the answer is shown: what was promised above has happened.
        actions.end_purpose(by=who.id, group_id=who.group_id, member_id=who.id, purpose=purpose, now=now)
        return HttpResponseRedirect(reverse("roster-agreed"))
    question = _("Take this back, and leave the group?") if found.needed else _("Take this back?")
    return _before(request, question, found.title, _effects(who, found, now), leaves=found.needed)


def _effects(who: Who, found: agreements.AgreedPurpose, now: datetime) -> list[str]:
    """Everything that taking it back does, one sentence each (CON2)."""
    effects = [found.withdrawn]
    part = rules.PART_OF.get(found.purpose)
    if part is not None:
        own = queries.own_record(member_id=who.id, group_id=who.group_id or "", holder=who.member_key or b"")
        if part in own.parts:
            said = _("“%(part)s” is destroyed now: here at once, and in every backup within a week.")
            effects.append(said % {"part": words.PARTS[part]})
    if found.needed:
        effects.append(_("You get no more links to meetings, and nobody contacts you."))
        day = date_format(_last_day(who.group_id or "", now), "j F Y")
        effects.append(_("The rest of what we hold about you is destroyed by %(day)s.") % {"day": day})
    else:
        effects.append(_("You stay in the group. Nobody else is told."))
    effects.append(_("That you said yes, and that you took it back, stays written down until your record ends."))
    return effects


def _last_day(group_id: str, now: datetime) -> Any:
    today = now.astimezone(groups.group(group_id).zone).date()
    return safeguards.due_on(group_id=group_id, record="roster", start=today)


def _before(
    request: HttpRequest, question: str, title: str, effects: list[str], *, leaves: bool = False
) -> HttpResponse:
    shown = {"question": question, "title": title, "effects": effects, "leaves": leaves}
    return render(request, "roster/take_back.html", shown)


@page(needs=Permission.OWN, methods=("GET", "POST"))
def give(request: HttpRequest, purpose: str) -> HttpResponse:
    """Say yes, or yes again, to one purpose, with its words in sight."""
    who = request.who  # type: ignore[attr-defined]
    if not _purpose(who, purpose).may_give:
        raise NotHere
    if queries.member(group_id=who.group_id, member_id=who.id).state in _GONE:
        raise Refused(_("You have left. Ask to join again first."))
    text = agreements.purpose_text(who.group_id, purpose)
    form = YesForm(request.POST or None, text=text)
    if request.method == "POST" and form.is_valid():
        if throttle.same(request.POST.get("seen", ""), text.sha256):
            agreements_do.record_consents(
                by=who.id,
                group_id=who.group_id,
                member_id=who.id,
                answers={purpose: text.sha256},
                method="ticked",
                now=clock.now(),
            )
            return HttpResponseRedirect(reverse(_FORM_OF.get(purpose, "roster-agreed")) + "#main")
        form.add_error(None, _("These words changed while the page was open. Please read them first."))
    shown = {"form": form, "text": text}
    return render(request, "roster/give.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.OWN)
def receipt(request: HttpRequest, purpose: str) -> HttpResponse:
    """The receipt of one consent, with every yes and no in order."""
    who = request.who  # type: ignore[attr-defined]
    for each in agreements.receipts(group_id=who.group_id, member_id=who.id):
        if each["purposes"][0]["purpose"] == purpose:
            return _file(each)
    raise NotHere


@page(needs=Permission.OWN)
def promise_receipt(request: HttpRequest) -> HttpResponse:
    """The promises with their words, newest first."""
    who = request.who  # type: ignore[attr-defined]
    found = agreements.own_promises(group_id=who.group_id, member_id=who.id, holder=who.member_key)
    if not found:
        raise NotHere
    return _file([agreements.promise_receipt(each) for each in found])


@page(needs=Permission.OWN)
def promise_copy(request: HttpRequest) -> HttpResponse:
    """The signed copy with its code, to keep (CNF2). Its name says nothing."""
    who = request.who  # type: ignore[attr-defined]
    copy = agreements.own_copy(group_id=who.group_id, member_id=who.id, holder=who.member_key)
    made = agreements_do.print_copy(by=who.id, copy=copy, now=clock.now())
    attached = {"Content-Disposition": 'attachment; filename="receipt.pdf"'}
    return HttpResponse(made, content_type="application/pdf", headers=attached)


def _file(content: Any) -> HttpResponse:
    return HttpResponse(
        json.dumps(content, ensure_ascii=False, indent=2),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="receipt.json"'},
    )


@page(needs=Permission.OWN, methods=("GET", "POST"))
def withdraw_promise(request: HttpRequest) -> HttpResponse:
    """Take the promise back; what it does is said before."""
    who = request.who  # type: ignore[attr-defined]
    standing = agreements.pledge_of(group_id=who.group_id, member_id=who.id)
    if standing is None or standing.withdrawn_at is not None:
        return HttpResponseRedirect(reverse("roster-agreed"))
    if request.method == "POST":
        agreements_do.withdraw_promise(by=who.id, group_id=who.group_id, member_id=who.id, now=clock.now())
        return HttpResponseRedirect(reverse("roster-agreed"))
    effects = [
        _("Your links to meetings stop. You can come again when you make the promise again."),
        _("What you heard here from others is still theirs. Please keep it to yourself."),
        _("You stay in the group. Nobody else is told."),
    ]
    return _before(request, _("Take your promise back?"), _("The promise to keep things private"), effects)
