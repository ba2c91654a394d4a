"""Letters to members: who gets one, when, on whose key, and who hears when one did not arrive."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from circlekeeper.areas.groups.models import Group
from circlekeeper.areas.roster import actions, occasions, queries
from circlekeeper.areas.roster.models import Reach, Supply
from circlekeeper.areas.roster.occasions import Occasion
from circlekeeper.areas.roster.rules import SafeContact, Says
from circlekeeper.areas.roster.tests import factories
from circlekeeper.areas.roster.tests.factories import NOW
from circlekeeper.foundation import guard
from circlekeeper.foundation.ledger import queries as log
from circlekeeper.foundation.post import outbox
from circlekeeper.foundation.post.models import Letter, LetterState

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
DAY = timedelta(days=1)
YES = SafeContact(
    says=Says.YES,
    channel="mail",
    address="wren@example.org",
    said_on="2026-11-23",
    check_again_on="2027-02-21",
    remind=True,
)


@pytest.fixture(autouse=True)
def post(settings: Settings) -> Any:
    """Letters go into a list; one occasion a week from now, told the day before."""
    settings.EMAIL_URL = "smtp://nowhere"
    before = list(occasions._providers)
    outbox.install(queries.stands)
    meeting = NOW + 7 * DAY
    occasions.install([lambda _group, _begin, _until: [Occasion("meeting:one", meeting - DAY, meeting)]])
    yield
    occasions.install(before)


def an_open_group(level: str) -> tuple[str, str]:
    group_id, leader = factories.group(level=level)
    with guard.outside_action("test data"):
        Group.objects.filter(pk=group_id).update(state="open", opened_at=NOW)
    return group_id, leader


def sent_by_day(mailoutbox: list[Any], days: int, *, remind: bool = True) -> list[int]:
    """Run the worker day by day; after how many days each letter left."""
    left: list[int] = []
    for day in range(days):
        now = NOW + day * DAY
        if remind:
            actions.remind(now=now)
        outbox.send_due(now + timedelta(hours=1))
        left += [day] * (len(mailoutbox) - len(left))
    return left


@pytest.mark.parametrize("level", ["low", "medium"])
def test_cnf2_who_asked_to_be_reminded_is_reminded_once_and_nobody_else(level, mailoutbox):
    group_id, leader = an_open_group(level)
    factories.member(group_id, leader, "Wren", contact=YES)
    factories.member(group_id, leader, "Robin", contact=replace(YES, address="robin@example.org", remind=False))
    factories.member(group_id, leader, "Finch", contact=SafeContact(says=Says.NO))

    assert sent_by_day(mailoutbox, 12) == [6]
    assert [letter.to for letter in mailoutbox] == [["wren@example.org"]]


def test_cnf2_a_member_on_a_pause_is_not_chased(mailoutbox):
    group_id, leader = an_open_group("medium")
    someone = factories.member(group_id, leader, contact=YES)
    actions.pause(by=someone.id, group_id=group_id, member_id=someone.id, now=NOW)

    assert sent_by_day(mailoutbox, 12) == []


def test_reg2_at_high_nothing_leaves_until_a_key_holder_comes_in(mailoutbox):
    group_id, leader = an_open_group("high")
    factories.member(group_id, leader, contact=YES)

    assert sent_by_day(mailoutbox, 12) == []
    assert not any(bytes(row.sealed) for row in Reach.objects.all())


def test_reg2_at_high_two_weeks_are_made_ready_by_a_key_holder_and_gone_when_sent(mailoutbox):
    group_id, leader = an_open_group("high")
    someone = factories.member(group_id, leader, contact=YES)
    made: dict[str, Any] = {"by": leader, "ring": factories.ring(leader), "group_id": group_id}

    assert actions.make_ready(**made, now=NOW)
    assert not actions.make_ready(**made, now=NOW + timedelta(hours=2))
    waiting = Letter.objects.get(state=LetterState.WAITING)
    assert waiting.due_at <= NOW + 14 * DAY

    assert sent_by_day(mailoutbox, 8) == [6]
    assert not Letter.objects.filter(sealed_recipient__isnull=False).exists()
    assert someone.own().contact.address == "wren@example.org"


def test_reg2_at_high_a_no_said_after_the_letters_were_made_ready_stops_them(mailoutbox):
    group_id, leader = an_open_group("high")
    someone = factories.member(group_id, leader, contact=YES)
    actions.make_ready(by=leader, ring=factories.ring(leader), group_id=group_id, now=NOW)
    no = SafeContact(says=Says.NO)
    actions.save_safe_contact(by=someone.id, group_id=group_id, contact=no, holder=someone.key, now=NOW)

    assert not Letter.objects.filter(sealed_recipient__isnull=False).exists()
    assert sent_by_day(mailoutbox, 8) == []


def test_reg2_lending_the_key_is_a_line_in_the_log_before_it_is_used():
    group_id, leader = an_open_group("high")
    factories.member(group_id, leader, contact=YES)
    actions.make_ready(by=leader, ring=factories.ring(leader), group_id=group_id, now=NOW)

    verbs = [line.verb for line in log.entries_about(group_id)]
    assert {"roster.contacts.lend", "roster.letters.supply"} <= set(verbs)


def test_reg2_whoever_holds_the_keys_is_warned_on_day_ten(as_person):
    group_id, leader = an_open_group("high")
    factories.member(group_id, leader, contact=YES)
    actions.make_ready(by=leader, ring=factories.ring(leader), group_id=group_id, now=NOW)

    assert queries.reach_todo([group_id], NOW + 9 * DAY) == []
    warned = queries.reach_todo([group_id], NOW + 10 * DAY)
    assert [each.title for each in warned] == ["Open your keys, so that letters can go on"]
    assert warned[0].due == NOW + 14 * DAY


def test_reg2_a_group_where_nobody_asked_is_not_warned():
    group_id, leader = an_open_group("high")
    factories.member(group_id, leader, contact=replace(YES, remind=False))
    actions.make_ready(by=leader, ring=factories.ring(leader), group_id=group_id, now=NOW)

    assert queries.reach_todo([group_id], NOW + 20 * DAY) == []


def test_reg2_coming_to_today_with_open_keys_makes_the_letters_ready(as_person):
    group_id, leader = an_open_group("high")
    factories.member(group_id, leader, contact=YES)

    as_person(leader, keys=False).get("/today/")
    assert not Supply.objects.exists()
    assert as_person(leader).get("/today/").status_code == 200
    assert Supply.objects.get(group_id=group_id).people == 1


def test_reg2_a_raised_level_takes_away_what_stood_ready():
    group_id, leader = an_open_group("medium")
    someone = factories.member(group_id, leader, contact=YES)
    with guard.outside_action("test data"):
        Group.objects.filter(pk=group_id).update(level="high")

    actions.keep_nothing_if_raised(group_id=group_id, now=NOW)

    assert [bytes(row.sealed) for row in Reach.objects.filter(member_id=someone.id)] == [b""]


def test_why1_three_people_with_three_ways_get_a_letter_a_call_and_nothing(mailoutbox):
    group_id, leader = an_open_group("high")
    wren = factories.member(group_id, leader, "Wren", contact=YES)
    call = replace(YES, channel="call", address="0770 900 1")
    robin = factories.member(group_id, leader, "Robin", contact=call)
    finch = factories.member(group_id, leader, "Finch", contact=SafeContact(says=Says.NO))
    said: dict[str, Any] = {"by": leader, "ring": factories.ring(leader), "group_id": group_id, "now": NOW}
    people = [wren.id, robin.id, finch.id]

    first = actions.tell(**said, member_ids=people, occasion="one")
    again = actions.tell(**said, member_ids=people, occasion="one")
    outbox.send_due(NOW)

    assert first == again
    assert first.by_letter == {wren.id}
    assert dict(first.by_hand) == {robin.id: "call"}
    assert first.not_at_all == {finch.id}
    assert [letter.to for letter in mailoutbox] == [["wren@example.org"]]


def test_con1_who_takes_the_consent_back_is_not_reached_whatever_their_record_says(mailoutbox):
    group_id, leader = an_open_group("medium")
    someone = factories.member(group_id, leader, contact=YES)
    actions.remind(now=NOW + 5 * DAY)
    actions.end_reach(by="system", group_id=group_id, member_id=someone.id, now=NOW)

    assert sent_by_day(mailoutbox, 12) == []
    told = actions.tell(
        by=leader,
        ring=factories.ring(leader),
        group_id=group_id,
        member_ids=[someone.id],
        occasion="two",
        now=NOW,
    )
    assert told.not_at_all == {someone.id}


def test_a_letter_that_did_not_arrive_is_told_to_the_team_without_an_address(as_person):
    group_id, leader = an_open_group("medium")
    someone = factories.member(group_id, leader, contact=YES)
    told: dict[str, Any] = {"by": leader, "ring": factories.ring(leader), "group_id": group_id, "now": NOW}
    actions.tell(**told, member_ids=[someone.id], occasion="one")
    with guard.outside_action("the mail server said 550"):
        Letter.objects.update(state="dropped", ended="refused", sealed_recipient=None)

    assert [each.title for each in queries.reach_todo([group_id], NOW)] == ["Somebody could not be reached"]
    page = as_person(leader).get(f"/groups/{group_id}/people/{someone.id}/").content.decode()
    assert "could not be reached" in page
    assert "wren@" not in page


def test_cnf2_a_promise_that_runs_out_soon_is_an_occasion_once_a_month():
    group_id, leader = an_open_group("medium")
    someone = factories.member(group_id, leader, contact=YES)

    found = queries.promise_occasions(group_id, NOW, NOW + DAY)

    # Nothing was promised here yet, so it is due for everybody who takes part.
    assert [each.members for each in found] == [frozenset({someone.id})]
    assert {each.key for each in queries.promise_occasions(group_id, NOW + 5 * DAY, NOW + 6 * DAY)} == {
        found[0].key
    }


@pytest.mark.parametrize("people", [1, 4])
def test_making_letters_ready_asks_as_often_for_many_as_for_one(people):
    group_id, leader = an_open_group("high")
    for number in range(people):
        factories.member(group_id, leader, f"Bird {number}", contact=YES)
    ring = factories.ring(leader)
    with CaptureQueriesContext(connection) as asked:
        actions.make_ready(by=leader, ring=ring, group_id=group_id, now=NOW)

    assert Letter.objects.count() == people
    assert len([each for each in asked if "post_letter" in each["sql"]]) == 2
    assert len([each for each in asked if "roster_reach" in each["sql"]]) == 1
