"""Deleting what may be deleted of the log: the sealed details. The entries stay, and stay valid."""

from circlekeeper.foundation.ledger.models import Detail


def forget_details(*, about: str) -> int:
    """Delete the sealed details of every entry about this record, inside the caller's action; returns how many."""
    count, _per_model = Detail.objects.filter(entry__subject=about).delete()
    return count
