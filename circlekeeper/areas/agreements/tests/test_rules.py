"""Pure rules: counting, reading, texts, consent, pledges."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlekeeper.areas.agreements import rules
from circlekeeper.areas.agreements.rules import (
    ConsentFault,
    Fault,
    Given,
    Made,
    NormText,
    SignatureFault,
    Standing,
    Why,
)
from circlekeeper.foundation import playbook

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LEGALESE = (
    "Pursuant to the provisions hereinafter set forth, the data controller shall, notwithstanding any stipulation to the "
    "contrary, endeavour to safeguard personally identifiable information in accordance with applicable regulation."
)
FIXED = {"a": "One.", "b": "Two.", "c": "Three."}


@pytest.mark.parametrize(
    ("text", "locale", "words"),
    [
        ("Keep what you hear to yourself.", "en", 6),
        ("It's a well-meant, half-open door — isn't it?", "en", 7),
        ("“Ça va?” dit-elle; 3 fois.", "fr", 5),
        ("नमस्ते दुनिया", "hi", 2),
        ("שָׁלוֹם עוֹלָם", "he", 2),
        ("我们在这里说的话留在这里", "zh-Hans", 8),
        ("สิ่งที่พูดที่นี่จะอยู่ที่นี่", "th", 4),
        ("ここで聞いたことはここに残ります", "ja", 7),
        ("한국어 문장입니다", "ko", 2),
        ("", "en", 0),
        ("*** --- 1. ", "en", 1),
        ("日" * 300, "zh", 200),
        ("日" * 298, "zh", 199),
    ],
)
def test_kit1_words_are_counted_as_the_language_writes_them(text: str, locale: str, words: int):
    assert rules.words_in(text, locale) == words


@settings(max_examples=40, deadline=None)
@given(one=st.text(max_size=60), other=st.text(max_size=60), locale=st.sampled_from(["en", "zh", "th", "ja"]))
def test_kit1_writing_more_never_counts_as_less(one: str, other: str, locale: str):
    together = rules.words_in(one + "\n" + other, locale)

    assert together >= max(rules.words_in(one, locale), rules.words_in(other, locale))


def test_kit1_another_script_is_no_way_round_the_limit():
    assert rules.words_in("我" * 600, "en") == rules.words_in("我" * 600, "zh") == 400


def _statement(words: int) -> dict[str, str]:
    return {
        "private": "word " * (words - 3),
        "not-private": "word",
        "exceptions": "word",
        "report": "word",
    }


def test_kit1_199_words_publish_and_200_do_not():
    assert rules.statement_faults(_statement(199), "en") == []
    assert rules.statement_faults(_statement(200), "en") == [("", Fault.TOO_LONG)]
    assert rules.words_left(_statement(199), "en") == 1


@pytest.mark.parametrize("block", rules.BLOCKS)
def test_kit1_no_block_may_be_left_out(block: str):
    for empty in ("", "  ", "—", "**"):
        assert (block, Fault.MISSING) in rules.statement_faults(_statement(50) | {block: empty}, "en")
    without = {name: words for name, words in _statement(50).items() if name != block}
    assert rules.statement_faults(without, "en") == [(block, Fault.MISSING)]


@pytest.mark.parametrize("section", rules.SECTIONS)
def test_pol1_each_of_the_four_sections_must_say_something(section: str):
    whole = dict.fromkeys((*rules.SECTIONS, "choices"), "Words.")

    assert rules.policy_faults(whole) == []
    assert rules.policy_faults(whole | {section: " \n"}) == [(section, Fault.MISSING)]


def test_pol2_legalese_is_refused_with_the_sentence_and_the_words_named():
    found = rules.read_ease("We keep little. " + LEGALESE + " We tell you first.", "en")

    assert not found.plain
    assert [each.sentence for each in found.hard] == [LEGALESE]
    assert ("pursuant to", "under") in found.hard[0].words


def test_pol2_a_long_sentence_is_named_in_every_language():
    long = "wort " * 31 + "ende."
    for locale in ("en", "de", "pl", "xx"):
        assert [each.why for each in rules.read_ease("Kurz. " + long, locale).hard][:1] == [Why.LONG]
    assert rules.read_ease("这是一句话。" + "我" * 60 + "。", "zh").hard[0].why is Why.LONG


def test_pol2_hard_words_count_without_jargon():
    text = (
        "Confidentiality considerations necessitate administrative coordination throughout organisational "
        "communication activities regarding participant information."
    )
    assert [each.why for each in rules.read_ease(text, "en").hard] == [Why.HARD_WORDS]


def test_pol2_a_text_that_is_hard_as_a_whole_names_its_hardest_sentences():
    text = "Volunteers coordinate confidential conversations every Thursday evening. " * 8
    found = rules.read_ease(text, "en")

    assert found.grade is not None
    assert found.grade > 8
    assert 0 < len(found.hard) <= 3


def test_pol2_every_text_we_ship_reads_plainly():
    shipped = playbook.book().agreements()
    for texts in (shipped.sections, shipped.statement, shipped.pledges, shipped.purposes, shipped.norms):
        for each in texts:
            assert rules.read_ease(each.words, "en").plain, each.id


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=300), locale=st.sampled_from(["en", "de", "th"]))
def test_reading_never_fails(text: str, locale: str):
    found = rules.read_ease(text, locale)
    assert found.words >= 0
    assert all(each.sentence for each in found.hard)


def _norms(*pairs: tuple[str, str]) -> list[NormText]:
    return [NormText(name, words, fixed=name in FIXED) for name, words in pairs]


def test_con3_the_three_fixed_norms_stay_word_for_word():
    whole = [*FIXED.items(), ("own-1", "Mine.")]

    assert rules.norm_faults(_norms(*whole), fixed=FIXED) == []
    assert rules.norm_faults(_norms(*whole[1:]), fixed=FIXED) == [("a", Fault.FIXED_GONE)]
    assert rules.norm_faults(_norms(("a", "One?"), *whole[1:]), fixed=FIXED) == [("a", Fault.FIXED_CHANGED)]
    assert rules.norm_faults(_norms(*reversed(whole)), fixed=FIXED) == []


@settings(max_examples=30, deadline=None)
@given(kept=st.sets(st.sampled_from(sorted(FIXED))), own=st.lists(st.text(min_size=1, max_size=9), max_size=5))
def test_con3_nothing_without_all_three_passes(kept: set[str], own: list[str]):
    norms = _norms(*((name, FIXED[name]) for name in kept), *((f"own-{n}", words) for n, words in enumerate(own)))
    assert kept == set(FIXED) or rules.norm_faults(norms, fixed=FIXED)


def test_norms_empty_double_or_too_many_are_refused():
    base = list(FIXED.items())
    assert ("own-1", Fault.MISSING) in rules.norm_faults(_norms(*base, ("own-1", "…")), fixed=FIXED)
    assert ("own-1", Fault.DOUBLE) in rules.norm_faults(_norms(*base, ("own-1", " two. ")), fixed=FIXED)
    many = _norms(*base, *((f"own-{n}", f"Norm {n}.") for n in range(18)))
    assert ("", Fault.TOO_MANY) in rules.norm_faults(many, fixed=FIXED)


OFFERED = {"join": "h1", "contact": "h2", "record": "h3"}


@pytest.mark.parametrize(
    ("answers", "prepared", "fault"),
    [
        ({"join": "h1", "join+contact": "h1"}, (), ConsentFault.BUNDLED),
        ({"join": "h1", "contact": "h1"}, (), ConsentFault.BUNDLED),
        ({"join": "h1", "contact": "h2"}, ("contact",), ConsentFault.PREPARED),
        ({"join": "h0"}, (), ConsentFault.OLD_TEXT),
        ({"join": "h1", "marketing": "h9"}, (), ConsentFault.UNKNOWN),
        ({"contact": "h2"}, (), ConsentFault.NEEDED),
        ({}, (), ConsentFault.NEEDED),
    ],
)
def test_con1_bundled_prepared_or_missing_answers_are_no_consent(
    answers: dict[str, str], prepared: tuple[str, ...], fault: ConsentFault
):
    found = rules.consent_faults(answers, offered=OFFERED, needed=["join"], prepared=prepared)
    assert fault in {each for _, each in found}


@settings(max_examples=40, deadline=None)
@given(chosen=st.sets(st.sampled_from(sorted(OFFERED))))
def test_con1_any_free_choice_is_fine_and_only_what_is_needed_is_needed(chosen: set[str]):
    faults = rules.consent_faults({name: OFFERED[name] for name in chosen}, offered=OFFERED, needed=["join"])
    assert faults == ([] if "join" in chosen else [("join", ConsentFault.NEEDED)])


def test_con2_silence_is_not_consent_and_an_old_yes_covers_the_old_text_only():
    yes = Given("given", version=1)

    assert not rules.allows(None, version=1, now=NOW)
    assert rules.allows(yes, version=1, now=NOW)
    assert not rules.allows(yes, version=2, now=NOW)
    assert not rules.allows(Given("withdrawn", version=1), version=1, now=NOW)
    assert rules.standing(None, now=NOW) is Standing.NEVER


def test_con2_a_yes_with_an_end_ends():
    until = NOW + timedelta(days=1)
    yes = Given("given", 1, until)

    assert rules.allows(yes, version=1, now=until - timedelta(seconds=1))
    assert not rules.allows(yes, version=1, now=until)
    assert rules.must_ask_again(yes, asked_from=1, now=until)


@settings(max_examples=60, deadline=None)
@given(agreed=st.integers(1, 9), published=st.integers(1, 9), more=st.integers(0, 5))
def test_con2_publishing_never_widens_what_somebody_agreed_to(agreed: int, published: int, more: int):
    yes = Given("given", agreed)
    now, later = (rules.allows(yes, version=v, now=NOW) for v in (published, published + more))
    assert now or not later
    assert rules.must_ask_again(yes, asked_from=published, now=NOW) == (agreed < published)


@pytest.mark.parametrize(
    ("needed", "strength", "name", "legal", "said", "fault"),
    [
        ("tick", "tick", "", False, False, None),
        ("typed", "tick", "", False, False, SignatureFault.TOO_WEAK),
        ("signed", "typed", "Wren", False, False, SignatureFault.TOO_WEAK),
        ("typed", "typed", "Wren", False, False, None),
        ("signed", "signed", "Wren", False, False, None),
        ("signed", "signed", " . ", False, False, SignatureFault.NO_NAME),
        ("signed", "signed", "W" * 121, False, False, SignatureFault.TOO_LONG),
        ("signed", "signed", "Wren", True, True, SignatureFault.ALIAS),
        ("signed", "signed", "w r e n", True, True, SignatureFault.ALIAS),
        ("signed", "signed", "Maria Okafor", True, False, SignatureFault.ALIAS),
        ("signed", "signed", "Maria Okafor", True, True, None),
    ],
)
def test_cnf1_who_may_sign_how(
    needed: str, strength: str, name: str, legal: bool, said: bool, fault: SignatureFault | None
):
    found = rules.signature_fault(
        strength=strength, needed=needed, name=name, alias="Wren", legal_name_needed=legal, said_legal=said
    )
    assert found is fault


MEMBERS = st.frozensets(st.sampled_from(["m1", "m2", "m3", "m4"]))


@settings(max_examples=60, deadline=None)
@given(
    members=MEMBERS,
    signed=st.dictionaries(st.sampled_from(["m1", "m2", "m9"]), st.integers(1, 5)),
    asked_from=st.integers(1, 6),
)
def test_cnf1_publishing_a_text_never_excuses_anyone(
    members: frozenset[str], signed: dict[str, int], asked_from: int
):
    made = {member: Made(version, "typed") for member, version in signed.items()}

    def waiting(version: int, needed: str) -> frozenset[str]:
        return rules.still_to_sign(signed=made, members=members, asked_from=version, needed=needed, now=NOW)

    assert waiting(asked_from, "tick") <= waiting(asked_from + 1, "tick") <= members
    assert waiting(asked_from, "typed") <= waiting(asked_from, "signed")


def test_cnf2_a_promise_that_ran_out_is_made_again():
    made = {"m": Made(1, "typed", NOW)}
    ask = {"signed": made, "members": frozenset({"m"}), "asked_from": 1, "needed": "typed"}

    assert rules.still_to_sign(**ask, now=NOW) == {"m"}  # type: ignore[arg-type]
    assert not rules.still_to_sign(**ask, now=NOW - timedelta(seconds=1))  # type: ignore[arg-type]
