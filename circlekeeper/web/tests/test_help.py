"""Numbers of people who answer."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from circlekeeper.web import help as help_numbers

TODAY = date(2026, 11, 23)


def test_every_number_of_the_shipped_file_has_a_source_and_a_date() -> None:
    regions = help_numbers.regions(today=TODAY)

    assert {"GB", "IE", "US", "CA"} <= {region.code for region in regions}
    for region in regions:
        assert region.numbers[0].kind == "emergency"
        for number in region.numbers:
            assert number.source.startswith("https://")
            assert number.verified <= TODAY
            assert not number.check_first


@settings(max_examples=25, deadline=None)
@given(days=st.integers(0, 2000))
def test_a_number_is_doubted_exactly_after_its_recheck_date(days: int) -> None:
    for region in help_numbers.regions(today=TODAY + timedelta(days=days)):
        for number in region.numbers:
            assert number.check_first == (TODAY + timedelta(days=days) > number.recheck)


def test_the_communitys_own_country_comes_first() -> None:
    codes = [region.code for region in help_numbers.regions(today=TODAY, home="ie")]

    assert codes[0] == "IE"
    assert sorted(codes) == sorted(region.code for region in help_numbers.regions(today=TODAY))


@pytest.mark.parametrize(
    "line", ['dial = "call us"', 'source = "http://example.org/"', 'kind = "sales"', "# no dial"]
)
def test_a_bad_entry_is_refused_by_name(tmp_path: Path, line: str) -> None:
    good = {"name": '"Line"', "dial": '"112"', "kind": '"emergency"', "source": '"https://example.org/"'}
    key = line.split(" = ", maxsplit=1)[0]
    lines = [
        f"{name} = {value}"
        for name, value in good.items()
        if name != key and not (line[0] == "#" and name == "dial")
    ]
    path = tmp_path / "numbers.toml"
    path.write_text(
        '[[region]]\ncode = "XX"\nname = "Somewhere"\n[[region.number]]\n'
        + "\n".join([*lines, line, "verified = 2026-01-01", "recheck_days = 90"]),
        encoding="utf-8",
    )

    with pytest.raises(help_numbers.BadNumbers):
        help_numbers.regions(today=TODAY, path=path)


def test_the_page_shows_numbers_to_press_and_doubts_old_ones(client: Client, time_machine: object) -> None:
    time_machine.move_to("2026-11-23T12:00:00+00:00", tick=False)  # type: ignore[attr-defined]
    fresh = client.get("/help-now/").content.decode()
    time_machine.move_to("2028-11-23T12:00:00+00:00", tick=False)  # type: ignore[attr-defined]
    old = client.get("/help-now/").content.decode()

    assert 'href="tel:116123"' in fresh
    assert "Check this number first" not in fresh
    assert "Check this number first" in old
    assert "<title>Help</title>" in fresh
