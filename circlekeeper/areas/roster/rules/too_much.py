"""Words that say more than was asked for: a diagnosis, or the name of somebody else (REG4). A hint, never a refusal.

A few plain signs only. What is found is told to whoever wrote it, before they send it, and to nobody else.
"""

import re
from enum import StrEnum


class TooMuch(StrEnum):
    """What a person may want to leave out."""

    DIAGNOSIS = "a diagnosis"
    SOMEONE_ELSE = "the name of somebody else"


_DIAGNOSIS = re.compile(
    r"\b(?:diagnos\w+|depress(?:ion|ive)\w*|bipolar\w*|schizo\w+|psychos[ei]s?|ptsd|ptbs|adhd|adhs|autis[mt]\w*|ocd|hiv"
    r"|aids|cancer|krebs|epilep\w+|diabet\w+|dement\w+|anore[xc]\w+|bulimi\w+|alcoholi[cs]\w*|alkoholik\w+"
    r"|(?:eating|anxiety|personality|panic) disorder|(?:ess|angst|persönlichkeits|panik)störung\w*|sclerosis|sklerose"
    r"|antidepress\w+|lithium|methadon\w*)\b",
    re.IGNORECASE,
)
# A code of the international list of illnesses; at other places too many things look like one.
_CODE = re.compile(r"\b[A-TV-Z]\d{2}\.\d{1,2}\b")
_RELATION = (
    r"husband|wife|partner|ex|mother|mum|mom|father|dad|sister|brother|son|daughter|child|friend|aunt|uncle|boss|boyfriend"
    r"|girlfriend|neighbour|neighbor|doctor|therapist"
    r"|[Mm]ann|[Ff]rau|[Pp]artnerin|[Mm]utter|[Vv]ater|[Ss]chwester|[Bb]ruder|[Ss]ohn|[Tt]ochter|[Ff]reund(?:in)?|[Cc]hef(?:in)?"
)
# Only the name itself has to begin with a capital letter: "my doctor says" names nobody.
_SOMEONE = re.compile(
    rf"\b(?:[Mm]y|[Oo]ur|[Hh]is|[Hh]er|[Mm]eine?[mnr]?)\s+(?:{_RELATION})(?:,|\s+(?:is|called|named|heißt|ist))?"
    r"\s+[A-ZÄÖÜ][a-zäöüß]+"
)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Herrn?|Frau)\b\.?\s+[A-ZÄÖÜ][a-zäöüß]+")


def too_much(text: str) -> tuple[TooMuch, ...]:
    """What this text seems to say beyond what was asked. Only signs: nothing found means little."""
    found = []
    if _DIAGNOSIS.search(text) or _CODE.search(text):
        found.append(TooMuch.DIAGNOSIS)
    if _SOMEONE.search(text) or _TITLED.search(text):
        found.append(TooMuch.SOMEONE_ELSE)
    return tuple(found)
