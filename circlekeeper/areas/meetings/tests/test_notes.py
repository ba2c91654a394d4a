"""A private note about what was agreed: the step shown, sealed, and a letter that says nothing of it."""

from typing import Any

import pytest

from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.actions import Reached
from circlekeeper.areas.meetings.models import NormNote
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.factories import NOW
from circlekeeper.areas.meetings.tests.test_pages import cockpit_of, text
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.roster.rules import SafeContact, Says
from circlekeeper.areas.roster.tests import factories as people
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.post import outbox

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
SAID = "Heron-word: you spoke over others twice."


def test_kit3_the_norms_card_drafts_a_note_that_only_its_member_reads(as_host, as_member):
    found = factories.doors_open("Wren", "Robin")
    host, page = as_host(found.leader), cockpit_of(found)
    assert page + "note/" in host.get(page).content.decode()
    assert "I would like to hear your side" in text(host.get(page + "note/"))
    sent = {"member_id": found.members["Wren"].id, "step": "talk", "words": SAID}
    assert host.post(page + "note/", sent | {"words": " "}).status_code == 422
    answer = host.post(page + "note/", sent, follow=True)
    assert "They read it when they next come there." in text(answer)

    row = NormNote.objects.get()
    held = b"".join(map(bytes, (row.blob, row.wrap, row.told_blob, row.told_wrap)))
    assert b"Heron" not in held
    assert b"talk" not in held
    assert row.due_on == safeguards.due_on(group_id=found.id, record="messages", start=NOW.date())
    wren, robin = as_member(found, "Wren"), as_member(found, "Robin")
    assert "A note for you" in text(wren.get("/me/"))
    assert "Heron" not in wren.get("/me/").content.decode()
    shown = text(wren.get("/me/notes/"))
    assert "A talk is next" in shown
    assert SAID in shown
    assert "Heron-word" in text(wren.get("/me/record/"))
    assert "A note for you" not in text(robin.get("/me/"))
    assert "There is nothing here." in text(robin.get("/me/notes/"))


def test_kit3_who_may_be_written_to_gets_a_letter_without_a_word_of_it(settings, mailoutbox):
    settings.EMAIL_URL = "smtp://nowhere"
    outbox.install(roster.stands)
    group_id, leader = people.group(level="high")
    call = SafeContact(
        says=Says.YES, channel="call", address="0770 900 1", said_on="2026-11-23", check_again_on="2027-02-21"
    )
    wren = people.member(group_id, leader, "Wren")
    robin = people.member(group_id, leader, "Robin", contact=call)
    host = people.helper(group_id, leader)
    about: dict[str, Any] = {"group_id": group_id, "step": "reminder", "words": SAID, "now": people.NOW}
    led: dict[str, Any] = {"by": leader, "ring": people.ring(leader)} | about

    assert actions.send_note(by=host, ring=people.ring(host), member_id=wren.id, **about) is Reached.OWN_PAGE
    assert actions.send_note(member_id=wren.id, **led) is Reached.LETTER
    assert actions.send_note(member_id=robin.id, **led) is Reached.BY_HAND
    outbox.send_due(people.NOW)
    (letter,) = mailoutbox
    assert letter.to == ["wren@example.org"]
    assert "Heron" not in f"{letter.subject}{letter.body}"
    assert len(queries.own_notes(group_id=group_id, member_id=wren.id, holder=wren.key)) == 2
    with pytest.raises(NotHere):
        actions.send_note(member_id=wren.id, **led | {"step": "shouting"})
