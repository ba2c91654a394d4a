"""The stolen server, as a drill: on a real group it reads what the documents say and no more, and it can fail.

Promises 1, 2 and 4; docs/threat-model.md, "Who might try, and what they get".
"""

import base64
import json
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.models import BinaryField

from circlekeeper.areas.retention import actions as retention
from circlekeeper.areas.roster import queries as roster
from circlekeeper.cli.stolen import columns, drill, hand
from circlekeeper.foundation import announce, clock, guard, lifecycle
from circlekeeper.foundation.accounts.tests.factories import Someone
from circlekeeper.foundation.backup import creating
from circlekeeper.foundation.vault import groupkeys, records, shredstore
from circlekeeper.foundation.vault.groupkeys import Scope
from tests.journeys import machine, story

pytestmark = [pytest.mark.django_db(databases=["default", "shred"], transaction=True), pytest.mark.sqlite_only]

ADDRESS = "robin.hollowell@post.example"


@dataclass(frozen=True)
class Stolen:
    """A data folder, an old backup, who left, and who is still there."""

    folder: Path
    backup: Path
    left: Someone
    here: Someone
    group_key: bytes
    members: int

    def asked(self, **other: Any) -> drill.Asked:
        return replace(
            drill.Asked(self.folder, self.backup, handle=self.left.handle, passphrase=self.left.passphrase),
            **other,
        )

    def copied(self, where: Path) -> "Stolen":
        return replace(self, folder=Path(shutil.copytree(self.folder, where / "data")))


_made: list[Stolen] = []


@pytest.fixture
def stolen(tmp_path_factory):
    """Made once: the story, a backup, someone forgotten, a leader revoked, the keys replaced. Then one's own copy."""
    if not _made:
        _made.append(_story(tmp_path_factory.mktemp("stolen")))
    return _made[0].copied(tmp_path_factory.mktemp("copy"))


def _story(room):
    ada, leader = story.signed_in("ada")
    group_id = story.new_group(leader)
    ben, cohost = story.second_holder(leader, group_id, "ben")
    cleo, third = story.second_holder(leader, group_id, "cleo", role="leader")
    story.plan(leader, group_id, online=True)
    leader.send(f"/groups/{group_id}/agreements/publish/")
    story.keep_promises(leader, group_id)
    leader.send(f"/groups/{group_id}/safety/open/")
    wren = story.apply(group_id, "Wren", signature="Wren Ashdown Miller")
    story.apply(group_id, "Robin", contact={"says": "yes", "channel": "mail", "address": ADDRESS})
    story.decide(group_id, leader, cohost)
    leader.send(
        f"/groups/{group_id}/safety/adviser/",
        name="Ms Ortolan",
        given_on=f"{clock.now():%Y-%m-%d}",
        sentence="Go on.",
    )
    gone = next(iter(roster.active_ids(group_id)))
    leader.send(f"/groups/{group_id}/people/{gone}/emergency/", reason="danger", sentence="She did not come.")
    backup = creating.create(room / "old.age", now=clock.now()).path

    story.own_page(wren).send("/me/forget/", 200, sure="on")
    announce.deliver_due(announce.installed(), clock.now())
    retention.run(by="system", as_of=clock.now() + timedelta(days=1), now=clock.now())
    groupkeys.revoke(by=ada.id, group_id=group_id, person_id=ben.id, now=clock.now())
    groupkeys.rotate(ring=ada.ring, group_id=group_id, now=clock.now())
    _settle_everything(ada, group_id)
    # Without this the wraps from before still lie in the write-ahead log, and the drill finds them there.
    with connections["default"].cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    story.apply(group_id, "Finch")
    return Stolen(_as_a_thief_finds_it(room), backup, ben, ada, ada.ring.group_secret(group_id), 2)


def _settle_everything(someone, group_id):
    """Bring every wrap of the group to its newest keys, as whoever holds them has to after replacing them."""
    with guard.outside_action("wraps to new keys"), connections["default"].cursor() as cursor:
        for record in columns.RECORDS:
            cursor.execute(f"SELECT * FROM {record.table} WHERE {record.blob} <> x''")  # noqa: S608
            names = [each[0] for each in cursor.description]
            for row in [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]:
                secret = _secret(cursor, record, row)
                key = someone.ring.scope_key(group_id, Scope(record.scope(row)))
                wrap = records.settle(row[record.wrap], key=key, secret=secret, place=record.place(row))
                cursor.execute(f"UPDATE {record.table} SET {record.wrap} = %s WHERE id = %s", [wrap, row["id"]])  # noqa: S608


