"""At the door: one person, one link, one device inside."""

from datetime import timedelta

import pytest

from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.models import Arrival, PersonalLink
from circlekeeper.areas.meetings.rules import DoorAnswer
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.factories import LINK, NOW, STARTS, come, doors_open, let_in, token, wait
from circlekeeper.foundation import ledger
from circlekeeper.foundation.errors import NotHere, Refused

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def go_in(link: str, device: str = "phone") -> str:
    meeting_id = actions.go_in(by="visitor", token=link, device=device, now=NOW)
    return queries.way_in(meeting_id=meeting_id, token=link, now=NOW)


def states(found) -> list[tuple[str, bool]]:
    return [(each.state, each.unverified) for each in queries.at_the_door(**found.here)]


def test_tec4_fmt5_two_browsers_with_one_link_only_one_inside():
    found = doors_open("Wren")
    link = token(found, "Wren")
    phone, stranger = wait(link, "phone"), wait(link, "stranger")

    assert (come(link, "phone").answer, come(link, "stranger").answer) == (
        DoorAnswer.WAIT,
        DoorAnswer.WAIT_UNVERIFIED,
    )
    assert states(found) == [("waiting", False), ("waiting", True)]
    actions.admit(by=found.leader.id, group_id=found.id, arrival_id=phone, now=NOW)
    with pytest.raises(Refused, match="already inside"):
        actions.admit(by=found.leader.id, group_id=found.id, arrival_id=stranger, now=NOW)

    assert go_in(link) == LINK
    with pytest.raises(Refused):
        actions.go_in(by="visitor", token=link, device="stranger", now=NOW)


def test_fmt5_a_host_who_checked_may_let_the_other_device_in_and_then_it_is_the_links_own():
    found = doors_open("Wren")
    link = token(found, "Wren")
    come(link, "old phone")
    let_in(found, link, "new phone")

    assert queries.place(token=link, device="new phone", now=NOW).unverified is False
    assert queries.place(token=link, device="old phone", now=NOW).answer is DoorAnswer.WAIT_UNVERIFIED
    assert go_in(link, "new phone") == LINK


def test_the_outside_address_is_given_to_nobody_who_was_not_let_in():
    found = doors_open("Wren")
    link = token(found, "Wren")
    with pytest.raises(NotHere):
        actions.go_in(by="visitor", token=link, device="phone", now=NOW)
    arrival_id = wait(link)
    for act in (actions.hold, actions.remove):
        with pytest.raises(Refused):
            go_in(link)
        act(by=found.leader.id, group_id=found.id, arrival_id=arrival_id, now=NOW)
    with pytest.raises(Refused):
        go_in(link)


def test_tec5_a_late_unknown_link_is_refused_and_a_dropped_member_comes_back():
    found = doors_open("Wren", "Robin")
    wren, robin = token(found, "Wren"), token(found, "Robin")
    let_in(found, wren)
    actions.lock_doors(by=found.leader.id, now=STARTS, **found.here)

    assert come(robin, now=STARTS).answer is DoorAnswer.LOCKED
    assert come(robin, now=STARTS).arrival_id is None

    actions.step_out(by="visitor", token=wren, device="phone", now=STARTS)
    back = wait(wren, now=STARTS)
    actions.admit(by=found.second.id, group_id=found.id, arrival_id=back, now=STARTS)
    assert states(found) == [("admitted", False)]


def test_tec5_a_member_with_a_new_phone_comes_back_through_their_own_page_after_the_lock():
    found = doors_open("Wren")
    let_in(found, token(found, "Wren"))
    actions.lock_doors(by=found.leader.id, now=STARTS, **found.here)

    assert come(token(found, "Wren", STARTS), "other phone", STARTS).answer is DoorAnswer.WAIT


