"""Who gets a link, and who does not (MED1, CNF1, FMT5)."""

import pytest

from circlekeeper.areas.groups import actions as groups
from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.models import PersonalLink
from circlekeeper.areas.meetings.rules import DoorAnswer
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.factories import NOW, STARTS, doors_open, token
from circlekeeper.areas.roster import actions as roster
from circlekeeper.foundation.errors import NotHere, Refused

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def test_kit5_each_active_member_has_one_link_and_nobody_else():
    found = factories.circle("Wren", "Robin", "Lark")
    robin, lark = found.members["Robin"].id, found.members["Lark"].id
    actions.make_links(by=found.leader.id, now=NOW, **found.here)
    roster.pause(by=robin, group_id=found.id, member_id=robin, now=NOW)
    factories.join(found, "Finch")

    assert actions.make_links(by=found.leader.id, now=NOW, **found.here) == 1
    assert actions.make_links(by=found.leader.id, now=NOW, **found.here) == 0

    assert queries.links_offered(found.meeting_id) == {
        found.members["Wren"].id: 1,
        lark: 1,
        found.members["Finch"].id: 1,
    }


def test_nobody_knows_a_token_until_its_member_asks():
    found = factories.circle("Wren")
    actions.make_links(by=found.leader.id, now=NOW, **found.here)
    before = bytes(PersonalLink.objects.get().token_hash)
    link = token(found, "Wren")

    after = PersonalLink.objects.get()
    assert bytes(after.token_hash) != before
    assert link.encode() not in bytes(after.token_hash)


def test_med1_without_the_promise_there_is_no_link():
    found = factories.circle("Wren")
    factories.join(found, "Robin", agreeing=False)
    with pytest.raises(Refused, match="promise"):
        token(found, "Robin")
    assert token(found, "Wren")


def test_someone_on_a_pause_or_gone_gets_no_link():
    found = factories.circle("Wren", "Robin")
    wren, robin = found.members["Wren"].id, found.members["Robin"].id
    roster.pause(by=wren, group_id=found.id, member_id=wren, now=NOW)
    roster.leave(by=robin, group_id=found.id, member_id=robin, now=NOW)
    for alias in ("Wren", "Robin"):
        with pytest.raises(Refused):
            token(found, alias)


def test_no_link_to_a_meeting_that_is_over_or_in_a_closed_group():
    found = factories.circle("Wren")
    actions.cancel_meeting(by=found.leader.id, now=NOW, **found.here)
    with pytest.raises(Refused, match="over"):
        token(found, "Wren")
    actions.restore_meeting(by=found.leader.id, now=NOW, **found.here)
    assert token(found, "Wren")
    groups.close_group(by=found.leader.id, group_id=found.id, now=NOW)
    with pytest.raises(Refused, match="closed"):
        token(found, "Wren")


def test_no_link_to_another_groups_meeting():
    found, other = factories.circle("Wren"), factories.circle()
    with pytest.raises(NotHere):
        actions.give_link(by=found.members["Wren"].id, group_id=found.id, meeting_id=other.meeting_id, now=NOW)


def test_ret2_links_and_arrivals_have_the_date_of_their_record_class():
    found = factories.circle("Wren", level="high")
    token(found, "Wren")
    link = PersonalLink.objects.get()
    assert (link.due_on - factories.DAY).days == 30


def test_con2_a_link_given_before_a_change_that_matters_is_called_back_but_nobody_is_sent_out():
    found = factories.circle("Wren")
    link = token(found, "Wren")
    wren = found.members["Wren"].id

    assert actions.recall_links(by="system", group_id=found.id, member_ids=[wren], now=NOW) == 1
    assert queries.place(token=link, device="phone", now=STARTS).answer is DoorAnswer.REVOKED
    again = queries.place(token=token(found, "Wren"), device="phone", now=STARTS)
    assert again.answer is not DoorAnswer.REVOKED

    inside = doors_open("Robin")
    robin = inside.members["Robin"].id
    assert actions.recall_links(by="system", group_id=inside.id, member_ids=[robin], now=NOW) == 0
