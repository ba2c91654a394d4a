"""W2, first step: a visitor asks to join: four pages, sealed record, consents, promise, key."""

import re
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from bench import burst, driver, floors, seed, service
from bench.options import Options
from bench.report import Row

TARGET = 100.0
PRETIX_ORDER = 13.8
_DRAFT = re.compile(rb'name="draft" value="([^"]+)"')
_TICKS = re.compile(rb'name="((?:policy|pledge|consent-[a-z-]+))"')


def run(options: Options) -> list[Row]:
    """Complete sign-ups, each of five requests; the median of the rounds."""
    with tempfile.TemporaryDirectory(prefix="ckbench-") as name:
        folder = Path(name)
        path = f"/g/{seed.make(folder, 'signups')['group']}/join/"
        with service.running(folder) as running:
            rows = [_round(running, path, options) for _ in range(options.rounds)]
    return [sorted(rows, key=lambda row: row.rate or 0)[len(rows) // 2]]


def _round(running: service.Service, path: str, options: Options) -> Row:
    async def one(connection: driver.Connection, serial: int) -> bool:
        return await _sign_up(connection, path, serial)

    row = floors.drive(
        running, one, options, workload="W2", operation="sign-up, complete: form, consents, promise, key"
    )
    return Row(
        row.workload,
        row.operation,
        row.rate,
        row.p50_ms,
        row.p99_ms,
        errors=row.errors,
        cpu_ms=row.cpu_ms,
        peer="pretix free order",
        peer_rate=PRETIX_ORDER,
        target=f"≥ {TARGET:.0f}/s, no error",
        met=(row.rate or 0) >= TARGET and not row.errors,
        extra={"requests per sign-up": "5"},
    )


async def _sign_up(connection: driver.Connection, path: str, serial: int) -> bool:
    page = await connection.send(driver.get(path))
    answers: dict[str, dict[str, str]] = {
        "name": {"alias": f"Visitor {serial}"},
        "contact": {"says": "no"},
        "help": {"area": "Northtown", "number": "112"},
        "agree": {},
    }
    for step, fields in answers.items():
        draft = _DRAFT.search(page.body)
        if draft is None:
            return False
        told = {
            "draft": draft.group(1).decode(),
            "step": step,
            "do": "next",
        } | fields
        if step == "agree":
            told |= {name.decode(): "on" for name in _TICKS.findall(page.body)}
            told["signature"] = f"Visitor {serial}"
        page = await connection.send(driver.post(path, urlencode(told).encode(), headers=burst.FROM_OUR_PAGE))
        if page.status != 200:
            return False
    return b'class="key"' in page.body