def test_tec5_the_doors_lock_themselves_after_the_first_one_is_inside():
    found = doors_open("Wren", "Robin", level="high")
    assert found.facts.locks_at is None  # nobody has arrived: the door waits with them
    robin = token(found, "Robin")
    assert come(robin, now=STARTS + timedelta(minutes=50)).answer is DoorAnswer.WAIT

    let_in(found, token(found, "Wren"), now=STARTS - timedelta(minutes=5))

    assert found.facts.locks_at == STARTS + timedelta(minutes=10)
    assert not found.facts.locked(STARTS + timedelta(minutes=9))
    assert found.facts.locked(STARTS + timedelta(minutes=10))
    late = token(found, "Robin", STARTS)
    with_arrivals = come(late, now=STARTS + timedelta(minutes=9)).answer
    assert with_arrivals is DoorAnswer.WAIT


def test_tec5_after_the_doors_locked_themselves_a_newcomer_stays_outside_until_a_host_opens_them():
    found = doors_open("Wren", "Robin")
    let_in(found, token(found, "Wren"))
    later = found.facts.locks_at
    assert later
    robin = token(found, "Robin")

    assert come(robin, now=later).answer is DoorAnswer.LOCKED
    actions.unlock_doors(by=found.leader.id, now=later, **found.here)
    assert come(robin, now=later).answer is DoorAnswer.WAIT
    assert found.facts.locks_at == later + timedelta(minutes=15)


def test_removed_stays_removed_with_every_device_and_every_new_link():
    found = doors_open("Wren")
    link = token(found, "Wren")
    arrival_id = wait(link)
    actions.remove(by=found.leader.id, group_id=found.id, arrival_id=arrival_id, now=NOW)

    assert come(link).answer is DoorAnswer.REMOVED
    assert come(link, "other").answer is DoorAnswer.REMOVED
    assert come(token(found, "Wren"), "third").answer is DoorAnswer.REMOVED
    with pytest.raises(Refused, match="sent away"):
        actions.admit(by=found.leader.id, group_id=found.id, arrival_id=arrival_id, now=NOW)


def test_a_slip_of_the_thumb_is_undone():
    found = doors_open("Wren")
    link = token(found, "Wren")
    arrival_id = let_in(found, link)
    actions.remove(by=found.leader.id, group_id=found.id, arrival_id=arrival_id, now=NOW)

    actions.hold(by=found.leader.id, group_id=found.id, arrival_id=arrival_id, now=NOW)

    assert come(link).answer is DoorAnswer.WAIT
    actions.admit(by=found.leader.id, group_id=found.id, arrival_id=arrival_id, now=NOW)
    assert go_in(link) == LINK


def test_fmt5_sending_a_stranger_away_leaves_the_member_their_place():
    found = doors_open("Wren")
    link = token(found, "Wren")
    come(link, "phone")
    stranger = wait(link, "stranger")
    actions.remove(by=found.leader.id, group_id=found.id, arrival_id=stranger, now=NOW)

    assert come(link, "stranger").answer is DoorAnswer.REMOVED
    assert come(link, "phone").answer is DoorAnswer.WAIT


def test_too_early_takes_no_place_and_binds_no_device():
    found = factories.circle("Wren")
    link = token(found, "Wren")
    early = found.facts.opens_at - timedelta(seconds=1)

    assert come(link, "stranger", early).answer is DoorAnswer.TOO_EARLY
    assert come(link, "phone", found.facts.opens_at).answer is DoorAnswer.WAIT
    assert Arrival.objects.count() == 1


def test_tec4_links_work_from_as_early_as_the_level_says():
    assert factories.circle("Wren", level="high").facts.opens == "18:50"
    assert factories.circle("Wren", level="low").facts.opens == "18:30"


def test_a_place_is_taken_once_per_device_however_often_the_button_is_pressed():
    found = doors_open("Wren")
    link = token(found, "Wren")

    assert len({come(link).arrival_id for _ in range(5)}) == 1
    assert Arrival.objects.count() == 1


def test_nobody_is_let_in_before_the_doors_are_open():
    found = factories.circle("Wren")
    arrival_id = wait(token(found, "Wren"), now=STARTS - timedelta(minutes=5))
    with pytest.raises(Refused, match="not taking people in"):
        actions.admit(by=found.leader.id, group_id=found.id, arrival_id=arrival_id, now=NOW)


