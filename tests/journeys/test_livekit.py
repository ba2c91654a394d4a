"""A group meets on a LiveKit server of its own: from the form to a screen the server refuses and a recorder it tells of."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from circlekeeper import wiring
from circlekeeper.areas.agreements import actions as agreements
from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.models import Connection, Setup
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.conftest import as_host, at
from circlekeeper.areas.meetings.tests.factories import BEFORE, DAY, NOW, STARTS
from circlekeeper.connectors.livekit.tests import fake
from circlekeeper.foundation import announce

__all__ = ["as_host", "at"]
pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def _connect_and_plan(found: factories.Circle, address: str, host: Client) -> None:
    entered = {"address": address, "page": f"{address}/room/", "key": fake.KEY, "secret": fake.SECRET}
    answer = host.post(f"/groups/{found.id}/meetings/services/livekit/", {"do": "connect", **entered})
    assert answer.status_code == 302, answer.content.decode()
    actions.end_series(by=found.leader.id, group_id=found.id, series_id=found.facts.series_id, now=BEFORE)
    plan = {"format": "online", "provider_name": "livekit", "first_on": DAY.isoformat(), "local_time": "19:00"}
    answer = host.post(f"/groups/{found.id}/meetings/plan/", {**plan, "minutes": "90", "every": "week"})
    assert answer.status_code == 302, answer.content.decode()
    found.meeting_id = queries.coming(group_ids=[found.id], now=NOW)[0].id


def _go_in(found: factories.Circle) -> tuple[str, str, Client]:
    link, client = factories.token(found, "Wren"), Client()
    client.post(f"/m/{link}/", {"do": "arrive"})
    assert client.get(f"/m/{link}/in/")["Location"] == f"/m/{link}/", "no pass before a host lets them in"
    (waiting,) = queries.at_the_door(**found.here)
    actions.admit(by=found.leader.id, group_id=found.id, arrival_id=waiting.id, now=NOW)
    return client.post(f"/m/{link}/in/", {"alias": "Wren"})["Location"], link, client


def test_tec2_the_services_page_offers_only_what_fits_and_says_what_to_enter(at, as_host):
    found = factories.circle()
    host, here = as_host(found.leader), f"/groups/{found.id}/meetings/services/"
    shown = host.get(here).content.decode()
    assert f'href="{here}livekit/"' in shown
    assert f'href="{here}meet/"' in shown
    assert f'href="{here}slack/"' not in shown, "a huddle has no waiting room"
    assert "A page of your own that reads the pass after the #" in host.get(f"{here}livekit/").content.decode()
    assert "You can also meet there without connecting it." in host.get(f"{here}meet/").content.decode()
    empty = host.post(f"{here}livekit/", {"do": "connect"})
    assert (empty.status_code, Connection.objects.exists()) == (422, False)


def _recorder_is_told(found: factories.Circle, server: fake.FakeLiveKit, room: str) -> None:
    """The server calls: a recorder began. Nobody new goes in until a host has looked."""
    server.egress = [{"egress_id": "EG_1", "room_name": room}]
    call = fake.webhook({"event": "egress_started", "id": "EV_1", "egressInfo": {"roomName": room}}, NOW)
    path = f"/hooks/{Connection.objects.get().pk}/"
    kind, headers = call.headers["content-type"], {"Authorization": call.headers["authorization"]}
    answers = [Client().post(path, each, content_type=kind, headers=headers) for each in (call.body, b"{}")]
    assert [each.status_code for each in answers] == [204, 403]
    announce.deliver_due(announce.installed(), NOW + timedelta(days=1))
    assert found.facts.paused_at


def test_tec3_tec6_tec7_fmt5_an_evening_on_a_livekit_of_ones_own(at, as_host):
    wiring.install()
    found = factories.circle()
    host = as_host(found.leader)
    with fake.running(NOW) as server:
        _connect_and_plan(found, server.address, host)
        agreements.publish_all(by=found.leader.id, group_id=found.id, now=NOW)
        factories.join(found, "Wren")
        actions.look_at_due(now=NOW)
        room = Setup.objects.get().room
        assert server.rooms.keys() == {room}
        shown = host.get(f"/groups/{found.id}/meetings/{found.meeting_id}/seen/").content.decode()
        assert "max_participants" in shown
        state = queries.service_state(found.facts)
        assert state is not None
        assert (state.trouble, state.wrong) == ("", 0)

        factories.prepare(found)
        actions.open_doors(by=found.leader.id, now=NOW, **found.here)
        way, link, client = _go_in(found)
        assert server.join(way) == "inside"
        [inside] = server.inside[room].values()
        assert inside["name"] == "Wren"
        assert not server.publish(room, inside["identity"], "SCREEN_SHARE")
        assert parse_qs(urlsplit(way).fragment).keys() == {"liveKitUrl", "token"}

        # Somebody is sent away at our door, and is out at the server with it.
        [there] = queries.at_the_door(**found.here)
        host.post(f"/groups/{found.id}/meetings/{found.meeting_id}/", {"do": "remove", "arrival": there.id})
        assert server.inside[room] == {}
        assert client.post(f"/m/{link}/in/", {"alias": "Wren"})["Location"] == f"/m/{link}/"

        _recorder_is_told(found, server, room)
        server.egress, server.clock = [], STARTS
        actions.close_meeting(by=found.leader.id, now=STARTS, **found.here)
        assert server.rooms == {}
        assert server.join(way) == "refused", "the pass is too old"
        actions.clear_away(now=STARTS)
        state = queries.service_state(found.facts)
        assert state is not None
        assert state.purged
        told = " ".join(server.heard)
        assert found.id not in told
        assert found.meeting_id not in told
        assert found.members["Wren"].id not in told
