"""Every column that holds bytes, what it is, and how somebody who has read our source would try to open it."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from circlekeeper.cli.stolen.hand import Hand, ScopeKeys
from circlekeeper.cli.stolen.loot import Loot, Row, opened
from circlekeeper.foundation.vault import envelope, kdf, records
from circlekeeper.foundation.vault.envelope import Place
from circlekeeper.foundation.vault.records import ScopeKey
from circlekeeper.foundation.vault.scopes import Scope


class Kind(StrEnum):
    """What a column of bytes is."""

    RECORD = "record"  # sealed for a group's key holders: what this drill is about
    MEMBER = "member"  # opens with a member key only
    MACHINE = "machine"  # the running machine itself must open it; the documents say so
    KEY = "key"  # a wrapped key; tried on the way
    MARK = "mark"  # a hash, a signature or a public key; there is nothing in it to open


@dataclass(frozen=True, slots=True)
class Record:
    """How one sealed record of a group lies in its table."""

    title: str
    table: str
    blob: str
    wrap: str
    scope: Callable[[Row], str]
    place: Callable[[Row], Place]
    member: Callable[[Row], str] = lambda row: row.get("member_id", "")
    own_secret: bool = True  # False: it needs the secret of the member it is about


RECORDS = (
    Record(
        "parts of members' records",
        "roster_compartment",
        "blob",
        "wrap",
        scope=lambda row: row["scope"],
        place=lambda row: Place("roster_compartment", row["member_id"], row["name"], row["group_id"]),
    ),
    Record(
        "reasons for looks",
        "roster_opening",
        "reason_blob",
        "reason_wrap",
        scope=lambda row: Scope.ROSTER,
        place=lambda row: Place("roster_opening", row["id"], "reason", row["group_id"]),
        own_secret=False,
    ),
    Record(
        "names under promises",
        "agreements_pledge",
        "blob",
        "wrap",
        scope=lambda row: Scope.ROSTER,
        place=lambda row: Place("agreements_pledge", row["id"], "name", row["group_id"]),
    ),
    Record(
        "talks about access",
        "access_thread",
        "blob",
        "wrap",
        scope=lambda row: Scope.ACCESS,
        place=lambda row: Place("access_thread", row["id"], "blob", row["group_id"]),
    ),
    Record(
        "interpreters and captioners",
        "access_helper",
        "blob",
        "wrap",
        scope=lambda row: Scope.ACCESS,
        place=lambda row: Place("access_helper", row["id"], "blob", row["group_id"]),
    ),
    Record(
        "rules that hurt",
        "access_rulereview",
        "blob",
        "wrap",
        scope=lambda row: Scope.ROSTER,
        place=lambda row: Place("access_rulereview", row["id"], "blob", row["group_id"]),
    ),
    Record(
        "notes of what happened",
        "incidents_happening",
        "blob",
        "wrap",
        scope=lambda row: Scope.ROSTER,
        place=lambda row: Place("incidents_happening", row["id"], "blob", row["group_id"]),
    ),
    Record(
        "what hosts said after meetings",
        "meetings_debrief",
        "blob",
        "wrap",
        scope=lambda row: Scope.ROSTER,
        place=lambda row: Place("meetings_debrief", row["id"], "blob", row["group_id"]),
    ),
    Record(
        "why a group meets as it does",
        "meetings_choice",
        "blob",
        "wrap",
        scope=lambda row: Scope.ROSTER,
        place=lambda row: Place("meetings_choice", row["id"], "blob", row["group_id"]),
    ),
    Record(
        "private notes to members",
        "meetings_normnote",
        "blob",
        "wrap",
        scope=lambda row: Scope.ROSTER,
        place=lambda row: Place("meetings_normnote", row["id"], "blob", row["group_id"]),
    ),
    Record(
        "cards of preferences",
        "access_card",
        "blob",
        "wrap",
        scope=lambda row: Scope.DOOR,
        place=lambda row: Place("access_card", row["id"], "blob", row["group_id"]),
    ),
    Record(
        "who sends people",
        "joining_referrer",
        "blob",
        "wrap",
        scope=lambda row: Scope.ROSTER,
        place=lambda row: Place("joining_referrer", row["id"], "blob", row["group_id"]),
    ),
    Record(
        "notes before a decision",
        "joining_workingnote",
        "blob",
        "wrap",
        scope=lambda row: Scope.ROSTER,
        place=lambda row: Place("joining_workingnote", row["id"], "blob", row["group_id"]),
    ),
    Record(
        "cards of places",
        "venues_venue",
        "blob",
        "wrap",
        scope=lambda row: Scope.DOOR,
        place=lambda row: Place("venues_venue", row["id"], "blob", row["group_id"]),
    ),
    Record(
        "test records of handovers",
        "leaders_handover",
        "test_blob",
        "test_wrap",
        scope=lambda row: Scope.ROSTER,
        place=lambda row: Place("leaders_handover", row["id"], "test", row["group_id"]),
    ),
    Record(
        "what advisers said",
        "safeguards_adviserstamp",
        "blob",
        "wrap",
        scope=lambda row: Scope.ROSTER,
        place=lambda row: Place("safeguards_adviserstamp", row["id"], "words", row["group_id"]),
    ),
)
DRAFTS = "lists being brought along"
ADDRESSES, ARRIVALS, LETTERS = "outside meeting addresses", "attendance ids", "addresses of waiting letters"
REMINDERS = "answers that stand ready for reminders"
BALLOTS, SUMMARIES = "answers to a question of a running meeting", "summaries without names"
PLACES, PLANS = "where groups meet", "emergency plans"

# table.column -> what it is. A test holds this against the models, so that a new column is tried too.
KINDS: Mapping[str, Kind] = {
    **{f"{each.table}.{name}": Kind.RECORD for each in RECORDS for name in (each.blob, each.wrap)},
    "roster_listdraft.sealed": Kind.RECORD,
    # Sealed under the secret of the promise they are about, and the promise is tried.
    "agreements_copyopening.blob": Kind.RECORD,
    "agreements_copyopening.wrap": Kind.RECORD,
    "access_line.blob": Kind.RECORD,  # sealed under what its talk holds, and the talk is tried
    "roster_compartment.holder_wrap": Kind.MEMBER,
    "roster_opening.told_blob": Kind.MEMBER,
    "roster_opening.told_wrap": Kind.MEMBER,
    "agreements_pledge.holder_wrap": Kind.MEMBER,
    "meetings_normnote.told_blob": Kind.MEMBER,
    "meetings_normnote.told_wrap": Kind.MEMBER,
    "roster_parcel.sealed": Kind.MEMBER,
    "access_thread.holder_wrap": Kind.MEMBER,
    "access_card.holder_wrap": Kind.MEMBER,
    "meetings_connection.sealed": Kind.MACHINE,
    "meetings_setup.sealed": Kind.MACHINE,
    "meetings_series.sealed_address": Kind.MACHINE,
    "meetings_secondplace.sealed_address": Kind.MACHINE,
    "meetings_attendance.sealed": Kind.MACHINE,
    "ballots_ballot.sealed": Kind.MACHINE,
    "venues_venue.told": Kind.MACHINE,
    "venues_plan.sealed": Kind.MACHINE,
    "venues_cameraask.sealed": Kind.MACHINE,
    "ballots_keepsake.members_wrap": Kind.MACHINE,
    "ballots_viewer.wrap": Kind.KEY,
    "ballots_piece.sealed": Kind.RECORD,  # under a key that its viewers hold, and the summary's also the machine
    "post_letter.sealed_recipient": Kind.MACHINE,
    "roster_reach.sealed": Kind.MACHINE,
    "ledger_detail.sealed": Kind.MACHINE,
    "accounts_opensession.sealed": Kind.KEY,
    "vault_keysession.sealed": Kind.KEY,
    "vault_personkey.wrapped_by_password": Kind.KEY,
    "vault_personkey.wrapped_by_kit": Kind.KEY,
    "vault_grant.sealed": Kind.KEY,
    "vault_shred_secret.sealed": Kind.KEY,
    "vault_personkey.public": Kind.MARK,
    "vault_personkey.sign_public": Kind.MARK,
    "vault_grant.granter_keys": Kind.MARK,
    "vault_grant.signature": Kind.MARK,
    "roster_member.key_lookup": Kind.MARK,
    "roster_member.letterbox": Kind.MARK,
    "roster_parcel.lookup": Kind.MARK,
    "meetings_feed.token_hash": Kind.MARK,
    "meetings_personallink.token_hash": Kind.MARK,
    "meetings_personallink.device_hash": Kind.MARK,
    "meetings_arrival.device_hash": Kind.MARK,
    "meetings_pin.pin_hash": Kind.MARK,
    "meetings_pin.call_mark": Kind.MARK,
    "joining_application.form_hash": Kind.MARK,
    "joining_application.code_hash": Kind.MARK,
    "joining_referral.code_hash": Kind.MARK,
    "accounts_invitation.token_hash": Kind.MARK,
    "leaders_recovery.code_hash": Kind.MARK,
    "agreements_pledge.code_mark": Kind.MARK,
    "agreements_copyprint.file_mark": Kind.MARK,
    "ledger_entry.leaf": Kind.MARK,
    "ledger_entry.leaf_hash": Kind.MARK,
    "ledger_detail.salt": Kind.MARK,
    "ledger_checkpoint.root": Kind.MARK,
    "ledger_checkpoint.edge": Kind.MARK,
}


@dataclass(frozen=True, slots=True)
class Try:
    """One sealed thing, tried: what came out, or None."""

    title: str
    group_id: str
    secret_id: str
    member_id: str
    content: Mapping[str, Any] | None


def tried(haul: Loot, *, hand: Hand, secrets: Mapping[str, bytes]) -> Iterator[Try]:
    """Every sealed record of a haul, tried with every key in the hand and every secret."""
    members = {row["id"]: row["secret_id"] for row in haul.main.rows("roster_member")}
    for record in RECORDS:
        for row in haul.main.rows(record.table):
            if not row[record.blob]:
                continue
            secret_id = row["secret_id"] if record.own_secret else members.get(row["member_id"], "")
            keys = hand.keys.get((row["group_id"], str(record.scope(row))), [])
            content = opened_record(
                row[record.blob], row[record.wrap], keys, secrets.get(secret_id), record.place(row)
            )
            yield Try(record.title, row["group_id"], secret_id, record.member(row), content)
    for row in haul.main.rows("roster_listdraft"):
        yield Try(DRAFTS, row["group_id"], "", "", _draft(row, hand))


def opened_record(
    blob: bytes, wrap: bytes, keys: list[ScopeKey], secret: bytes | None, place: Place
) -> dict[str, Any] | None:
    """What a record holds; None if none of the keys opens it."""
    if secret is None:
        return None
    for key in keys:
        try:
            return records.open_for_group(bytes(blob), bytes(wrap), key=key, secret=secret, place=place)
        except (envelope.SealBroken, ValueError):
            continue
    return None


def with_old_wraps(old: Loot, new: Loot, *, keys: ScopeKeys, secrets: Mapping[str, bytes]) -> Iterator[Try]:
    """Today's records tried with the wraps of an old backup."""
    for record in RECORDS:
        before = {row["id"]: row for row in old.main.rows(record.table)}
        members = {row["id"]: row["secret_id"] for row in new.main.rows("roster_member")}
        for row in new.main.rows(record.table):
            secret_id = row["secret_id"] if record.own_secret else members.get(row["member_id"], "")
            content = None
            if row["id"] in before and row[record.blob]:
                mine = keys.get((row["group_id"], str(record.scope(row))), [])
                wrap = before[row["id"]][record.wrap]
                content = opened_record(row[record.blob], wrap, mine, secrets.get(secret_id), record.place(row))
            if row[record.blob]:
                yield Try(record.title, row["group_id"], secret_id, record.member(row), content)


