"""Calendar files: to the byte, by the standard, right on both sides of both changes of the clocks."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from circlekeeper.foundation.post.entries import Entry, calendar, uid_for

GOLDEN = Path(__file__).parent / "golden" / "calendar.en.ics"
STAMP = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
# Seven in the evening by the clock on the wall, before and after each change.
EVENINGS = [
    datetime(2026, month, day, 19, 0, tzinfo=LONDON) for month, day in ((3, 26), (4, 2), (10, 22), (10, 29))
]


def entries() -> list[Entry]:
    return [
        Entry(
            uid=uid_for(owner_id="one-person", thing_id=f"thing-{number}"),
            starts_at=evening.astimezone(UTC),
            ends_at=evening.astimezone(UTC) + timedelta(minutes=90),
            cancelled=number == 3,
        )
        for number, evening in enumerate(EVENINGS)
    ]


def test_why1_a_calendar_file_is_this_to_the_byte():
    assert calendar(entries(), stamp=STAMP) == GOLDEN.read_bytes()


def test_why1_fmt1_an_entry_has_a_time_and_a_title_and_nothing_that_tells():
    events = Calendar.from_ical(calendar(entries(), stamp=STAMP)).walk("VEVENT")

    assert {str(each["SUMMARY"]) for each in events} == {"Appointment"}
    allowed = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "CLASS", "TRANSP", "STATUS"}
    assert {name for each in events for name in each} == allowed
    assert not [part for each in events for part in each.subcomponents]
    assert {str(each["CLASS"]) for each in events} == {"PRIVATE"}
    assert [str(each.get("STATUS", "")) for each in events] == ["", "", "", "CANCELLED"]


def test_both_changes_of_the_clocks_leave_the_evening_where_it_was():
    events = Calendar.from_ical(calendar(entries(), stamp=STAMP)).walk("VEVENT")

    starts = [each.decoded("DTSTART") for each in events]
    assert [start.astimezone(LONDON) for start in starts] == EVENINGS
    assert [start.astimezone(UTC).hour for start in starts] == [19, 18, 18, 19]
    assert {each.decoded("DTEND") - each.decoded("DTSTART") for each in events} == {timedelta(minutes=90)}


def test_a_file_keeps_to_the_standard():
    body = calendar(entries(), stamp=STAMP)

    assert body.endswith(b"END:VCALENDAR\r\n")
    assert body.count(b"\n") == body.count(b"\r\n")
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    assert Calendar.from_ical(body)["VERSION"] == "2.0"


def test_a_calendar_without_entries_is_one_too():
    assert not Calendar.from_ical(calendar([], stamp=STAMP)).walk("VEVENT")


@pytest.mark.parametrize(
    ("owner", "thing", "same"), [("a", "one", True), ("b", "one", False), ("a", "two", False)]
)
def test_reg1_an_entrys_id_is_the_same_for_one_person_and_thing_only(owner: str, thing: str, same: bool):
    assert (uid_for(owner_id=owner, thing_id=thing) == uid_for(owner_id="a", thing_id="one")) is same
