"""What a statement for a board or a funder may hold."""

import pytest

from circlekeeper.areas.safeguards import sources


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "5"), (40, "40")]
)
def test_why4_a_small_number_of_people_is_not_told(count: int, words: str) -> None:
    assert sources.Fact("People", count, small_tells=True).words == words
    assert sources.Fact("Meetings", count).words == str(count)
