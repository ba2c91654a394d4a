"""Something happened: the words to say first, the form last."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.incidents import actions as incidents_do
from circlekeeper.areas.incidents import queries as incidents
from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.forms import HappenedForm
from circlekeeper.areas.meetings.pages import clinical
from circlekeeper.areas.meetings.provider import Evidence
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

RECORDS = "recording"


@page(needs=Permission.MEETING_HOST)
def happened(request: HttpRequest, group_id: str, meeting_id: str) -> HttpResponse:
    """One button, few choices: what it is most like."""
    meeting = queries.meeting(group_id=group_id, meeting_id=meeting_id)
    shown = {
        "group_id": group_id,
        "meeting": meeting,
        "kinds": incidents.kinds(),
        "back": reverse("meetings:cockpit", args=[group_id, meeting_id]),
    }
    return render(request, "meetings/happened.html", shown)


@page(needs=Permission.MEETING_HOST, methods=("GET", "POST"))
def happening(request: HttpRequest, group_id: str, meeting_id: str, happening: str) -> HttpResponse:
    """The playbook at the right page: say, then do, then write it down."""
    meeting = queries.meeting(group_id=group_id, meeting_id=meeting_id)
    kind = next((each for each in incidents.kinds() if each.id == happening), None)
    if kind is None:
        raise NotHere
    by, cockpit = request.who.id, reverse("meetings:cockpit", args=[group_id, meeting_id])  # type: ignore[attr-defined]
    form = HappenedForm(request.POST if request.method == "POST" else None)
    warned: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid() and not (warned := clinical.warned(request, group_id, form)):
        words = form.cleaned_data["words"]
        try:
            incidents_do.draft(
                by=by, group_id=group_id, meeting_id=meeting_id, kind=kind.id, words=words, now=clock.now()
            )
            if kind.id == RECORDS and meeting.state not in ("closed", "cancelled"):
                _note_recording(by=by, group_id=group_id, meeting_id=meeting_id)
            messages.success(request, _("It is written down and sealed. Now look after people, and yourself."))
            return HttpResponseRedirect(cockpit)
        except Refused as refusal:
            form.add_error("words", refusal.sentence)
    shown = {
        "group_id": group_id,
        "meeting": meeting,
        "kind": kind,
        "card": queries.card(group_id, kind.card, meeting.format),
        "form": form,
        "cockpit": cockpit,
        "back": reverse("meetings:happened", args=[group_id, meeting_id]),
        **warned,
    }
    return render(request, "meetings/happening.html", shown, status=422 if form.errors else 200)


def _note_recording(*, by: str, group_id: str, meeting_id: str) -> None:
    """Whoever saw something record has looked: the doors stay closed until somebody looks again (KIT8)."""
    actions.answer_point(
        by=by,
        group_id=group_id,
        meeting_id=meeting_id,
        point=actions.RECORDING,
        evidence=Evidence.ATTESTED,
        holds=False,
        now=clock.now(),
    )
