"""The copy of their record that a member takes along for another program: its format, and the schema that explains it."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from circlekeeper.areas.roster.ownpage import Piece

_SCHEMA = "https://json-schema.org/draft/2020-12/schema"


class PieceCopy(BaseModel):
    """One thing held about the person the copy is for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(
        description=(
            "Which piece. membership: state and days. alias, contact, emergency, access, intake: the sealed parts of the "
            "record. opened: each look at the record. consents: receipts in the shape of ISO/IEC TS 27560:2023. promises: "
            "each promise with its words. Rooms of the program add their own, such as application and meetings."
        )
    )
    title: str = Field(description="The heading a person reads.")
    purpose: str = Field(description="What it is held for, in one sentence.")
    seen_by: str = Field(description="Who can see it, in one sentence.")
    kept: str = Field(description="When it is destroyed, in one sentence.")
    kept_until: date | None = Field(
        description="The day it is destroyed; null while its time has not begun to run."
    )
    holds: dict[str, Any] | list[Any] = Field(
        description=(
            "Everything that is held, as it is kept. alias: alias. contact: says (not-asked, no, yes, at-times), channel "
            "(mail, text, call, post), address, start and end (wall-clock times in zone), days (ISO weekdays), voicemail, "
            "zone, said_on, check_again_on. emergency: area, number, person, reach, when, knows, naming (yes, no). access: "
            "needs. membership: state, applied_on, joined_on, last_attended_on, left_on. opened: number (the line in the "
            "log), at, part, refused, reason."
        )
    )


class OwnCopy(BaseModel):
    """Everything one group holds about one person, made for that person. It says nothing about anybody else."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["circlekeeper-own-record"] = "circlekeeper-own-record"
    version: Literal[1] = 1
    made_on: date = Field(description="The day it was made, where the group lives.")
    pieces: list[PieceCopy]
    closed: list[str] = Field(description="Parts that are there but did not open with the key of the person.")


def as_json(found: Iterable[Piece], *, closed: Iterable[str], made_on: date) -> str:
    """The copy as a file."""
    copies = [
        PieceCopy(
            name=piece.name,
            title=piece.title,
            purpose=piece.purpose,
            seen_by=piece.seen_by,
            kept=piece.kept,
            kept_until=piece.until,
            holds=piece.holds,
        )
        for piece in found
    ]
    whole = OwnCopy(made_on=made_on, pieces=copies, closed=list(closed))
    return json.dumps(whole.model_dump(mode="json"), ensure_ascii=False, indent=2)


def schema() -> str:
    """The JSON Schema (2020-12) of the copy."""
    return json.dumps({"$schema": _SCHEMA, **OwnCopy.model_json_schema()}, indent=2) + "\n"
