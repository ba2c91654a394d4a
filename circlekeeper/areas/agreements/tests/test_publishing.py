"""Publishing: what comes into force, what is refused, and what never changes."""

import hashlib

import pytest
from django.db import DatabaseError, connection, transaction

from circlekeeper.areas.agreements import actions, checks, queries, sources
from circlekeeper.areas.agreements.actions import Edition
from circlekeeper.areas.agreements.errors import NewerText, NotPublished
from circlekeeper.areas.agreements.models import Document, Kind
from circlekeeper.areas.agreements.rules import NormText, Why
from circlekeeper.areas.agreements.sources import PlatformFact
from circlekeeper.areas.agreements.tests.factories import ALIAS, NOW, REACH, connected, group, published
from circlekeeper.areas.safeguards.evidence import Question, Verdict
from circlekeeper.foundation import guard
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ledger.models import Entry

pytestmark = pytest.mark.django_db(databases=["default", "shred"])

PROSE = {each.id: each.words for each in queries.defaults().sections}
WORDS = {each.id: each.words for each in queries.defaults().statement}
NORMS = [NormText(each.id, each.words, each.fixed) for each in queries.defaults().norms]


def test_one_button_publishes_everything_in_the_default_words():
    with connected():
        group_id = group(level="high")
        assert all(each.missing for each in queries.wanted(group_id))

        actions.publish_all(by="alice", group_id=group_id, now=NOW)

        assert all(each.settled for each in queries.wanted(group_id))
        assert queries.current(group_id, Kind.PLEDGE, "signed") is not None
        assert actions.publish_all(by="alice", group_id=group_id, now=NOW) == []


def test_each_version_has_its_hash_and_its_line_in_the_log():
    with connected():
        group_id = group()
        made = actions.publish_statement(by="alice", group_id=group_id, words=WORDS, now=NOW)

    assert made.sha256 == hashlib.sha256(made.text.encode()).hexdigest()
    assert all(words.split("\n")[0][:20] in made.text for words in WORDS.values())
    assert Entry.objects.filter(subject=made.id, action="agreements.statement.publish").count() == 1


def test_pol1_a_new_intake_field_makes_the_policy_out_of_date_until_it_is_published_again():
    with connected():
        group_id = published()
        assert checks.policy_says_what_we_do(Question(group_id, NOW)).verdict is Verdict.MET
    with connected(fields=[ALIAS, REACH]):
        found = checks.policy_says_what_we_do(Question(group_id, NOW))
        assert found.verdict is Verdict.NOT_MET
        assert "out of date" in found.detail

        actions.publish_all(by="alice", group_id=group_id, now=NOW)

        assert checks.policy_says_what_we_do(Question(group_id, NOW)).verdict is Verdict.MET
        newest = queries.current(group_id, Kind.POLICY)
    assert newest is not None
    assert newest.version == 2
    assert REACH.label in newest.text


def test_pol1_the_policy_says_what_is_asked_kept_seen_and_used():
    with connected(fields=[ALIAS, REACH], platforms=[PlatformFact("Meeting service", "your chosen name")]):
        group_id = published()
        text = queries.current(group_id, Kind.POLICY)
    assert text is not None
    for said in (ALIAS.label, REACH.why, "Meeting service", "your chosen name", "6 months", "Leader:"):
        assert said in text.text


@pytest.mark.parametrize("change", [{"platforms": [PlatformFact("A", "b")]}, {"fields": []}])
def test_pol1_every_source_counts(change: dict[str, list[object]]):
    with connected():
        group_id = published()
        assert queries.policy_is_current(group_id)
    with connected(**change):  # type: ignore[arg-type]
        assert not queries.policy_is_current(group_id)


def test_pol1_a_period_changed_makes_the_policy_out_of_date(monkeypatch: pytest.MonkeyPatch):
    with connected():
        group_id = published()
        kept = sources.configuration(group_id, "en").retention
        shorter = [sources.KeepFact(each.title, "1 day") for each in kept]
        monkeypatch.setattr(sources._board, "retention", lambda group_id: shorter)
        assert not queries.policy_is_current(group_id)


@pytest.mark.parametrize("section", ["collect", "store", "see", "breach"])
def test_pol1_a_policy_without_one_of_the_four_sections_is_refused(section: str):
    with connected(), pytest.raises(NotPublished) as refusal:
        actions.publish_policy(by="alice", group_id=group(), prose=PROSE | {section: " "}, now=NOW)

    assert [name for name, _ in refusal.value.faults] == [section]
    assert Document.objects.count() == 0


def test_pol1_a_missing_source_is_never_a_policy_that_says_less(monkeypatch: pytest.MonkeyPatch):
    with connected():
        group_id = group()
        monkeypatch.setattr(sources._board, "fields", None)
        with pytest.raises(sources.NotConnected):
            actions.publish_policy(by="alice", group_id=group_id, prose=PROSE, now=NOW)


def test_pol2_legalese_is_not_published_and_the_sentence_is_named():
    hard = "Pursuant to applicable law we shall disseminate it."
    with connected(), pytest.raises(NotPublished) as refusal:
        actions.publish_policy(by="alice", group_id=group(), prose=PROSE | {"see": f"Nobody. {hard}"}, now=NOW)

    assert [(each.sentence, each.why) for each in refusal.value.hard] == [(hard, Why.JARGON)]
    assert hard in refusal.value.faults[0][1]


