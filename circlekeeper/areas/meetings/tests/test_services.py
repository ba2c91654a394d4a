"""A service that can be set and asked: connected, set up, looked at, drifting, silent, calling, cleared away."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client

from circlekeeper.areas.meetings import actions, events, provider, queries, rules
from circlekeeper.areas.meetings.models import Connection, Meeting, Seen, Setup
from circlekeeper.areas.meetings.provider import (
    Call,
    Capability,
    Event,
    EventKind,
    Evidence,
    Forged,
    Heard,
    Proof,
    ScopeOfProof,
    Setting,
    Trouble,
    Unavailable,
)
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.factories import BEFORE, DAY, NOW, STARTS
from circlekeeper.foundation import announce, guard
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.vault import shredstore

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
KEY = "canary-service-key"
_LASTS = timedelta(minutes=10)


@dataclass
class Service(provider.Provider):
    """A service whose mind a test can read and change."""

    on: dict[str, str] = field(default_factory=lambda: {"cloud": "off", "notes": "off", "lobby": "on"})
    door: str = "waiting-room-tested"  # the control that its lobby belongs to
    fails: Trouble | None = None
    rooms: set[str] = field(default_factory=set)
    minted: list[tuple[str, str]] = field(default_factory=list)

    name = title = sees = "service"
    takes_address = False

    @property
    def settings(self) -> tuple[Setting, ...]:
        return (Setting("server", "Server", "Its address"), Setting("key", "Key", "Its key", secret=True))

    def capabilities(self) -> list[Capability]:
        return [Capability(each, Evidence.READ_BACK, "") for each in ("recording-off", self.door)]

    def check_address(self, address: str) -> None:
        raise AssertionError("nobody types one")

    def check_connection(self, connected: Any, *, now: Any) -> list[Proof]:
        self._answer()
        if connected["key"] != KEY:
            raise Refused("That key is not right.", field="key")
        return []

    def apply(self, session: Any, *, now: Any) -> dict[str, str]:
        self._answer()
        assert session.connected["key"] == KEY
        assert session.room != session.meeting_id
        self.rooms.add(session.room)
        return {"id": f"r-{session.room}"}

    def verify(self, session: Any, *, now: Any) -> list[Proof]:
        self._answer()
        assert session.remote == {"id": f"r-{session.room}"}
        wanted = {"cloud": ("recording-off", "off"), "notes": ("recording-off", "off")}
        wanted["lobby"] = (self.door, "on")
        return [
            Proof(control, Evidence.READ_BACK, value, self.on[name], ScopeOfProof.MEETING, now, _LASTS, name)
            for name, (control, value) in wanted.items()
        ]

    def mint_link(self, session: Any, guest: Any, *, now: Any) -> str:
        self._answer()
        self.minted.append((guest.ref, guest.alias))
        return f"https://service.example/{session.room}?pass={guest.ref}"

    def admit(self, session: Any, guest: Any, *, now: Any) -> bool:
        return False

    def remove(self, session: Any, guest: Any, *, now: Any) -> bool:
        return False

    def end(self, session: Any, *, now: Any) -> None:
        self._answer()

    def purge(self, session: Any, *, now: Any) -> list[Proof]:
        self._answer()
        self.rooms.discard(session.room)
        kept = "kept" if session.room in self.rooms else "gone"
        return [
            Proof("recording-off", Evidence.READ_BACK, "gone", kept, ScopeOfProof.MEETING, now, _LASTS, "room")
        ]

    def handle_event(self, connected: Any, call: Any, *, find: Any, now: Any) -> Heard:
        if call.headers.get("x-signature") != connected["key"]:
            raise Forged
        room = call.body.decode()
        assert find(room) is not None
        return Heard((Event(EventKind(call.path), room, now, "d1"),), 200, b"{}")

    def _answer(self) -> None:
        if self.fails:
            raise Unavailable(self.fails)


@pytest.fixture
def service():
    way, before = Service(), provider.providers()
    provider.install([*before, way])
    yield way
    provider.install(before)


def connect(found: factories.Circle, key: str = KEY) -> None:
    values = {"server": "https://service.example", "key": key}
    actions.connect_service(
        by=found.leader.id, group_id=found.id, provider_name="service", values=values, now=BEFORE
    )


def planned(found: factories.Circle) -> None:
    """Tonight's meeting at the service."""
    connect(found)
    actions.end_series(by=found.leader.id, group_id=found.id, series_id=found.facts.series_id, now=BEFORE)
    plan(found)
    found.meeting_id = queries.coming(group_ids=[found.id], now=BEFORE)[0].id


def plan(found: factories.Circle) -> None:
    actions.plan_series(
        by=found.leader.id,
        group_id=found.id,
        format="online",
        provider_name="service",
        first_on=DAY,
        local_time=STARTS.astimezone(found.facts.zone).time(),
        minutes=90,
        every="week",
        until=None,
        now=BEFORE,
    )


