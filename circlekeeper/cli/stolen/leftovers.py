"""What lies around in files: keys that were left, old wraps in pages and logs, sealed columns that are not sealed, words."""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from circlekeeper.cli.stolen.columns import KINDS, RECORDS, Kind, Record, opened_record
from circlekeeper.cli.stolen.hand import Hand
from circlekeeper.cli.stolen.loot import Loot, Row
from circlekeeper.foundation.vault import envelope, grants, kdf, records
from circlekeeper.foundation.vault.records import ScopeKey
from circlekeeper.foundation.vault.scopes import Scope
from circlekeeper.foundation.vault.userkeys import UserSecret

_HEX = re.compile(rb"[0-9a-fA-F]{64,}")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{43,}={0,2}")
_SMALL = 4096  # a raw key is looked for at each byte of files up to this size
_WINDOWS = 2000  # of one long run of letters
_BOXED_BYTES, _SETTLED_BYTES = 170, 114  # a wrap: kind, key id, and what envelope and sealed box add to 32 bytes
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TELLING = re.compile(r"[@ ]|\d{6}")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that could be read and should not be. ``detail`` names files and columns, never what was read."""

    id: str
    detail: str


def not_sealed(haul: Loot) -> list[Finding]:
    """Columns of sealed records, and of members' own copies, that hold something else than sealed bytes."""
    found = []
    for name, kind in KINDS.items():
        if kind not in (Kind.RECORD, Kind.MEMBER):
            continue
        table, _dot, column = name.partition(".")
        open_rows = sum(_is_open(row[column], column) for row in haul.main.rows(table) if row[column])
        if open_rows:
            found.append(Finding("in-clear", f"{name}: {open_rows} not sealed"))
    return found


def _is_open(said: bytes | str, column: str) -> bool:
    held = said.encode() if isinstance(said, str) else bytes(said)
    if column in ("wrap", "reason_wrap", "told_wrap"):
        return len(held) not in (_BOXED_BYTES, _SETTLED_BYTES) or held[:1] not in (b"\x01", b"\x02")
    return not envelope.looks_sealed(held)


def keys_in_files(files: Iterable[Path], haul: Loot) -> list[Finding]:
    """Keys of people or groups that lie in a file, raw, in hexadecimal or in base64."""
    locks = _Locks.of(haul)
    found = []
    for file in files:
        for what in sorted({fits for each in _candidates(file.read_bytes()) if (fits := locks.opened_by(each))}):
            found.append(Finding("key-in-file", f"{file.name}: {what}"))
    return found


@dataclass(frozen=True, slots=True)
class _Locks:
    """What a key would have to fit: public keys of groups and people, and people's wrapped pairs."""

    groups: frozenset[str]
    people: frozenset[bytes]
    wrapped: frozenset[bytes]

    @classmethod
    def of(cls, haul: Loot) -> "_Locks":
        import json

        publics = [row["publics"] for row in haul.main.rows("vault_groupkey")]
        people = haul.main.rows("vault_personkey")
        return cls(
            frozenset(
                public
                for each in publics
                for public in (json.loads(each) if isinstance(each, str) else each).values()
            ),
            frozenset(bytes(row["public"]) for row in people),
            frozenset(
                envelope.sealed_under(row[name])
                for row in people
                for name in ("wrapped_by_password", "wrapped_by_kit")
            ),
        )

    def opened_by(self, key: bytes) -> str:
        """What this key is, if it fits anything."""
        if grants.public_of(key) in self.groups:
            return "a group's key of one part"
        if grants.public_of(grants.scope_secret(key, Scope.ROSTER)) in self.groups:
            return "a whole group's key"
        if bytes(UserSecret("-", key).private.public_key) in self.people:
            return "a person's key pair"
        if envelope.key_id(key) in self.wrapped:
            return "the key to a person's key pair"
        return ""


def _candidates(held: bytes) -> Iterator[bytes]:
    """Everything in these bytes that may be a key of 32 bytes, each once."""
    seen: set[bytes] = set()
    for each in _all_candidates(held):
        # Text and padding are no keys; a random key of 32 bytes has more different ones.
        if len(each) == kdf.KEY_BYTES and len(set(each)) > 16 and each not in seen:
            seen.add(each)
            yield each


def _all_candidates(held: bytes) -> Iterator[bytes]:
    for run in _HEX.findall(held):
        for at in range(0, min(len(run) - 63, _WINDOWS), 2):
            yield bytes.fromhex(run[at : at + 64].decode())
    for run in _BASE64.findall(held):
        letters = run.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
        if len(letters) == 43:
            yield base64.b64decode(letters + b"=")
    if len(held) <= _SMALL:
        for at in range(len(held) - kdf.KEY_BYTES + 1):
            yield held[at : at + kdf.KEY_BYTES]


def old_wraps(
    files: Iterable[Path], hauls: Iterable[Loot], *, hand: Hand, secrets: Mapping[str, bytes]
) -> list[Finding]:
    """Wraps under keys this person still knows that lie in pages or write-ahead logs and really open."""
    marks = _marks(hand, secrets)
    if not marks:
        return []
    any_mark = re.compile(b"|".join(re.escape(mark) for mark in marks))
    rows = [(record, row) for haul in hauls for record in RECORDS for row in haul.main.rows(record.table)]
    found = []
    for file in files:
        held = file.read_bytes()
        opens = sum(
            _opens(held, hit.start(), marks[hit.group()], rows, secrets) for hit in any_mark.finditer(held)
        )
        if opens:
            found.append(Finding("old-wrap", f"{file.name}: {opens} under keys from before"))
    return found


def _marks(hand: Hand, secrets: Mapping[str, bytes]) -> dict[bytes, list[ScopeKey]]:
    marks: dict[bytes, list[ScopeKey]] = {}
    for (group_id, _scope), keys in hand.keys.items():
        if group_id in hand.live:
            continue
        for key in keys:
            for secret in secrets.values():
                for mark in records.marks(key, secret):
                    if key not in (known := marks.setdefault(mark, [])):
                        known.append(key)
    return marks


def _opens(
    held: bytes,
    at: int,
    keys: list[ScopeKey],
    rows: list[tuple[Record, Row]],
    secrets: Mapping[str, bytes],
) -> bool:
    size = _BOXED_BYTES if held[at : at + 1] == b"\x01" else _SETTLED_BYTES
    wrap = held[at : at + size]
    for record, row in rows:
        secret = secrets.get(row.get("secret_id", ""))
        mine = [key for key in keys if key.group_id == row["group_id"] and key.scope == str(record.scope(row))]
        if secret and mine and opened_record(row[record.blob], wrap, mine, secret, record.place(row)) is not None:
            return True
    return False


def words_in_files(files: Iterable[Path], contents: Iterable[Mapping[str, object]]) -> list[Finding]:
    """Words of records that could be opened elsewhere, found in clear in a file."""
    words = {word for each in contents for word in _words(each)}
    found = []
    for file in files:
        held = file.read_bytes()
        hits = sum(word.encode() in held or word.encode("utf-16-le") in held for word in words)
        if hits:
            found.append(Finding("words-in-clear", f"{file.name}: {hits} from members' records"))
    return found


def _words(content: object) -> Iterator[str]:
    if isinstance(content, Mapping):
        for value in content.values():
            yield from _words(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from _words(value)
    elif isinstance(content, str) and len(content) >= 8 and _TELLING.search(content) and not _DATE.match(content):
        yield content
