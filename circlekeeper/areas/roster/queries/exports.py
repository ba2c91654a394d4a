"""Lists that are taken out (DAT2), and who looks through lists."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pyrage
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.roster.models import Export, ExportColumn, Member, State
from circlekeeper.areas.roster.queries.names import aliases
from circlekeeper.areas.roster.queries.opened import contacts
from circlekeeper.areas.roster.rules import exports as rules
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.accounts.who import Who
from circlekeeper.foundation.backup import identity
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.ledger import queries as log
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.reveal import reveal
from circlekeeper.foundation.todo import Todo, Urgency
from circlekeeper.foundation.vault.ring import KeyRing

IN_A_LIST = (State.MEMBER, State.PAUSED)
PAGED = "roster.list.stop"
_ALLOWED = "second-person"
_REACHABLE = ("yes", "at-times")
_TOLD_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ExportFacts:
    """One request: what for, what, who, until when, and what became of it. Nothing of any member."""

    id: str
    group_id: str
    purpose: str
    columns: dict[str, str]
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    agreed_by: str
    agreed_at: datetime | None
    dropped_at: datetime | None
    taken_at: datetime | None
    people: int | None
    gone_by: str
    gone_at: datetime | None


def may_export(group_id: str) -> bool:
    """Whether this group's level and overlays let any list be taken out."""
    return safeguards.settings_for(group_id).value("member-list-export") == _ALLOWED


def export_requests(group_id: str, *, limit: int = 30) -> list[ExportFacts]:
    """The latest requests of a group, newest first."""
    rows = Export.objects.filter(group_id=group_id).order_by("-asked_at", "pk")
    return [ExportFacts(*row) for row in rows.values_list(*ExportFacts.__dataclass_fields__)[:limit]]


def stops(group_id: str, *, limit: int = 10) -> list[tuple[str, datetime]]:
    """Who was stopped while looking through people, and when; newest first. For the privacy lead."""
    return [(line.by, line.at) for line in log.entries_about(group_id, verbs=(PAGED,), limit=limit)]


@reveal("roster.export.open")
def export_file(*, by: str, about: str, now: datetime, ring: KeyRing) -> bytes:
    """The list of a request (``about``) that was just taken, closed for its recipient (age-encryption.org/v1).

    Made in memory. An address is only in it if that person said that they may be reached.

    :raises NotHere: it was not taken by this person at this moment. :raises NoKeys, NoGrant: the ring lacks a key.
    """
    row = Export.objects.filter(pk=about, asked_by=by, taken_at=now).first()
    if row is None:
        raise NotHere
    columns = [column.value for column in ExportColumn if column in row.columns]
    handle = accounts.handles([by]).get(by, by)
    mark = f"{handle} {now:%Y-%m-%d %H:%M} UTC {row.pk[:8]}, destroy by {row.expires_at:%Y-%m-%d}"
    rows = _rows(row, columns, ring, now)
    plain = rules.as_csv(columns=columns, rows=rows, mark=mark)
    return bytes(pyrage.encrypt(plain, [identity.recipient(row.recipient)]))


def _rows(row: Export, columns: list[str], ring: KeyRing, now: datetime) -> list[dict[str, str]]:
    members = Member.objects.filter(group_id=row.group_id, state__in=IN_A_LIST).order_by("pk")
    names = aliases(ring=ring, group_id=row.group_id, now=now) if ExportColumn.ALIAS in columns else {}
    reach = {}
    if {ExportColumn.CHANNEL, ExportColumn.ADDRESS} & set(columns):
        found = contacts(by=ring.person_id, about=row.group_id, now=now, ring=ring)
        reach = {member: each for member, each in found.items() if each.get("says") in _REACHABLE}
    return [
        {
            ExportColumn.ALIAS: names.get(pk, ""),
            ExportColumn.CHANNEL: str(reach.get(pk, {}).get("channel", "")),
            ExportColumn.ADDRESS: str(reach.get(pk, {}).get("address", "")),
            ExportColumn.STATE: state,
            ExportColumn.JOINED: joined.isoformat() if joined else "",
        }
        for pk, state, joined in members.values_list("pk", "state", "joined_on")
    ]


def todo_exports(who: Who, now: datetime) -> list[Todo]:
    """Requests to decide, copies to destroy, and people who looked through a list."""
    places = [place for place in accounts.places_of(who.id) if who.can(Permission.ROSTER_OPEN, place)]
    waiting = Export.objects.filter(group_id__in=places, dropped_at__isnull=True)
    asked = waiting.filter(agreed_at__isnull=True, expires_at__gt=now).exclude(asked_by=who.id)
    over = waiting.filter(taken_at__isnull=False, gone_by="", expires_at__lte=now)
    found = [_decide(group_id) for group_id in sorted(set(asked.values_list("group_id", flat=True)))]
    found += [_destroy(group_id) for group_id in sorted(set(over.values_list("group_id", flat=True)))]
    watched = [place for place in places if who.can(Permission.SAFETY_WAIVE, place)]
    paged = log.newest_of(PAGED, about=watched, since=now - _TOLD_FOR)
    return found + [_paged(place) for place in sorted(paged)]


def _decide(group_id: str) -> Todo:
    return Todo(
        title=_("Decide whether a list may be taken out"),
        why=_("A list on a computer is no longer protected by this service."),
        url=reverse("roster:exports", args=[group_id]),
        minutes=5,
        urgency=Urgency.SOON,
    )


def _destroy(group_id: str) -> Todo:
    return Todo(
        title=_("Say that the list you took out is destroyed"),
        why=_("Its time is over, and the copy says who is here."),
        url=reverse("roster:exports", args=[group_id]),
        minutes=5,
        urgency=Urgency.TODAY,
    )


def _paged(group_id: str) -> Todo:
    return Todo(
        title=_("Somebody looked through a list of members"),
        why=_("They opened more pages in an hour than their work needs, and were stopped. Ask them why."),
        url=reverse("roster:exports", args=[group_id]),
        minutes=5,
        urgency=Urgency.HARM,
    )
