"""Reading a list of people that a group brings along: bytes in, few columns out (interface notes, section F)."""

from circlekeeper.areas.roster.rules.lists.columns import Column, Target, columns_of, guess
from circlekeeper.areas.roster.rules.lists.layouts import Layout, Table, find_table
from circlekeeper.areas.roster.rules.lists.people import Listed, Picked, pick_people
from circlekeeper.areas.roster.rules.lists.reading import MOST_BYTES, MOST_ROWS, ListFault, Unreadable, read_rows

__all__ = [
    "MOST_BYTES",
    "MOST_ROWS",
    "Column",
    "Layout",
    "ListFault",
    "Listed",
    "Picked",
    "Table",
    "Target",
    "Unreadable",
    "columns_of",
    "find_table",
    "guess",
    "pick_people",
    "read_rows",
]