def test_con3_a_fixed_norm_cannot_be_deleted_or_reworded():
    with connected():
        group_id = group()
        for index in range(3):
            without = NORMS[:index] + NORMS[index + 1 :]
            changed = [*without, NormText(NORMS[index].id, "Be nice.", True)]
            for norms in (without, changed):
                with pytest.raises(NotPublished):
                    actions.publish_norms(by="alice", group_id=group_id, norms=norms, now=NOW)
    assert Document.objects.count() == 0


def test_con3_own_norms_are_added_and_every_norm_leads_to_a_card():
    with connected():
        group_id = group()
        made = actions.publish_norms(
            by="alice", group_id=group_id, norms=[*NORMS, NormText("", "Bring tea.", False)], now=NOW
        )

    assert queries.norms(group_id)[-1] == "Bring tea."
    assert made.body["norms"][-1]["id"] == "own-1"
    assert set(queries.norm_scripts(group_id)) == {each["id"] for each in made.body["norms"]}
    assert all(queries.norm_scripts(group_id).values())


def test_norms_stand_at_the_door_before_anything_is_published():
    assert len(queries.norms("a-group-without-texts")) >= 3


def test_kit1_199_words_are_published_and_200_are_not():
    with connected():
        group_id = group()

        def statement(words: int) -> dict[str, str]:
            return {"private": "Stay. " * (words - 3), "not-private": "a", "exceptions": "b", "report": "c"}

        with pytest.raises(NotPublished) as refusal:
            actions.publish_statement(by="alice", group_id=group_id, words=statement(200), now=NOW)
        assert refusal.value.faults == (("", "Too long by 1 word. It must stay under 200."),)
        assert actions.publish_statement(by="alice", group_id=group_id, words=statement(199), now=NOW).version == 1


def test_kit1_dropping_the_exceptions_is_refused():
    with connected(), pytest.raises(NotPublished) as refusal:
        actions.publish_statement(by="alice", group_id=group(), words=WORDS | {"exceptions": ""}, now=NOW)
    assert refusal.value.field == "exceptions"


def test_a_published_text_never_changes():
    with connected():
        group_id = published()
    found = queries.current(group_id, Kind.STATEMENT)
    assert found is not None
    statements = [
        "UPDATE agreements_document SET text = 'other' WHERE id = %s",
        "UPDATE agreements_document SET sha256 = 'other' WHERE id = %s",
        "UPDATE agreements_document SET body = '{}' WHERE id = %s",
        "UPDATE agreements_document SET published_by = 'mallory' WHERE id = %s",
        "DELETE FROM agreements_document WHERE id = %s",
    ]
    for statement in statements:
        with (
            guard.outside_action("an attacker with the database"),
            pytest.raises(DatabaseError, match="only grows"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [found.id])
    assert queries.document(found.id) == found


def test_a_version_is_superseded_once_and_stays_readable():
    with connected():
        group_id = published()
        first = queries.current(group_id, Kind.STATEMENT)
        actions.publish_statement(by="alice", group_id=group_id, words=WORDS | {"report": "Tell us."}, now=NOW)
    assert first is not None
    old = queries.document(first.id)
    assert (old.text, old.superseded_at) == (first.text, NOW)
    assert [each.version for each in queries.history(group_id, Kind.STATEMENT)] == [2, 1]
    with guard.outside_action("test"), pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.filter(pk=first.id).update(superseded_at=None)


def test_the_same_words_are_not_published_twice_and_a_page_left_open_does_not_overwrite():
    with connected():
        group_id = published()
        with pytest.raises(Refused):
            actions.publish_statement(by="alice", group_id=group_id, words=WORDS, now=NOW)
        new = WORDS | {"report": "Tell us."}
        with pytest.raises(NewerText):
            actions.publish_statement(by="bob", group_id=group_id, words=new, now=NOW, edition=Edition(after=0))
        made = actions.publish_statement(by="bob", group_id=group_id, words=new, now=NOW, edition=Edition(after=1))
    assert made.version == 2


def test_only_purposes_whose_words_changed_get_a_new_version():
    with connected():
        group_id = published()
        words = {each.id: each.words for each in queries.defaults().purposes}
        made = actions.publish_consents(
            by="alice", group_id=group_id, words=words | {"contact": "You may call me."}, now=NOW
        )
        with pytest.raises(NotPublished):
            actions.publish_consents(by="alice", group_id=group_id, words={"marketing": "Yes."}, now=NOW)

    assert [(each.part, each.version) for each in made] == [("contact", 2)]


def test_a_higher_level_asks_for_a_stronger_promise_that_is_not_published_yet():
    with connected():
        group_id = published(level="low")
        assert queries.pledge_strength(group_id) == "tick"
        high = group(level="high")
        assert queries.pledge_strength(high) == "signed"
        assert queries.current(high, Kind.PLEDGE, "signed") is None


def test_texts_of_no_group_are_not_published():
    with connected():
        for publish in (
            lambda: actions.publish_statement(by="a", group_id="nowhere", words=WORDS, now=NOW),
            lambda: actions.publish_norms(by="a", group_id="nowhere", norms=NORMS, now=NOW),
            lambda: actions.publish_policy(by="a", group_id="nowhere", prose=PROSE, now=NOW),
            lambda: actions.publish_pledge(by="a", group_id="nowhere", words="I keep it.", now=NOW),
        ):
            with pytest.raises(NotHere):
                publish()
