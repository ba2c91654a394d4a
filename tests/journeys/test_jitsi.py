"""A group meets on a Jitsi server of its own: connected, set up, asked for at its door, left again (TEC3-TEC5, FMT5)."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import jwt
import pytest
from django.test import Client

from circlekeeper import wiring
from circlekeeper.areas.agreements import actions as agreements
from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.models import Connection, Setup
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.conftest import as_host, at
from circlekeeper.areas.meetings.tests.factories import BEFORE, DAY, NOW, STARTS
from circlekeeper.connectors.jitsi.tests import fake
from circlekeeper.connectors.jitsi.tests.fake import FakeJitsi

__all__ = ["as_host", "at"]
pytestmark = pytest.mark.django_db(databases=["default", "shred"])


@pytest.fixture
def server() -> Iterator[FakeJitsi]:
    with fake.running(NOW) as found:
        yield found


def _connect_and_plan(found: factories.Circle, server: FakeJitsi, host: Client) -> None:
    entered = {
        "address": server.address,
        "app_id": fake.APP,
        "app_secret": fake.SECRET,
        "reservation_token": fake.WORD,
        "counter": server.address,
    }
    answer = host.post(f"/groups/{found.id}/meetings/services/jitsi/", {"do": "connect", **entered})
    assert answer.status_code == 302, answer.content.decode()
    actions.end_series(by=found.leader.id, group_id=found.id, series_id=found.facts.series_id, now=BEFORE)
    plan = {"format": "online", "provider_name": "jitsi", "first_on": DAY.isoformat(), "local_time": "19:00"}
    answer = host.post(f"/groups/{found.id}/meetings/plan/", {**plan, "minutes": "90", "every": "week"})
    assert answer.status_code == 302, answer.content.decode()
    found.meeting_id = queries.coming(group_ids=[found.id], now=NOW)[0].id


def _asks(word: str, room: str) -> int:
    """Prosody asks whether a room may open."""
    return (
        Client()
        .post(
            f"/hooks/{Connection.objects.get().pk}/conference",
            urlencode({"name": room, "start_time": STARTS.isoformat(), "mail_owner": "x"}),
            content_type="application/x-www-form-urlencoded",
            headers={"Authorization": f"Bearer {word}"},
        )
        .status_code
    )


def _wren_goes_in(found: factories.Circle, server: FakeJitsi, room: str) -> tuple[str, Client]:
    """Waiting, let in, and there under the name typed at the door; the link and the browser."""
    link, client = factories.token(found, "Wren"), Client()
    client.post(f"/m/{link}/", {"do": "arrive"})
    assert client.get(f"/m/{link}/in/")["Location"] == f"/m/{link}/", "nobody goes in before a host lets them"
    (waiting,) = queries.at_the_door(**found.here)
    actions.admit(by=found.leader.id, group_id=found.id, arrival_id=waiting.id, now=NOW)
    way = client.post(f"/m/{link}/in/", {"alias": "Wren"})["Location"]
    assert way.startswith(f"{server.address}/{room}#jwt=")
    said = jwt.decode(way.split("%22")[1], options={"verify_signature": False, "verify_aud": False})
    assert said["room"] == room
    assert said["context"]["user"]["name"] == "Wren"
    assert found.members["Wren"].id not in str(said)
    assert found.meeting_id not in way
    return link, client


def test_tec3_tec4_fmt5_an_evening_on_a_jitsi_of_ones_own(server, at, as_host):
    wiring.install()
    found = factories.circle()
    host = as_host(found.leader)
    _connect_and_plan(found, server, host)
    # The policy names the new service before anybody agrees to it.
    agreements.publish_all(by=found.leader.id, group_id=found.id, now=NOW)
    factories.join(found, "Wren")
    actions.look_at_due(now=NOW)
    room = Setup.objects.get().room
    shown = host.get(f"/groups/{found.id}/meetings/{found.meeting_id}/seen/").content.decode()
    assert "Everything the service shows is as it should be." in shown
    assert "localRecording.disable" in shown

    assert _asks(fake.WORD, room) == 200
    assert _asks("x" * 40, room) == 403
    assert _asks(fake.WORD, "anotherroom") == 403

    factories.prepare(found)
    cockpit = f"/groups/{found.id}/meetings/{found.meeting_id}/"
    assert host.post(cockpit, {"do": "open"}).status_code == 409, "nobody has said how the server's modules are"
    asked = queries.asked_of_people(found.meeting_id, now=NOW, but=actions.RECORDING)
    assert "token_verification" in {each.setting for each in asked}
    said = {f"setting-{number}": "yes" for number in range(len(asked))}
    assert host.post(f"{cockpit}told/", said).status_code == 302
    actions.open_doors(by=found.leader.id, now=NOW, **found.here)
    link, client = _wren_goes_in(found, server, room)

    server.late = "config.localRecording = { disable: false };"
    server.clock = NOW + timedelta(minutes=5)
    actions.look_at_due(now=server.clock)
    assert found.facts.paused_at
    assert "The meeting is paused" in client.get(f"/m/{link}/").content.decode()
    server.late = ""
    actions.resume(by=found.leader.id, now=NOW, **found.here)

    server.clock = STARTS
    actions.close_meeting(by=found.leader.id, now=STARTS, **found.here)
    assert _asks(fake.WORD, room) == 403, "nobody opens the room again"
    actions.clear_away(now=STARTS)
    state = queries.service_state(found.facts)
    assert state is not None
    assert state.purged
    assert found.id not in " ".join(server.heard)
