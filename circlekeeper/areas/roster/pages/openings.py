"""Breaking the glass: reason first, a line in the log first, one part of one person, for one hour."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.roster import actions, queries, rules, words
from circlekeeper.areas.roster.forms import OpeningForm, SilenceForm
from circlekeeper.areas.roster.models import Name
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.post import preview


@page(needs=Permission.EMERGENCY_OPEN, methods=("GET", "POST"), keys=True, step_up=True)
def emergency(request: HttpRequest, group_id: str, member_id: str) -> HttpResponse:
    """What helps in an emergency, of one member."""
    return _open(request, group_id, member_id, Name.EMERGENCY)


@page(needs=Permission.ROSTER_OPEN, methods=("GET", "POST"), keys=True, step_up=True)
def contact(request: HttpRequest, group_id: str, member_id: str) -> HttpResponse:
    """How one member may be reached."""
    return _open(request, group_id, member_id, Name.CONTACT)


@page(needs=Permission.JOINING_DECIDE, methods=("GET", "POST"), keys=True, step_up=True)
def intake(request: HttpRequest, group_id: str, member_id: str) -> HttpResponse:
    """What one applicant wrote when they asked to join."""
    return _open(request, group_id, member_id, Name.INTAKE)


def _open(request: HttpRequest, group_id: str, member_id: str, name: Name) -> HttpResponse:
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    queries.member(group_id=group_id, member_id=member_id)
    if request.method == "POST":
        form = OpeningForm(request.POST)
        if form.is_valid():
            try:
                actions.open_record(
                    by=who.id, group_id=group_id, member_id=member_id, name=name, now=now, **form.cleaned_data
                )
                return HttpResponseRedirect(request.path)
            except Refused as refusal:
                if refusal.field not in form.fields:
                    raise
                form.add_error(refusal.field, refusal.sentence)
        return _reason(request, group_id, member_id, name, form)
    live = queries.live_opening(by=who.id, group_id=group_id, member_id=member_id, name=name, now=now)
    if live is None:
        return _reason(request, group_id, member_id, name, OpeningForm())
    try:
        held = queries.opened(by=who.id, about=member_id, now=now, ring=who.ring, group_id=group_id, name=name)
    except NotHere:
        held = {}
    shown = {
        **_common(request, group_id, member_id, name),
        "pairs": words.pairs(held),
        "unasked": held.get("says") == "not-asked",
        "ways": _ways(held, now) if name is Name.CONTACT else [],
        "warnings": _before_calling(held, group_id, member_id, now) if name is Name.EMERGENCY and held else [],
        "until": date_format(live.expires_at.astimezone(groups.group(group_id).zone), "H:i T"),
    }
    return render(request, "roster/opened_part.html", shown)


def _ways(held: dict[str, Any], now: datetime) -> list[dict[str, Any]]:
    """The channels they said yes to: whether one may use each now, and the only words for it."""
    contact = rules.SafeContact.from_fields(held)
    return [
        {
            "title": words.VALUES[channel],
            "verdict": words.verdict(contact, channel, now=now),
            "no_message": channel == "call" and not rules.may_leave_message(contact, now),
            "preview": preview.of(channel, lang=get_language() or "en"),
        }
        for channel in rules.CHANNELS
        if contact.way(channel).is_yes
    ]


def _before_calling(held: dict[str, Any], group_id: str, member_id: str, now: datetime) -> list[str]:
    """What to know before a number from an emergency record is called (FAQ2a)."""
    said = []
    if held.get("person") and held.get("naming") != rules.MayName.YES:
        said.append(_("Do not say who is calling, nor anything about this group."))
    if held.get("person") and not held.get("knows"):
        said.append(_("They did not say what this person knows. Take it that they know nothing."))
    until = queries.check_again_on(group_id=group_id, member_id=member_id, name=Name.EMERGENCY)
    today = now.astimezone(groups.group(group_id).zone).date()
    if until is None or until <= today:
        said.append(_("This is not up to date. It may lead to the wrong place or person."))
    return said


def _reason(request: HttpRequest, group_id: str, member_id: str, name: Name, form: OpeningForm) -> HttpResponse:
    shown = {**_common(request, group_id, member_id, name), "form": form}
    return render(request, "roster/reason.html", shown, status=422 if form.errors else 200)


def _common(request: HttpRequest, group_id: str, member_id: str, name: Name) -> dict[str, Any]:
    who = request.who  # type: ignore[attr-defined]
    aliases = queries.aliases_of(ring=who.ring, group_id=group_id, member_ids=[member_id], now=clock.now())
    return {
        "group_id": group_id,
        "alias": aliases.get(member_id, _("Someone")),
        "part": words.PARTS[name],
        "back": reverse("roster:person", args=[group_id, member_id]),
    }


@page(needs=Permission.ROSTER_OPEN, methods=("GET", "POST"), keys=True)
def openings(request: HttpRequest, group_id: str) -> HttpResponse:
    """Who opened what lately, for the other leaders; and whether telling the member waits."""
    who = request.who  # type: ignore[attr-defined]
    form = SilenceForm(request.POST or None) if request.POST.get("do") == "ask" else SilenceForm()
    if request.method == "POST":
        done = _silence(request, group_id, form)
        if done is not None:
            return done
    found = queries.openings_of_group(group_id)
    names = accounts.handles({each.by for each in found} | {each.silence_asked_by for each in found})
    ids = [each.member_id for each in found]
    aliases = queries.aliases_of(ring=who.ring, group_id=group_id, member_ids=ids, now=clock.now())
    zone = groups.group(group_id).zone
    rows = [
        {
            "id": each.id,
            "at": words.moment(each.opened_at, zone),
            "by": names.get(each.by, ""),
            "alias": aliases.get(each.member_id, _("Someone")),
            "part": words.PARTS[Name(each.name)],
            "told": each.seen_on is not None,
            "silent_until": each.silent_until,
            "asked_by": names.get(each.silence_asked_by, ""),
            "agreed": bool(each.silence_agreed_by),
            "may_agree": who.id not in (each.silence_asked_by, each.by),
        }
        for each in found
    ]
    shown = {"group_id": group_id, "rows": rows, "form": form}
    return render(request, "roster/openings.html", shown, status=422 if form.errors else 200)


def _silence(request: HttpRequest, group_id: str, form: SilenceForm) -> HttpResponse | None:
    by, now = request.who.id, clock.now()  # type: ignore[attr-defined]
    opening_id, do = request.POST.get("opening", ""), request.POST.get("do", "")
    if do == "agree":
        actions.agree_silence(by=by, group_id=group_id, opening_id=opening_id, now=now)
    elif do == "ask" and form.is_valid():
        try:
            until = form.cleaned_data["until"]
            actions.ask_silence(by=by, group_id=group_id, opening_id=opening_id, until=until, now=now)
        except Refused as refusal:
            form.add_error("until", refusal.sentence)
            return None
    else:
        return None
    return HttpResponseRedirect(request.path)
