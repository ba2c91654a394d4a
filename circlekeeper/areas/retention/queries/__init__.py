"""Reading what is due, what is held and what was destroyed."""

from circlekeeper.areas.retention.queries.counted import counted
from circlekeeper.areas.retention.queries.falling import (
    belonging,
    due,
    due_at,
    live_holds,
    of_owners,
    of_secrets,
    outlived,
    secrets_of,
)
from circlekeeper.areas.retention.queries.papers import (
    Ahead,
    CertificateFacts,
    HoldFacts,
    ahead,
    certificate,
    certificate_line,
    certificates,
    dates,
    holds,
)
from circlekeeper.areas.retention.queries.standing import (
    LATE,
    Status,
    is_late,
    last_finished,
    status,
    todo,
)
from circlekeeper.areas.retention.queries.walk import dated_models, links, owner_link

__all__ = [
    "counted",
    "LATE",
    "Ahead",
    "CertificateFacts",
    "HoldFacts",
    "Status",
    "ahead",
    "belonging",
    "certificate",
    "certificate_line",
    "certificates",
    "dated_models",
    "dates",
    "due",
    "due_at",
    "holds",
    "is_late",
    "last_finished",
    "links",
    "live_holds",
    "of_owners",
    "of_secrets",
    "outlived",
    "owner_link",
    "secrets_of",
    "status",
    "todo",
]
