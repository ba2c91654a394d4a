"""Promise 1: a thief of the disk, the logs, the mail or a backup reads nobody.

A word is planted in each personal field, the story is played, and then the words are looked for. The same look finds words
that were planted in clear, so it can fail.
"""

import logging
import re
import sqlite3
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client

from circlekeeper.areas.access import queries as access
from circlekeeper.areas.agreements.models import Document
from circlekeeper.areas.incidents import queries as incidents
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.meetings import sealing
from circlekeeper.areas.meetings.models import Connection
from circlekeeper.areas.roster import queries as roster
from circlekeeper.connectors.phone.tests import fake as phone
from circlekeeper.foundation import announce, clock, guard, jobs
from circlekeeper.foundation.accounts import actions as accounts
from circlekeeper.foundation.accounts.tests.factories import Someone
from circlekeeper.foundation.permissions import RoleName
from tests.journeys import story
from tests.promises import sweep

CANARIES = {
    "alias": "Quillfeather",
    "contact address": "zephyrine.marlow@post.example",
    "emergency place": "Tanglebrookshire",
    "emergency person": "Octavienne Pumblewick",
    "emergency reach": "004915255501234",
    "what helps": "a lamp of heliotrope glass",
    "signature": "Isolde Vantongeren",
    "reason for a look": "she rang twice from Ostrowgate",
    "outside link": "meet.example.org/velvet-sparrow-77",
    "imported name": "Thessaly Okonjowitz",
    "imported mail": "okonjowitz@list.example",
    "corrected alias": "Brambleshade",
    "adviser": "Marguerite Ortolanski",
    "adviser's sentence": "ask the ferryman of Kettlewick first",
    "access request": "large print on saffron paper",
    "access answer": "we bring it in a tin drum",
    "interpreter": "Hesper Quindlewaith",
    "who sends people": "Dr Malvina Thornquist",
    "what happened": "a phone under the marzipan hat",
    "private note": "you rattled the sardine tins again",
    "after a meeting": "the lady of Quernbridge wept",
    "what stays of a meeting": "lanterns over the weir at dusk",
    "caller's number": "4915255507777",
    "rule that hurts": "standing in a ring like at Gorsemoor",
    "where it is": "Nettlewharf 3 behind the chandler",
    "how to get in": "ring the brass dolphin twice",
    "booked as": "The Parsnip Fanciers",
    "plan for a place": "out by the coal chute to Wimbrellgate",
    "who answers": "Casualty at St Ermentrude",
}
pytestmark = [pytest.mark.django_db(databases=["default", "shred"], transaction=True), pytest.mark.sqlite_only]


def _play() -> dict[str, str]:
    """The whole story; returns the canaries that came into being on the way (keys, secrets)."""
    ada, leader = story.signed_in("ada")
    group_id = story.new_group(leader)
    _ben, cohost = story.second_holder(leader, group_id, "ben")
    meeting_id = story.plan(leader, group_id, online=True, address="https://" + CANARIES["outside link"])
    # Ada also arranges access; the policy says so, so this comes first.
    role, now = RoleName.ACCESS_LEAD, clock.now()
    accounts.grant_role(by=ada.id, person_id=ada.id, place=group_id, role=role, now=now, keyed=True)
    leader.send(f"/groups/{group_id}/agreements/publish/")
    story.keep_promises(leader, group_id)
    leader.send(f"/groups/{group_id}/safety/open/")
    key = story.apply(
        group_id,
        CANARIES["alias"],
        contact={"says": "yes", "channel": "mail", "address": CANARIES["contact address"]},
        signature=CANARIES["signature"],
        area=CANARIES["emergency place"],
        person=CANARIES["emergency person"],
        reach=CANARIES["emergency reach"],
        access=CANARIES["what helps"],
    )
    story.decide(group_id, leader, cohost)
    member_id = next(iter(roster.active_ids(group_id)))
    leader.send(
        f"/groups/{group_id}/people/{member_id}/emergency/",
        reason="danger",
        sentence=CANARIES["reason for a look"],
    )
    assert CANARIES["emergency person"] in leader.see(f"/groups/{group_id}/people/{member_id}/emergency/")
    _import(leader, group_id)
    leader.send(
        f"/groups/{group_id}/safety/adviser/",
        name=CANARIES["adviser"],
        given_on=f"{clock.now():%Y-%m-%d}",
        sentence=CANARIES["adviser's sentence"],
    )
    assert CANARIES["adviser"] in leader.see(f"/groups/{group_id}/safety/adviser/")
    member = story.own_page(key)
    _ask_quietly(leader, member, group_id)
    _call_in(group_id)
    member.send("/me/name/", alias=CANARIES["corrected alias"])
    assert CANARIES["corrected alias"] in member.see("/me/record/")
    assert CANARIES["contact address"] in member.see("/me/record/page.json")
    packed = member.send("/me/move/", 200, parts=["alias", "contact", "emergency", "access"])
    code = re.findall(r"<bdi>([a-z2-7-]{32})</bdi>", packed)[0]
    _write_a_place(leader, group_id)
    _meet(group_id, meeting_id, ada, leader, cohost, member)
    _work()
    return {
        "passphrase": ada.passphrase,
        "app secret": ada.app_secret,
        "recovery kit": ada.kit,
        "member key": key,
        "member key without dashes": key.replace("-", ""),
        "code of a parcel": code,
        "code of a parcel without dashes": code.replace("-", ""),
    }


