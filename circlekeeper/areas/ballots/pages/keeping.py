"""Handing in a recording, or writing a summary, after a meeting (FAQ1b)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.ballots import actions, queries, rules
from circlekeeper.areas.ballots.forms import SoundForm, SummaryForm
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.roster import queries as roster
from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.MEETING_HOST, methods=("GET", "POST"), keys=True, files=True)
def keep(request: HttpRequest, group_id: str, meeting_id: str) -> HttpResponse:
    """Write a summary, or hand in the sound everybody allowed."""
    meeting = meetings.meeting(group_id=group_id, meeting_id=meeting_id)
    sound, summary = _forms(request, group_id)
    known: dict[str, SoundForm | SummaryForm] = {"sound": sound, "summary": summary}
    chosen = known.get(request.POST.get("do", ""))
    if chosen is sound and _too_large(request):
        sound.add_error("file", _("This file is over 10 MB. Cut it into parts and hand in each."))
    elif chosen is not None and chosen.is_valid():
        try:
            keepsake_id = _kept(request, group_id, meeting_id, chosen)
            return HttpResponseRedirect(reverse("ballots:kept", args=[group_id, keepsake_id]))
        except Refused as refusal:
            chosen.add_error(refusal.field if refusal.field in chosen.fields else None, refusal.sentence)
    shown = {
        "group_id": group_id,
        "meeting": meeting,
        "sound": sound,
        "summary": summary,
        "why_not": queries.why_not_kept(group_id=group_id, meeting_id=meeting_id),
        "back": reverse("ballots:yes", args=[group_id, meeting_id]),
    }
    return render(request, "ballots/keep.html", shown, status=422 if sound.errors or summary.errors else 200)


def _forms(request: HttpRequest, group_id: str) -> tuple[SoundForm, SummaryForm]:
    do = request.POST.get("do", "")
    people = sorted(accounts.handles(accounts.people_with_role(group_id)).items(), key=lambda pair: pair[1])
    sent = (request.POST, request.FILES) if do == "sound" else (None, None)
    return SoundForm(*sent, people=people), SummaryForm(request.POST if do == "summary" else None)


def _too_large(request: HttpRequest) -> bool:
    """Django gives up files that are too large before they reach us, so that they touch no disk."""
    return not request.FILES and int(request.META.get("CONTENT_LENGTH") or 0) > actions.LARGEST


def _kept(request: HttpRequest, group_id: str, meeting_id: str, form: SoundForm | SummaryForm) -> str:
    who, now, asked = request.who, clock.now(), form.cleaned_data  # type: ignore[attr-defined]
    where: dict[str, Any] = {"by": who.id, "group_id": group_id, "meeting_id": meeting_id, "now": now}
    if isinstance(form, SoundForm):
        content = asked["file"].read()
        return actions.keep_sound(content=content, viewers=asked["viewers"], only_yes=asked["only_yes"], **where)
    names = list(roster.aliases(ring=who.ring, group_id=group_id, now=now).values())
    looked_at = rules.names_in(asked["words"], names=names).perhaps if asked["no_names"] else ()
    return actions.keep_summary(
        words=asked["words"], names=names, looked_at=looked_at, agreed=asked["agreed"], **where
    )
