"""The doors open only when every point of the checklist holds at that moment (promise 5)."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from circlekeeper.areas.agreements import actions as agreements
from circlekeeper.areas.groups import actions as groups
from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.models import Host
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.factories import NOW, STARTS, Circle
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import guard
from circlekeeper.foundation.accounts import actions as accounts
from circlekeeper.foundation.accounts.tests import factories as people
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.permissions import RoleName

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def blocking(found: Circle, now=NOW) -> set[str]:
    return {each.control for each in safeguards.gate(found.id, "start", now, found.meeting_id) if each.blocking}


@pytest.mark.parametrize("level", ["medium", "high"])
def test_kit5_kit6_kit7_kit8_kit9_when_all_hold_the_doors_open(level):
    found = factories.circle("Wren", "Robin", level=level, ready=True)

    assert blocking(found) == set()
    actions.open_doors(by=found.leader.id, now=NOW, **found.here)

    assert found.facts.state == "doors"
    assert found.facts.doors_at == NOW


def test_nothing_said_yet_leaves_every_point_open():
    found = factories.circle("Wren", level="high")

    assert {
        "links-sent-privately",
        "waiting-room-tested",
        "moderators-confirmed",
        "recording-off",
    } <= blocking(found)
    with pytest.raises(Refused, match="not as they should be"):
        actions.open_doors(by=found.leader.id, now=NOW, **found.here)
    assert found.facts.state == "planned"


def _a_newcomer(found: Circle) -> None:
    factories.join(found, "Late")


def _a_link_of_someone_who_left(found: Circle) -> None:
    from circlekeeper.areas.roster import actions as roster

    wren = found.members["Wren"].id
    roster.leave(by=wren, group_id=found.id, member_id=wren, now=NOW)


def _probe_got_in(found: Circle) -> None:
    from circlekeeper.areas.meetings.models import Answer

    with guard.outside_action("test"):
        Answer.objects.filter(point="waiting-room-tested").update(holds=False)


def _something_records(found: Circle) -> None:
    factories.say_recording(found, off=False)


def _cohost_cannot_come(found: Circle) -> None:
    actions.release_host(by=found.leader.id, person_id=found.second.id, now=NOW, **found.here)


def _cohost_lost_the_role(found: Circle) -> None:
    accounts.revoke_role(
        by=found.leader.id, person_id=found.second.id, place=found.id, role=RoleName.PRIVACY_LEAD, now=NOW
    )


def _one_without_emergency_record(found: Circle) -> None:
    from circlekeeper.areas.roster.models import Compartment

    with guard.outside_action("test"):
        Compartment.objects.filter(member_id=found.members["Wren"].id, name="emergency").delete()


@pytest.mark.parametrize(
    ("spoil", "control"),
    [
        (_a_newcomer, "links-sent-privately"),
        (_a_link_of_someone_who_left, "links-sent-privately"),
        (_probe_got_in, "waiting-room-tested"),
        (_something_records, "recording-off"),
        (_cohost_cannot_come, "moderators-confirmed"),
        (_cohost_lost_the_role, "moderators-confirmed"),
        (_one_without_emergency_record, "emergency-records"),
    ],
)
def test_kit5_kit6_kit7_kit8_kit9_one_that_does_not_hold_keeps_the_doors_closed(
    spoil: Callable[[Circle], None], control: str
):
    found = factories.circle("Wren", "Robin", level="high", ready=True)
    spoil(found)

    assert control in blocking(found)
    with pytest.raises(Refused):
        actions.open_doors(by=found.leader.id, now=NOW, **found.here)
    assert found.facts.state == "planned"


def test_kit9_the_count_says_how_many_and_never_who():
    found = factories.circle("Wren", "Robin", level="high", ready=True)
    _one_without_emergency_record(found)

    point = next(
        each
        for each in safeguards.gate(found.id, "start", NOW, found.meeting_id)
        if each.control == "emergency-records"
    )

    assert point.detail == "1 missing."


@pytest.mark.parametrize(
    ("point", "lasts"),
    [("recording-off", timedelta(hours=2)), ("waiting-room-tested", timedelta(hours=24))],
)
def test_kit6_kit8_an_old_answer_is_none(point, lasts):
    found = factories.circle("Wren", ready=True)

    assert point not in blocking(found, NOW + lasts - timedelta(minutes=1))
    assert point in blocking(found, NOW + lasts + timedelta(minutes=1))


def test_kit7_a_yes_from_last_week_is_none():
    found = factories.circle("Wren", ready=True)
    early = STARTS - timedelta(hours=25)
    for someone in (found.leader, found.second):
        actions.confirm_host(by=someone.id, now=early, **found.here)

    assert "moderators-confirmed" in blocking(found)
    for someone in (found.leader, found.second):
        actions.confirm_host(by=someone.id, now=STARTS - timedelta(hours=23), **found.here)
    assert "moderators-confirmed" not in blocking(found)


def test_kit8_of_two_answers_at_the_same_moment_the_worse_one_counts():
    found = factories.circle("Wren", ready=True)
    for off in (False, True, False, True):
        factories.say_recording(found, off=off)

    assert "recording-off" in blocking(found)


def test_tec8_a_stand_in_is_accepted_and_logged():
    found = factories.circle("Wren", level="high", ready=True)
    _cohost_cannot_come(found)
    from circlekeeper.foundation import ledger
    from circlekeeper.foundation.vault import groupkeys

    fay = people.person("fay")
    accounts.grant_role(
        by=found.leader.id, person_id=fay.id, place=found.id, role=RoleName.FACILITATOR, now=NOW, keyed=True
    )
    groupkeys.grant(
        ring=found.leader.ring, group_id=found.id, to=fay.id, scopes=frozenset({groupkeys.Scope.DOOR}), now=NOW
    )
    factories.say_bound(found, fay.id)
    actions.assign_host(by=found.leader.id, person_id=fay.id, part="cohost", now=NOW, **found.here)
    assert "moderators-confirmed" in blocking(found)

    actions.confirm_host(by=fay.id, now=NOW, **found.here)

    assert "moderators-confirmed" not in blocking(found)
    lines = ledger.queries.entries_about(found.meeting_id, verbs=("meetings.host.confirm",))
    assert fay.id in {line.by for line in lines}


def test_mod4_hi1_the_host_does_not_also_watch_the_chat_at_high():
    found = factories.circle("Wren", level="high", ready=True)
    with pytest.raises(Refused, match="does not also watch the chat"):
        actions.assign_host(by=found.leader.id, person_id=found.leader.id, part="chat", now=NOW, **found.here)
    with guard.outside_action("as if the level had been raised since"):
        Host.objects.filter(person_id=found.second.id).update(person_id=found.leader.id, part="chat")
        Host.objects.create(
            meeting_id=found.meeting_id, person_id=found.second.id, part="cohost", confirmed_at=NOW
        )

    assert "moderators-confirmed" in blocking(found)


def test_tec8_a_cohost_who_is_not_here_keeps_a_high_group_closed_until_a_stand_in_accepts(as_host):
    from circlekeeper.foundation import ledger
    from circlekeeper.foundation.vault import groupkeys

    found = factories.circle("Wren", level="high", ready=True)
    fay = people.person("fay")
    accounts.grant_role(
        by=found.leader.id, person_id=fay.id, place=found.id, role=RoleName.PRIVACY_LEAD, now=NOW, keyed=True
    )
    groupkeys.grant(
        ring=found.leader.ring, group_id=found.id, to=fay.id, scopes=frozenset({groupkeys.Scope.DOOR}), now=NOW
    )
    host, cockpit = as_host(found.leader), f"/groups/{found.id}/meetings/{found.meeting_id}/"
    host.post(cockpit + "people/", {"do": "absent", "person_id": found.second.id})
    assert "moderators-confirmed" in blocking(found)
    with pytest.raises(Refused):
        actions.open_doors(by=found.leader.id, now=NOW, **found.here)

    instead = {"do": "stand-in", "absent_id": found.second.id, "person_id": fay.id}
    assert host.post(cockpit + "people/", instead).status_code == 422  # nobody can read how fay is bound
    factories.say_bound(found, fay.id)
    assert host.post(cockpit + "people/", instead).status_code == 302
    assert "moderators-confirmed" in blocking(found)
    actions.confirm_host(by=fay.id, now=NOW, **found.here)
    actions.open_doors(by=found.leader.id, now=NOW, **found.here)

    shown = " ".join(re.sub(r"<[^>]+>", " ", host.get(cockpit).content.decode()).split())
    assert f"Co-host: {fay.handle} will be there, stands in for {found.second.handle}" in shown
    assert "Nobody carries this yet:" in shown
    assert ledger.queries.entries_about(found.meeting_id, verbs=("meetings.host.stand-in",))
    assert host.post(cockpit + "people/", instead | {"absent_id": fay.id}).status_code == 404


def test_only_the_team_can_carry_a_part_and_only_who_was_asked_can_confirm():
    found = factories.circle("Wren")
    stranger = people.person("stranger")
    with pytest.raises(NotHere):
        actions.assign_host(by=found.leader.id, person_id=stranger.id, part="host", now=NOW, **found.here)
    with pytest.raises(Refused):
        actions.assign_host(by=found.leader.id, person_id=found.second.id, part="king", now=NOW, **found.here)
    with pytest.raises(Refused):
        actions.confirm_host(by=found.second.id, now=NOW, **found.here)
    assert queries.helpers(found.meeting_id) == []


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (STARTS - timedelta(hours=2, seconds=1), "two hours before"),
        (STARTS + timedelta(minutes=90), "is over"),
    ],
)
def test_doors_open_neither_days_before_nor_after_the_end(now, words):
    found = factories.circle("Wren", ready=True)
    with pytest.raises(Refused, match=words):
        actions.open_doors(by=found.leader.id, now=now, **found.here)


def test_a_closed_group_and_a_cancelled_meeting_stay_closed():
    found = factories.circle("Wren", ready=True)
    groups.close_group(by=found.leader.id, group_id=found.id, now=NOW)
    with pytest.raises(Refused, match="not open"):
        actions.open_doors(by=found.leader.id, now=NOW, **found.here)
    groups.open_group(by=found.leader.id, group_id=found.id, now=NOW)
    actions.cancel_meeting(by=found.leader.id, now=NOW, **found.here)
    with pytest.raises(Refused, match="cancelled"):
        actions.open_doors(by=found.leader.id, now=NOW, **found.here)


def test_doors_open_once():
    found = factories.doors_open("Wren")
    with pytest.raises(Refused, match="opened before"):
        actions.open_doors(by=found.leader.id, now=NOW, **found.here)


def test_con4_at_high_the_meeting_does_not_begin_without_the_opening_card():
    found = factories.doors_open("Wren", level="high")
    with pytest.raises(Refused, match="opening card"):
        actions.lock_doors(by=found.leader.id, now=STARTS, **found.here)
    actions.read_opening_card(by=found.leader.id, now=STARTS, **found.here)
    actions.lock_doors(by=found.leader.id, now=STARTS, **found.here)
    assert found.facts.state == "locked"
    assert found.facts.opening_card_at == STARTS


def test_con4_at_low_a_skipped_card_is_noted_in_the_log():
    from circlekeeper.foundation import ledger

    found = factories.doors_open("Wren", level="low")
    actions.lock_doors(by=found.leader.id, now=STARTS, **found.here)
    actions.close_meeting(by=found.leader.id, now=STARTS + timedelta(hours=1), **found.here)

    assert ledger.queries.entries_about(found.meeting_id, verbs=("meetings.card.skip",))


def test_kit6_the_probe_leaves_its_answer_and_nothing_else():
    from circlekeeper.areas.meetings.models import Answer, Arrival, PersonalLink

    found = factories.circle("Wren")
    assert actions.try_waiting_room(by=found.leader.id, now=NOW, **found.here) is True

    assert PersonalLink.objects.count() == 0
    assert Arrival.objects.count() == 0
    assert list(Answer.objects.values_list("point", "holds")) == [("waiting-room-tested", True)]


def test_kit6_the_probe_notices_a_door_that_lets_everyone_in(monkeypatch):
    from circlekeeper.areas.meetings.actions import checking

    found = factories.circle("Wren", ready=True)
    monkeypatch.setattr(checking, "go_in", lambda **asked: found.meeting_id)

    assert actions.try_waiting_room(by=found.leader.id, now=NOW, **found.here) is False
    assert "waiting-room-tested" in blocking(found)


def test_only_the_two_points_people_look_at_take_a_persons_word():
    found = factories.circle("Wren")
    with pytest.raises(NotHere):
        actions.answer_point(
            by=found.leader.id,
            point="links-sent-privately",
            evidence="attested",
            holds=True,
            now=NOW,
            **found.here,
        )


def test_pro1_cnf3_a_helper_whose_licence_ran_out_keeps_the_doors_closed_and_cannot_be_asked_again():
    found = factories.circle("Wren", ready=True)
    yesterday, licence = NOW - timedelta(days=1), NOW.date() - timedelta(days=1)
    agreements.say_bound(
        by=found.second.id,
        group_id=found.id,
        bound="profession",
        licence_body="Chamber",
        licence_until=licence,
        mandated="yes",
        now=yesterday,
    )
    assert "moderators-confirmed" in blocking(found)
    with pytest.raises(Refused, match="licence ran out"):
        actions.open_doors(by=found.leader.id, now=STARTS, **found.here)
    with pytest.raises(Refused, match="licence ran out"):
        actions.assign_host(by=found.leader.id, person_id=found.second.id, part="chat", now=NOW, **found.here)


def test_cnf3_at_high_nobody_helps_whom_members_cannot_read_about():
    found = factories.circle("Wren", level="high")
    with pytest.raises(Refused, match="how each helper is bound"):
        actions.assign_host(by=found.leader.id, person_id=found.second.id, part="host", now=NOW, **found.here)
    factories.say_bound(found, found.second.id)
    actions.assign_host(by=found.leader.id, person_id=found.second.id, part="host", now=NOW, **found.here)
