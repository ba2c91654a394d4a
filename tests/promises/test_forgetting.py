"""Promise 2: when a certificate says that a member is deleted, no kept backup can bring them back."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, connections

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.joining.models import Application
from circlekeeper.areas.retention import actions as retention
from circlekeeper.areas.retention import queries as kept
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.roster import sealing
from circlekeeper.areas.roster.models import Compartment, Member, Parcel
from circlekeeper.foundation import announce, clock, ledger
from circlekeeper.foundation.accounts.tests.factories import Someone
from circlekeeper.foundation.vault import shredstore
from circlekeeper.foundation.vault.groupkeys import Scope
from tests.journeys import story

pytestmark = pytest.mark.django_db(databases=["default", "shred"], transaction=True)


def _group_with_members(*aliases: str) -> tuple[str, Someone, dict[str, str]]:
    host, leader = story.signed_in("ada")
    group_id = story.new_group(leader)
    _second, cohost = story.second_holder(leader, group_id, "ben")
    story.plan(leader, group_id)
    leader.send(f"/groups/{group_id}/agreements/publish/")
    story.keep_promises(leader, group_id)
    leader.send(f"/groups/{group_id}/safety/open/")
    keys = {alias: story.apply(group_id, alias) for alias in aliases}
    story.decide(group_id, leader, cohost)
    return group_id, host, keys


def _readable(group_id: str, someone: Someone, copies: list[Compartment]) -> set[str]:
    """Aliases that open from copied rows with the group's own key and the shred store as it is now."""
    ring = someone.ring
    assert ring.can(group_id, Scope.DOOR)
    secrets = shredstore.secrets({row.secret_id for row in copies})
    return {
        str(sealing.opened(row, ring=ring, secret=secrets[row.secret_id])["alias"])
        for row in copies
        if row.secret_id in secrets
    }


def test_ret3_dat6_a_destroyed_member_cannot_be_opened_from_a_copy_made_before():
    group_id, host, keys = _group_with_members("Wren", "Robin")
    wren = story.own_page(keys["Wren"])
    copies = list(Compartment.objects.filter(group_id=group_id, name="alias"))
    assert _readable(group_id, host, copies) == {"Wren", "Robin"}

    wren.send("/me/leave/", sure="on")
    gone = Member.objects.get(group_id=group_id, state="left")
    local_today = clock.now().astimezone(groups.group(group_id).zone).date()
    assert gone.due_on == local_today + timedelta(days=30)

    early, _run = retention.run(by="system", as_of=clock.now() + timedelta(days=28), now=clock.now())
    assert gone.pk not in {item.row_id for item in early.go}
    _plan, run_id = retention.run(by="system", as_of=clock.now() + timedelta(days=31), now=clock.now())

    assert not Member.objects.filter(pk=gone.pk).exists()
    assert _readable(group_id, host, copies) == {"Robin"}
    certificates = [each for each in kept.certificates(run_id=run_id) if each.record == "roster"]
    assert sum(each.count for each in certificates) >= 1
    assert all("Wren" not in str(each) for each in certificates)
    assert ledger.verify().ok


def test_a_member_who_wants_to_be_forgotten_now_is():
    group_id, host, keys = _group_with_members("Wren", "Robin")
    copies = list(Compartment.objects.filter(group_id=group_id, name="alias"))

    story.own_page(keys["Wren"]).send("/me/forget/", 200, sure="on")

    assert _readable(group_id, host, copies) == {"Robin"}
    again = story.Browser()
    assert "key" in again.send("/me/enter/", 422, key=keys["Wren"]).lower()


def test_dat6_who_is_forgotten_keeps_a_number_that_anybody_can_check_without_a_key():
    group_id, _host, keys = _group_with_members("Wren")
    member_id = next(iter(roster.active_ids(group_id)))
    done = story.own_page(keys["Wren"]).send("/me/forget/", 200, sure="on")
    number = re.findall(r"<bdi>([a-z0-9]{26})</bdi>", done)[0]
    written = next(each for each in kept.certificates(group_id) if each.id == number)
    assert written.keys_destroyed >= 3

    visitor = story.Browser()
    said = story.plain(visitor.send("/certificate/", 200, number=f" {number.upper()} "))
    assert "This number is known" in said
    assert group_id not in said
    assert "Wren" not in said
    file = json.loads(visitor.send("/certificate/", 200, number=number, do="file"))
    assert file["keys_sha256"] == written.keys_digest
    holds, _sentence = ledger.check_proof(file["proof"])
    assert holds
    assert member_id not in json.dumps(file)
    assert group_id not in json.dumps(file)
    assert "do not know this number" in visitor.send("/certificate/", 422, number=number[:-1] + "2" * 2)
    announce.deliver_due(announce.installed(), clock.now())
    assert not Application.objects.filter(member_id=member_id).exists()


