"""Our gatekeeper and our passes against a real Prosody, the server under every Jitsi.

Debian's Prosody has none of Jitsi's modules. The small one beside this file stands in for them: it asks us with Prosody's
own HTTP client, and reads our answers and passes with Prosody's own parsers of JSON, dates and JSON Web Tokens.
"""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest

from circlekeeper.areas.meetings.provider import Call, Event, EventKind, Forged, Session, Unavailable
from circlekeeper.areas.meetings.tests.contract import CANARY, GUEST, HOST
from circlekeeper.connectors.jitsi.provider import Jitsi
from circlekeeper.connectors.jitsi.tests import fake
from circlekeeper.foundation import outgoing
from circlekeeper.foundation.tests.webserver import Asked, Said, serving

pytestmark = pytest.mark.skipif(not shutil.which("prosody"), reason="tools/prosody.sh has not been run")
WAY, ROOM = Jitsi(), "velvet7harbour"
SETTINGS = """
pidfile = "{here}/prosody.pid"; data_path = "{here}"; plugin_paths = {{ "{plugins}" }}; run_as_root = true
log = {{ error = "{here}/error.log" }}; storage = "memory"
c2s_ports = {{}}; s2s_ports = {{}}; legacy_ssl_ports = {{}}; component_ports = {{}}; https_ports = {{}}
http_ports = {{ {port} }}; http_interfaces = {{ "127.0.0.1" }}; http_default_host = "conference.circle.test"
modules_disabled = {{ "s2s", "c2s", "tls", "admin_socket", "offline" }}; pass_domain = "127.0.0.1"
app_id = "{app}"; app_secret = "{secret}"; reservations_api_prefix = "{ours}/hooks/connection"
reservations_api_headers = {{ ["Authorization"] = "Bearer {word}" }}
VirtualHost "circle.test"
Component "conference.circle.test" "muc"
    modules_enabled = {{ "door_probe" }}
"""


class Engine:
    """Hands what Prosody asks to the connector, as the connection's own address does."""

    def __init__(self) -> None:
        self.session: Session | None = None
        self.events: list[Event] = []
        self.said = b""

    def find(self, room: str) -> Session | None:
        return self.session if self.session and room == self.session.room else None

    def answer(self, asked: Asked) -> Said:
        if asked.path == "/config.js":
            return Said(200, fake.PAGE.encode())
        assert self.session is not None
        call = Call(asked.method, asked.path.removeprefix("/hooks/connection/"), asked.headers, asked.body)
        try:
            heard = WAY.handle_event(self.session.connected, call, find=self.find, now=datetime.now(UTC))
        except Forged:
            return Said(401)
        self.events += heard.events
        self.said += heard.body
        return Said(heard.status, heard.body, {"Content-Type": heard.content_type})


@contextmanager
def prosody(here: Path, ours: str, word: str = fake.WORD) -> Iterator[str]:
    """A real process on a free port; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    written = here / "prosody.cfg.lua"
    plugins = Path(__file__).parent / "prosody"
    values = {"here": here, "plugins": plugins, "port": port, "ours": ours, "word": word}
    written.write_text(SETTINGS.format(app=fake.APP, secret=fake.SECRET, **values), encoding="utf-8")
    with (here / "out").open("wb") as out:
        process = subprocess.Popen(["prosody", "-F", "--config", written], stdout=out, stderr=out)
    try:
        until(lambda: reached(port), here)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


def reached(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def until(true, here: Path) -> None:
    """Wait for something another process does."""
    ends = time.monotonic() + 15
    while not true():
        assert time.monotonic() < ends, "".join(each.read_text(errors="replace") for each in here.glob("*o*"))
        time.sleep(0.02)


def join(server: str, link: str) -> str:
    """What a browser with this link is told."""
    parts = urlsplit(link)
    signed = json.loads(unquote(parts.fragment.removeprefix("jwt=")))
    return outgoing.ask("GET", f"{server}/join?room={parts.path.strip('/')}&pass={quote(signed)}").body.decode()


def test_tec3_tec4_tec5_a_real_prosody_opens_the_room_only_when_we_say_so(tmp_path):
    now, engine = datetime.now(UTC), Engine()
    with serving(engine.answer) as ours, prosody(tmp_path, ours) as server:
        connected = {"address": ours, "app_id": fake.APP, "app_secret": fake.SECRET}
        connected |= {"reservation_token": fake.WORD, "counter": server}
        later = now + timedelta(hours=3)
        early = Session("01meeting", ROOM, later, later + timedelta(hours=1), connected=connected)
        engine.session = early
        assert join(server, WAY.mint_link(early, HOST, now=now)).startswith("403: This room is not open now")

        session = engine.session = replace(early, room="amber4meadow", starts_at=now, ends_at=later)
        assert join(server, WAY.mint_link(session, HOST, now=now - timedelta(minutes=4))) == "no pass"
        stranger = replace(session, connected={**connected, "app_secret": "z" * 40})
        assert join(server, WAY.mint_link(stranger, HOST, now=now)) == "no pass"
        assert WAY.purge(session, now=now)[0].seen == "gone"

        assert join(server, WAY.mint_link(session, GUEST, now=now)) == "lobby"
        assert join(server, WAY.mint_link(session, HOST, now=now)) == "inside"
        assert all(each.holds for each in WAY.verify(session, now=now) if each.setting == "room-size")
        assert WAY.purge(session, now=now)[0].seen == "open"
        with pytest.raises(Unavailable):
            WAY.purge(stranger, now=now)

        outgoing.ask("GET", f"{server}/close?room={session.room}")
        until(lambda: len(engine.events) == 2, tmp_path)
        assert [(each.kind, each.room) for each in engine.events] == [
            (EventKind.STARTED, "amber4meadow"),
            (EventKind.ENDED, "amber4meadow"),
        ]
        assert CANARY.lower() not in f"{engine.events}{engine.said!r}".lower()


def test_a_prosody_with_another_word_opens_nothing(tmp_path):
    now, engine = datetime.now(UTC), Engine()
    with serving(engine.answer) as ours, prosody(tmp_path, ours, word="x" * 40) as server:
        connected = {
            "address": ours,
            "app_id": fake.APP,
            "app_secret": fake.SECRET,
            "reservation_token": fake.WORD,
        }
        engine.session = Session("01meeting", ROOM, now, now + timedelta(hours=1), connected=connected)
        assert join(server, WAY.mint_link(engine.session, HOST, now=now)).startswith("401: ")
        assert engine.events == []
