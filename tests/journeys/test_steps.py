"""The people of the story can read, count and press what a real browser can."""

import pytest

from tests.journeys.steps import plain, reading
from tests.journeys.steps.person import Effort, code_of

PAGE = """<main><h1>One <em>way</em></h1><svg><path></svg><p>Read<br>me</p>
<details><summary>More</summary><p>folded</p></details>
<form><input type=hidden name=h value=1><input name=t value="a&amp;b"><input type=radio name=r value=x>
<input type=radio name=r value=y checked><input type=checkbox name=c>
<select name=s><option value=1>I</option><option value=2 selected>II</option></select>
<textarea name=w>long</textarea><button name=do value=go>Go</button></form></main><footer>foot</footer>"""


@pytest.mark.parametrize(
    ("at", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_an_app_shows_the_codes_of_rfc_6238(at, code):
    """Appendix B of the RFC, its SHA-1 column, six digits."""
    assert code_of("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", at) == code


def test_words_are_read_as_a_person_reads_them():
    main = reading.main_of(reading.page(PAGE))

    assert main.words.startswith("One way Read me More folded")
    assert "foot" not in main.words
    assert main.pieces_in_sight() == ["One", "way", "Read", "me", "More", "long", "Go"]


def test_a_form_is_sent_as_a_browser_sends_it():
    form = next(reading.page(PAGE).all("form"))

    assert plain._told(form) == [("h", "1"), ("t", "a&b"), ("r", "y"), ("s", "2"), ("w", "long")]


def test_a_minute_is_a_minute():
    assert Effort(words=190).minutes == pytest.approx(1)
    assert Effort(letters=180, choices=12, presses=20).minutes == pytest.approx(2)
