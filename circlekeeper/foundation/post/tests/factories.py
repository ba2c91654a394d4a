"""Letters for tests."""

from datetime import datetime
from typing import Any

from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.post import outbox

MARA = "mara.elsewhere@example.net"


@action("post.test.queue")
def queue(*, by: str, now: datetime, address: str = MARA, **more: Any) -> str:
    """Queue a letter as a room would: inside an action with a line of its own."""
    letter_id = outbox.queue(address=address, now=now, **more)
    ledger.record(by=by, about=letter_id, at=now)
    return letter_id


@action("post.test.call-back")
def call_back(*, by: str, now: datetime, once: str) -> bool:
    """Call a letter back as a room would."""
    done = outbox.call_back(once=once)
    ledger.record(by=by, about="letter", at=now)
    return done
