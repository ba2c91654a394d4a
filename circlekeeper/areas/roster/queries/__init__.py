"""Reading the roster. Ids, days and counts freely; anything about a person through a key, and a line in the log first."""

from circlekeeper.areas.roster.queries.counted import counted
from circlekeeper.areas.roster.queries.drafts import brought_lists, draft_table
from circlekeeper.areas.roster.queries.exports import (
    ExportFacts,
    export_file,
    export_requests,
    may_export,
    stops,
    todo_exports,
)
from circlekeeper.areas.roster.queries.holds import held_parts
from circlekeeper.areas.roster.queries.letterbox import from_letterbox, letterbox
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
    without_key,
)
from circlekeeper.areas.roster.queries.names import aliases, aliases_of, find, skeletons
from circlekeeper.areas.roster.queries.opened import (
    OpenedLine,
    OpeningFacts,
    check_again_on,
    contacts,
    contacts_of,
    live_opening,
    opened,
    openings_of_group,
    proof_of_opening,
    who_opened,
    who_told_needs,
)
from circlekeeper.areas.roster.queries.own import OwnRecord, own_record
from circlekeeper.areas.roster.queries.parcels import MAY_TRAVEL, inside
from circlekeeper.areas.roster.queries.pieces import SOURCE, day_words, kept_words
from circlekeeper.areas.roster.queries.reach import (
    has_standing_answer,
    promise_occasions,
    reach_cards,
    reach_todo,
    stands,
    unreached_ids,
)

__all__ = [
    "counted",
    "ExportFacts",
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
    "contacts_of",
    "counts",
    "day_words",
    "draft_table",
    "emergency_missing",
    "export_file",
    "export_requests",
    "find",
    "from_letterbox",
    "held_parts",
    "inside",
    "kept_words",
    "has_standing_answer",
    "letterbox",
    "live_opening",
    "may_export",
    "member",
    "members",
    "opened",
    "openings_of_group",
    "own_record",
    "promise_occasions",
    "proof_of_opening",
    "reach_cards",
    "reach_todo",
    "skeletons",
    "stands",
    "stops",
    "todo",
    "todo_exports",
    "unreached_ids",
    "unsealed_ids",
    "who_opened",
    "who_told_needs",
    "why_no_link",
    "without_key",
]
