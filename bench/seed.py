"""A community to measure: made by the rooms' own actions in a process of its own, before the service starts.

``python -m bench.seed KIND COUNT`` on ``CIRCLEKEEPER_DATA`` prints one JSON document.
"""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

BATCH = 500


def make(folder: Path, kind: str, count: int = 0, *, variables: dict[str, str] | None = None) -> dict[str, Any]:
    """Seed a data folder; returns what the workload needs to know. ``variables``: of the environment, as for the service."""
    environment = {
        **os.environ,
        **(variables or {}),
        "CIRCLEKEEPER_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "circlekeeper.settings",
    }
    command = [sys.executable, "-m", "bench.seed", kind, str(count)]
    said = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, Any] = json.loads(said.stdout)
    return found


def _group() -> tuple[str, Any]:
    """An open group at the level high, with its leader's open key ring."""
    from circlekeeper.areas.agreements import actions as agreements
    from circlekeeper.areas.groups import actions as groups
    from circlekeeper.areas.safeguards import actions as safeguards
    from circlekeeper.foundation import clock, playbook
    from circlekeeper.foundation.accounts import actions as accounts
    from circlekeeper.foundation.accounts import hasher
    from circlekeeper.foundation.vault import ring, userkeys

    now, secret = clock.now(), hasher.split("bench marks no person at all")
    leader = accounts.make_first_person(handle="bench", secret=secret, now=now)
    group = groups.create_group(
        by=leader,
        public_name="Bench",
        purpose="survivors",
        time_zone="UTC",
        level="high",
        overlays=[],
        playbook_version=playbook.book().version,
        now=now,
    )
    safeguards.decide_first_level(by=leader, group_id=group.id, now=now)
    agreements.publish_all(by=leader, group_id=group.id, now=now)
    # The checklist of opening is no part of what is measured.
    groups.open_group(by=leader, group_id=group.id, now=now)
    return group.id, ring.KeyRing(userkeys.unlock_with_kek(leader, secret.kek))


def signups(_count: int) -> dict[str, Any]:
    group_id, _ring = _group()
    return {"group": group_id}


def _members(group_id: str, ring: Any, count: int) -> list[str]:
    """Members with sealed names and contacts, admitted, their wraps settled."""
    from circlekeeper.areas.roster import actions as roster
    from circlekeeper.foundation import clock
    from circlekeeper.foundation.vault import memberkeys

    now, keys = clock.now(), []
    for number in range(count):
        key = memberkeys.new_member_key()
        fields = {
            "alias": {"alias": f"Member {number}"},
            "contact": {"says": "yes", "channel": "mail", "address": f"person{number}@bench.example"},
        }
        prepared = roster.prepare(group_id=group_id, fields=fields, holder=key.raw, now=now)
        member_id = roster.enrol(by="visitor", prepared=prepared, now=now)
        roster.admit(by=ring.person_id, ring=ring, group_id=group_id, member_id=member_id, now=now)
        keys.append(key.letters)
    return keys


def links(count: int) -> dict[str, Any]:
    """A running meeting with that many personal links whose tokens are known."""
    from circlekeeper.areas.meetings import actions as meetings
    from circlekeeper.areas.meetings import queries, rules
    from circlekeeper.areas.meetings.models import Meeting, PersonalLink
    from circlekeeper.foundation import clock, guard
    from circlekeeper.foundation.ids import new_id

    group_id, ring = _group()
    now = clock.now()
    meetings.plan_series(
        by=ring.person_id,
        group_id=group_id,
        format="in_person",
        first_on=(now + timedelta(minutes=5)).date(),
        local_time=(now + timedelta(minutes=5)).time(),
        minutes=90,
        every="once",
        until=None,
        now=now,
    )
    meeting = queries.coming(group_ids=[group_id], now=now)[0]
    tokens = [new_id() for _ in range(count)]
    with guard.outside_action("benchmark seed: tokens that the driver knows, and doors that are open"):
        Meeting.objects.filter(pk=meeting.id).update(state="doors", doors_at=now)
        PersonalLink.objects.bulk_create(
            PersonalLink(
                pk=new_id(),
                meeting_id=meeting.id,
                group_id=group_id,
                member_id=new_id(),
                token_hash=rules.token_hash(token),
                offered_at=now,
                due_on=now.date() + timedelta(days=30),
            )
            for token in tokens
        )
    return {"group": group_id, "meeting": meeting.id, "tokens": tokens}


def roster(count: int) -> dict[str, Any]:
    """Measures W4 in this process: opening every contact, and finding one member by their key."""
    import time

    from circlekeeper.areas.roster import queries as roster
    from circlekeeper.foundation import clock
    from circlekeeper.foundation.vault import memberkeys

    group_id, ring = _group()
    keys = _members(group_id, ring, count)
    began, cpu = time.perf_counter(), time.process_time()
    opened = roster.contacts(by=ring.person_id, about=group_id, now=clock.now(), ring=ring)
    opening = {"wall": time.perf_counter() - began, "cpu": time.process_time() - cpu, "count": len(opened)}
    taken, cpu = [], time.process_time()
    for key in keys[:BATCH]:
        began = time.perf_counter()
        found = roster.by_key(memberkeys.parse_member_key(key))
        taken.append(time.perf_counter() - began)
        if found is None:
            raise SystemExit("a member was not found by their key")
    cpu = (time.process_time() - cpu) / len(taken)
    taken.sort()
    lookup = {"p50": taken[len(taken) // 2], "p99": taken[int(len(taken) * 0.99)], "cpu": cpu}
    return {"opening": opening, "lookup": lookup}


def community(count: int) -> dict[str, Any]:
    """W4 with many groups; see ``bench.community``."""
    from bench import community as many

    return many.measure(count, group=_group)


KINDS = {"signups": signups, "links": links, "roster": roster, "community": community}


def main() -> None:
    """The seeding process."""
    import django

    django.setup()
    from circlekeeper.serving import prepare

    folder = Path(os.environ["CIRCLEKEEPER_DATA"])
    prepare.data_folder(folder)
    prepare.databases(folder)
    json.dump(KINDS[sys.argv[1]](int(sys.argv[2])), sys.stdout)


if __name__ == "__main__":
    main()
