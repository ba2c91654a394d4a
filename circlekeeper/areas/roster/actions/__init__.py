"""Writing the roster. A secret is always made before the action that needs it; one without a row is reaped."""

from circlekeeper.areas.roster.actions.agreeing import agree
from circlekeeper.areas.roster.actions.dates import mark_attended, set_due
from circlekeeper.areas.roster.actions.enrolling import Prepared, admit, confirm_invited, decline, enrol, prepare
from circlekeeper.areas.roster.actions.forgetting import PROMISES, Forgotten, forget_now
from circlekeeper.areas.roster.actions.keys import give_new_key
from circlekeeper.areas.roster.actions.leaving import leave, pause, resume
from circlekeeper.areas.roster.actions.lists import bring_list, drop_draft, keep_draft, say_file_gone
from circlekeeper.areas.roster.actions.openings import agree_silence, ask_silence, mark_seen, open_record
from circlekeeper.areas.roster.actions.own import dated_contact, edit_own, save_emergency, save_safe_contact
from circlekeeper.areas.roster.actions.parcels import LASTS, open_once, pack
from circlekeeper.areas.roster.actions.taking_back import end_purpose, forget_part

__all__ = [
    "LASTS",
    "PROMISES",
    "Forgotten",
    "Prepared",
    "admit",
    "agree",
    "agree_silence",
    "ask_silence",
    "bring_list",
    "confirm_invited",
    "dated_contact",
    "decline",
    "drop_draft",
    "edit_own",
    "end_purpose",
    "enrol",
    "forget_now",
    "forget_part",
    "give_new_key",
    "keep_draft",
    "leave",
    "mark_attended",
    "mark_seen",
    "open_once",
    "open_record",
    "pack",
    "pause",
    "prepare",
    "resume",
    "save_emergency",
    "save_safe_contact",
    "say_file_gone",
    "set_due",
]