def test_who_has_left_cannot_be_let_in_behind_their_back():
    found = doors_open("Wren")
    link = token(found, "Wren")
    arrival_id = wait(link)
    actions.step_out(by="visitor", token=link, device="phone", now=NOW)
    with pytest.raises(Refused, match="gone"):
        actions.admit(by=found.leader.id, group_id=found.id, arrival_id=arrival_id, now=NOW)
    with pytest.raises(Refused, match="not waiting"):
        actions.hold(by=found.leader.id, group_id=found.id, arrival_id=arrival_id, now=NOW)


def test_another_groups_host_can_do_nothing_at_this_door():
    found, other = doors_open("Wren"), factories.circle()
    arrival_id = wait(token(found, "Wren"))
    for act in (actions.admit, actions.hold, actions.remove):
        with pytest.raises(NotHere):
            act(by=other.leader.id, group_id=other.id, arrival_id=arrival_id, now=NOW)


def test_fmt5_a_new_link_ends_the_one_before():
    found = doors_open("Wren")
    first = token(found, "Wren")
    let_in(found, first)
    second = token(found, "Wren")

    with pytest.raises(NotHere):
        come(first)
    with pytest.raises(NotHere):
        queries.place(token=first, device="phone", now=NOW)
    with pytest.raises(NotHere):
        actions.go_in(by="visitor", token=first, device="phone", now=NOW)
    assert come(second, "other").answer is DoorAnswer.WAIT
    assert PersonalLink.objects.count() == 1


def test_fmt5_a_revoked_link_leads_nowhere_and_who_was_inside_is_out():
    found = doors_open("Wren")
    link = token(found, "Wren")
    let_in(found, link)
    actions.revoke_links(by=found.leader.id, group_id=found.id, member_id=found.members["Wren"].id, now=NOW)

    assert come(link).answer is DoorAnswer.REVOKED
    with pytest.raises(Refused):
        actions.go_in(by="visitor", token=link, device="phone", now=NOW)


def test_adr5_the_log_names_the_link_and_never_the_member():
    found = doors_open("Wren")
    size = ledger.queries.size()
    link = token(found, "Wren")
    let_in(found, link)
    actions.go_in(by="visitor", token=link, device="phone", now=NOW)
    actions.step_out(by="visitor", token=link, device="phone", now=NOW)

    lines = [each for each in ledger.queries.entries_about(PersonalLink.objects.get().pk)]
    assert len(lines) == ledger.queries.size() - size
    assert found.members["Wren"].id not in {each.by for each in lines}
    assert not ledger.queries.entries_about(
        found.members["Wren"].id, verbs=("meetings.link.give", "meetings.door.arrive")
    )


def test_the_version_of_a_door_moves_with_everything_people_see(django_assert_num_queries):
    found = doors_open("Wren")
    link, seen = token(found, "Wren"), []

    def look() -> None:
        seen.append(queries.door_version(found.meeting_id))

    look()
    arrival_id = wait(link)
    look()
    for step, act in enumerate((actions.hold, actions.admit, actions.remove, actions.hold), 1):
        act(by=found.leader.id, group_id=found.id, arrival_id=arrival_id, now=NOW + timedelta(seconds=step))
        look()
    actions.lock_doors(by=found.leader.id, now=NOW, **found.here)
    look()
    assert len(set(seen)) == len(seen)
    with django_assert_num_queries(1):
        queries.door_version(found.meeting_id)


def test_fmt1_the_place_is_told_to_those_who_may_come_when_it_is_near():
    found = factories.circle("Wren", online=False, address="Blue door, 3 Mill Lane")
    link = token(found, "Wren", STARTS - timedelta(days=4))

    assert queries.venue(token=link, now=STARTS - timedelta(hours=73)) == ""
    assert queries.venue(token=link, now=STARTS - timedelta(hours=71)) == "Blue door, 3 Mill Lane"
    actions.revoke_links(by=found.leader.id, group_id=found.id, member_id=found.members["Wren"].id, now=NOW)
    assert queries.venue(token=link, now=NOW) == ""


def test_fmt1_an_online_meetings_link_is_never_a_place():
    found = factories.circle("Wren")
    assert queries.venue(token=token(found, "Wren"), now=NOW) == ""
