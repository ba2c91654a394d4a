"""When a message may leave: against a second, slow way of working it out, and over whole histories with the real outbox."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from circlekeeper.foundation import guard
from circlekeeper.foundation.post import outbox
from circlekeeper.foundation.post.contact import (
    CHANNELS,
    NOT_ASKED,
    SafeContact,
    Says,
    Verdict,
    Way,
    Why,
    contact_fault,
    may_leave_message,
    may_send,
)
from circlekeeper.foundation.post.models import Letter
from circlekeeper.foundation.post.tests.factories import queue, word

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ZONES = ["UTC", "Europe/London", "America/St_Johns", "Pacific/Chatham", "Australia/Lord_Howe", "Nowhere/Else"]
ways = st.builds(
    Way,
    says=st.sampled_from(Says),
    channel=st.sampled_from([*CHANNELS, "", "fax"]),
    address=st.sampled_from(["ann@example.org", "0770 090", "", " "]),
    start=st.sampled_from(["", "01:30", "18:00", "22:00", "x"]),
    end=st.sampled_from(["", "02:15", "20:00", "06:00"]),
    days=st.sampled_from([(), (1,), (6, 7)]),
    voicemail=st.booleans(),
    said_on=st.sampled_from(["", "2026-03-01", "2026-11-23", "2027-01-01"]),
    check_again_on=st.sampled_from(["", "2026-04-01", "2026-11-24", "2027-02-01"]),
)
contacts = st.builds(
    lambda way, zone, remind, also: replace(word(), **_each(way), zone=zone, remind=remind, also=tuple(also)),
    ways,
    st.sampled_from(ZONES),
    st.booleans(),
    st.lists(ways, max_size=2),
)
# Around both changes of the clocks and around the dates above.
moments = st.builds(
    lambda base, minutes: base + timedelta(minutes=minutes),
    st.sampled_from([NOON, datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)]),
    st.integers(-3 * 24 * 60, 3 * 24 * 60),
)


def _each(way: Way) -> dict[str, Any]:
    return {name: getattr(way, name) for name in Way.__dataclass_fields__}


def allowed(contact: SafeContact, channel: str, at: datetime) -> bool:
    """The rule once more, told in another way: look at the wall clock where the person is."""
    found = [way for way in (contact, *contact.also) if way.channel == channel][:1]
    if not found or contact_fault(found[0]) or contact.zone == "Nowhere/Else":
        return False
    way, local = found[0], at.astimezone(ZoneInfo(contact.zone))
    if way.says not in ("yes", "at-times") or not way.said_on or not way.check_again_on:
        return False
    if not date.fromisoformat(way.said_on) <= local.date() < date.fromisoformat(way.check_again_on):
        return False
    if way.says == "yes":
        return True
    start, end = time.fromisoformat(way.start), time.fromisoformat(way.end)
    evening = local if start < end or local.time() >= start else local - timedelta(days=1)
    inside = start <= local.time() < end if start < end else not end <= local.time() < start
    return inside and (not way.days or evening.isoweekday() in way.days)


@settings(max_examples=300, deadline=None)
@given(contacts, st.sampled_from(CHANNELS), moments)
def test_why1_nothing_may_be_sent_without_a_fresh_yes_for_this_channel_and_hour(contact, channel, at):
    answer = may_send(contact, channel, at)

    assert (answer.verdict is Verdict.NOW) is allowed(contact, channel, at)
    if answer.verdict is Verdict.NOT_BEFORE:
        assert answer.not_before is not None
        assert at < answer.not_before <= at + timedelta(days=9)
        assert answer.not_before.utcoffset() == timedelta(0)
        assert may_send(contact, channel, answer.not_before).verdict is Verdict.NOW


@settings(max_examples=60, deadline=None)
@given(contacts, moments)
def test_not_before_is_the_soonest_quarter_of_an_hour_there_is(contact, at):
    answer = may_send(contact, "mail", at)
    if answer.not_before is None:
        return
    steps = int((answer.not_before - at) / timedelta(minutes=15))
    # A span that the clocks cut short may begin a little before the moment that is named, never the other way round.
    earlier = [at + timedelta(minutes=15 * step) for step in range(1, steps)]
    assert not [each for each in earlier if allowed(contact, "mail", each) and not _clock_moves(contact, each)]


def _clock_moves(contact: SafeContact, at: datetime) -> bool:
    zone, span = ZoneInfo(contact.zone), timedelta(hours=3)
    return (at - span).astimezone(zone).utcoffset() != (at + span).astimezone(zone).utcoffset()


@pytest.mark.parametrize(
    ("day", "wall", "verdict"),
    [
        # London puts the clock forward at 01:00 UTC on 29 March 2026, back at 01:00 UTC on 25 October 2026.
        ((2026, 3, 28), (17, 59), Verdict.NOT_BEFORE),
        ((2026, 3, 28), (18, 0), Verdict.NOW),
        ((2026, 3, 29), (16, 59), Verdict.NOT_BEFORE),
        ((2026, 3, 29), (17, 0), Verdict.NOW),
        ((2026, 10, 24), (17, 0), Verdict.NOW),
        ((2026, 10, 25), (17, 30), Verdict.NOT_BEFORE),
        ((2026, 10, 25), (18, 0), Verdict.NOW),
    ],
)
def test_why1_times_are_those_of_the_clock_on_the_wall(day, wall, verdict):
    evening = word(says="at-times", start="18:00", end="20:00", zone="Europe/London")

    at = datetime.combine(date(*day), time(*wall), UTC)

    assert may_send(evening, "mail", at).verdict is verdict


def test_a_span_that_a_clock_change_swallows_waits_for_the_next_day():
    night = word(says="at-times", start="01:15", end="01:45", zone="Europe/London")

    found = may_send(night, "mail", datetime(2026, 3, 29, 0, 30, tzinfo=UTC))

    assert found.not_before == datetime(2026, 3, 30, 0, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("contact", "channel", "why"),
    [
        (NOT_ASKED, "mail", Why.NOT_ASKED),
        (SafeContact(says=Says.NO), "mail", Why.SAID_NO),
        (word(), "call", Why.OTHER_CHANNEL),
        (word(""), "mail", Why.INCOMPLETE),
        (word(check_again_on="2026-11-23"), "mail", Why.STALE),
        (word(said_on="2026-11-24"), "mail", Why.STALE),
        (word(says="at-times", start="08:00", end="09:00", check_again_on="2026-11-24"), "mail", Why.NO_TIME_LEFT),
    ],
)
def test_why1_every_never_has_its_reason(contact, channel, why):
    answer = may_send(contact, channel, NOON)

    assert (answer.verdict, answer.why, answer.not_before) == (Verdict.NEVER, why, None)


def test_what_nobody_said_is_not_a_yes():
    assert SafeContact.from_fields({"says": "maybe"}).says is Says.NOT_ASKED
    assert SafeContact.from_fields({}) == NOT_ASKED


def test_times_may_run_over_midnight_and_belong_to_the_evening_before():
    sundays = word(says="at-times", start="22:00", end="06:00", days=(7,))

    # 23 November 2026 is a Monday: two in the morning still belongs to Sunday.
    assert may_send(sundays, "mail", NOON.replace(hour=2)).verdict is Verdict.NOW
    assert may_send(sundays, "mail", NOON.replace(hour=23)).verdict is Verdict.NOT_BEFORE


@settings(max_examples=60, deadline=None)
@given(contacts)
def test_a_word_survives_sealing(contact):
    assert SafeContact.from_fields(contact.as_fields()) == contact


def test_why1_a_message_on_an_answering_machine_needs_its_own_yes():
    call = word("0770 090", channel="call")

    assert may_send(call, "call", NOON).verdict is Verdict.NOW
    assert not may_leave_message(call, NOON)
    assert may_leave_message(replace(call, voicemail=True), NOON)
    assert not may_leave_message(replace(call, voicemail=True), NOON + timedelta(days=6000))


def test_one_channel_can_be_answered_anew_and_the_others_keep_their_dates():
    text = Way(Says.YES, "text", "0770 090", said_on="2026-11-23", check_again_on="2027-02-21")
    both = word().with_way(text)

    assert both.way("text") == text
    assert both.way("mail").said_on == "2026-01-01"
    without = both.with_way(Way(Says.NO, "mail", said_on="2026-11-23"))
    assert without.way("mail").says is Says.NOT_ASKED
    assert (without.channel, without.also) == ("text", ())
    nothing = without.with_way(Way(Says.NO, "text", said_on="2026-11-23"))
    assert (nothing.says, nothing.address, nothing.also, nothing.remind) == (Says.NO, "", (), False)


class Life:
    """One person who says things, and letters that are queued for them, told by the steps of a history."""

    def __init__(self) -> None:
        self.now, self.answers, self.word = NOON, 0, NOT_ASKED
        self.sent: list[tuple[datetime, SafeContact]] = []

    def step(self, step: str) -> None:
        match step:
            case "yes" | "at-times":
                today = self.now.date()
                self.say(
                    word(
                        says=step,
                        start="18:00",
                        end="20:00",
                        zone="Europe/London",
                        said_on=today.isoformat(),
                        check_again_on=(today + timedelta(days=3)).isoformat(),
                    )
                )
            case "no":
                self.say(SafeContact(says=Says.NO))
            case "queue":
                queue(by="system", now=self.now, reach_id=str(self.answers), contact=self.word)
            case "later":
                queue(
                    by="system",
                    now=self.now,
                    reach_id=str(self.answers),
                    contact=self.word,
                    due_at=self.now + timedelta(days=1),
                )
            case hours:
                self.now += timedelta(hours=float(hours))
                self.send()

    def say(self, said: SafeContact) -> None:
        self.answers, self.word = self.answers + 1, said

    def send(self) -> None:
        before = len(mail.outbox)
        outbox.send_due(self.now)
        self.sent += [(self.now, self.word)] * (len(mail.outbox) - before)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.sampled_from(["yes", "at-times", "no", "queue", "later", "0.5", "7", "25", "60"]),
        min_size=3,
        max_size=14,
    )
)
def test_why1_over_any_history_a_letter_leaves_only_under_the_word_that_stands_then(steps, settings: Settings):
    settings.EMAIL_URL = "smtp://nowhere"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    life = Life()
    outbox.install(lambda reach_id: reach_id == str(life.answers))
    with guard.outside_action("a new life begins"):
        Letter.objects.all().delete()
    mail.outbox.clear()

    for each in steps:
        life.step(each)

    assert [moment for moment, said in life.sent if not allowed(said, "mail", moment)] == []


@pytest.mark.django_db
def test_a_history_with_a_yes_does_send(settings: Settings):
    settings.EMAIL_URL = "smtp://nowhere"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    life = Life()
    outbox.install(lambda reach_id: reach_id == str(life.answers))
    for each in ("at-times", "queue", "0.5", "7", "no", "queue", "7"):
        life.step(each)

    assert [moment for moment, _said in life.sent] == [NOON + timedelta(hours=7.5)]
