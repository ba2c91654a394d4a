"""Planning in local time, and where a series leads."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection

from circlekeeper.areas.groups import actions as groups
from circlekeeper.areas.meetings import actions, provider, queries
from circlekeeper.areas.meetings.models import Meeting, Series
from circlekeeper.areas.meetings.provider import Capability, Evidence, Proof, ScopeOfProof
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.factories import BEFORE, DAY, LINK, NOW
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.vault.shred.models import Secret

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def plan(found, **changed):
    asked = {
        "by": found.leader.id,
        "group_id": found.id,
        "format": "in_person",
        "first_on": DAY,
        "local_time": time(19, 0),
        "minutes": 90,
        "every": "week",
        "until": None,
        "now": BEFORE,
    }
    return actions.plan_series(**(asked | changed))


def test_a_weekly_series_is_laid_out_in_local_time_and_extended_day_by_day():
    found = factories.circle()
    first = Meeting.objects.count()
    assert {each.starts_local.time() for each in queries.coming(group_ids=[found.id], now=BEFORE, limit=50)} == {
        time(19, 0)
    }

    assert actions.extend_series(by="system", now=BEFORE) == 0
    made = actions.extend_series(by="system", now=BEFORE + timedelta(days=140))

    assert made == Meeting.objects.count() - first > 5
    april = Meeting.objects.filter(local_on__gte=date(2027, 4, 1)).first()
    assert april is not None
    assert april.starts_at.time() == time(17, 0)  # summer time: still 19:00 in Berlin


def test_extending_leaves_a_cancelled_evening_cancelled():
    found = factories.circle()
    actions.cancel_meeting(by=found.leader.id, now=BEFORE, **found.here)
    actions.extend_series(by="system", now=BEFORE)

    assert found.facts.state == "cancelled"
    assert Meeting.objects.filter(local_on=DAY).count() == 1


def test_a_closed_group_gets_no_more_meetings():
    found = factories.circle()
    groups.close_group(by=found.leader.id, group_id=found.id, now=NOW)
    assert actions.extend_series(by="system", now=BEFORE + timedelta(days=30)) == 0
    with pytest.raises(Refused, match="closed"):
        plan(found)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"format": "carrier pigeon"}, "format"),
        ({"every": "sometimes"}, "every"),
        ({"until": DAY - timedelta(days=1)}, "until"),
        ({"first_on": DAY + timedelta(days=500)}, "first_on"),
        ({"first_on": DAY - timedelta(days=9), "every": "once"}, "first_on"),
        ({"first_on": DAY - timedelta(days=90), "until": DAY - timedelta(days=10)}, "until"),
        ({"minutes": 5}, "minutes"),
        ({"minutes": 601}, "minutes"),
        ({"format": "online", "provider_name": "nobody", "address": LINK}, "provider_name"),
        ({"format": "online", "provider_name": "outside-link", "address": "http://x.example"}, "address"),
    ],
)
def test_what_cannot_be_planned_is_said_beside_its_field_and_leaves_nothing(changed, field):
    found = factories.circle()
    series = Series.objects.count()
    with pytest.raises(Refused) as refusal:
        plan(found, **changed)
    assert refusal.value.field == field
    assert Series.objects.count() == series


def test_a_series_that_begins_far_ahead_has_its_first_meeting_at_once():
    found = factories.circle()
    far = date(2027, 3, 1)
    plan(found, first_on=far, every="once")
    assert Meeting.objects.filter(local_on=far).count() == 1


def test_tec4_the_link_is_sealed_in_the_database():
    found = factories.circle("Wren")
    link = factories.token(found, "Wren")
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            held = repr([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()])
            assert "velvet-sparrow" not in held, table
            assert link not in held, table


def test_another_address_takes_over_and_the_one_before_is_destroyed():
    found = factories.doors_open("Wren")
    series = found.facts.series_id
    before = Series.objects.get(pk=series).address_secret_id
    actions.change_address(
        by=found.leader.id, group_id=found.id, series_id=series, address="https://meet.example.org/new", now=NOW
    )

    link = factories.token(found, "Wren")
    factories.let_in(found, link)
    assert queries.way_in(meeting_id=found.meeting_id, token="any", now=NOW) == "https://meet.example.org/new"
    assert not Secret.objects.filter(pk=before).exists()
    with pytest.raises(Refused):
        actions.change_address(
            by=found.leader.id, group_id=found.id, series_id=series, address="ftp://x.example", now=NOW
        )
    with pytest.raises(NotHere):
        actions.change_address(by=found.leader.id, group_id="other", series_id=series, address=LINK, now=NOW)


def test_ending_a_series_cancels_what_is_planned_and_destroys_where_it_led():
    found = factories.circle("Wren")
    series = found.facts.series_id
    secret = Series.objects.get(pk=series).address_secret_id
    actions.end_series(by=found.leader.id, group_id=found.id, series_id=series, now=NOW)

    assert queries.coming(group_ids=[found.id], now=NOW, cancelled=True) == []
    assert queries.series_of(found.id) == []
    assert Series.objects.get(pk=series).sealed_address is None
    assert not Secret.objects.filter(pk=secret).exists()
    with pytest.raises(NotHere):
        actions.end_series(by=found.leader.id, group_id=found.id, series_id=series, now=NOW)
    with pytest.raises(Refused, match="Plan a new one"):
        actions.restore_meeting(by=found.leader.id, now=NOW, **found.here)


def test_a_running_meeting_keeps_its_series():
    found = factories.doors_open("Wren")
    with pytest.raises(Refused, match="running"):
        actions.end_series(by=found.leader.id, group_id=found.id, series_id=found.facts.series_id, now=NOW)


def test_a_cancelled_meeting_is_held_after_all():
    found = factories.circle("Wren")
    link = factories.token(found, "Wren")
    actions.cancel_meeting(by=found.leader.id, now=NOW, **found.here)
    assert factories.come(link).answer == "over"
    actions.restore_meeting(by=found.leader.id, now=NOW, **found.here)
    assert factories.come(link, now=factories.STARTS).answer == "wait"
    with pytest.raises(Refused):
        actions.restore_meeting(by=found.leader.id, now=NOW, **found.here)


def test_a_running_meeting_cannot_be_cancelled():
    found = factories.doors_open("Wren")
    with pytest.raises(Refused):
        actions.cancel_meeting(by=found.leader.id, now=NOW, **found.here)


class Readable(provider.Provider):
    """A service that can be asked; what it says can be changed by a test."""

    name = title = sees = "readable"
    settings = ()
    takes_address = True

    def mint_link(self, session, guest, *, now):
        return session.address

    def __init__(self) -> None:
        self.seen = {"recording-off": "off", "waiting-room-tested": "on"}
        self.lacks: tuple[str, ...] = ()

    def capabilities(self):
        return [Capability(each, Evidence.IMPOSSIBLE, "") for each in self.lacks]

    def verify(self, session, *, now):
        wanted = {"recording-off": "off", "waiting-room-tested": "on"}
        assert session.address == LINK
        return [
            Proof(each, Evidence.READ_BACK, wanted[each], seen, ScopeOfProof.MEETING, now, timedelta(minutes=10))
            for each, seen in self.seen.items()
        ]


@pytest.fixture
def readable():
    way, before = Readable(), provider.providers()  # type: ignore[abstract]
    provider.install([*before, way])
    yield way
    provider.install(before)


def blocking(found) -> set[str]:
    return {each.control for each in safeguards.gate(found.id, "start", NOW, found.meeting_id) if each.blocking}


def online(found) -> None:
    actions.end_series(by=found.leader.id, group_id=found.id, series_id=found.facts.series_id, now=BEFORE)
    plan(found, format="online", provider_name="readable", address=LINK)
    found.meeting_id = queries.coming(group_ids=[found.id], now=BEFORE)[0].id


def test_a_service_nobody_has_connected_cannot_be_planned_with():
    found = factories.circle("Wren")

    with pytest.raises(Refused) as refusal:
        plan(found, format="online", provider_name="jitsi")

    assert refusal.value.field == "provider_name"


def test_tec2_a_service_that_can_be_met_at_without_connecting_it_is_a_persons_word_and_refused_where_it_cannot_lock():
    found = factories.circle("Wren")
    link = "https://meet.google.com/abc-mnop-xyz"
    actions.end_series(by=found.leader.id, group_id=found.id, series_id=found.facts.series_id, now=BEFORE)
    plan(found, format="online", provider_name="meet", address=link)
    found.meeting_id = queries.coming(group_ids=[found.id], now=BEFORE)[0].id

    actions.look_at_due(now=NOW)

    rows = queries.seen(found.facts)
    assert rows
    assert all(each.unknown and not each.holds for each in rows)
    service = queries.service_for(found.id, "meet", now=NOW)
    assert (service.fits, service.connected_at) == ("word", None)
    strict = factories.circle("Robin", level="high")
    with pytest.raises(Refused, match="locked"):
        plan(strict, format="online", provider_name="meet", address=link)


def test_tec3_tec7_kit8_a_setting_flipped_after_planning_closes_the_doors(readable):
    found = factories.circle("Wren")
    online(found)
    factories.prepare(found)
    proofs = actions.look_at_provider(by=found.leader.id, now=NOW, **found.here)
    assert {each.control for each in proofs} == {"recording-off", "waiting-room-tested"}
    assert not {"recording-off", "waiting-room-tested"} & blocking(found)

    readable.seen["recording-off"] = "transcript on"
    actions.look_at_provider(by=found.leader.id, now=NOW, **found.here)
    assert "recording-off" in blocking(found)
    readable.seen["recording-off"] = "unknown"
    actions.look_at_provider(by=found.leader.id, now=NOW + timedelta(minutes=1), **found.here)
    assert "recording-off" in blocking(found)

    readable.seen["waiting-room-tested"] = "off"
    later = NOW + timedelta(minutes=2)
    assert actions.try_waiting_room(by=found.leader.id, now=later, **found.here) is False
    assert "waiting-room-tested" in blocking(found)


def test_tec2_a_service_that_cannot_do_what_the_level_requires_is_refused(readable):
    found = factories.circle(level="high")
    readable.lacks = ("recording-off",)
    with pytest.raises(Refused, match="Recording") as refusal:
        plan(found, format="online", provider_name="readable", address=LINK)
    assert refusal.value.field == "provider_name"


def test_tec2_a_service_that_lost_what_is_required_shows_before_opening(readable):
    from circlekeeper.areas.meetings import checks
    from circlekeeper.areas.safeguards.evidence import Question, Verdict

    found = factories.circle(level="high")
    ask = Question(found.id, NOW)
    assert checks.a_way_to_meet_is_chosen(ask).verdict is Verdict.MET
    online(found)
    readable.lacks = ("meeting-password",)
    assert checks.a_way_to_meet_is_chosen(ask).verdict is Verdict.NOT_MET
    provider.install([each for each in provider.providers() if each.name != "readable"])
    assert checks.a_way_to_meet_is_chosen(ask).verdict is Verdict.NOT_MET


def test_asking_a_service_that_cannot_be_asked_writes_nothing_down():
    found = factories.circle("Wren")
    assert actions.look_at_provider(by=found.leader.id, now=NOW, **found.here) == []
    assert queries.answers(found.meeting_id) == {}


def test_past_meetings_are_those_whose_time_is_over():
    found = factories.circle()
    later = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
    assert queries.past(group_id=found.id, now=NOW) == []
    assert [each.local_on.day for each in queries.past(group_id=found.id, now=later)] == [30, 23]
