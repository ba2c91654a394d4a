"""What our own server does with an empty view: the floor every page stands on, measured in the same run."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from bench import driver, service
from bench.options import Options
from bench.report import Row

BARE = """
from django.conf import settings
settings.configure(ROOT_URLCONF="bench_urls", ALLOWED_HOSTS=["*"], SECRET_KEY="x" * 50, MIDDLEWARE=[])
import sys, types, django
django.setup()
from django.http import HttpResponse
from django.urls import path
urls = types.ModuleType("bench_urls")
urls.urlpatterns = [path("", lambda request: HttpResponse(b"x" * 1024))]
sys.modules["bench_urls"] = urls
from django.core.handlers.wsgi import WSGIHandler
from circlekeeper.serving import children, listener, web
port = listener.bind(host="127.0.0.1", port=0)
web.serve(listener=port, application=WSGIHandler(), threads=children.PAGE_THREADS,
          ready=lambda: print(port.getsockname()[1], flush=True))
"""


def run(options: Options) -> list[Row]:
    """A Django view that returns 1 KiB, no middleware, through the server ``circlekeeper up`` uses."""
    process = subprocess.Popen(
        [sys.executable, "-c", BARE], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        view = service.Service(process.pid, port, folder=Path(), ready=0, sentence="")
        return [pages(view, "/", options, workload="floor", operation="bare view, 1 KiB")]
    finally:
        process.terminate()
        process.wait(10)


def pages(running: service.Service, path: str, options: Options, *, workload: str, operation: str) -> Row:
    """Load one page again and again on every connection; the median of the rounds."""
    request = driver.get(path)

    async def load(connection: driver.Connection, serial: int) -> bool:
        del serial
        return (await connection.send(request)).status == 200

    rows = [drive(running, load, options, workload=workload, operation=operation) for _ in range(options.rounds)]
    return sorted(rows, key=lambda row: row.rate or 0)[len(rows) // 2]


def drive(
    running: service.Service, operation_of: driver.Operation, options: Options, *, workload: str, operation: str
) -> Row:
    """One window of a closed loop against a running service; warm-up first."""

    def loop(seconds: float) -> driver.Tally:
        return asyncio.run(
            driver.closed_loop(
                port=running.port, connections=options.connections, seconds=seconds, operation=operation_of
            )
        )

    loop(min(1.0, options.seconds))
    before = running.cpu()
    tally = loop(options.seconds)
    cpu = (running.cpu() - before) / max(1, len(tally.taken)) * 1000
    p50, p99 = tally.percentile(0.5), tally.percentile(0.99)
    return Row(workload, operation, tally.rate, p50, p99, errors=tally.failed, cpu_ms=cpu)
