"""The guide as data: ``playbook.book()`` answers what a level and its overlays ask."""

from circlekeeper.foundation.playbook.book import ENGLISH, Playbook
from circlekeeper.foundation.playbook.durations import Duration, add_duration, parse_duration
from circlekeeper.foundation.playbook.faults import Fault
from circlekeeper.foundation.playbook.loader import BadContent, Report, book, check, load
from circlekeeper.foundation.playbook.merge import Answer, KeepRule, weakened
from circlekeeper.foundation.playbook.prose import SPOKEN_WORDS, Script, count_words
from circlekeeper.foundation.playbook.schemas import Control
from circlekeeper.foundation.playbook.words import CheckKind, Gate, Level, Mode, Proof, SetBy

__all__ = [
    "ENGLISH",
    "SPOKEN_WORDS",
    "Script",
    "Answer",
    "BadContent",
    "CheckKind",
    "Control",
    "Duration",
    "Fault",
    "Gate",
    "KeepRule",
    "Level",
    "Mode",
    "Playbook",
    "Proof",
    "Report",
    "SetBy",
    "add_duration",
    "book",
    "check",
    "count_words",
    "load",
    "parse_duration",
    "weakened",
]