def _addresses(haul: Loot, secrets: Mapping[str, bytes], table: str) -> int:
    opens = 0
    for row in haul.main.rows(table):
        secret = secrets.get(row["address_secret_id"])
        if secret and row["sealed_address"]:
            place = Place(table, row["id"], "sealed_address", row["group_id"])
            opens += opened(kdf.derive(secret, "outside-address"), row["sealed_address"], place) is not None
    return opens


def machine_reads(haul: Loot, secrets: Mapping[str, bytes]) -> dict[str, int]:
    """What the running machine can open by itself, and so a thief of the whole machine; counted by title."""
    found = dict.fromkeys((ADDRESSES, ARRIVALS, LETTERS, REMINDERS, BALLOTS, SUMMARIES, PLACES, PLANS), 0)
    found[ADDRESSES] = sum(
        _addresses(haul, secrets, table) for table in ("meetings_series", "meetings_secondplace")
    )
    for row in haul.main.rows("meetings_attendance"):
        secret = secrets.get(row["secret_id"])
        if secret:
            place = Place("meetings_attendance", row["id"], "sealed", row["group_id"])
            found[ARRIVALS] += opened(kdf.derive(secret, "bucket"), row["sealed"], place) is not None
    for title, table, column, purpose in (
        (BALLOTS, "ballots_ballot", "sealed", "ballot"),
        (SUMMARIES, "ballots_keepsake", "members_wrap", "keepsake-members"),
        (PLACES, "venues_venue", "told", "venue-told"),
        (PLANS, "venues_plan", "sealed", "venue-plan"),
        (BALLOTS, "venues_cameraask", "sealed", "venue-camera"),
    ):
        for row in haul.main.rows(table):
            secret = secrets.get(row["secret_id"])
            if secret and row[column]:
                place = Place(table, row["id"], column, row["group_id"])
                found[title] += opened(kdf.derive(secret, purpose), row[column], place) is not None
    for row in haul.main.rows("post_letter"):
        found[LETTERS] += _letter(row["sealed_recipient"], haul.keys.get("worker.key"))
    for row in haul.main.rows("roster_reach"):
        found[REMINDERS] += _letter(row["sealed"], haul.keys.get("worker.key"))
    return found


def _letter(sealed: bytes | None, key: bytes | None) -> bool:
    if not sealed or not key:
        return False
    try:
        SealedBox(PrivateKey(key)).decrypt(bytes(sealed))
    except (CryptoError, ValueError, TypeError):
        return False
    return True


def _draft(row: Row, hand: Hand) -> dict[str, Any] | None:
    if hand.secret is None:
        return None
    key = kdf.derive(hand.secret.value, "roster-list-draft", row["id"].encode())
    plain = opened(key, row["sealed"], Place("roster_listdraft", row["id"], "sealed", row["group_id"]))
    return None if plain is None else dict(json.loads(plain))