def _secret(cursor, record, row):
    secret_id = row.get("secret_id")
    if not record.own_secret:
        cursor.execute("SELECT secret_id FROM roster_member WHERE id = %s", [row["member_id"]])
        (secret_id,) = cursor.fetchone()
    return shredstore.secret(secret_id)


def _as_a_thief_finds_it(room):
    folder = room / "data"
    folder.mkdir()
    for alias, name in (("default", "circlekeeper.sqlite3"), ("shred", "shred.sqlite3")):
        at = Path(connections[alias].settings_dict["NAME"])
        for ending in ("", "-wal"):
            if at.with_name(at.name + ending).exists():
                shutil.copyfile(at.with_name(at.name + ending), folder / (name + ending))
    shutil.copytree(Path(settings.DATA_DIR) / "keys", folder / "keys")
    return folder


def _row(result, name):
    return next(each for each in result.attackers if each.id == name)


def test_promise_1_2_4_a_thief_reads_what_the_documents_say_and_no_more(stolen):
    result = drill.run(stolen.asked())
    assert result.findings == []
    assert set(_row(result, "stolen-disk").read) <= {columns.ADDRESSES, columns.ARRIVALS, columns.LETTERS}
    assert _row(result, "stolen-disk").closed["parts of members' records"] >= 4
    for name in ("old-backup", "old-backup-and-passphrase", "former-leader"):
        assert _row(result, name).read == {}, name
    horizon = _row(result, "old-backup-passphrase-and-store")
    assert horizon.read["parts of members' records"] >= 2
    assert horizon.closed["parts of members' records"] >= 2


def test_the_drill_reads_everything_when_it_may(stolen):
    """The same tries with the passphrase of someone who still holds the keys: so a closed record is really closed."""
    result = drill.run(stolen.asked(handle=stolen.here.handle, passphrase=stolen.here.passphrase))
    row = _row(result, "former-leader")
    assert row.closed == {}
    assert {"parts of members' records", "names under promises", "what advisers said"} <= set(row.read)
    assert result.findings == []


def test_promise_4_keys_that_were_not_replaced_are_found(stolen):
    """A wrap under the keys from before, put back: the former leader reads it, and the drill says so."""
    with sqlite3.connect(stolen.folder / "circlekeeper.sqlite3") as today:
        today.execute("ATTACH ? AS old", [str(_unpacked(stolen))])
        today.execute(
            "UPDATE roster_compartment SET wrap = (SELECT wrap FROM old.roster_compartment AS o WHERE o.id = "
            "roster_compartment.id) WHERE id IN (SELECT id FROM old.roster_compartment)"
        )
    found = drill.run(stolen.asked()).findings
    assert "former-leader" in {each.id for each in found}


def test_promise_4_an_old_wrap_in_a_log_or_a_page_is_found(stolen):
    with sqlite3.connect(_unpacked(stolen)) as old:
        wraps = [wrap for (wrap,) in old.execute("SELECT wrap FROM roster_compartment")]
    (stolen.folder / "circlekeeper.sqlite3-journal").write_bytes(b"\0" * 100 + b"\0".join(wraps))
    found = drill.run(stolen.asked()).findings
    assert [each.id for each in found] == ["old-wrap"]
    assert "circlekeeper.sqlite3-journal" in found[0].detail


@pytest.mark.parametrize("table", ["roster_compartment", "agreements_pledge"])
def test_promise_1_a_record_kept_in_clear_is_found(stolen, table):
    with sqlite3.connect(stolen.folder / "circlekeeper.sqlite3") as today:
        today.execute(f"UPDATE {table} SET blob = ?", [b'{"alias": "Robin"}'])  # noqa: S608
    assert "in-clear" in {each.id for each in drill.run(stolen.asked()).findings}


