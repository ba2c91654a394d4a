"""One entry of the log as bytes: canonical JSON of opaque ids, a verb and a moment. Never a name, never a word."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

VERSION = 1
SALT_BYTES = 16

_ID = re.compile(r"[a-z0-9:_-]{1,64}")
_VERB = re.compile(r"[a-z0-9:._-]{1,64}")


@dataclass(frozen=True, slots=True)
class Line:
    """One act to be recorded: who, about what, when, which verb; ``detail`` is already sealed."""

    by: str
    about: str
    at: datetime
    verb: str
    detail: bytes | None = None


def check(line: Line) -> None:
    """Refuse anything that could carry a name.

    :raises ValueError: an id or verb has other characters than the log allows, or the time has no zone.
    """
    if not _ID.fullmatch(line.by) or not _ID.fullmatch(line.about):
        raise ValueError("the log takes opaque ids only: 1 to 64 of a-z 0-9 : _ -")
    if not _VERB.fullmatch(line.verb):
        raise ValueError("the log needs a verb: 1 to 64 of a-z 0-9 : . _ -")
    if line.at.tzinfo is None:
        raise ValueError("the log needs a moment with a time zone")


def moment(at: datetime) -> datetime:
    """The moment as the log keeps it: UTC, whole seconds."""
    return at.astimezone(UTC).replace(microsecond=0)


def detail_hash(salt: bytes, sealed: bytes) -> str:
    """What a leaf says about a sealed detail; says nothing once salt and detail are gone."""
    return sha256(salt + sealed).hexdigest()


def leaf(seq: int, line: Line, detail: str = "") -> bytes:
    """The bytes that are hashed and signed: JSON with sorted keys and no spaces (RFC 8785 for these values).

    ``detail`` is the hash of a sealed detail or empty. The checked characters need no escaping, so plain formatting is
    canonical; ``verification`` rebuilds the same bytes in SQL.
    """
    said = f'"{detail}"' if detail else "null"
    stamp = moment(line.at).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'{{"action":"{line.verb}","actor":"{line.by}","detail":{said},"seq":{seq},'
        f'"subject":"{line.about}","ts":"{stamp}","v":{VERSION}}}'
    ).encode()
