"""Reading the log: who did what about a record, and how long the log is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from circlekeeper.foundation.ledger import stored
from circlekeeper.foundation.ledger.models import Detail, Entry


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One entry: its number, when, who (opaque id), the verb, and about what (opaque id)."""

    number: int
    at: datetime
    by: str
    verb: str
    about: str


def entries_about(
    about: str, *, verbs: Collection[str] | None = None, limit: int = 500, before: int | None = None
) -> list[LedgerLine]:
    """What was done about one record, newest first; for a member's "who opened my record".

    ``verbs`` keeps only these; ``before`` goes on from the number of the last line already shown.
    """
    rows = Entry.objects.filter(subject=about)
    if verbs is not None:
        rows = rows.filter(action__in=list(verbs))
    if before is not None:
        rows = rows.filter(seq__lt=before)
    found = rows.order_by("-seq").values_list("seq", "at", "actor", "action", "subject")[:limit]
    return [LedgerLine(*row) for row in found]


def newest_of(verb: str, *, about: Collection[str], since: datetime) -> dict[str, datetime]:
    """When one kind of act was last done about each of these records after a moment; records without it are absent."""
    rows = Entry.objects.filter(subject__in=list(about), action=verb, at__gt=since).order_by("seq")
    return dict(rows.values_list("subject", "at"))


def size() -> int:
    """How many entries the log has."""
    return stored.size()


def newest_at() -> datetime | None:
    """When the newest entry was written, by the clock of the machine that wrote it; None for an empty log."""
    return Entry.objects.order_by("-seq").values_list("at", flat=True).first()


def newest_checkpoint_note() -> str | None:
    """The newest signed checkpoint as text, for recovery kits, mails to leaders and auditors; no personal data."""
    newest = stored.newest_checkpoint()
    return None if newest is None else newest.note


def checkpoint_size() -> int:
    """How many entries the newest checkpoint covers; 0 if there is none."""
    newest = stored.newest_checkpoint()
    return 0 if newest is None else newest.size


def sealed_detail(number: int) -> bytes | None:
    """The sealed detail beside an entry, or None if it never had one or it was forgotten."""
    found = Detail.objects.filter(entry_id=number).values_list("sealed", flat=True).first()
    return None if found is None else bytes(found)
