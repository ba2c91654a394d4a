"""Everyone out: what goes, and what stays until its day."""

from datetime import timedelta

import pytest
from django.db import connection

from circlekeeper.areas.meetings import actions, provider, queries, sealing
from circlekeeper.areas.meetings.models import Arrival, Attendance, Meeting, PersonalLink
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.factories import DAY, NOW, STARTS, come, doors_open, let_in, token
from circlekeeper.areas.roster import queries as roster
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.vault import buckets, envelope, shredstore
from circlekeeper.foundation.vault.shred.models import Secret

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
END = STARTS + timedelta(minutes=90)


def closed(*aliases: str):
    found = doors_open(*aliases)
    links = {alias: token(found, alias) for alias in aliases}
    return found, links


def test_closing_ends_every_link_and_empties_the_door():
    found, links = closed("Wren", "Robin")
    let_in(found, links["Wren"])
    come(links["Robin"])

    assert actions.close_meeting(by=found.leader.id, now=END, **found.here) == 1

    assert PersonalLink.objects.count() == Arrival.objects.count() == 0
    for link in links.values():
        with pytest.raises(NotHere):
            queries.place(token=link, device="phone", now=END)
    assert (found.facts.state, found.facts.headcount, found.facts.closed_at) == ("closed", 1, END)


def test_who_was_inside_counts_once_also_after_dropping_out_or_being_sent_away():
    found, links = closed("Wren", "Robin", "Lark")
    let_in(found, links["Wren"])
    actions.step_out(by="visitor", token=links["Wren"], device="phone", now=NOW)
    let_in(found, links["Wren"])
    robin = let_in(found, links["Robin"])
    actions.remove(by=found.leader.id, group_id=found.id, arrival_id=robin, now=NOW)
    come(links["Lark"])

    assert actions.close_meeting(by=found.leader.id, now=END, **found.here) == 2


def test_ret2_attendance_is_sealed_under_the_key_of_its_last_day():
    found, links = closed("Wren", "Robin")
    for link in links.values():
        let_in(found, link)
    actions.close_meeting(by=found.leader.id, now=END, **found.here)

    rows = list(Attendance.objects.all())
    wanted = {each.id for each in found.members.values()}
    assert len(rows) == 2
    assert {row.secret_id for row in rows} == {Secret.objects.get(record="attendance").pk}
    key = buckets.open_bucket(rows[0].secret_id)
    assert {
        envelope.unseal(key, bytes(row.sealed), sealing.attendance_place(row.pk, found.id)).decode()
        for row in rows
    } == wanted
    assert {len(bytes(row.sealed)) for row in rows} == {len(bytes(rows[0].sealed))}
    assert {(row.due_on - DAY).days > 100 for row in rows} == {True}

    shredstore.shred([rows[0].secret_id], now=END)
    with pytest.raises(shredstore.Shredded):
        buckets.open_bucket(rows[0].secret_id)


def test_ret1_the_roster_learns_the_last_day_somebody_came():
    found, links = closed("Wren", "Robin")
    let_in(found, links["Wren"])
    actions.close_meeting(by=found.leader.id, now=END, **found.here)

    came = {
        alias: roster.member(group_id=found.id, member_id=each.id).last_attended_on
        for alias, each in found.members.items()
    }
    assert came == {"Wren": DAY, "Robin": None}


def test_only_a_running_meeting_is_closed_and_only_once():
    found = factories.circle("Wren")
    with pytest.raises(Refused, match="not running"):
        actions.close_meeting(by=found.leader.id, now=END, **found.here)
    found = doors_open("Lark")
    actions.close_meeting(by=found.leader.id, now=END, **found.here)
    with pytest.raises(Refused, match="not running"):
        actions.close_meeting(by=found.leader.id, now=END, **found.here)


def test_a_meeting_nobody_closed_is_closed_for_them():
    found, links = closed("Wren")
    let_in(found, links["Wren"])

    assert actions.close_forgotten(by="system", now=END + timedelta(hours=5)) == 0
    assert actions.close_forgotten(by="system", now=END + timedelta(hours=7)) == 1
    assert found.facts.headcount == 1
    assert actions.close_forgotten(by="system", now=END + timedelta(hours=8)) == 0


def test_a_service_that_cannot_be_ended_does_not_keep_the_meeting_open(monkeypatch, caplog):
    way = provider.provider("outside-link")

    def fails(self, session, *, now):
        raise OSError("https://meet.example.org/velvet-sparrow-77 is away")

    monkeypatch.setattr(type(way), "end", fails)
    found, _links = closed("Wren")

    actions.close_meeting(by=found.leader.id, now=END, **found.here)

    assert found.facts.state == "closed"
    assert "OSError" in caplog.text
    assert "velvet" not in caplog.text


def test_no_row_of_a_closed_meeting_names_a_member_in_clear():
    found, links = closed("Wren")
    let_in(found, links["Wren"])
    actions.close_meeting(by=found.leader.id, now=END, **found.here)

    with connection.cursor() as cursor:
        for table in ("meetings_meeting", "meetings_attendance", "meetings_series", "meetings_answer"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
            assert found.members["Wren"].id not in repr(cursor.fetchall()), table
    assert Meeting.objects.filter(state="closed").count() == 1
