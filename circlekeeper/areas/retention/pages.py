"""Pages of the retention room."""

import json

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.retention import actions, queries
from circlekeeper.areas.retention.forms import HoldForm, NumberForm
from circlekeeper.areas.roster import queries as roster
from circlekeeper.foundation import clock, ledger, playbook
from circlekeeper.foundation.accounts import throttle
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

_DAY = "j F Y"
_TRIES = "60/10m/ip"


def _words(record: str) -> str:
    """A record class as the playbook names it."""
    known = playbook.book().retention.get(record)
    return gettext(known.title) if known else record


@page(needs=Permission.RETENTION_SEE)
def overview(request: HttpRequest, group_id: str) -> HttpResponse:
    """What goes when, what waits, and the proof of what is gone."""
    now = clock.now()
    shown = {
        "group_id": group_id,
        "last_run": queries.last_finished(),
        "ahead": [
            [_words(each.record), date_format(each.on, _DAY), each.count]
            for each in queries.ahead(group_id, now=now)
        ],
        "ahead_headings": [_("What"), _("On"), _("How many")],
        "certificate_headings": [_("Destroyed"), _("What"), _("How many"), _("No copy left after"), _("Mark")],
        "holds": queries.holds(group_id),
        "certificates": [
            [
                date_format(each.destroyed_at, _DAY),
                _words(each.record),
                each.count,
                date_format(each.copies_gone_on, _DAY),
                each.keys_digest[:16] if each.keys_destroyed else "-",
            ]
            for each in queries.certificates(group_id)[:50]
        ],
        "may_hold": request.who.can(Permission.RETENTION_HOLD, group_id),  # type: ignore[attr-defined]
    }
    return render(request, "retention/overview.html", shown)


@page(needs=Permission.RETENTION_HOLD, methods=("GET", "POST"), keys=True)
def hold(request: HttpRequest, group_id: str) -> HttpResponse:
    """Place a legal hold on one member's record."""
    who = request.who  # type: ignore[attr-defined]
    aliases = roster.aliases(ring=who.ring, group_id=group_id)
    form = HoldForm(request.POST or None, members=sorted(aliases.items(), key=lambda pair: pair[1]))
    if request.method == "POST" and form.is_valid():
        try:
            actions.place_hold(
                by=who.id,
                group_id=group_id,
                model="roster.Member",
                row_id=form.cleaned_data["member_id"],
                reason=form.cleaned_data["reason"],
                reviewer=who.id,
                until=form.cleaned_data["until"],
                now=clock.now(),
            )
            return HttpResponseRedirect(reverse("retention:overview", args=[group_id]))
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
    shown = {"form": form, "back": reverse("retention:overview", args=[group_id])}
    return render(request, "retention/hold.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.RETENTION_HOLD, methods=("POST",))
def release(request: HttpRequest, group_id: str, hold_id: str) -> HttpResponse:
    """End a hold before its date."""
    who = request.who  # type: ignore[attr-defined]
    actions.release_hold(by=who.id, group_id=group_id, hold_id=hold_id, now=clock.now())
    return HttpResponseRedirect(reverse("retention:overview", args=[group_id]))


@page(needs=Permission.ANYONE, methods=("GET", "POST"))
def certificate(request: HttpRequest) -> HttpResponse:
    """Check a certificate by its number, without signing in. The number is typed, never part of an address."""
    form = NumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not throttle.allowed(request, action="retention.certificate", rate=_TRIES):
            raise Refused(gettext("That was tried often. Wait ten minutes, then try again."))
        try:
            found = queries.certificate(form.cleaned_data["number"])
        except NotHere:
            form.add_error("number", gettext("We do not know this number. Look at it again, letter by letter."))
        else:
            if request.POST.get("do") == "file":
                return _certificate_file(found)
            return render(
                request, "retention/certificate.html", {"found": found, "pairs": _certificate_words(found)}
            )
    return render(request, "retention/certificate.html", {"form": form}, status=422 if form.errors else 200)


def _certificate_words(found: queries.CertificateFacts) -> list[tuple[str, str]]:
    checked = date_format(found.verified_at, _DAY) if found.verified_at else gettext("not yet")
    return [
        (gettext("Number"), found.id),
        (gettext("Destroyed on"), date_format(found.destroyed_at, _DAY)),
        (gettext("Keys destroyed"), str(found.keys_destroyed)),
        (gettext("No copy left in any backup after"), date_format(found.copies_gone_on, _DAY)),
        (gettext("Checked against the backups"), checked),
        (gettext("Fingerprint of the keys"), found.keys_digest),
    ]


def _certificate_file(found: queries.CertificateFacts) -> HttpResponse:
    content = {
        "format": "circlekeeper-certificate",
        "version": 1,
        "number": found.id,
        "method": found.method,
        "keys_destroyed": found.keys_destroyed,
        "keys_sha256": found.keys_digest,
        "destroyed_on": found.destroyed_at.date().isoformat(),
        "copies_gone_on": found.copies_gone_on.isoformat(),
        "proof": ledger.proof_document(queries.certificate_line(found.id), now=clock.now()),
    }
    return HttpResponse(
        json.dumps(content, indent=2),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="certificate.json"'},
    )