def doors(found: factories.Circle) -> None:
    """Open, whatever the checklist says: it is not what is tried here."""
    with guard.outside_action("doors of a test"):
        Meeting.objects.filter(pk=found.meeting_id).update(state="doors", doors_at=NOW)


def heard(found: factories.Circle) -> list[tuple[str, str]]:
    told: list[tuple[str, str]] = []

    def drifted(event: events.Drifted, *, now: Any) -> None:
        told.append(("drifted", event.control))

    def recorded(event: events.RecordingHeard, *, now: Any) -> None:
        told.append(("recording", event.meeting_id))

    announce.deliver_due({events.Drifted: [drifted], events.RecordingHeard: [recorded]}, NOW + timedelta(days=1))
    return told


def test_tec2_what_is_entered_is_tried_sealed_and_destroyed_when_it_ends(service):
    found = factories.circle()
    with pytest.raises(Refused) as refusal:
        connect(found, "wrong")
    assert refusal.value.field == "key"
    service.fails = Trouble.NOT_ALLOWED
    with pytest.raises(Refused, match="connect it again"):
        connect(found)
    assert not Connection.objects.exists()

    service.fails = None
    connect(found)
    connect(found)  # entered anew: the first secret goes
    row = Connection.objects.get()
    with database.cursor() as cursor:
        cursor.execute("SELECT sealed FROM meetings_connection")
        assert KEY.encode() not in bytes(cursor.fetchone()[0])
    actions.disconnect_service(by=found.leader.id, group_id=found.id, provider_name="service", now=NOW)
    assert not shredstore.secrets([row.secret_id])
    assert not Connection.objects.exists()


def test_tec2_nothing_is_planned_at_a_service_before_it_is_connected_nor_ended_while_it_is(service):
    found = factories.circle()
    with pytest.raises(Refused, match="Connect this service first"):
        plan(found)
    planned(found)
    with pytest.raises(Refused, match="Stop them first"):
        actions.disconnect_service(by=found.leader.id, group_id=found.id, provider_name="service", now=NOW)


def test_tec3_kit8_set_up_looked_at_and_a_flipped_setting_closes_the_point(service):
    found = factories.circle("Wren")
    planned(found)
    actions.look_at_due(now=NOW)
    assert len(service.rooms) == 1
    assert [each.setting for each in queries.seen(found.facts)] == ["cloud", "notes", "lobby"]
    assert queries.answers(found.meeting_id)["recording-off"].holds
    assert queries.answers(found.meeting_id)["recording-off"].evidence == Evidence.READ_BACK

    service.on["notes"] = "on"  # any one of the settings that record
    actions.look_at_due(now=NOW + timedelta(minutes=1))
    assert queries.answers(found.meeting_id)["recording-off"].holds, "nothing is due yet"
    actions.look_at_due(now=STARTS - timedelta(minutes=10))
    assert not queries.answers(found.meeting_id)["recording-off"].holds
    assert heard(found) == [("drifted", "recording-off")]
    state = queries.service_state(found.facts)
    assert state is not None
    assert state.wrong == 1


@pytest.mark.parametrize(("level", "shut"), [("low", False), ("medium", True)])
def test_fmt7_tec3_while_people_are_inside_a_drift_is_told_and_from_medium_on_pauses_the_meeting(
    service, level, shut
):
    service.door = "meeting-password"
    found = factories.circle("Wren", level=level)
    planned(found)
    actions.look_at_due(now=NOW)
    doors(found)
    service.on["lobby"] = "off"
    actions.look_at_due(now=NOW + timedelta(minutes=5))
    assert found.facts.paused_at == (NOW + timedelta(minutes=5) if shut else None)
    assert heard(found) == [("drifted", "meeting-password")]
    actions.look_at_due(now=NOW + timedelta(minutes=10))
    assert heard(found) == [], "it is told once"


@pytest.mark.parametrize("trouble", list(Trouble))
def test_tec3_a_service_that_does_not_answer_is_tried_again_and_nothing_counts_before(service, trouble):
    found = factories.circle("Wren")
    planned(found)
    service.fails = trouble
    actions.look_at_due(now=NOW)
    assert "recording-off" not in queries.answers(found.meeting_id)
    service.fails = None
    actions.look_at_due(now=NOW + timedelta(minutes=1))
    assert Setup.objects.get().trouble == ""
    assert queries.answers(found.meeting_id)["recording-off"].holds


