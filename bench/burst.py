"""W1, top of the hour: everyone opens their personal link and comes to the waiting room."""

import asyncio
import re
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

from bench import driver, seed, service
from bench.options import Options
from bench.report import Row

MEMBERS = 1000
WINDOW = 5.0
TARGET = 500.0
PRETIX_CHECKIN = 31.0
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
_DEVICE = re.compile(rb'name="device" value="([^"]+)"')
_ORIGIN = "Sec-Fetch-Site: same-origin\r\n"


def run(options: Options) -> list[Row]:
    """A thousand links, each opened (page), then used (token check, gate, place, log line); every one counted."""
    rows = []
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory(prefix="ckbench-") as name:
            folder = Path(name)
            tokens = seed.make(folder, "links", MEMBERS)["tokens"]
            with service.running(folder) as running:
                rows.append(_round(running, tokens, options))
    return [sorted(rows, key=lambda row: row.rate or 0)[len(rows) // 2]]


def _round(running: service.Service, tokens: list[str], options: Options) -> Row:
    before = running.cpu()
    tally = asyncio.run(_everyone(running.port, tokens, options.connections))
    cpu = (running.cpu() - before) / max(1, len(tally.taken)) * 1000
    return Row(
        "W1",
        f"{len(tokens):,} personal links: page, then arrival",
        tally.rate,
        tally.percentile(0.5),
        tally.percentile(0.99),
        errors=tally.failed,
        cpu_ms=cpu,
        peer="pretix check-in",
        peer_rate=PRETIX_CHECKIN,
        target=f"≥ {TARGET:.0f} joins/s, no error",
        met=tally.rate >= TARGET and not tally.failed,
        extra={"all inside s": tally.wall, "requests per join": "2"},
    )


async def _everyone(port: int, tokens: list[str], connections: int) -> driver.Tally:
    tally, waiting = driver.Tally(), iter(tokens)
    started = time.perf_counter()

    async def one() -> None:
        connection = await driver.connect(port)
        for token in waiting:
            began = time.perf_counter()
            if await _arrive(connection, token):
                tally.taken.append(time.perf_counter() - began)
            else:
                tally.failed += 1
        connection.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    tally.wall = time.perf_counter() - started
    return tally


async def _arrive(connection: driver.Connection, token: str) -> bool:
    """One member: the page of their link, and the button on it."""
    page = await connection.send(driver.get(f"/m/{token}/"))
    offered = _DEVICE.search(page.body)
    if page.status != 200 or offered is None:
        return False
    body = urlencode({"do": "arrive", "device": offered.group(1).decode()}).encode()
    done = await connection.send(driver.post(f"/m/{token}/", body, headers=_ORIGIN))
    return done.status == 302 and "ck_door=" in done.header("Set-Cookie")


def form_of(page: driver.Answer) -> tuple[str, str] | None:
    """The cookie and the hidden token that a form needs to be sent, if the page has one."""
    found = _TOKEN.search(page.body)
    cookie = page.header("Set-Cookie").partition(";")[0]
    return (cookie, found.group(1).decode()) if found else None