def _ask_quietly(leader: story.Browser, member: story.Browser, group_id: str) -> None:
    """A request and its answer, an interpreter, a rule that hurts, somebody who sends people."""
    member.send("/me/access/", words=CANARIES["access request"])
    (thread,) = access.threads(group_id)
    assert CANARIES["access request"] in leader.see(f"/groups/{group_id}/access/talks/{thread.id}/")
    leader.send(f"/groups/{group_id}/access/talks/{thread.id}/", words=CANARIES["access answer"])
    assert CANARIES["access answer"] in member.see("/me/access/")
    named = {"do": "list", "kind": "interpreter", "name": CANARIES["interpreter"], "reach": "by bicycle"}
    leader.send(f"/groups/{group_id}/access/helpers/", **named)
    member.send("/me/rules/", 200, kind="norms", words=CANARIES["rule that hurts"])
    leader.send(f"/groups/{group_id}/joining/referrers/", name=CANARIES["who sends people"], reach="by letter")


def _write_a_place(leader: story.Browser, group_id: str) -> None:
    card = {
        "address": CANARIES["where it is"],
        "arrive": CANARIES["how to get in"],
        "booking": CANARIES["booked as"],
    }
    made = leader.send(f"/groups/{group_id}/places/new/", **card)
    shown = leader.see(made)
    assert all(each in shown for each in card.values())
    plan = {"where": made.split("/")[4], "country": "IE", "verified_on": clock.now().date().isoformat()}
    said = {"steps": CANARIES["plan for a place"], "numbers": CANARIES["who answers"] + ", 112"}
    assert CANARIES["who answers"] in leader.see(leader.send(f"/groups/{group_id}/plans/new/", **plan, **said))


def _call_in(group_id: str) -> None:
    """Somebody calls the group's number and types digits; somebody else only says that they are the phone service."""
    row, now = Connection(group_id=group_id, provider="phone", connected_at=clock.now()), clock.now()
    sealing.keep_settings(row, {"account_sid": phone.ACCOUNT, "auth_token": phone.TOKEN}, now=now)
    with guard.outside_action("a connected service"):
        row.save(force_insert=True)
    number = "+" + CANARIES["caller's number"]
    for path, token, status in (("voice", phone.TOKEN, 200), ("pin", phone.TOKEN, 200), ("pin", "x" * 32, 403)):
        url = f"{settings.PUBLIC_URL}/hooks/{row.pk}/{path}"
        body, headers = phone.request(url, sid="CA0123456789", caller=number, token=token, Digits="12345678")
        kind = "application/x-www-form-urlencoded"
        answer = Client().post(urlsplit(url).path, body, content_type=kind, headers=headers)
        assert answer.status_code == status


def _import(leader: story.Browser, group_id: str) -> None:
    rows = f"Name,Email\n{CANARIES['imported name']},{CANARIES['imported mail']}\n"
    file = SimpleUploadedFile("list.csv", rows.encode(), content_type="text/csv")
    leader.send(f"/groups/{group_id}/people/import/", file=file)
    leader.see(f"/groups/{group_id}/people/import/columns/")


