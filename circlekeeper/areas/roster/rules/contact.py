"""Whether and how a member may be reached; the rule itself stands with the post, which asks it before each letter."""

from circlekeeper.foundation.post.contact import (
    CHANNELS,
    CHECK_AGAIN_AFTER,
    NOT_ASKED,
    Answer,
    SafeContact,
    Says,
    Verdict,
    Way,
    Why,
    contact_fault,
    may_leave_message,
    may_send,
)

__all__ = [
    "CHANNELS",
    "CHECK_AGAIN_AFTER",
    "NOT_ASKED",
    "Answer",
    "SafeContact",
    "Says",
    "Verdict",
    "Way",
    "Why",
    "contact_fault",
    "may_leave_message",
    "may_send",
]
