"""Cards: short words in big type, two presses away, counted without anybody's name."""

import re
from html.parser import HTMLParser

import pytest

from circlekeeper.areas.meetings import actions, queries, sources
from circlekeeper.areas.meetings.models import OwnCard
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.factories import NOW, doors_open
from circlekeeper.areas.meetings.tests.test_cockpit import thumb
from circlekeeper.areas.meetings.tests.test_pages import cockpit_of, text
from circlekeeper.foundation import playbook
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ledger import queries as log

database = pytest.mark.django_db(databases=["default", "shred"])


def test_kit3_every_card_is_short_and_has_words_for_either_way_to_meet():
    for script in playbook.book().scripts():
        for where in ("online", "in_person"):
            assert script.said(where)
            assert all(playbook.count_words(each.words) <= 40 for each in script.said(where))


class _Summaries(HTMLParser):
    """How many closed boxes stand around each summary."""

    def __init__(self) -> None:
        super().__init__()
        self.depth, self.deepest, self.open = 0, 0, 0

    def handle_starttag(self, tag, attrs):
        self.depth += tag == "details"
        self.open += tag == "details" and any(name == "open" for name, _value in attrs)
        self.deepest = max(self.deepest, self.depth)

    def handle_endtag(self, tag):
        self.depth -= tag == "details"


@database
def test_kit3_each_card_is_two_presses_away_and_already_on_the_page(as_host):
    """The bar's link is the first press, the card's own summary the second; nothing is fetched, so it works offline."""
    found = doors_open("Wren")
    host, page = as_host(found.leader), cockpit_of(found)
    shown = host.get(page)
    body = shown.content.decode()
    assert 'href="#words"' in body[body.index('<nav class="thumb"') :]
    assert "Words" in thumb(shown)
    words = body[body.index('id="words"') : body.index("Who does what")]
    cards = [each for each in queries.cards(found.id, "online") if each.id != queries.OPENING_CARD]
    assert len(re.findall("<summary>", words)) == len(cards) >= 8
    reader = _Summaries()
    reader.feed(words)
    assert (reader.deepest, reader.open) == (1, 0)
    plain = " ".join(re.sub(r"<[^>]+>", " ", words).split())
    assert all(said in plain for card in cards for _tone, said in card.say)
    assert "switch off note takers" in plain
    assert "put the device away" not in plain


@database
def test_kit3_the_answer_to_recording_is_no_and_leads_to_no_switch(as_host):
    found = doors_open("Wren")
    before = list(sources._providers)
    sources.install([])
    shown = text(as_host(found.leader).get(cockpit_of(found)))
    sources.install(before)
    card = shown[shown.index("Someone asks to record") :][:900]
    assert "the answer is no" in card
    assert "The answer is no." in card
    assert "Yes" not in card


@database
def test_kit4_five_uses_show_how_a_card_does_to_the_leader_and_nobodys_name(as_host):
    found = doors_open("Wren")
    host, page = as_host(found.leader), cockpit_of(found)
    words = f"/groups/{found.id}/meetings/words/"
    for number in range(5):
        assert "times." not in text(host.get(words)).replace("five times.", "")
        sent = {"do": "count", "card": "harassment", "helped": "yes" if number else "no"}
        assert host.post(page, sent).status_code == 302
    assert "Helped 4 of 5 times." in text(host.get(words))
    assert {field.attname for field in OwnCard._meta.concrete_fields} == {
        "id",
        "group_id",
        "card",
        "words",
        "used",
        "helped",
    }
    assert {each.by for each in log.entries_about(found.id, verbs=("meetings.card.count",))} == {"system"}
    assert host.post(page, {"do": "count", "card": "gossip", "helped": "yes"}).status_code == 404


@database
def test_kit4_words_that_do_not_help_are_reworded_and_counted_anew(as_host):
    found = factories.circle("Wren", online=False)
    for _ in range(5):
        actions.count_card(by="system", group_id=found.id, card="closing", helped=False, now=NOW)
    host, words = as_host(found.leader), f"/groups/{found.id}/meetings/words/closing/"
    assert host.post(words, {"words": "word " * 41}).status_code == 422
    assert host.post(words, {"words": "We end here. Breathe."}).status_code == 302
    card = queries.card(found.id, "closing", "in_person")
    assert (card.calm, card.own, card.used) == ("We end here. Breathe.", True, 0)
    host.post(words, {"words": ""})
    assert not queries.card(found.id, "closing", "in_person").own
    with pytest.raises(NotHere):
        queries.card(found.id, "gossip", "online")
    with pytest.raises(Refused):
        actions.reword_card(by="x", group_id=found.id, card="closing", words="word " * 41, now=NOW)
