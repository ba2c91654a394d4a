"""A member's own key: 128 random bits, so it needs no slow derivation, and no account."""

from dataclasses import dataclass, field

from circlekeeper.foundation.vault import kdf, words
from circlekeeper.foundation.vault.serversecrets import server_secret
from circlekeeper.foundation.vault.words import NotWords as NotAMemberKey

__all__ = ["MemberKey", "NotAMemberKey", "lookup", "new_member_key", "parse_member_key"]


@dataclass(frozen=True, slots=True)
class MemberKey:
    """A fresh key in its three forms. Shown once; the server keeps only ``lookup(raw)``."""

    raw: bytes = field(repr=False)
    words: str = field(repr=False)
    letters: str = field(repr=False)


def new_member_key() -> MemberKey:
    """Make a key."""
    raw = words.fresh()
    return MemberKey(raw, words.as_words(raw), words.as_letters(raw))


def parse_member_key(text: str) -> bytes:
    """Read what a member typed.

    :raises NotAMemberKey: it is not a key in either form.
    """
    return words.parse(text)


def lookup(raw: bytes) -> bytes:
    """What the database is searched by: keyed BLAKE2b with the server's pepper."""
    return kdf.derive(server_secret("pepper"), "member-lookup", raw)
