"""Reading the roster. Ids, days and counts freely; anything about a person through a key, and a line in the log first."""

from circlekeeper.areas.roster.queries.drafts import brought_lists, draft_table
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
    contacts,
    live_opening,
    opened,
    openings_of_group,
    proof_of_opening,
    who_opened,
    who_told_needs,
)
from circlekeeper.areas.roster.queries.own import OwnRecord, own_record

__all__ = [
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
    "contacts",
    "counts",
    "draft_table",
    "emergency_missing",
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
    "who_told_needs",
    "why_no_link",
]
