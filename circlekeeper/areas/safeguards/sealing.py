"""Where the sealed parts of this room belong."""

from circlekeeper.foundation.vault.envelope import Place


def stamp_place(stamp_id: str, group_id: str) -> Place:
    """Where an adviser's name and sentence belong."""
    return Place("safeguards_adviserstamp", stamp_id, "words", group_id)
