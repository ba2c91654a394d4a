"""The daily run against real rows, real keys and a real shred store."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from circlekeeper.areas.agreements.models import Consent, Pledge
from circlekeeper.areas.meetings.models import Attendance
from circlekeeper.areas.retention import actions, commands, queries
from circlekeeper.areas.retention.actions import running
from circlekeeper.areas.retention.models import Certificate, Residue, Run
from circlekeeper.areas.retention.tests import factories
from circlekeeper.areas.retention.tests.factories import NOW, TODAY
from circlekeeper.areas.roster.models import Compartment, Member
from circlekeeper.areas.roster.tests import factories as members
from circlekeeper.foundation import guard, jobs, ledger
from circlekeeper.foundation.jobs.models import Event
from circlekeeper.foundation.ledger import queries as lines
from circlekeeper.foundation.vault import shredstore
from circlekeeper.foundation.vault.models import KeySession

pytestmark = pytest.mark.django_db(databases=["default", "shred"], transaction=True)


def run(as_of, *, dry_run=False):
    return actions.run(by="system", as_of=as_of, now=NOW, dry_run=dry_run)


def noon(day: date | None) -> datetime:
    assert day is not None
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def counted(run_id):
    """Rows and keys by class of record, over all certificates of a run."""
    found: dict[str, tuple[int, int]] = {}
    for each in queries.certificates(run_id=run_id):
        rows, keys = found.get(each.record, (0, 0))
        found[each.record] = (rows + each.count, keys + each.keys_destroyed)
    return found


def test_ret1_leave_on_30_november_and_the_record_goes_on_28_february():
    someone = factories.leaver("low", left=datetime(2026, 11, 30, 12, tzinfo=UTC))
    assert Member.objects.get().due_on == date(2027, 2, 28)

    run(noon(date(2027, 2, 27)))
    assert Member.objects.filter(pk=someone.id).exists()
    run(noon(date(2027, 2, 28)))

    assert not Member.objects.filter(pk=someone.id).exists()


def test_ret3_the_day_begins_where_the_group_lives():
    group_id, leader = members.group()
    from circlekeeper.areas.groups.models import Group

    with guard.outside_action("test data"):
        Group.objects.filter(pk=group_id).update(time_zone="America/Los_Angeles")
    factories.due_member(group_id, date(2027, 1, 10))

    early, _ = run(datetime(2027, 1, 10, 7, 0, tzinfo=UTC), dry_run=True)  # 23:00 on the 9th there
    later, _ = run(datetime(2027, 1, 10, 9, 0, tzinfo=UTC), dry_run=True)

    assert (early.going, later.going) == (0, 1)


def test_dat6_a_certificate_counts_rows_and_keys_and_names_nobody():
    someone = factories.leaver()
    due_on = Member.objects.get().due_on
    secrets = {Member.objects.get().secret_id, *Compartment.objects.values_list("secret_id", flat=True)}

    _plan, run_id = run(noon(due_on))

    roster = next(each for each in queries.certificates(run_id=run_id) if each.record == "roster")
    assert (roster.method, roster.count, roster.group_id) == ("key-shred", 1, someone.group_id)
    assert roster.copies_gone_on == (NOW + timedelta(days=7)).date()
    assert sum(each.keys_destroyed for each in queries.certificates(run_id=run_id)) == len(secrets)
    assert someone.id not in json.dumps([str(each) for each in queries.certificates(run_id=run_id)])
    assert shredstore.secrets(secrets) == {}
    assert ledger.verify().ok


def test_a_dry_run_counts_and_writes_nothing():
    factories.leaver()
    due_on = Member.objects.get().due_on
    size = lines.size()

    plan, run_id = run(noon(due_on), dry_run=True)

    assert plan.going >= 1
    assert run_id is None
    assert lines.size() == size
    assert not Run.objects.exists()
    assert not shredstore.tombstones("shred")
    assert Member.objects.exists()


def test_when_a_member_goes_everything_that_hangs_on_them_goes_in_the_same_run():
    """Also what has no date of its own, or a later one: consents, pledges, parts with keys of their own."""
    someone = factories.leaver()
    about = factories.everything_about(someone)
    with guard.outside_action("a date that was lost"):
        Compartment.objects.update(due_on=None)
    parts = set(Compartment.objects.values_list("secret_id", flat=True))
    assert len(parts) >= 3

    _plan, run_id = run(noon(Member.objects.get().due_on))

    assert not Member.objects.exists()
    assert not Compartment.objects.exists()
    assert not Consent.objects.exists()
    assert not Pledge.objects.exists()
    assert shredstore.secrets([*parts, about["secret"]]) == {}
    certified = counted(run_id)
    assert certified["consent"] == (1, 0)
    assert certified["pledge"] == (2, 1)
    assert certified["roster"][0] == 1
    assert not Residue.objects.exists()


def test_somebody_elses_rows_stay():
    gone, stays = factories.leaver("low"), factories.leaver("medium")
    kept = factories.everything_about(stays)

    run(noon(Member.objects.get(pk=gone.id).due_on))

    assert set(Member.objects.values_list("pk", flat=True)) == {stays.id}
    assert Consent.objects.get().member_id == stays.id
    assert kept["secret"] in shredstore.secrets([kept["secret"]])


def test_a_day_of_attendance_goes_with_one_key():
    group_id, _leader = members.group()
    rows = factories.attended(group_id, [f"member{n}" for n in range(40)], on=TODAY)

    plan, run_id = run(noon(TODAY))

    assert (plan.going, len(plan.go)) == (40, 1)
    assert counted(run_id) == {"attendance": (40, 1)}
    assert shredstore.secrets([rows[0].secret_id]) == {}
    assert not Attendance.objects.exists()


def test_rows_that_share_a_key_wait_for_the_last_of_them():
    """Periods that changed can leave two dates under one key. Neither is destroyed early."""
    group_id, _leader = members.group()
    day, later = TODAY, TODAY + timedelta(days=3)
    factories.attended(group_id, ["one"], on=day, bucket_day=later)
    factories.attended(group_id, ["two"], on=later, bucket_day=later)

    plan, _run = run(noon(day))
    assert plan.go == ()
    assert Attendance.objects.count() == 2

    _plan, run_id = run(noon(later))
    assert counted(run_id) == {"attendance": (2, 1)}


@pytest.mark.parametrize("where", ["destroy_rows", "certify_shredded", "sweep_batch", "finish_run"])
def test_a_crash_anywhere_is_finished_by_the_next_run_and_certified_once(where, monkeypatch):
    someone = factories.leaver()
    about = factories.everything_about(someone)
    due_on = Member.objects.get().due_on

    def dies(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(running, where, dies)
    with pytest.raises(KeyboardInterrupt):
        run(noon(due_on))
    monkeypatch.undo()
    assert shredstore.secrets([about["secret"]]) == {}, "the keys go first"
    assert Member.objects.exists() is (where != "finish_run")

    run(noon(due_on))

    assert not Member.objects.exists()
    assert not Consent.objects.exists()
    assert not Pledge.objects.exists()
    assert not Residue.objects.exists()
    total: dict[str, int] = {}
    for each in Certificate.objects.all():
        total[each.record] = total.get(each.record, 0) + each.count
    assert total["roster"] == 1
    assert total["pledge"] == 2
    assert total["consent"] == 1
    assert ledger.verify().ok


def test_a_key_that_is_held_meanwhile_is_not_certified(monkeypatch):
    """The hold comes between the plan and the shredding: the store refuses, and the certificate does not claim it."""
    group_id, leader = members.group()
    first, second = factories.due_member(group_id, TODAY), factories.due_member(group_id, TODAY)
    original = running.begin_run

    def begin(**kwargs):
        made = original(**kwargs)
        shredstore.hold([first.secret_id], until=TODAY + timedelta(days=9))
        return made

    monkeypatch.setattr(running, "begin_run", begin)
    plan, run_id = run(noon(TODAY))

    assert counted(run_id) == {"roster": (1, 1)}
    assert (plan.going, plan.staying) == (1, 1)
    assert set(Member.objects.values_list("pk", flat=True)) == {first.pk}
    assert shredstore.secret(first.secret_id)
    found = Run.objects.get(pk=run_id)
    assert (found.destroyed, found.kept_on_hold) == (1, 1)
    assert second.pk not in set(Member.objects.values_list("pk", flat=True))


def test_rows_without_their_moment_do_not_age():
    old = NOW - timedelta(days=30)
    with guard.outside_action("test data"):
        for done in (None, old, NOW):
            Event.objects.create(name="x:y", payload={}, at=old, next_try_at=old, done_at=done)
        KeySession.objects.create(
            token_hash="h", subject="person:x", sealed=b"s", opened_at=old, used_at=old, idle_seconds=60
        )

    run(NOW)

    assert set(Event.objects.values_list("done_at", flat=True)) == {None, NOW}
    assert not KeySession.objects.exists()


def test_what_ages_is_looked_at_beyond_what_one_statement_can_take():
    old = NOW - timedelta(days=30)
    with guard.outside_action("test data"):
        Event.objects.bulk_create(
            Event(name="x:y", payload={}, at=old, next_try_at=old, done_at=old) for _ in range(5200)
        )

    run(NOW)

    assert not Event.objects.exists()


def test_reliability_a_clock_that_jumped_destroys_nothing_but_a_person_may(monkeypatch):
    group_id, _leader = members.group()
    someone = factories.due_member(group_id, TODAY + timedelta(days=30))
    from circlekeeper.areas.retention import jobs as work

    monkeypatch.setattr("circlekeeper.foundation.jobs.registry.JOBS", {})
    jobs.register("retention.run", timedelta(days=1), work.daily_run, timedelta(days=2), destructive=True)
    jobs.beat(NOW)
    jumped = NOW + timedelta(days=40)

    assert jobs.run_due(jumped) == []
    assert Member.objects.filter(pk=someone.pk).exists()

    status, document = commands.run_json(as_of=jumped, dry_run=False)
    assert (status, document["destroyed"]) == (0, 1)
    assert not Member.objects.filter(pk=someone.pk).exists()


def test_dat7_the_worker_runs_it_daily(monkeypatch):
    group_id, _leader = members.group()
    factories.due_member(group_id, TODAY)
    from circlekeeper.areas.retention import jobs as work

    monkeypatch.setattr("circlekeeper.foundation.jobs.registry.JOBS", {})
    jobs.register("retention.run", timedelta(days=1), work.daily_run, timedelta(days=2), destructive=True)
    jobs.beat(NOW)

    ran = jobs.run_due(NOW)

    assert [(each.name, each.ok) for each in ran] == [("retention.run", True)]
    assert not Member.objects.exists()


def test_the_contracts_document(capsys):
    group_id, leader = members.group()
    held, goes = factories.due_member(group_id, TODAY), factories.due_member(group_id, TODAY)
    actions.place_hold(
        by=leader,
        group_id=group_id,
        model="roster.Member",
        row_id=held.pk,
        reason="complaint",
        reviewer=leader,
        until=TODAY + timedelta(days=30),
        now=NOW,
    )

    _status, before = commands.run_json(as_of=noon(TODAY), dry_run=True)
    status, document = commands.run_json(as_of=noon(TODAY), dry_run=False)

    assert before == {"due": 2, "destroyed": 0, "held": 1, "certificates": []}
    assert status == 0
    assert (document["due"], document["destroyed"], document["held"]) == (2, 1, 1)
    assert [each["record"] for each in document["certificates"]] == ["roster"]
    assert json.loads(json.dumps(document)) == document
    assert goes.pk not in json.dumps(document)


def test_running_twice_destroys_nothing_twice():
    factories.leaver()
    due_on = Member.objects.get().due_on
    run(noon(due_on))
    before = Certificate.objects.count()

    plan, run_id = run(noon(due_on))

    assert plan.going == 0
    assert queries.certificates(run_id=run_id) == []
    assert Certificate.objects.count() == before