def test_dec16_the_name_at_the_door_goes_to_the_service_and_nowhere_else(service):
    found = factories.circle("Wren")
    planned(found)
    actions.look_at_due(now=NOW)
    link = factories.token(found, "Wren")
    client = Client()
    doors(found)
    client.post(f"/m/{link}/", {"do": "arrive"})
    for each in queries.at_the_door(**found.here):
        actions.admit(by=found.leader.id, group_id=found.id, arrival_id=each.id, now=NOW)
    assert "What shall people call you" in client.get(f"/m/{link}/in/").content.decode()
    there = client.post(f"/m/{link}/in/", {"alias": "  Little   Wren "})
    assert there["Location"].startswith("https://service.example/")
    ((ref, alias),) = service.minted
    assert alias == "Little Wren"
    assert ref == rules.guest_ref(rules.token_hash(link), found.meeting_id)
    service.fails = Trouble.TIMEOUT
    assert "Try again in a minute" in client.post(f"/m/{link}/in/", {}).content.decode()


def test_fmt7_a_service_that_calls_is_heard_twice_as_once_and_nobody_else(service):
    found = factories.circle("Wren")
    planned(found)
    actions.look_at_due(now=NOW)
    doors(found)
    row, setup = Connection.objects.get(), Setup.objects.get()
    client, here = Client(), f"/hooks/{row.pk}/recording"
    call: dict[str, Any] = {"data": setup.room.encode(), "content_type": "text/plain"}
    assert client.post(here, **call, headers={"x-signature": "forged"}).status_code == 403
    assert client.post(here, {"form": "with files"}, headers={"x-signature": KEY}).status_code == 415
    assert client.post(here, **call | {"data": b"x" * 70_000}, headers={"x-signature": KEY}).status_code == 413
    assert client.post("/hooks/nobody/recording", **call, headers={"x-signature": KEY}).status_code == 404
    assert heard(found) == []
    for _ in range(2):
        assert client.post(here, **call, headers={"x-signature": KEY}).status_code == 200
    assert set(heard(found)) == {("recording", found.meeting_id)}
    with pytest.raises(NotHere):
        actions.hear(connection_id="nobody", call=Call("POST", "", {}, b""), now=NOW)


def test_tec7_what_is_over_is_cleared_away_and_shown_gone(service):
    found = factories.circle("Wren")
    planned(found)
    actions.look_at_due(now=NOW)
    old = Setup.objects.get()
    actions.cancel_meeting(by=found.leader.id, now=NOW, **found.here)
    service.fails = Trouble.TIMEOUT
    actions.clear_away(now=NOW)
    assert service.rooms
    service.fails = None
    actions.clear_away(now=NOW)
    assert not service.rooms
    assert [each.found for each in Seen.objects.all()] == ["gone"]
    assert not shredstore.secrets([old.secret_id])
    actions.clear_away(now=NOW)


def test_tec1_the_chooser_says_what_fits_and_a_leader_connects_there(service, as_host):
    found = factories.circle("Wren", level="high")
    host, base = as_host(found.leader), f"/groups/{found.id}/meetings/services/"
    page = host.get(base).content.decode()
    assert "we can see that it does" in page
    assert "only a person’s word" in page  # the outside link
    wrong = host.post(base + "service/", {"do": "connect", "server": "https://service.example", "key": "no"})
    assert wrong.status_code == 422
    assert "That key is not right." in wrong.content.decode()
    assert "https://service.example" in wrong.content.decode(), "what was typed is kept"
    assert host.post(base + "service/", {"do": "connect", "server": "s", "key": KEY}).status_code == 302
    page = host.get(base + "service/").content.decode()
    assert KEY not in page
    assert Connection.objects.get().pk in page
    assert host.post(base + "service/", {"do": "end"}).status_code == 302
    assert host.get(base + "nothing/").status_code == 404


def test_tec3_a_meeting_that_the_service_forgot_is_set_up_again_by_itself(service):
    found = factories.circle("Wren")
    planned(found)
    actions.look_at_due(now=NOW)
    service.rooms.clear()
    service.fails = Trouble.GONE
    actions.look_at_due(now=STARTS - timedelta(minutes=10))
    assert not service.rooms
    service.fails = None
    actions.look_at_due(now=STARTS - timedelta(minutes=9))
    assert len(service.rooms) == 1
    assert Setup.objects.get().trouble == ""


def test_tec3_a_host_reads_that_a_service_does_not_put_somebody_out_for_us(service, as_host):
    found = factories.circle("Wren")
    planned(found)
    actions.look_at_due(now=NOW)
    link, visitor = factories.token(found, "Wren"), Client()
    doors(found)
    visitor.post(f"/m/{link}/", {"do": "arrive"})
    (arrival,) = queries.at_the_door(**found.here)
    actions.admit(by=found.leader.id, group_id=found.id, arrival_id=arrival.id, now=NOW)
    visitor.post(f"/m/{link}/in/", {"alias": "Wren"})
    host, cockpit = as_host(found.leader), f"/groups/{found.id}/meetings/{found.meeting_id}/"

    host.post(cockpit, {"do": "remove", "arrival": arrival.id})

    assert "Put them out there too" in host.get(cockpit).content.decode()
    assert "Put them out there too" not in host.get(cockpit).content.decode(), "said once"
