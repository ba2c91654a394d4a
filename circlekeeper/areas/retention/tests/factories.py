"""Groups with members of every kind, and rows that hang on them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from circlekeeper.areas.agreements.models import Consent, Document, Pledge
from circlekeeper.areas.meetings.models import Attendance
from circlekeeper.areas.roster import actions as roster
from circlekeeper.areas.roster.models import Member
from circlekeeper.areas.roster.tests import factories as members
from circlekeeper.areas.roster.tests.factories import NOW, TODAY, Someone
from circlekeeper.foundation import guard
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import buckets, envelope, shredstore
from circlekeeper.foundation.vault.envelope import Place

__all__ = ["NOW", "TODAY", "Someone", "attended", "due_member", "everything_about", "leaver"]


def leaver(level: str = "medium", *, left: datetime = NOW, group: tuple[str, str] | None = None) -> Someone:
    """Someone who joined and left, with a compartment of each kind."""
    group_id, leader = group or members.group(level=level)
    someone = members.member(
        group_id, leader, more={"access": {"needs": "ramp"}, "intake": {"answer": "tea"}}, now=left
    )
    roster.save_emergency(
        by=someone.id, group_id=group_id, fields={"person": "Sam", "reach": "1"}, holder=someone.key, now=left
    )
    roster.leave(by=someone.id, group_id=group_id, member_id=someone.id, now=left)
    return someone


def due_member(group_id: str, on: date | None, *, secret: bool = True) -> Member:
    """A bare member row with a date."""
    made = shredstore.new_secret(record="roster", group_id=group_id, now=NOW).id if secret else new_id()
    with guard.outside_action("test data"):
        return Member.objects.create(
            group_id=group_id, state="left", left_on=TODAY, secret_id=made, applied_on=TODAY, due_on=on
        )


def everything_about(someone: Someone) -> dict[str, Any]:
    """A consent and two pledges (ticked and signed) of a member, without dates of their own."""
    document = Document(
        group_id=someone.group_id,
        kind="pledge",
        locale="en",
        version=1,
        body={},
        text="words",
        sha256="0",
        material=False,
        published_at=NOW,
        published_by="x",
    )
    secret = shredstore.new_secret(record="pledge", group_id=someone.group_id, now=NOW)
    shared = {"group_id": someone.group_id, "member_id": someone.id, "document": document}
    with guard.outside_action("test data"):
        document.save()
        consent = Consent.objects.create(
            **shared, purpose="reminders", number=1, act="given", policy=document, method="ticked", at=NOW
        )
        ticked = Pledge.objects.create(**shared, strength="tick", signed_at=NOW, lapses_at=NOW)
        signed = Pledge.objects.create(
            **shared, strength="typed", secret_id=secret.id, signed_at=NOW.replace(hour=1), lapses_at=NOW
        )
    return {"consent": consent, "ticked": ticked, "signed": signed, "secret": secret.id}


def attended(group_id: str, names: Iterable[str], *, on: date, bucket_day: date | None = None) -> list[Attendance]:
    """Attendance of one day, sealed under its bucket."""
    bucket = buckets.bucket(group_id=group_id, record="attendance", day=bucket_day or on, now=NOW)
    rows = []
    for name in names:
        row = Attendance(pk=new_id(), meeting_id=new_id(), group_id=group_id, secret_id=bucket.id, due_on=on)
        row.sealed = envelope.seal(
            bucket.key, name.encode(), Place("meetings_attendance", row.pk, "sealed", group_id)
        )
        rows.append(row)
    with guard.outside_action("test data"):
        return Attendance.objects.bulk_create(rows)
