"""What a stream says, when, and when it ends."""

import threading

import pytest

from circlekeeper.serving import live


class Wire:
    """Collects what a stream sends."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def send_bytes(self, data: bytes) -> None:
        self.sent.append(data)

    @property
    def news(self) -> list[bytes]:
        return [data for data in self.sent if b"data:" in data]


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def versions():
    """The numbers of the channels, as the database would give them."""
    found = {"a": 1, "b": 1}
    before = (live._installed.authorise, live._installed.version)
    live.install(lambda path, cookies: path.removeprefix("/live/") or None, lambda channel: found[channel])
    yield found
    live._installed.authorise, live._installed.version = before


def test_only_the_channel_that_moved_hears_of_it(versions):
    hub, here, there = live.Hub(Clock()), Wire(), Wire()
    hub.add(channel="a", transport=here, since=None)
    hub.add(channel="b", transport=there, since=None)

    hub.turn()
    versions["a"] = 2
    hub.turn()
    hub.turn()

    assert here.news == [b"id: 2\ndata: changed\n\n"]
    assert there.news == []


def test_a_page_drawn_before_the_change_hears_of_it_at_once(versions):
    hub, late, fresh = live.Hub(Clock()), Wire(), Wire()
    versions["a"] = 7

    hub.add(channel="a", transport=late, since=6)
    hub.add(channel="a", transport=fresh, since=7)

    assert (len(late.news), len(fresh.news)) == (1, 0)


def test_the_browser_is_told_how_soon_to_come_back(versions):
    wire = Wire()
    live.Hub(Clock()).add(channel="a", transport=wire, since=None)
    assert wire.sent == [b"retry: 3000\n\n"]


def test_a_silent_stream_is_pinged_every_fifteen_seconds(versions):
    clock, wire = Clock(), Wire()
    hub = live.Hub(clock)
    hub.add(channel="a", transport=wire, since=None)

    for _ in range(31):
        clock.now += 1
        hub.turn()

    assert wire.sent.count(live.PING) == 2


def test_a_stream_ends_after_ten_minutes_so_that_leave_is_asked_again(versions):
    clock, wire = Clock(), Wire()
    hub = live.Hub(clock)
    hub.add(channel="a", transport=wire, since=None)

    clock.now += live.LASTS
    hub.turn()
    versions["a"] = 9
    hub.turn()

    assert hub.open_streams == 0
    assert wire.news == []


def test_a_client_that_went_is_forgotten_once(versions):
    hub = live.Hub(Clock())
    gone = hub.add(channel="a", transport=Wire(), since=None)
    hub.add(channel="a", transport=Wire(), since=None)

    gone()
    gone()

    assert hub.open_streams == 1


def test_the_transport_is_let_go_when_the_hub_closes(versions):
    hub, wire = live.Hub(Clock()), Wire()
    hub.add(channel="a", transport=wire, since=None)
    (stream,) = hub._streams["a"]

    hub.close()

    assert stream.transport is None
    assert hub.full()


def test_a_failing_version_does_not_end_the_thread(versions, monkeypatch):
    monkeypatch.setattr(live, "ASK_EVERY", 0.01)
    hub, wire = live.Hub(), Wire()
    hub.add(channel="a", transport=wire, since=None)
    del versions["a"]
    thread = threading.Thread(target=hub.run, daemon=True)
    thread.start()
    threading.Event().wait(0.05)
    versions["a"] = 2
    for _ in range(100):
        if wire.news:
            break
        threading.Event().wait(0.02)
    hub.close()
    thread.join(2)

    assert not thread.is_alive()
    assert len(wire.news) == 1


def test_nobody_may_listen_before_the_wiring_says_so():
    before = (live._installed.authorise, live._installed.version)
    live._installed.authorise = None
    try:
        assert live.allowed("/live/a", {}) is None
    finally:
        live._installed.authorise, live._installed.version = before
