"""The real engine with our scheduler, in a process of its own: pages, bodies, streams, stopping."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from circlekeeper.serving import answer

SERVER = """
import logging.config, sys, time
from circlekeeper.serving import listener, live, logs, web
logging.config.dictConfig(logs.LOGGING)
versions = {"a": 1}
def app(environ, start):
    path, body = environ["PATH_INFO"], environ["wsgi.input"].read()
    if path == "/slow":
        time.sleep(0.6)
    if path == "/boom":
        raise ValueError("anna@example.org")
    if path == "/move":
        versions["a"] += 1
        live.changed()
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body) + 2))])
    return [b"hi", body]
live.install(lambda path, cookies: "a" if cookies.get("key") == "right" else None, versions.__getitem__)
port = listener.bind(host="127.0.0.1", port=0)
web.serve(listener=port, application=app, threads=2, ready=lambda: print(port.getsockname()[1], flush=True))
"""


@pytest.fixture
def served():
    """A running service; yields its port and process."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(answer.__file__).parents[2])},
    )
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline()), process
    finally:
        process.kill()
        process.communicate()


def ask(port, path, method="GET", body=None, headers=None):
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.request(method, path, body, headers or {})
        found = connection.getresponse()
        return found.status, found.read()


def listen(port, path="/live/a", cookie="key=right"):
    stream = socket.create_connection(("127.0.0.1", port), timeout=5)
    stream.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n".encode())
    return stream


def until(stream, wanted):
    heard = b""
    while wanted not in heard:
        more = stream.recv(4096)
        if not more:
            break
        heard += more
    return heard


def test_pages_bodies_and_health(served):
    port, _ = served
    assert ask(port, "/healthz") == (200, b"ok")
    assert ask(port, "/x") == (200, b"hi")
    assert ask(port, "/x", "HEAD") == (200, b"")
    assert ask(port, "/x", "POST", b"z" * 100_000) == (200, b"hi" + b"z" * 100_000)


def test_a_body_that_is_too_large_or_of_unknown_length_is_refused_unread(served):
    port, _ = served
    assert ask(port, "/x", "POST", headers={"Content-Length": str(answer.BODY_LIMIT + 1)})[0] == 413
    assert ask(port, "/x", "POST", iter([b"a"]), {"Transfer-Encoding": "chunked"})[0] == 411


def test_a_failing_page_is_a_500_and_its_text_stays_out_of_the_log(served):
    port, process = served
    assert ask(port, "/boom") == (500, b"")
    assert ask(port, "/x") == (200, b"hi")
    process.terminate()
    said = process.communicate(timeout=5)[1]
    assert b"anna" not in said
    assert b"ValueError at" in said


def test_a_stream_says_changed_and_nothing_else(served):
    port, _ = served
    with listen(port, "/live/a?v=1") as stream:
        until(stream, b"retry: 3000\n\n")
        ask(port, "/move")
        heard = until(stream, b"changed\n\n")
    assert b"id: 2\ndata: changed\n\n" in heard


def test_who_may_not_listen_gets_404_and_no_stream(served):
    port, _ = served
    assert ask(port, "/live/a", headers={"Cookie": "key=wrong"}) == (404, b"")
    assert ask(port, "/live/a", "POST", b"", {"Cookie": "key=right"})[0] == 405


def test_a_hundred_streams_take_no_page_thread(served):
    port, _ = served
    with contextlib.ExitStack() as opened:
        streams = [opened.enter_context(listen(port)) for _ in range(100)]
        for stream in streams:
            until(stream, b"retry")
        began = time.monotonic()
        assert ask(port, "/x") == (200, b"hi")
        assert time.monotonic() - began < 1


def test_stopping_ends_streams_and_finishes_the_page_that_runs(served):
    port, process = served
    with listen(port) as stream, contextlib.closing(http.client.HTTPConnection("127.0.0.1", port)) as slow:
        until(stream, b"retry")
        slow.request("GET", "/slow")
        time.sleep(0.2)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert slow.getresponse().read() == b"hi"
        assert until(stream, b"never") is not None
        assert process.wait(5) == 0
        assert time.monotonic() - began < 4
