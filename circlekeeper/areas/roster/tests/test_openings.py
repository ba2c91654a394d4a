"""Breaking the glass: reason, log, key, one part of one person, one hour; and who is told."""

import json
from datetime import date, timedelta

import pytest
from django.db import DatabaseError

from circlekeeper.areas.roster import actions, queries
from circlekeeper.areas.roster.models import Member, Opening
from circlekeeper.areas.roster.tests import factories
from circlekeeper.areas.roster.tests.factories import NOW, SENTENCE
from circlekeeper.foundation import ledger
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.jobs.models import Event
from circlekeeper.foundation.ledger import queries as log
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.reveal import LogUnavailable
from circlekeeper.foundation.vault import shredstore
from circlekeeper.foundation.vault.groupkeys import Scope

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
EMERGENCY = {"area": "Leeds", "number": "112", "person": "Sam", "reach": "0770 090"}


@pytest.fixture
def house():
    """A group, its leader, a facilitator with door and emergency keys, a member with an emergency record."""
    group_id, leader = factories.group(level="high")
    facilitator = factories.helper(group_id, leader)
    someone = factories.member(group_id, leader)
    actions.save_emergency(by=someone.id, group_id=group_id, fields=EMERGENCY, holder=someone.key, now=NOW)
    return group_id, leader, facilitator, someone


def begin(by, someone, name="emergency", now=NOW, reason="danger", sentence=SENTENCE):
    return actions.open_record(
        by=by,
        group_id=someone.group_id,
        member_id=someone.id,
        name=name,
        reason=reason,
        sentence=sentence,
        now=now,
    )


def look(by, someone, name="emergency", now=NOW):
    return queries.opened(
        by=by, about=someone.id, now=now, ring=factories.ring(by), group_id=someone.group_id, name=name
    )


def verbs(someone):
    return [line.verb for line in log.entries_about(someone.id)]


def test_faq2a_an_opening_shows_only_the_emergency_part_for_an_hour(house):
    group_id, _leader, facilitator, someone = house
    begin(facilitator, someone)
    assert look(facilitator, someone)["person"] == "Sam"
    with pytest.raises(Refused):
        look(facilitator, someone, name="contact")
    with pytest.raises(Refused):
        look(facilitator, someone, now=NOW + timedelta(hours=1))
    other = factories.member(group_id, _leader, "Robin")
    with pytest.raises(Refused):
        look(facilitator, other)


def test_reg2_each_look_is_a_line_and_a_refusal_is_one_too(house):
    _group, _leader, facilitator, someone = house
    with pytest.raises(Refused):
        look(facilitator, someone)
    begin(facilitator, someone)
    look(facilitator, someone)
    look(facilitator, someone)
    assert verbs(someone)[:4] == [
        "roster.emergency.open",
        "roster.emergency.open",
        "roster.opening.begin",
        "roster.emergency.open.denied",
    ]
    assert ledger.verify().ok


def test_reg2_the_line_stands_before_the_key_is_used(house, monkeypatch):
    _group, _leader, facilitator, someone = house
    begin(facilitator, someone)
    from circlekeeper.areas.roster import sealing

    monkeypatch.setattr(sealing, "opened", lambda row, **_: {"line": verbs(someone)[0]})
    assert look(facilitator, someone) == {"line": "roster.emergency.open"}


