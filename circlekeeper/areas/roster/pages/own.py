"""What we hold about a member: read, correct, take along, see who opened it, leave, be forgotten."""

import json
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import actions as agreements_do
from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.roster import actions, queries, rules, words
from circlekeeper.areas.roster.forms import EmergencyForm, HelpForm, NameForm
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import memberdoor
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


def _own(request: HttpRequest) -> queries.OwnRecord:
    who = request.who  # type: ignore[attr-defined]
    return queries.own_record(member_id=who.id, group_id=who.group_id, holder=who.member_key)


@page(needs=Permission.OWN)
def record(request: HttpRequest) -> HttpResponse:
    """Everything we hold, with how long, and where to change it."""
    return render(request, "roster/record.html", _shown(request))


@page(needs=Permission.OWN)
def copy(request: HttpRequest) -> HttpResponse:
    """The same to take along: a page that reads by itself. The file's name says nothing."""
    response = render(request, "roster/copy.html", _shown(request))
    response.headers["Content-Disposition"] = 'attachment; filename="page.html"'
    return response


@page(needs=Permission.OWN)
def copy_json(request: HttpRequest) -> HttpResponse:
    """The same for another program."""
    who = request.who  # type: ignore[attr-defined]
    own = _own(request)
    lines = _lines(request)
    held = {
        "state": own.facts.state,
        "joined_on": own.facts.joined_on,
        "last_attended_on": own.facts.last_attended_on,
        "kept_until": own.facts.due_on,
        "record": own.parts,
        "consents": agreements.receipts(group_id=who.group_id, member_id=who.id),
        "opened": [
            {"number": line.number, "at": line.at, "part": line.name, "reason": line.reason} for line in lines
        ],
    }
    body = json.dumps(held, ensure_ascii=False, indent=2, default=lambda value: value.isoformat())
    return HttpResponse(
        body,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="page.json"'},
    )


def _lines(request: HttpRequest) -> list[queries.OpenedLine]:
    who = request.who  # type: ignore[attr-defined]
    return queries.who_opened(member_id=who.id, group_id=who.group_id, holder=who.member_key, now=clock.now())


def _shown(request: HttpRequest) -> dict[str, Any]:
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    own = _own(request)
    return {
        "state": words.STATES[own.facts.state],
        "facts": own.facts,
        "parts": [
            {
                "title": words.PARTS[name],
                "pairs": words.pairs(held),
                "until": own.kept_until.get(name),
                "url": _EDIT.get(name, ""),
            }
            for name, held in own.parts.items()
        ],
        "consents": [
            {
                "purpose": each.purpose,
                "title": _title(who.group_id, each.purpose),
                "given": each.standing == "given",
            }
            for each in agreements.consents_of(group_id=who.group_id, member_id=who.id, now=now)
        ],
        "keep": safeguards.keep_for(who.group_id, "roster"),
        "made_at": now.astimezone(groups.group(who.group_id).zone),
    }


_EDIT = {
    "alias": "roster-name",
    "contact": "roster-contact",
    "emergency": "roster-emergency",
    "access": "roster-help",
}


def _title(group_id: str, purpose: str) -> str:
    found = [each for each in agreements.defaults().purposes if each.id == purpose]
    return found[0].title if found else purpose


def _edit(request: HttpRequest, form: forms.Form, save: Any, button: str) -> HttpResponse:
    back = reverse("roster-record")
    if request.method == "POST" and form.is_valid():
        try:
            save()
            return HttpResponseRedirect(back)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
    shown = {"form": form, "back": back, "button": button}
    return render(request, "roster/edit.html", shown, status=422 if form.errors else 200)


def _save(request: HttpRequest, name: str, fields: dict[str, Any]) -> None:
    who = request.who  # type: ignore[attr-defined]
    actions.edit_own(
        by=who.id, group_id=who.group_id, name=name, fields=fields, holder=who.member_key, now=clock.now()
    )


@page(needs=Permission.OWN, methods=("GET", "POST"))
def name(request: HttpRequest) -> HttpResponse:
    """Another name."""
    form = NameForm(request.POST or None, initial={"alias": _own(request).alias})
    return _edit(
        request, form, lambda: _save(request, "alias", {"alias": form.cleaned_data["alias"]}), _("Use this name")
    )


@page(needs=Permission.OWN, methods=("GET", "POST"))
def emergency(request: HttpRequest) -> HttpResponse:
    """What helps in an emergency."""
    who = request.who  # type: ignore[attr-defined]
    held = _own(request).parts.get("emergency", {})
    form = EmergencyForm(request.POST or None, initial=held | {"naming": held.get("naming") == rules.MayName.YES})

    def save() -> None:
        actions.save_emergency(
            by=who.id, group_id=who.group_id, fields=form.fields_said(), holder=who.member_key, now=clock.now()
        )

    return _edit(request, form, save, _("Keep this"))


