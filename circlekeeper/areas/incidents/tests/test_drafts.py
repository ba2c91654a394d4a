"""Something happened: noted with one press, sealed, opened only by those who answer for the group (INC4)."""

import re
from datetime import timedelta
from typing import Any

import pytest

from circlekeeper.areas.access.tests.factories import NOW, circle, person
from circlekeeper.areas.incidents import actions, queries, rules, wraps
from circlekeeper.areas.incidents.models import Happening
from circlekeeper.areas.incidents.words import KIND_WORDS
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import playbook
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ledger import queries as log
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import NoGrant

database = pytest.mark.django_db(databases=["default", "shred"])
SAID = "Kestrel-word: a phone lay on the table."


def text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def written(group_id: str, by: str, **more: Any) -> str:
    about: dict[str, Any] = {"meeting_id": "m1", "kind": "recording", "words": SAID, "now": NOW}
    return actions.draft(by=by, group_id=group_id, **about | more)


@database
def test_inc4_what_happened_is_sealed_opened_with_a_line_in_the_log_and_settled(as_host):
    found = circle(level="high")
    host = person(found, RoleName.FACILITATOR, Scope.DOOR, Scope.EMERGENCY)
    draft_id = written(found.id, host.id)
    row = Happening.objects.get(pk=draft_id)
    assert b"Kestrel" not in bytes(row.blob) + bytes(row.wrap)
    assert row.due_on == safeguards.due_on(group_id=found.id, record="incidents", start=NOW.date())

    page = f"/groups/{found.id}/happened/"
    assert as_host(host).get(page).status_code == 404
    browser = as_host(found.second)
    assert "Something happened" in text(browser.get("/today/"))
    assert "Something or someone records" in text(browser.get(page))
    assert not [each for each in log.entries_about(draft_id) if each.verb == "incidents.draft.open"]
    assert "Kestrel-word" in text(browser.get(f"{page}{draft_id}/"))
    assert [each.by for each in log.entries_about(draft_id) if each.verb == "incidents.draft.open"] == [
        found.second.id
    ]
    with pytest.raises(NoGrant):
        queries.draft_words(by=host.id, about=draft_id, group_id=found.id, ring=host.ring, now=NOW)

    assert browser.post(f"{page}{draft_id}/").status_code == 302
    assert "Nothing waits" in text(browser.get(page))
    assert "Something happened" not in text(browser.get("/today/"))
    assert browser.post(f"{page}{draft_id}/").status_code == 404


@database
def test_inc4_the_machine_notes_too_one_tap_is_enough_and_time_counts_again_once_settled():
    found = circle()
    seen = written(found.id, "system", kind="drift", words="", meeting_id="")
    (facts,) = queries.drafts(found.id)
    assert (facts.id, facts.by_machine, facts.words) == (seen, True, str(KIND_WORDS[rules.Kind.DRIFT]))
    later = NOW + timedelta(days=40)
    actions.settle_draft(by=found.leader.id, group_id=found.id, draft_id=seen, now=later)
    assert queries.drafts(found.id)[0].due_on > facts.due_on
    with pytest.raises(NotHere):
        written(found.id, "system", kind="gossip")
    with pytest.raises(Refused):
        written(found.id, "system", words="a" * 4001)
    with pytest.raises(NotHere):
        queries.draft("another group", seen)
    assert [column.model for column in wraps.WRAPS] == [Happening]


def test_kit3_every_kind_has_words_and_a_card_that_exists():
    book = playbook.book()
    assert set(KIND_WORDS) == set(rules.CARDS) == set(rules.Kind)
    assert all(book.script(card).then for card in rules.CARDS.values() if card)
