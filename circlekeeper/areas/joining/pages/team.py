"""The team's side: who asked to join, and deciding together."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.joining import actions, queries
from circlekeeper.areas.joining.forms import VoteForm
from circlekeeper.areas.roster import queries as roster
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

_WARNINGS = {
    "looks like another name in the group": _("This name looks like another one in the group."),
    "same as the mail address": _("This name is in their mail address."),
    "looks like a full legal name": _("This looks like a full legal name. Ask whether they meant that."),
}


@page(needs=Permission.JOINING_SEE, keys=True)
def applications(request: HttpRequest, group_id: str) -> HttpResponse:
    """Who waits for an answer, by the name they chose."""
    who = request.who  # type: ignore[attr-defined]
    aliases = roster.aliases(ring=who.ring, group_id=group_id)
    shown = {
        "group_id": group_id,
        "waiting": [
            {
                "id": each.id,
                "alias": aliases.get(each.member_id, ""),
                "answer_by": each.answer_by,
                "votes": each.yes_votes,
            }
            for each in queries.waiting(group_id)
        ],
        "funnel": queries.funnel(group_id),
    }
    return render(request, "joining/applications.html", shown)


@page(needs=Permission.JOINING_DECIDE, methods=("GET", "POST"), keys=True)
def application(request: HttpRequest, group_id: str, application_id: str) -> HttpResponse:
    """One application: what is still needed, and your word."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    found = queries.application(group_id=group_id, application_id=application_id)
    form = VoteForm(request.POST or None if request.POST.get("do") == "vote" else None)
    here = reverse("joining:application", args=[group_id, application_id])
    made_code = ""
    if request.method == "POST":
        do = request.POST.get("do", "")
        if do == "vote" and form.is_valid():
            yes = form.cleaned_data["yes"] == "yes"
            try:
                actions.vote(
                    by=who.id,
                    ring=who.ring,
                    group_id=group_id,
                    application_id=application_id,
                    yes=yes,
                    reason=form.cleaned_data["reason"],
                    now=now,
                )
                return HttpResponseRedirect(reverse("joining:applications", args=[group_id]))
            except Refused as refusal:
                form.add_error(None, refusal.sentence)
        elif do == "code":
            made_code = actions.make_code(by=who.id, group_id=group_id, application_id=application_id, now=now)
        elif do.startswith("call-"):
            actions.note_call(
                by=who.id,
                group_id=group_id,
                application_id=application_id,
                outcome=do.removeprefix("call-"),
                now=now,
            )
            return HttpResponseRedirect(here)
    shown = {
        "group_id": group_id,
        "found": found,
        "alias": roster.aliases(ring=who.ring, group_id=group_id).get(found.member_id, ""),
        "warnings": [
            _WARNINGS[each]
            for each in queries.alias_warnings(ring=who.ring, group_id=group_id, member_id=found.member_id)
        ],
        "form": form,
        "code": made_code,
        "mine": who.id in found.voters,
        "back": reverse("joining:applications", args=[group_id]),
    }
    return render(request, "joining/application.html", shown, status=422 if form.errors else 200)
