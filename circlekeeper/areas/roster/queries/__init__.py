"""Reading the roster. Ids, days and counts freely; anything about a person through a key, and a line in the log first."""

from circlekeeper.areas.roster.queries.drafts import brought_lists, draft_table
from circlekeeper.areas.roster.queries.holds import held_parts
from circlekeeper.areas.roster.queries.members import (
    MemberFacts,
    active_count,
    active_ids,
    by_key,
    counts,
    emergency_missing,
    member,
    members,
    todo,
    unsealed_ids,
    why_no_link,
)
from circlekeeper.areas.roster.queries.names import aliases, aliases_of, skeletons
from circlekeeper.areas.roster.queries.opened import (
    OpenedLine,
    OpeningFacts,
    check_again_on,
    contacts,
    live_opening,
    opened,
    openings_of_group,
    proof_of_opening,
    who_opened,
)
from circlekeeper.areas.roster.queries.own import OwnRecord, own_record
from circlekeeper.areas.roster.queries.parcels import MAY_TRAVEL, inside
from circlekeeper.areas.roster.queries.pieces import SOURCE, day_words, kept_words

__all__ = [
    "MAY_TRAVEL",
    "SOURCE",
    "MemberFacts",
    "OpenedLine",
    "OpeningFacts",
    "OwnRecord",
    "active_count",
    "active_ids",
    "aliases",
    "aliases_of",
    "brought_lists",
    "by_key",
    "check_again_on",
    "contacts",
    "counts",
    "day_words",
    "draft_table",
    "emergency_missing",
    "held_parts",
    "inside",
    "kept_words",
    "live_opening",
    "member",
    "members",
    "opened",
    "openings_of_group",
    "own_record",
    "proof_of_opening",
    "skeletons",
    "todo",
    "unsealed_ids",
    "who_opened",
    "why_no_link",
]
