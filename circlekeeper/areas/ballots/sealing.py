"""A question with its answers as one sealed blob: whoever has a copy of the database learns nothing from it."""

import json
from dataclasses import dataclass, field
from datetime import datetime

from circlekeeper.areas.ballots.models import Ballot
from circlekeeper.areas.ballots.rules import Round
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.vault import envelope, kdf, shredstore

_PURPOSE = "ballot"


@dataclass(frozen=True, slots=True)
class Content:
    """What is asked (``words``: what a screen would show; ``who``: who would show it), and how it stands."""

    round: Round
    words: str = field(default="", repr=False)
    who: str = field(default="", repr=False)


def seal(content: Content, *, ballot_id: str, group_id: str, secret: bytes) -> bytes:
    """The blob for a row."""
    now = content.round
    fields = {
        "began_at": now.began_at.isoformat(),
        "asked": sorted(now.asked),
        "answered": sorted(now.answered),
        "yes": sorted(now.yes),
        "refused": now.refused,
        "allowed": now.allowed,
        "over": now.over,
        "ended": now.ended,
        "words": content.words,
        "who": content.who,
    }
    return envelope.seal(kdf.derive(secret, _PURPOSE), json.dumps(fields).encode(), _place(ballot_id, group_id))


def unseal(ballot: Ballot) -> Content:
    """What a row holds.

    :raises NotHere: its secret was destroyed.
    """
    try:
        key = kdf.derive(shredstore.secret(ballot.secret_id), _PURPOSE)
    except shredstore.Shredded:
        raise NotHere from None
    found = json.loads(envelope.unseal(key, ballot.sealed, _place(ballot.pk, ballot.group_id)))
    return Content(
        Round(
            datetime.fromisoformat(found["began_at"]),
            frozenset(found["asked"]),
            frozenset(found["answered"]),
            frozenset(found["yes"]),
            found["refused"],
            found["allowed"],
            found["over"],
            found["ended"],
        ),
        found["words"],
        found["who"],
    )


def reseal(ballot: Ballot, content: Content) -> bytes:
    """The blob for a row whose content changed, under the same secret."""
    secret = shredstore.secret(ballot.secret_id)
    return seal(content, ballot_id=ballot.pk, group_id=ballot.group_id, secret=secret)


def _place(ballot_id: str, group_id: str) -> envelope.Place:
    return envelope.Place("ballots_ballot", ballot_id, "sealed", group_id)
