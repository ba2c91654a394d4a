"""W4 at its full size: many groups of a hundred members each, brought in with lists, and what looking for someone costs."""

import secrets
import time
from collections.abc import Callable
from typing import Any

IN_A_GROUP = 100
SAMPLE = 300
AT_ONCE = 50


def measure(count: int, *, group: Callable[[], tuple[str, Any]]) -> dict[str, Any]:
    """Seed ``count`` members and measure; ``group`` makes the first group and its leader's key ring."""
    from django.db import transaction

    began = time.perf_counter()
    first, ring = group()
    group_ids = [first]
    for start in range(0, max(1, count // IN_A_GROUP), AT_ONCE):
        # One commit for many groups: what is measured comes later.
        with transaction.atomic():
            while len(group_ids) < min(start + AT_ONCE, max(1, count // IN_A_GROUP)):
                group_ids.append(_another(ring, len(group_ids)))
            for group_id in group_ids[start : start + AT_ONCE]:
                _fill(ring, group_id)
    keys = _admit_all(group_ids)
    seeded = time.perf_counter() - began
    # A new ring: whoever signs in has opened nothing yet.
    fresh = type(ring)(ring.secret)
    return {
        "members": len(group_ids) * IN_A_GROUP,
        "groups": len(group_ids),
        "seeded": seeded,
        "by_key": _by_key(keys),
        "by_alias": _by_alias(fresh, group_ids, "Member 42"),
        "search": _by_alias(fresh, group_ids, "ember 4"),
        "opening": _open_all(fresh, group_ids),
    }


def _another(ring: Any, number: int) -> str:
    from circlekeeper.areas.groups import actions as groups
    from circlekeeper.areas.safeguards import actions as safeguards
    from circlekeeper.foundation import clock, playbook

    now = clock.now()
    made = groups.create_group(
        by=ring.person_id,
        public_name=f"Bench {number}",
        purpose="survivors",
        time_zone="UTC",
        level="high",
        overlays=[],
        playbook_version=playbook.book().version,
        now=now,
    )
    safeguards.decide_first_level(by=ring.person_id, group_id=made.id, now=now)
    return made.id


def _fill(ring: Any, group_id: str) -> None:
    """A list of a hundred people, through the room's own action."""
    from circlekeeper.areas.roster import actions as roster
    from circlekeeper.areas.roster.rules.lists import Listed
    from circlekeeper.foundation import clock

    now = clock.now()
    people = [Listed(f"Member {n}", "mail", f"person{n}@bench.example") for n in range(IN_A_GROUP)]
    draft = roster.keep_draft(by=ring.person_id, ring=ring, group_id=group_id, content={}, now=now)
    roster.bring_list(
        by=ring.person_id,
        ring=ring,
        group_id=group_id,
        draft_id=draft,
        people=people,
        taken=frozenset(),
        layout="bench",
        now=now,
    )


def _admit_all(group_ids: list[str]) -> list[bytes]:
    """Everyone takes part; some, spread over the groups, have keys that the driver knows."""
    from circlekeeper.areas.roster.models import Member, State
    from circlekeeper.foundation import clock, guard
    from circlekeeper.foundation.vault import memberkeys

    keys = [secrets.token_bytes(16) for _ in range(SAMPLE)]
    with guard.outside_action("benchmark seed: members who are in, and keys that the driver knows"):
        Member.objects.update(state=State.MEMBER, joined_on=clock.now().date())
        chosen = [
            Member.objects.filter(group_id=group_ids[n % len(group_ids)])[n // len(group_ids) % IN_A_GROUP]
            for n in range(SAMPLE)
        ]
        for member, key in zip(chosen, keys, strict=True):
            member.key_lookup = memberkeys.lookup(key)
        Member.objects.bulk_update(chosen, ["key_lookup"])
    return keys


def _by_key(keys: list[bytes]) -> dict[str, float]:
    from circlekeeper.areas.roster import queries as roster

    return _timed([lambda key=key: roster.by_key(key) is not None for key in keys])  # type: ignore[misc]


def _by_alias(ring: Any, group_ids: list[str], text: str) -> dict[str, float]:
    """In one group each time, as the page does it; the ring has that group's key open, as after the first page."""
    from circlekeeper.areas.roster import queries as roster
    from circlekeeper.foundation import clock

    wanted = group_ids[:SAMPLE]
    for group_id in wanted:
        roster.aliases(ring=ring, group_id=group_id, now=clock.now())
    return _timed(
        [lambda at=at: bool(roster.find(ring=ring, group_id=at, text=text, now=clock.now())) for at in wanted]  # type: ignore[misc]
    )


def _open_all(ring: Any, group_ids: list[str]) -> dict[str, float]:
    """Every contact of every group, one line in the log for each group."""
    from circlekeeper.areas.roster import queries as roster
    from circlekeeper.foundation import clock

    began, cpu, opened = time.perf_counter(), time.process_time(), 0
    for group_id in group_ids:
        opened += len(roster.contacts(by=ring.person_id, about=group_id, now=clock.now(), ring=ring))
    return {"wall": time.perf_counter() - began, "cpu": time.process_time() - cpu, "count": opened}


def _timed(acts: list[Callable[[], bool]]) -> dict[str, float]:
    from django.db import connections

    taken, cpu, missed = [], time.process_time(), 0
    for act in acts:
        began = time.perf_counter()
        missed += not act()
        taken.append(time.perf_counter() - began)
    cpu = (time.process_time() - cpu) / len(taken)
    connections["default"].force_debug_cursor = True
    before = sum(len(connections[alias].queries) for alias in ("default", "shred"))
    acts[0]()
    asked = sum(len(connections[alias].queries) for alias in ("default", "shred")) - before
    connections["default"].force_debug_cursor = False
    taken.sort()
    return {
        "p50": taken[len(taken) // 2],
        "p99": taken[int(len(taken) * 0.99)],
        "cpu": cpu,
        "missed": missed,
        "queries": asked,
    }