@page(needs=Permission.OWN, methods=("GET", "POST"))
def help_needed(request: HttpRequest) -> HttpResponse:
    """What would help them take part."""
    held = _own(request).parts.get("access", {})
    form = HelpForm(request.POST or None, initial=held)
    return _edit(
        request, form, lambda: _save(request, "access", {"needs": form.cleaned_data["needs"]}), _("Keep this")
    )


@page(needs=Permission.OWN, methods=("GET", "POST"))
def opened(request: HttpRequest) -> HttpResponse:
    """Who opened what, when and why; reading it is confirmed with a button."""
    who = request.who  # type: ignore[attr-defined]
    lines = _lines(request)
    if request.method == "POST":
        fresh = sorted({line.opening_id for line in lines if line.fresh})
        actions.mark_seen(by=who.id, group_id=who.group_id, opening_ids=fresh, now=clock.now())
        return HttpResponseRedirect(reverse("roster-opened"))
    zone = groups.group(who.group_id).zone
    shown = [
        {
            "number": line.number,
            "at": line.at.astimezone(zone),
            "part": words.PARTS.get(line.name, line.name),
            "refused": line.refused,
            "reason": words.REASONS.get(line.reason, ""),
        }
        for line in lines
    ]
    return render(request, "roster/opened.html", {"lines": shown, "unseen": any(line.fresh for line in lines)})


@page(needs=Permission.OWN)
def proof(request: HttpRequest, number: int) -> HttpResponse:
    """The proof that one line stands in the log; anybody can check it without us."""
    who = request.who  # type: ignore[attr-defined]
    document = queries.proof_of_opening(
        member_id=who.id, group_id=who.group_id, holder=who.member_key, number=number, now=clock.now()
    )
    return HttpResponse(
        json.dumps(document, indent=2),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="proof-{number}.json"'},
    )


@page(needs=Permission.OWN, methods=("GET", "POST"))
def withdraw(request: HttpRequest, purpose: str) -> HttpResponse:
    """Take one consent back; what stops is said before."""
    who = request.who  # type: ignore[attr-defined]
    effect = agreements.withdrawal_effect(group_id=who.group_id, purpose=purpose)
    if request.method == "POST":
        agreements_do.withdraw_consent(
            by=who.id, group_id=who.group_id, member_id=who.id, purpose=purpose, now=clock.now()
        )
        return HttpResponseRedirect(reverse("roster-record"))
    return _ask(request, _("Take this consent back?"), effect, _("Take it back"), undo=_("You can say yes again."))


def _ask(request: HttpRequest, question: str, what: str, button: str, *, undo: str = "") -> HttpResponse:
    shown = {
        "layout": "web/public.html",
        "question": question,
        "what": what,
        "undo": undo,
        "button": button,
        "cancel_url": "/me/",
    }
    return render(request, "web/confirm.html", shown)


@page(needs=Permission.OWN, methods=("GET", "POST"))
def leave(request: HttpRequest) -> HttpResponse:
    """Leave the group; the record runs out on its date."""
    who = request.who  # type: ignore[attr-defined]
    if request.method == "POST":
        actions.leave(by=who.id, group_id=who.group_id, member_id=who.id, now=clock.now())
        return HttpResponseRedirect("/me/")
    today = clock.now().astimezone(groups.group(who.group_id).zone).date()
    until = safeguards.due_on(group_id=who.group_id, record="roster", start=today)
    what = _(
        "Your links stop at once and nobody contacts you. What we hold about you is destroyed on %(day)s "
        "at the latest. Until then you can look at it with your key."
    ) % {"day": until.isoformat()}
    return _ask(request, _("Leave the group?"), what, _("Leave"), undo=_("You can ask to join again at any time."))


@page(needs=Permission.OWN, methods=("GET", "POST"))
def forget(request: HttpRequest) -> HttpResponse:
    """Leave and be forgotten now."""
    who = request.who  # type: ignore[attr-defined]
    if request.method == "GET":
        what = _(
            "You leave, and what we hold about you is destroyed now: here at once, and in every backup within a week. "
            "Your key opens nothing any more. Nobody can bring it back, not even we. "
            "The log keeps numbers and days, never your name."
        )
        return _ask(request, _("Leave and be forgotten?"), what, _("Destroy what you hold about me"))
    actions.forget_now(by=who.id, group_id=who.group_id, member_id=who.id, now=clock.now())
    response = render(request, "roster/forgotten.html")
    memberdoor.leave(request, response)
    return response
