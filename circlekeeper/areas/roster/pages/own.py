"""What we hold about a member: read, correct, take along, see who opened it, leave, be forgotten."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import actions as agreements_do
from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.agreements.sources import duration_words
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.roster import actions, queries, rules, words
from circlekeeper.areas.roster.forms import EmergencyForm, HelpForm, NameForm, SureForm, ask_consent
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import memberdoor
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


def _own(request: HttpRequest) -> queries.OwnRecord:
    who = request.who  # type: ignore[attr-defined]
    return queries.own_record(member_id=who.id, group_id=who.group_id, holder=who.member_key)


def _lines(request: HttpRequest) -> list[queries.OpenedLine]:
    who = request.who  # type: ignore[attr-defined]
    return queries.who_opened(member_id=who.id, group_id=who.group_id, holder=who.member_key, now=clock.now())


@page(needs=Permission.OWN, methods=("GET", "POST"))
def name(request: HttpRequest) -> HttpResponse:
    """Another name. What it may give away is said once; whoever sends it again keeps it (REG1)."""
    own = _own(request)
    form = NameForm(request.POST or None, initial={"alias": own.alias})
    if form.is_bound and form.is_valid():
        alias = form.cleaned_data["alias"]
        mail = own.contact.address if own.contact.channel == "mail" else ""
        found = rules.alias_warnings(alias, mail=mail)
        if found and request.POST.get("anyway") != alias:
            warnings = [words.ALIAS_WARNINGS[each] for each in found]
            shown = {"form": form, "warnings": warnings, "anyway": alias, "back": reverse("roster-record")}
            return render(request, "roster/name.html", shown)
    return _edit(request, form, lambda: _save(request, "alias", {"alias": form.cleaned_data["alias"]}), "alias")


def _edit(
    request: HttpRequest,
    form: forms.Form,
    save: Callable[[], object],
    part: str,
    *,
    again_on: date | None = None,
) -> HttpResponse:
    """One form for one part of the record. With what is written comes the consent it is kept under, if it is missing."""
    text = consent_missing(request, part)
    if text is not None:
        ask_consent(form, text)
    if request.method == "POST" and form.is_valid():
        try:
            record_consent(request, form, text)
            save()
            return HttpResponseRedirect(reverse("roster-record") + "#main")
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
    shown = {
        "form": form,
        "back": reverse("roster-record"),
        "button": _("Keep this"),
        "seen": text and text.sha256,
        "again_on": again_on,
    }
    return render(request, "roster/edit.html", shown, status=422 if form.errors else 200)


def consent_missing(request: HttpRequest, part: str) -> agreements.PurposeText | None:
    """The words to say yes to before anything may be kept in this part; None if they are said, or nothing is published."""
    who, purpose = request.who, rules.PURPOSE_OF[part]  # type: ignore[attr-defined]
    if part not in rules.PART_OF.values() or agreements.allows(member_id=who.id, purpose=purpose, now=clock.now()):
        return None
    try:
        return agreements.purpose_text(who.group_id, purpose)
    except Refused:
        return None


def record_consent(request: HttpRequest, form: forms.Form, text: agreements.PurposeText | None) -> None:
    """Record the yes that came with an answer; an answer that keeps nothing needs none.

    :raises Refused: something is to be kept and the box is not ticked, or the words changed meanwhile.
    """
    if text is None or not any(_keeps(name, said) for name, said in form.cleaned_data.items()):
        return
    if not form.cleaned_data["agree"]:
        raise Refused(_("Please tick this too, so that we may keep what you wrote."), field="agree")
    who = request.who  # type: ignore[attr-defined]
    agreements_do.record_consents(
        by=who.id,
        group_id=who.group_id,
        member_id=who.id,
        answers={text.purpose: request.POST.get("seen", "")},
        method="ticked",
        now=clock.now(),
    )


def _keeps(name: str, said: object) -> bool:
    return bool(said) and name not in ("agree", "naming", "voicemail") and said != rules.Says.NO


def _save(request: HttpRequest, name: str, fields: dict[str, Any]) -> None:
    who = request.who  # type: ignore[attr-defined]
    actions.edit_own(
        by=who.id, group_id=who.group_id, name=name, fields=fields, holder=who.member_key, now=clock.now()
    )


@page(needs=Permission.OWN, methods=("GET", "POST"))
@page(needs=Permission.OWN, methods=("GET", "POST"))
def emergency(request: HttpRequest) -> HttpResponse:
    """What helps in an emergency. Sending it again, changed or not, says that it is right today (FAQ2a)."""
    who = request.who  # type: ignore[attr-defined]
    own = _own(request)
    held = own.parts.get("emergency", {})
    form = EmergencyForm(request.POST or None, initial=held | {"naming": held.get("naming") == rules.MayName.YES})

    def save() -> None:
        actions.save_emergency(
            by=who.id, group_id=who.group_id, fields=form.fields_said(), holder=who.member_key, now=clock.now()
        )

    return _edit(request, form, save, "emergency", again_on=own.check_again.get("emergency"))


@page(needs=Permission.OWN, methods=("GET", "POST"))
def help_needed(request: HttpRequest) -> HttpResponse:
    """What would help them take part."""
    held = _own(request).parts.get("access", {})
    form = HelpForm(request.POST or None, initial=held)
    return _edit(request, form, lambda: _save(request, "access", {"needs": form.cleaned_data["needs"]}), "access")


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
            "at": words.moment(line.at, zone),
            "part": words.PARTS.get(line.name, line.name),
            "refused": line.refused,
            "fresh": line.fresh,
            "begun": line.begun,
            "reason": words.REASONS.get(line.reason, ""),
        }
        for line in lines
    ]
    page = {"lines": shown, "unseen": any(line.fresh for line in lines), "waits": True}
    return render(request, "roster/opened.html", page)


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
    ) % {"day": date_format(until, "j F Y")}
    return _ask(request, _("Leave the group?"), what, _("Leave"), undo=_("You can ask to join again at any time."))


@page(needs=Permission.OWN, methods=("GET", "POST"))
def forget(request: HttpRequest) -> HttpResponse:
    """Leave and be forgotten now: what goes, what stays and why, then one tick and one button."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    form = SureForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        held = queries.held_parts(group_id=who.group_id, member_id=who.id, on=now.date())
        shown = {
            "form": form,
            "goes": [words.PARTS[name] for name in _own(request).parts if name not in held],
            "held": [(words.PARTS[name], until) for name, until in held.items()],
            "key_stays": "alias" in held,
            "promise_stays": actions.PROMISES in held,
            "log": duration_words(safeguards.keep_for(who.group_id, "access-log")),
        }
        return render(request, "roster/forget.html", shown, status=422 if form.errors else 200)
    done = actions.forget_now(by=who.id, group_id=who.group_id, member_id=who.id, now=now)
    shown = {"number": done.certificate, "held": [(words.PARTS[name], until) for name, until in done.kept.items()]}
    response = render(request, "roster/forgotten.html", shown)
    memberdoor.leave(request, response)
    return response
