"""Today, the doctor and the control."""

from datetime import timedelta

import pytest
from django.urls import reverse

from circlekeeper.areas.retention import actions, checks, queries
from circlekeeper.areas.retention.tests import factories
from circlekeeper.areas.retention.tests.factories import NOW, TODAY
from circlekeeper.areas.retention.tests.test_holds import hold
from circlekeeper.areas.roster.tests import factories as members
from circlekeeper.areas.roster.tests.conftest import as_person, at_noon  # noqa: F401
from circlekeeper.areas.safeguards.evidence import Question, Verdict
from circlekeeper.foundation import jobs
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.accounts.who import Who
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.todo import Urgency
from circlekeeper.foundation.vault.groupkeys import ALL

pytestmark = pytest.mark.django_db(databases=["default", "shred"], transaction=True)


def who(person_id):
    return Who(
        kind="person",
        id=person_id,
        has_factor=True,
        proved_at=NOW,
        find_roles=lambda: accounts.roles_of(person_id),
    )


def titles(person_id, now=NOW):
    return {each.title: each.urgency for each in queries.todo(who(person_id), now)}


def test_dat7_two_days_without_the_worker_raise_the_alarm():
    group_id, leader = members.group()
    actions.run(by="system", as_of=NOW, now=NOW)
    assert titles(leader, NOW + timedelta(days=2)) == {}

    late = NOW + timedelta(days=2, minutes=1)

    assert titles(leader, late) == {"The daily run is late": Urgency.HARM}
    assert queries.status(late).late
    assert checks.what_is_due_is_destroyed(Question(group_id, late)).verdict is Verdict.NOT_MET


def test_dat7_a_run_that_never_finished_raises_it_too(monkeypatch):
    _group_id, leader = members.group()
    monkeypatch.setattr("circlekeeper.foundation.jobs.registry.JOBS", {})

    def fails(now):
        raise RuntimeError

    jobs.register("retention.run", timedelta(days=1), fails, timedelta(days=2), destructive=True)
    jobs.beat(NOW)
    assert [each.ok for each in jobs.run_due(NOW)] == [False]
    assert titles(leader, NOW + timedelta(days=1)) == {}

    assert "The daily run is late" in titles(leader, NOW + timedelta(days=3))


def test_the_control_knows_nothing_before_the_first_run_and_is_met_after_it():
    group_id, _leader = members.group()
    ask = Question(group_id, NOW)
    assert checks.what_is_due_is_destroyed(ask).verdict is Verdict.UNKNOWN

    actions.run(by="system", as_of=NOW, now=NOW)

    assert checks.what_is_due_is_destroyed(ask).verdict is Verdict.MET


def test_what_goes_tomorrow_and_holds_that_end_are_on_today():
    group_id, leader = members.group()
    for _ in range(2):
        factories.due_member(group_id, TODAY + timedelta(days=1))
    kept = factories.due_member(group_id, None)
    hold(kept.pk, group_id, until=TODAY + timedelta(days=6))

    assert titles(leader) == {
        "2 records go tomorrow": Urgency.LATER,
        "A hold ends on 29 November 2026": Urgency.SOON,
    }


def test_a_facilitator_is_not_told():
    group_id, leader = members.group()
    other = members.helper(group_id, leader)
    factories.due_member(group_id, TODAY + timedelta(days=1))

    assert queries.todo(who(other), NOW) == []


def test_status_counts_what_is_overdue_and_held():
    group_id, _leader = members.group()
    for _ in range(3):
        factories.due_member(group_id, TODAY)
    kept = factories.due_member(group_id, TODAY)
    hold(kept.pk, group_id)

    assert queries.status(NOW) == queries.Status(None, False, overdue=3, held=1, unswept=0)
    actions.run(by="system", as_of=NOW, now=NOW)
    assert queries.status(NOW) == queries.Status(NOW, False, overdue=0, held=1, unswept=0)


def test_what_lies_ahead_is_counted_by_class_and_day():
    group_id, _leader = members.group()
    factories.due_member(group_id, TODAY + timedelta(days=3))
    factories.attended(group_id, ["a", "b"], on=TODAY + timedelta(days=2))
    factories.due_member(group_id, TODAY + timedelta(days=60))

    found = [(each.record, each.count) for each in queries.ahead(group_id, now=NOW)]

    assert found == [("attendance", 2), ("roster", 1)]


def test_the_pages_show_and_hold_and_release(as_person):  # noqa: F811
    group_id, leader = members.group()
    keeper = members.helper(group_id, leader, role=RoleName.PRIVACY_LEAD, scopes=ALL)
    someone = members.member(group_id, leader)
    browser = as_person(keeper)
    overview = reverse("retention:overview", args=[group_id])
    assert browser.get(overview).status_code == 200

    form = reverse("retention:hold", args=[group_id])
    said = {"member_id": someone.id, "reason": "complaint", "until": (TODAY + timedelta(days=30)).isoformat()}
    assert browser.post(form, said | {"until": TODAY.isoformat()}).status_code == 422
    assert browser.post(form, said).status_code == 302
    assert browser.post(form, said).status_code == 422
    page = browser.get(overview).content.decode()
    assert "One record waits until 23 December 2026." in page

    held = queries.holds(group_id)[0]
    assert browser.post(reverse("retention:release", args=[group_id, held.id])).status_code == 302
    assert queries.holds(group_id) == []


def test_a_leader_sees_and_does_not_hold(as_person):  # noqa: F811
    group_id, leader = members.group()
    actions.run(by="system", as_of=NOW, now=NOW)
    browser = as_person(leader)

    assert (
        "The last daily run finished"
        in browser.get(reverse("retention:overview", args=[group_id])).content.decode()
    )
    assert browser.get(reverse("retention:hold", args=[group_id])).status_code == 404


def test_dat1_the_control_asks_for_a_recent_backup_and_one_that_was_opened(monkeypatch):
    from circlekeeper.foundation.backup import log

    group_id, _leader = members.group(level="high")

    def verdict(made=None, drill=None, days=0):
        found = log.Status(made, NOW - made if made else None, NOW if drill is not None else None, drill)
        monkeypatch.setattr(log, "status", lambda now: found)
        return checks.there_is_a_recent_backup_that_opens(Question(group_id, NOW + timedelta(days=days))).verdict

    assert verdict() is Verdict.NOT_MET
    assert verdict(NOW) is Verdict.NOT_MET
    assert verdict(NOW, drill=False) is Verdict.NOT_MET
    assert verdict(NOW, drill=True) is Verdict.MET
    assert verdict(NOW, drill=True, days=1) is Verdict.MET
    assert verdict(NOW, drill=True, days=2) is Verdict.NOT_MET
