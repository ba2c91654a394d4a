"""One thing that has to hold: what it is, giving one's word for it, or setting it aside for a time."""

from datetime import UTC
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.safeguards import actions, queries
from circlekeeper.areas.safeguards.forms import WAIVER_REASON_WORDS, ManyWordsForm, WaiverForm, WordForm
from circlekeeper.areas.safeguards.queries import CheckFinding, ControlFinding
from circlekeeper.foundation import clock, playbook
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.playbook.schemas import Check


@page(needs=Permission.SAFETY_SEE)
def control(request: HttpRequest, group_id: str, control: str) -> HttpResponse:
    """What is asked, why it matters to a member, what to press, and how we know."""
    found = _finding(group_id, control)
    return render(request, "safeguards/control.html", _about(request, group_id, found))


@page(needs=Permission.SAFETY_ATTEST, methods=("GET", "POST"))
def confirm(request: HttpRequest, group_id: str, control: str) -> HttpResponse:
    """Give one's word for the part of a control that a person answers."""
    found = _finding(group_id, control)
    check = _asked(control)
    form = WordForm(check, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.attest(
            by=request.who.id,  # type: ignore[attr-defined]
            group_id=group_id,
            control=control,
            check=check.id,
            proof=form.cleaned_data["proof"],
            now=clock.now(),
        )
        messages.success(request, _("Written down, with your name and today's date."))
        return HttpResponseRedirect(reverse("safeguards:posture", args=[group_id]))
    shown = _about(request, group_id, found) | {"form": form}
    return render(request, "safeguards/confirm_word.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.SAFETY_ATTEST, methods=("GET", "POST"))
def confirm_many(request: HttpRequest, group_id: str) -> HttpResponse:
    """Give one's word for several things in one go."""
    due = [
        (check.control, _asked(check.control))
        for found in queries.posture(group_id, clock.now()).findings
        for check in found.checks
        if check.attested and not check.met
    ]
    form = ManyWordsForm(due, request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = {name: proof for name, proof in form.cleaned_data.items() if proof}
        for name, proof in said.items():
            about, _slash, check = name.partition("/")
            actions.attest(
                by=request.who.id,  # type: ignore[attr-defined]
                group_id=group_id,
                control=about,
                check=check,
                proof=proof,
                now=clock.now(),
            )
        messages.success(request, _("Written down: %(n)d.") % {"n": len(said)})
        return HttpResponseRedirect(reverse("safeguards:posture", args=[group_id]))
    shown = {"group_id": group_id, "form": form, "due": bool(due)}
    return render(request, "safeguards/confirm_many.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.SAFETY_ATTEST, methods=("POST",))
def take_back(request: HttpRequest, group_id: str, control: str) -> HttpResponse:
    """Take back the newest word for a control."""
    for word in queries.attestations(group_id):
        if word.control == control and word.withdrawn_at is None:
            actions.withdraw_attestation(
                by=request.who.id,  # type: ignore[attr-defined]
                attestation_id=word.id,
                now=clock.now(),
            )
            break
    return HttpResponseRedirect(reverse("safeguards:control", args=[group_id, control]))


@page(needs=Permission.SAFETY_ATTEST, methods=("GET", "POST"), step_up=True)
def set_aside(request: HttpRequest, group_id: str, control: str) -> HttpResponse:
    """Ask to set a control aside until a day; a second person has to agree."""
    found, form = _finding(group_id, control), WaiverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_waiver(
                by=request.who.id,  # type: ignore[attr-defined]
                group_id=group_id,
                control=control,
                reason=form.cleaned_data["reason"],
                until=form.until_moment(groups.group(group_id).zone).astimezone(UTC),
                now=clock.now(),
            )
        except Refused as refusal:
            if not refusal.field:
                raise
            form.add_error(refusal.field, refusal.sentence)
        else:
            return HttpResponseRedirect(reverse("safeguards:exceptions", args=[group_id]))
    shown = _about(request, group_id, found) | {"form": form}
    return render(request, "safeguards/set_aside.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.SAFETY_SEE)
def exceptions(request: HttpRequest, group_id: str) -> HttpResponse:
    """Exceptions asked for and in force."""
    now, book = clock.now(), playbook.book()
    waivers = queries.open_waivers(group_id)
    names = accounts.handles({waiver.asked_by for waiver in waivers} | {waiver.approved_by for waiver in waivers})
    rows = [
        {
            "waiver": waiver,
            "title": _(book.controls[waiver.control].title) if waiver.control in book.controls else waiver.control,
            "reason": WAIVER_REASON_WORDS[waiver.reason],  # type: ignore[index]
            "asked_by": names.get(waiver.asked_by, ""),
            "approved_by": names.get(waiver.approved_by, ""),
            "over": waiver.expires_at <= now,
            "mine": waiver.asked_by == request.who.id,  # type: ignore[attr-defined]
        }
        for waiver in waivers
    ]
    shown = {"group_id": group_id, "rows": rows, "may": _may(request, group_id)}
    return render(request, "safeguards/exceptions.html", shown)


@page(needs=Permission.SAFETY_ATTEST, methods=("POST",), step_up=True)
def decide_exception(request: HttpRequest, group_id: str, waiver_id: str) -> HttpResponse:
    """Agree to an exception as the second person, or end it."""
    if waiver_id not in {waiver.id for waiver in queries.open_waivers(group_id)}:
        raise NotHere
    act = actions.approve_waiver if request.POST.get("do") == "agree" else actions.end_waiver
    act(by=request.who.id, waiver_id=waiver_id, now=clock.now())  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("safeguards:exceptions", args=[group_id]))


def _finding(group_id: str, control: str) -> ControlFinding:
    for found in queries.posture(group_id, clock.now()).findings:
        if found.control == control:
            return found
    raise NotHere


def _asked(control: str) -> Check:
    for check in playbook.book().controls[control].check:
        if check.kind is playbook.CheckKind.ATTEST:
            return check
    raise NotHere


def _may(request: HttpRequest, group_id: str) -> bool:
    return bool(request.who.can(Permission.SAFETY_ATTEST, group_id))  # type: ignore[attr-defined]


def _about(request: HttpRequest, group_id: str, found: ControlFinding) -> dict[str, Any]:
    known = playbook.book().controls[found.control]
    level = groups.group(group_id).level
    waivable = (
        known.waiver is not None and level in known.waiver.levels and found.worst.mode == playbook.Mode.REQUIRED
    )
    return {
        "group_id": group_id,
        "found": found,
        "worst": found.worst,
        "attested": any(check.attested for check in found.checks),
        "may": _may(request, group_id),
        "waivable": waivable and not found.worst.met,
        "word": _newest_word(group_id, found.worst),
    }


def _newest_word(group_id: str, check: CheckFinding) -> dict[str, Any] | None:
    for word in queries.attestations(group_id):
        if word.control == check.control and word.withdrawn_at is None:
            return {"by": accounts.handles([word.attested_by]).get(word.attested_by, ""), "fact": word}
    return None
