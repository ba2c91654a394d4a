"""Moving to another group: pack in the old one, unpack in the new one, with a code that only the member holds (POL5)."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import actions as agreements_do
from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.roster import actions, queries, rules, words
from circlekeeper.areas.roster.forms import MoveForm, UnpackForm
from circlekeeper.areas.roster.models import Name, State
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import throttle
from circlekeeper.foundation.accounts.who import Who
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.vault import memberkeys

_PACKED, _UNPACKED = "20/10m/ip", "60/10m/ip"


@page(needs=Permission.OWN, methods=("GET", "POST"))
def move(request: HttpRequest) -> HttpResponse:
    """Choose what travels, and get a code for it, shown once."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    own = queries.own_record(member_id=who.id, group_id=who.group_id, holder=who.member_key)
    choices = [(name, words.PARTS[name]) for name in queries.MAY_TRAVEL if name in own.parts]
    form = MoveForm(request.POST if request.method == "POST" else None, choices=choices)
    if request.method == "POST" and form.is_valid():
        _not_too_often(request, "roster.pack", _PACKED)
        names = frozenset(form.cleaned_data["parts"])
        code = actions.pack(by=who.id, group_id=who.group_id, names=names, holder=who.member_key, now=now)
        until = words.day(now + actions.LASTS, groups.group(who.group_id).zone)
        packed = {"key": code.letters, "words": code.words.split(), "until": until}
        return render(request, "roster/packed.html", packed)
    shown = {"form": form, "nothing": not choices}
    return render(request, "roster/move.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.OWN, methods=("GET", "POST"))
def arrive(request: HttpRequest) -> HttpResponse:
    """Unpack what was packed in another group; each part is kept only with the yes it is kept under here."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    if queries.member(group_id=who.group_id, member_id=who.id).state in (State.LEFT, State.DECLINED):
        raise Refused(_("You have left this group. Ask to join again first."))
    form = UnpackForm(request.POST if request.method == "POST" else None, texts=_missing(who, now))
    if request.method == "POST" and form.is_valid():
        _not_too_often(request, "roster.unpack", _UNPACKED)
        try:
            _unpack(who, form, request.POST, now)
            return HttpResponseRedirect(reverse("roster-record") + "#main")
        except (NotHere, memberkeys.NotAMemberKey):
            form.add_error("code", _("This code does not fit, was used already, or is older than a week."))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
    return render(request, "roster/arrive.html", {"form": form}, status=422 if form.errors else 200)


def _not_too_often(request: HttpRequest, name: str, rate: str) -> None:
    if not throttle.allowed(request, action=name, rate=rate):
        raise Refused(_("That was tried often. Wait ten minutes, then try again."))


def _missing(who: Who, now: datetime) -> dict[str, agreements.PurposeText]:
    """By part, the words still to say yes to in this group."""
    group_id = who.group_id or ""
    try:
        texts = {each.purpose: each for each in agreements.joining_texts(group_id).purposes}
    except Refused:
        return {}
    standing = {
        each.purpose
        for each in agreements.agreed(group_id=group_id, member_id=who.id, now=now)
        if each.standing == "given"
    }
    return {
        part: texts[purpose]
        for purpose, part in rules.PART_OF.items()
        if purpose in texts and purpose not in standing
    }


def _unpack(who: Who, form: UnpackForm, posted: Any, now: datetime) -> None:
    code = memberkeys.parse_member_key(form.cleaned_data["code"])
    inside, _secret = queries.inside(code, now=now)
    answers = {}
    for part, text in form.texts.items():
        if part in inside and not form.cleaned_data[f"agree-{part}"]:
            raise Refused(
                _("This travels with your code. Please tick it too, so that we may keep it."),
                field=f"agree-{part}",
            )
        if part in inside:
            answers[text.purpose] = posted.get(f"seen-{part}", "")
    common: dict[str, Any] = {"by": who.id, "group_id": who.group_id, "now": now}
    if answers:
        agreements_do.record_consents(**common, member_id=who.id, answers=answers, method="ticked")
    for name, held in actions.open_once(**common, code=code).items():
        _write(name, held, {**common, "holder": who.member_key})


def _write(name: str, held: dict[str, Any], common: dict[str, Any]) -> None:
    """Keep one part as if it had been typed here today."""
    if name == Name.CONTACT:
        zone = groups.group(common["group_id"]).time_zone
        contact = rules.SafeContact.from_fields(held | {"zone": zone})
        if not rules.contact_fault(contact):
            actions.save_safe_contact(**common, contact=contact)
    elif name == Name.EMERGENCY:
        actions.save_emergency(**common, fields={each: str(said) for each, said in held.items()})
    else:
        actions.edit_own(**common, name=name, fields=held)