def _meet(
    group_id: str,
    meeting_id: str,
    host: Someone,
    leader: story.Browser,
    cohost: story.Browser,
    member: story.Browser,
) -> None:
    cockpit = f"/groups/{group_id}/meetings/{meeting_id}/"
    story.prepare(meeting_id, group_id, host, leader, cohost)
    leader.send(cockpit, do="open")
    door = member.send(f"/me/door/{meeting_id}/")
    member.send(door, do="arrive")
    arrival = meetings.at_the_door(group_id=group_id, meeting_id=meeting_id)[0].id
    leader.send(cockpit, do="admit", arrival=arrival)
    assert CANARIES["outside link"] in member.send_for(door + "in/")
    leader.send(cockpit + "happened/recording/", words=CANARIES["what happened"])
    (draft,) = incidents.drafts(group_id)
    assert CANARIES["what happened"] in leader.see(f"/groups/{group_id}/happened/{draft.id}/")
    member_id = next(iter(roster.active_ids(group_id)))
    leader.send(cockpit + "note/", member_id=member_id, step="talk", words=CANARIES["private note"])
    assert CANARIES["private note"] in member.see("/me/notes/")
    leader.send(cockpit, do="close")
    leader.send(cockpit + "after/", mood="heavy", follow_up="yes", words=CANARIES["after a meeting"])
    assert CANARIES["after a meeting"] in leader.see(cockpit + "after/read/")
    kept = leader.send(
        cockpit + "keep/", do="summary", words=CANARIES["what stays of a meeting"], agreed="on", no_names="on"
    )
    assert CANARIES["what stays of a meeting"] in leader.see(kept)


def _work() -> None:
    now = clock.now()
    announce.deliver_due(announce.installed(), now)
    jobs.run_due(now)


def _held_bytes(logs: str) -> list[tuple[bytes, str]]:
    letters = "".join(f"{letter.subject}{letter.body}{letter.to}{letter.from_email}" for letter in mail.outbox)
    return [(logs.encode(), "log"), (letters.encode(), "mail")]


def _copy_of_the_main_database(folder: Path) -> None:
    """What a backup of the main database holds."""
    with (
        sqlite3.connect(settings.DATABASES["default"]["TEST"]["NAME"]) as source,
        sqlite3.connect(folder / "copy") as target,
    ):
        source.backup(target)


def test_nothing_that_was_entrusted_is_found_anywhere(caplog, tmp_path, monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("reads the database's own files")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    caplog.set_level(logging.DEBUG)

    canaries = CANARIES | _play()
    _copy_of_the_main_database(tmp_path)

    found = sweep.in_files(canaries, [settings.DATA_DIR, tmp_path])
    for held, where in _held_bytes(caplog.text):
        found += sweep.in_bytes(canaries, held, where)
    assert found == []


@pytest.mark.parametrize("name", ["alias", "contact address", "reason for a look"])
def test_the_same_look_finds_a_word_planted_in_clear(name, caplog, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("reads the database's own files")
    word = CANARIES[name]
    with guard.outside_action("planting"):
        Document.objects.create(
            group_id="g",
            kind="norms",
            locale="en",
            version=1,
            body={},
            text=word,
            sha256="0",
            material=False,
            published_at=clock.now(),
            published_by="x",
        )
    logging.getLogger("circlekeeper").warning("planted %s", word)
    (tmp_path / "left-behind.tmp").write_bytes(word.encode("utf-16-le"))
    _copy_of_the_main_database(tmp_path)

    where = {place for _, place in sweep.in_files(CANARIES, [settings.DATA_DIR, tmp_path])}
    where |= {place for held, at in _held_bytes(caplog.text) for _, place in sweep.in_bytes(CANARIES, held, at)}

    assert {"left-behind.tmp", "copy", "log"} <= where
    assert any("test-default.sqlite3" in place for place in where)


@pytest.mark.parametrize("shift", range(3))
def test_a_word_is_recognised_in_every_dress(shift):
    import base64

    word = CANARIES["contact address"]
    dressed = base64.b64encode(b"x" * shift + word.encode() + b"and more")

    assert sweep.in_bytes({"word": word}, dressed, "here") == [("word", "here")]
    assert sweep.in_bytes({"word": word}, word.encode().hex().encode(), "here") == [("word", "here")]
    assert sweep.in_bytes({"word": word}, b"nothing", "here") == []


def test_the_shred_store_is_a_database_of_its_own():
    assert connections["shred"].settings_dict["NAME"] != connections["default"].settings_dict["NAME"]
