"""Letters for tests."""

from datetime import datetime
from typing import Any

from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.post import outbox
from circlekeeper.foundation.post.contact import SafeContact, Says

MARA = "mara.elsewhere@example.net"
REACH = "the-answer-of-mara"


def word(address: str = MARA, **more: Any) -> SafeContact:
    """A yes to mail, fresh for years unless said otherwise."""
    said = {"said_on": "2026-01-01", "check_again_on": "2040-01-01"} | more
    return SafeContact.from_fields({"says": Says.YES, "channel": "mail", "address": address} | said)


def at_times(start: str, end: str, zone: str = "UTC") -> SafeContact:
    """A yes that holds at these times."""
    return word(says=Says.AT_TIMES, start=start, end=end, zone=zone)


@action("post.test.queue")
def queue(
    *,
    by: str,
    now: datetime,
    address: str = MARA,
    contact: SafeContact | None = None,
    reach_id: str = REACH,
    **more: Any,
) -> str:
    """Queue a letter as a room would: inside an action with a line of its own."""
    letter_id = outbox.queue(reach_id=reach_id, contact=contact or word(address), now=now, **more)
    ledger.record(by=by, about=letter_id or "nothing", at=now)
    return letter_id


@action("post.test.call-back")
def call_back(*, by: str, now: datetime, once: str) -> bool:
    """Call a letter back as a room would."""
    done = outbox.call_back(once=once)
    ledger.record(by=by, about="letter", at=now)
    return done