def test_a_hold_is_named_honestly_and_keeps_only_what_it_names():
    group_id, host, keys = _group_with_members("Wren")
    member_id = next(iter(roster.active_ids(group_id)))
    until = (clock.now() + timedelta(days=20)).date()
    part = Compartment.objects.get(member_id=member_id, name="contact")
    retention.place_hold(
        by=host.id,
        group_id=group_id,
        model="roster.ContactRecord",
        row_id=part.pk,
        reason="court-order",
        reviewer=host.id,
        until=until,
        now=clock.now(),
    )
    wren = story.own_page(keys["Wren"])
    assert "because of a hold that is written down" in wren.see("/me/forget/")
    assert "You have left. What could be destroyed" in story.plain(wren.send("/me/forget/", 200, sure="on"))

    left = dict(Compartment.objects.filter(member_id=member_id).values_list("name", "secret_id"))
    assert set(left) == {"contact"}
    assert shredstore.secrets(left.values())
    retention.run(by="system", as_of=clock.now() + timedelta(days=2), now=clock.now())
    assert Compartment.objects.filter(member_id=member_id).exists()
    retention.run(by="system", as_of=clock.now() + timedelta(days=22), now=clock.now() + timedelta(days=22))
    assert not Member.objects.filter(pk=member_id).exists()
    assert not shredstore.secrets(left.values())


def test_pol5_a_parcel_nobody_came_for_is_shredded_within_eight_days():
    _group, _host, keys = _group_with_members("Wren")
    story.own_page(keys["Wren"]).send("/me/move/", 200, parts=["alias"])
    secret = Parcel.objects.get().secret_id
    retention.run(by="system", as_of=clock.now() + timedelta(days=6), now=clock.now())
    assert shredstore.secrets([secret])
    retention.run(by="system", as_of=clock.now() + timedelta(days=8), now=clock.now())
    assert not Parcel.objects.exists()
    assert not shredstore.secrets([secret])


@pytest.mark.sqlite_only
def test_the_bytes_of_a_destroyed_secret_are_in_no_file():
    if connection.vendor != "sqlite":
        pytest.skip("reads SQLite's own files")
    made = shredstore.new_secret(record="roster", group_id="g" * 26, now=clock.now())
    with connections["shred"].cursor() as cursor:
        cursor.execute("SELECT sealed FROM vault_shred_secret WHERE id = %s", [made.id])
        sealed = bytes(cursor.fetchone()[0])
    file = Path(connections["shred"].settings_dict["NAME"])
    shredstore.checkpoint()
    assert sealed in file.read_bytes()

    shredstore.shred([made.id], now=clock.now())

    for each in file.parent.glob(file.name + "*"):
        assert sealed not in each.read_bytes(), each.name


@pytest.mark.sqlite_only
def test_dat3_log_verify_names_a_row_that_was_changed_in_sql(tmp_path: Path):
    """A real machine's folder, a thief's editor, and the command a suspicious leader runs."""
    environment = {
        key: value for key, value in os.environ.items() if key not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"}
    }
    environment |= {"CIRCLEKEEPER_DATA": str(tmp_path / "data"), "DJANGO_SETTINGS_MODULE": "circlekeeper.settings"}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words], env=environment, capture_output=True, text=True, check=False
        )

    made = run("-c", _THREE_LINES)
    assert made.returncode == 0, made.stderr
    assert run("-m", "circlekeeper", "log", "verify", "--json").returncode == 0

    with sqlite3.connect(tmp_path / "data" / "circlekeeper.sqlite3") as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE ledger_entry SET actor = 'somebodyelse' WHERE seq = 1")

    found = run("-m", "circlekeeper", "log", "verify", "--json")

    assert found.returncode == 1
    said = json.loads(found.stdout)
    assert said["ok"] is False
    assert re.search(r"\b1\b", said["detail"]), said


_THREE_LINES = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("migrate", database="shred", verbosity=0)
from circlekeeper.foundation import clock, guard, ledger
from circlekeeper.foundation.ids import new_id
for _ in range(3):
    with guard.outside_action("three lines"):
        ledger.append_alone(by=new_id(), about=new_id(), at=clock.now(), verb="test.line.write")
"""
