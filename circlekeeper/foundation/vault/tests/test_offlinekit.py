"""Three papers: any two open a group's secret, one alone or two of different kits never do."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlekeeper.foundation.vault import offlinekit, words

SECRETS = st.binary(min_size=32, max_size=32)


@settings(max_examples=15, deadline=None)
@given(secret=SECRETS)
def test_any_two_papers_in_any_order_open_it(secret):
    made = offlinekit.make(secret, group_id="g1", version=3)
    for typed in itertools.permutations(made.papers, 2):
        assert offlinekit.open_with(typed, made.pairs, group_id="g1", version=3) == secret


@settings(max_examples=15, deadline=None)
@given(secret=SECRETS, guess=st.binary(min_size=16, max_size=16))
def test_one_paper_and_a_guess_open_nothing(secret, guess):
    made = offlinekit.make(secret, group_id="g1", version=1)
    for paper in made.papers:
        for typed in ((paper, words.as_words(guess)), (paper, paper)):
            with pytest.raises(offlinekit.SealBroken):
                offlinekit.open_with(typed, made.pairs, group_id="g1", version=1)


@pytest.mark.parametrize(("group_id", "version"), [("g2", 1), ("g1", 2)])
def test_papers_are_good_for_one_group_and_one_version(group_id, version):
    made = offlinekit.make(bytes(32), group_id="g1", version=1)
    with pytest.raises(offlinekit.SealBroken):
        offlinekit.open_with(made.papers[:2], made.pairs, group_id=group_id, version=version)


def test_papers_of_two_kits_do_not_mix():
    one, other = (offlinekit.make(bytes(32), group_id="g1", version=1) for _kit in range(2))
    with pytest.raises(offlinekit.SealBroken):
        offlinekit.open_with((one.papers[0], other.papers[1]), one.pairs, group_id="g1", version=1)


def test_a_slip_of_the_pen_is_noticed_and_no_paper_is_shown_by_accident():
    made = offlinekit.make(bytes(32), group_id="g1", version=1)
    with pytest.raises(offlinekit.NotWords):
        offlinekit.open_with((made.papers[0] + " zoo", made.papers[1]), made.pairs, group_id="g1", version=1)
    assert made.papers[0] not in repr(made)
    assert len(set(made.papers)) == len(made.pairs) == offlinekit.PAPERS


def test_the_letters_of_a_paper_do_as_well_as_its_words():
    made = offlinekit.make(b"x" * 32, group_id="g1", version=1)
    typed = [words.as_letters(words.parse(paper)).upper() for paper in made.papers[:2]]
    assert offlinekit.open_with(typed, made.pairs, group_id="g1", version=1) == b"x" * 32
