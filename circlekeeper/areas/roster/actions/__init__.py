"""Writing the roster. A secret is always made before the action that needs it; one without a row is reaped."""

from circlekeeper.areas.roster.actions.agreeing import agree
from circlekeeper.areas.roster.actions.dates import mark_attended, set_due
from circlekeeper.areas.roster.actions.enrolling import Prepared, admit, confirm_invited, decline, enrol, prepare
from circlekeeper.areas.roster.actions.exports import (
    agree_export,
    ask_export,
    begin_taking,
    drop_export,
    note_paging,
    say_export_gone,
)
from circlekeeper.areas.roster.actions.first_keys import AT_ONCE, give_first_keys
from circlekeeper.areas.roster.actions.forgetting import PROMISES, Forgotten, forget_now
from circlekeeper.areas.roster.actions.keys import give_new_key
from circlekeeper.areas.roster.actions.leaving import leave, pause, resume
from circlekeeper.areas.roster.actions.lists import bring_list, drop_draft, keep_draft, say_file_gone
from circlekeeper.areas.roster.actions.openings import agree_silence, ask_silence, mark_seen, open_record
from circlekeeper.areas.roster.actions.own import (
    dated_contact,
    edit_own,
    save_emergency,
    save_safe_contact,
    save_way,
)
from circlekeeper.areas.roster.actions.parcels import LASTS, open_once, pack
from circlekeeper.areas.roster.actions.taking_back import end_purpose, forget_part
from circlekeeper.areas.roster.actions.telling import (
    Told,
    arrive,
    end_reach,
    keep_nothing_if_raised,
    make_ready,
    remind,
    tell,
)

__all__ = [
    "AT_ONCE",
    "LASTS",
    "PROMISES",
    "Forgotten",
    "Prepared",
    "Told",
    "admit",
    "agree",
    "agree_export",
    "agree_silence",
    "ask_export",
    "ask_silence",
    "begin_taking",
    "bring_list",
    "confirm_invited",
    "dated_contact",
    "decline",
    "drop_draft",
    "drop_export",
    "edit_own",
    "end_purpose",
    "arrive",
    "end_reach",
    "enrol",
    "forget_now",
    "give_first_keys",
    "forget_part",
    "give_new_key",
    "keep_draft",
    "keep_nothing_if_raised",
    "leave",
    "make_ready",
    "mark_attended",
    "mark_seen",
    "note_paging",
    "open_once",
    "open_record",
    "pack",
    "pause",
    "prepare",
    "remind",
    "resume",
    "save_emergency",
    "save_safe_contact",
    "say_export_gone",
    "save_way",
    "say_file_gone",
    "set_due",
    "tell",
]