@pytest.mark.parametrize("dress", [bytes.hex, lambda key: base64.urlsafe_b64encode(key).decode().rstrip("=")])
def test_promise_1_a_key_left_in_a_file_is_found(stolen, dress):
    (stolen.folder / "service.log").write_text("x" * 9000 + f" key={dress(stolen.group_key)} used\n")
    found = drill.run(stolen.asked()).findings
    assert [(each.id, each.detail) for each in found] == [("key-in-file", "service.log: a whole group's key")]


def test_promise_1_a_raw_key_in_a_small_file_is_found(stolen):
    (stolen.folder / "left.tmp").write_bytes(b"head" + stolen.here.kek)
    found = drill.run(stolen.asked()).findings
    assert [each.detail for each in found] == ["left.tmp: the key to a person's key pair"]


def test_promise_1_words_of_a_record_in_a_log_are_found_and_not_repeated(stolen):
    (stolen.folder / "service.log").write_text(f"could not write to {ADDRESS}\n")
    result = drill.run(stolen.asked())
    assert [each.id for each in result.findings] == ["words-in-clear"]
    assert ADDRESS not in json.dumps(result.document())


def test_promise_2_a_secret_that_outlived_its_record_is_found(stolen):
    """Without the destruction the backup gives back someone who was forgotten."""
    with sqlite3.connect(stolen.folder / "circlekeeper.sqlite3") as today:
        today.execute("PRAGMA foreign_keys = OFF")
        today.execute("DELETE FROM roster_compartment")
        today.execute("DELETE FROM roster_member")
    found = {each.id for each in drill.run(stolen.asked()).findings}
    assert "old-backup-passphrase-and-store" in found


def test_nothing_is_written_to_what_was_stolen(stolen):
    before = {path.name: path.read_bytes() for path in stolen.folder.rglob("*") if path.is_file()}
    drill.run(stolen.asked())
    assert {path.name: path.read_bytes() for path in stolen.folder.rglob("*") if path.is_file()} == before


def test_a_wrong_passphrase_is_no_clean_bill(stolen):
    with pytest.raises(hand.WrongPassphrase):
        drill.run(stolen.asked(passphrase="something else entirely"))


@pytest.mark.parametrize(("planted", "status"), [(False, 0), (True, 1)])
def test_the_command_says_it_as_text_and_as_json(stolen, tmp_path, planted, status):
    if planted:
        (stolen.folder / "service.log").write_text(stolen.group_key.hex())
    (tmp_path / "words").write_text(stolen.left.passphrase + "\n")
    asked = ["--data", stolen.folder, "--backup", stolen.backup, "--person", stolen.left.handle]
    command = [sys.executable, "-m", "circlekeeper", "drill", "stolen-server", *asked, "--passphrase-file"]
    told = machine.environment(stolen.folder)

    said = subprocess.run(
        [*command, tmp_path / "words", "--json"], env=told, capture_output=True, text=True, check=False
    )
    assert said.returncode == status, said.stderr
    document = json.loads(said.stdout)
    assert document["ok"] is not planted
    assert [each["id"] for each in document["findings"]] == (["key-in-file"] if planted else [])

    text = subprocess.run(
        [*command, "-"], env=told, input=stolen.left.passphrase, capture_output=True, text=True, check=False
    )
    assert text.returncode == status
    assert "stolen-disk" in text.stdout
    assert stolen.left.passphrase not in text.stdout + text.stderr


def test_every_column_of_bytes_is_known_to_the_drill():
    """A new sealed column must be tried, so it has to be named in ``columns.KINDS``."""
    ours = {model for model in lifecycle.declared() if not model._meta.proxy}
    there = {
        f"{model._meta.db_table}.{field.column}"
        for model in ours
        for field in model._meta.concrete_fields
        if isinstance(field, BinaryField)
    }
    assert apps.ready
    assert there - set(columns.KINDS) == set()
    assert set(columns.KINDS) - there == set()


def _unpacked(stolen):
    from circlekeeper.foundation.backup import archive, identity

    room = stolen.folder.parent / "unpacked"
    room.mkdir()
    archive.unpack(stolen.backup, room, [identity.parse((stolen.folder / "keys" / "backup.key").read_text())])
    return room / "circlekeeper.sqlite3"
