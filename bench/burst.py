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
from tools import with_postgres

MEMBERS = 1000
# Some always come before the hour: they meet a service that has just started, and are not measured.
EARLY = 32
TARGET = 500.0
PRETIX_CHECKIN = 31.0
_DEVICE = re.compile(rb'name="device" value="([^"]+)"')
FROM_OUR_PAGE = "Sec-Fetch-Site: same-origin\r\n"


def run(options: Options) -> list[Row]:
    """A thousand links, each opened (page), then used (token check, gate, place, log line); every one counted."""
    rows = [_middle([_round(options, "SQLite", {}, TARGET) for _ in range(options.rounds)])]
    with with_postgres.postgres(durable=True) as variables:
        # Its server takes the same two processors and is not in "CPU ms".
        rows.append(_round(options, "PostgreSQL", variables, 0.0))
    return rows


def _middle(rows: list[Row]) -> Row:
    return sorted(rows, key=lambda row: row.rate or 0)[len(rows) // 2]


def _round(options: Options, store: str, variables: dict[str, str], target: float) -> Row:
    with tempfile.TemporaryDirectory(prefix="ckbench-") as name:
        folder = Path(name)
        tokens = seed.make(folder, "links", MEMBERS + EARLY, variables=variables)["tokens"]
        with service.running(folder, variables=variables) as running:
            asyncio.run(_everyone(running.port, tokens[:EARLY], options.connections))
            return _row(running, tokens[EARLY:], options, store, target)


def _row(running: service.Service, tokens: list[str], options: Options, store: str, target: float) -> Row:
    before = running.cpu()
    tally = asyncio.run(_everyone(running.port, tokens, options.connections))
    cpu = (running.cpu() - before) / max(1, len(tally.taken)) * 1000
    return Row(
        "W1",
        f"{len(tokens):,} personal links on {store}: page, then arrival",
        tally.rate,
        tally.percentile(0.5),
        tally.percentile(0.99),
        errors=tally.failed,
        cpu_ms=cpu,
        peer="pretix check-in",
        peer_rate=PRETIX_CHECKIN,
        target=f"≥ {target:.0f} joins/s, no error" if target else "no error",
        met=tally.rate >= target and not tally.failed,
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
    form = form_at_the_door(page)
    if page.status != 200 or form is None:
        return False
    done = await connection.send(driver.post(f"/m/{token}/", form, headers=FROM_OUR_PAGE))
    return done.status == 302 and "ck_door=" in done.header("Set-Cookie")


def form_at_the_door(page: driver.Answer) -> bytes | None:
    """The form on the page of a link, filled in, if it has one."""
    offered = _DEVICE.search(page.body)
    return urlencode({"do": "arrive", "device": offered.group(1).decode()}).encode() if offered else None
