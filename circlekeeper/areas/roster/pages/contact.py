"""Whether and how a member may be reached, one way at a time, with what they would get shown first (WHY1, REG2)."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.roster import actions, queries, rules, words
from circlekeeper.areas.roster.forms import WayForm, ask_consent
from circlekeeper.areas.roster.pages import own
from circlekeeper.areas.roster.rules import SafeContact, Says
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.post import preview


def _held(request: HttpRequest) -> SafeContact:
    who = request.who  # type: ignore[attr-defined]
    own = queries.own_record(member_id=who.id, group_id=who.group_id, holder=who.member_key)
    return own.contact


@page(needs=Permission.OWN, methods=("GET", "POST"))
def contact(request: HttpRequest) -> HttpResponse:
    """Every way with its answer; one button says no to all of them."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    if request.method == "POST":
        actions.save_safe_contact(
            by=who.id,
            group_id=who.group_id,
            contact=SafeContact(says=Says.NO),
            holder=who.member_key,
            now=now,
        )
        return HttpResponseRedirect(reverse("roster-contact"))
    held = _held(request)
    stands = queries.has_standing_answer(who.id)
    shown = {
        "ways": [
            {
                "title": words.VALUES[channel],
                "answer": words.way_now(held, channel, now=now, stands=stands),
                "url": reverse("roster-contact-way", args=[channel]),
                "is_yes": held.way(channel).is_yes,
            }
            for channel in rules.CHANNELS
        ],
        "any": any(held.way(channel).is_yes for channel in rules.CHANNELS),
    }
    return render(request, "roster/contact.html", shown)


@page(needs=Permission.OWN, methods=("GET", "POST"))
def way(request: HttpRequest, channel: str) -> HttpResponse:
    """One way: what would arrive, then the question."""
    if channel not in rules.CHANNELS:
        raise NotHere
    who = request.who  # type: ignore[attr-defined]
    held = _held(request)
    group_zone = groups.group(who.group_id).time_zone
    form = WayForm(request.POST or None, channel=channel, initial=_first(held, channel, group_zone))
    text = own.consent_missing(request, "contact")
    if text is not None:
        ask_consent(form, text)
    if request.method == "POST" and form.is_valid():
        try:
            if form.cleaned_data["says"] != Says.NO:
                own.record_consent(request, form, text)
            _save(request, held, form)
            return HttpResponseRedirect(reverse("roster-contact"))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
    shown = {
        "form": form,
        "title": words.VALUES[channel],
        "seen": text and text.sha256,
        "preview": preview.of(channel, lang=get_language() or "en"),
    }
    return render(request, "roster/contact_way.html", shown, status=422 if form.errors else 200)


def _first(held: SafeContact, channel: str, group_zone: str) -> dict[str, Any]:
    """What the form starts from: what they said, and no where they said nothing."""
    way = held.way(channel)
    if not way.is_yes:
        way = replace(way, says=Says.NO)
    start = {name: getattr(way, name) for name in ("says", "address", "start", "end", "voicemail")}
    zone = held.zone if any(held.way(each).is_yes for each in rules.CHANNELS) else group_zone
    return start | {"days": [str(day) for day in way.days], "zone": zone, "remind": held.remind}


def _save(request: HttpRequest, held: SafeContact, form: WayForm) -> None:
    who = request.who  # type: ignore[attr-defined]
    actions.save_way(
        by=who.id,
        group_id=who.group_id,
        held=held,
        way=form.way(),
        zone=form.cleaned_data["zone"] or held.zone,
        remind=form.cleaned_data.get("remind", held.remind),
        holder=who.member_key,
        now=clock.now(),
    )