def test_reg2_no_log_no_look(house, monkeypatch):
    _group, _leader, facilitator, someone = house

    def broken(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(ledger, "record", broken)
    with pytest.raises(LogUnavailable) as refused:
        begin(facilitator, someone)
    assert "paper kit" in refused.value.sentence
    assert not Opening.objects.exists()
    monkeypatch.undo()
    begin(facilitator, someone)
    monkeypatch.setattr(ledger, "append_alone", broken)
    with pytest.raises(LogUnavailable):
        look(facilitator, someone)


@pytest.mark.parametrize(
    ("reason", "sentence"), [("", SENTENCE), ("curious", SENTENCE), ("danger", "short"), ("danger", "x" * 401)]
)
def test_reg2_without_a_reason_nothing_opens(house, reason, sentence):
    _group, _leader, facilitator, someone = house
    with pytest.raises(Refused):
        begin(facilitator, someone, reason=reason, sentence=sentence)
    assert not Opening.objects.exists()


def test_a_facilitator_has_no_key_to_the_contact_and_trying_is_logged(house):
    _group, _leader, facilitator, someone = house
    begin(facilitator, someone, name="contact")
    with pytest.raises(Refused):
        look(facilitator, someone, name="contact")
    assert verbs(someone)[0] == "roster.contact.open.denied"


def test_the_other_leaders_hear_of_it(house):
    _group, _leader, facilitator, someone = house
    opening_id = begin(facilitator, someone)
    event = Event.objects.get(name__endswith="RecordOpened")
    assert event.payload["opening_id"] == opening_id
    assert event.payload["by"] == facilitator


def told(someone, now=NOW):
    return queries.who_opened(member_id=someone.id, group_id=someone.group_id, holder=someone.key, now=now)


def test_dat3_a_member_reads_who_opened_what_and_why_with_a_proof(house):
    _group, _leader, facilitator, someone = house
    begin(facilitator, someone)
    look(facilitator, someone)
    lines = told(someone)
    assert [(line.name, line.reason, line.by) for line in lines] == [("emergency", "danger", facilitator)] * 2
    proof = queries.proof_of_opening(
        member_id=someone.id, group_id=someone.group_id, holder=someone.key, number=lines[0].number, now=NOW
    )
    holds, _why = ledger.check_proof(json.loads(json.dumps(proof)))
    assert holds


def test_dat3_a_member_gets_no_proof_of_anybody_elses_line(house):
    group_id, leader, facilitator, someone = house
    other = factories.member(group_id, leader, "Robin")
    begin(facilitator, other)
    number = told(other)[0].number
    with pytest.raises(NotHere):
        queries.proof_of_opening(
            member_id=someone.id, group_id=group_id, holder=someone.key, number=number, now=NOW
        )


def test_another_members_key_reads_no_reason(house):
    group_id, leader, facilitator, someone = house
    other = factories.member(group_id, leader, "Robin")
    begin(facilitator, someone)
    lines = queries.who_opened(member_id=someone.id, group_id=group_id, holder=other.key, now=NOW)
    assert {line.reason for line in lines} == {""}


def test_silence_needs_two_people_and_ends_on_its_day(house):
    group_id, leader, facilitator, someone = house
    privacy = factories.helper(group_id, leader, role=RoleName.PRIVACY_LEAD)
    opening_id = begin(facilitator, someone)
    look(facilitator, someone)
    until = date(2026, 12, 1)

    actions.ask_silence(by=leader, group_id=group_id, opening_id=opening_id, until=until, now=NOW)
    assert len(told(someone)) == 2
    for same in (leader, facilitator):
        with pytest.raises(Refused):
            actions.agree_silence(by=same, group_id=group_id, opening_id=opening_id, now=NOW)
    actions.agree_silence(by=privacy, group_id=group_id, opening_id=opening_id, now=NOW)

    assert told(someone) == []
    assert len(told(someone, now=NOW + timedelta(days=8))) == 2


@pytest.mark.parametrize("until", [date(2026, 11, 23), date(2027, 3, 1)])
def test_silence_has_a_day_and_not_a_far_one(house, until):
    group_id, leader, facilitator, someone = house
    opening_id = begin(facilitator, someone)
    with pytest.raises(Refused):
        actions.ask_silence(by=leader, group_id=group_id, opening_id=opening_id, until=until, now=NOW)


def test_kit9_missing_records_are_counted_and_out_of_date_ones_are_missing(house):
    group_id, leader, _facilitator, someone = house
    other = factories.member(group_id, leader, "Robin")
    today = date(2026, 11, 23)
    assert queries.emergency_missing(group_id=group_id, on=today) == {other.id}
    assert queries.emergency_missing(group_id=group_id, on=date(2027, 5, 23)) == {other.id, someone.id}


def test_opening_many_contacts_takes_few_queries(house, django_assert_max_num_queries):
    group_id, leader, _facilitator, _someone = house
    for n in range(12):
        factories.member(group_id, leader, f"Wren {n}")
    ring = factories.ring(leader)
    ring.can(group_id, Scope.ROSTER)
    with django_assert_max_num_queries(8):
        found = queries.contacts(by=leader, about=group_id, now=NOW, ring=ring)
    assert len(found) == 13


def test_the_names_are_logged_once_an_hour_for_each_person(house):
    group_id, leader, facilitator, _someone = house
    for minutes in (0, 1, 59, 61):
        queries.aliases(ring=factories.ring(facilitator), group_id=group_id, now=NOW + timedelta(minutes=minutes))
    queries.aliases(ring=factories.ring(leader), group_id=group_id, now=NOW)
    lines = log.entries_about(group_id, verbs=["roster.aliases.open"])
    assert sorted(line.by for line in lines) == sorted([facilitator, facilitator, leader])


def test_a_record_that_was_forgotten_meanwhile_is_not_there(house):
    _group_id, _leader, facilitator, someone = house
    shredstore.shred([Member.objects.get(pk=someone.id).secret_id], now=NOW)

    with pytest.raises(NotHere):
        begin(facilitator, someone)
