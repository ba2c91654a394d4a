"""Where the sealed words of a draft belong."""

from circlekeeper.foundation.vault.envelope import Place


def draft_place(draft_id: str, group_id: str) -> Place:
    """The place of a draft's words."""
    return Place("incidents_happening", draft_id, "blob", group_id)
