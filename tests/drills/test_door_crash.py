"""The service is killed while everybody arrives: nobody loses their place, and nobody has two."""

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import burst, driver, seed, service

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]
MEMBERS = 300
AT_ONCE = 24
KILLED_AFTER = 100
PATIENCE = 30.0


class Crowd:
    """Members who open their link and send its form until they are answered, as people and browsers do."""

    def __init__(self, running: service.Service, tokens: list[str]) -> None:
        self.port, self._waiting = running.port, iter(tokens)
        self.web = service.tree(running.pid)[1]
        self.arrived = self.sent_again = 0

    async def come(self) -> None:
        """All of them."""
        await asyncio.wait_for(asyncio.gather(*(self._some(self._waiting) for _ in range(AT_ONCE))), PATIENCE)

    async def _some(self, tokens: Iterator[str]) -> None:
        for token in tokens:
            path = f"/m/{token}/"
            page = await self._until_answered(driver.get(path))
            form = burst.form_at_the_door(page)
            assert form, page.status
            done = await self._until_answered(driver.post(path, form))
            assert (done.status, "ck_door=" in done.header("Set-Cookie")) == (302, True)
            self.arrived += 1
            if self.arrived == KILLED_AFTER:
                os.kill(self.web, signal.SIGKILL)

    async def _until_answered(self, request: bytes) -> driver.Answer:
        while True:
            try:
                connection = await driver.connect(self.port)
                answer = await connection.send(request)
            except OSError:
                self.sent_again += 1
                await asyncio.sleep(0.05)
                continue
            connection.close()
            return answer


def test_tec4_a_service_that_is_killed_while_everybody_arrives_keeps_each_place_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("CIRCLEKEEPER_KDF", "CIRCLEKEEPER_TEST", "DJANGO_SETTINGS_MODULE"):
        monkeypatch.delenv(name, raising=False)
    tokens = seed.make(tmp_path, "links", MEMBERS)["tokens"]
    with service.running(tmp_path) as running:
        crowd = Crowd(running, tokens)
        asyncio.run(crowd.come())
    with sqlite3.connect(tmp_path / "circlekeeper.sqlite3") as database:
        arrivals = database.execute(
            "SELECT count(*), count(DISTINCT link_id), sum(unverified) FROM meetings_arrival"
        ).fetchone()
    checked = subprocess.run(
        [sys.executable, "-m", "circlekeeper", "log", "verify", "--json"],
        env=os.environ | {"CIRCLEKEEPER_DATA": str(tmp_path)},
        stdout=subprocess.PIPE,
        check=True,
    )

    assert crowd.arrived == MEMBERS
    assert crowd.sent_again
    assert arrivals == (MEMBERS, MEMBERS, 0)
    assert json.loads(checked.stdout)["ok"]
