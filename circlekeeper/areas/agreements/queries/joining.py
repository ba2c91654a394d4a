"""What somebody reads and answers before they join (POL4, CON1, CNF1)."""

import hashlib
from dataclasses import dataclass, replace

from circlekeeper.areas.agreements.models import Kind
from circlekeeper.areas.agreements.queries import documents
from circlekeeper.foundation.memo import remembered


@dataclass(frozen=True, slots=True)
class PurposeText:
    """One question of consent. ``sha256`` comes back with the answer, so that the text agreed to is the text shown."""

    purpose: str
    title: str
    words: str
    withdrawn: str
    needed: bool
    sha256: str


@dataclass(frozen=True, slots=True)
class PledgeToMake:
    """The promise: its words, and how it is made (``tick``, ``typed``, ``signed``)."""

    title: str
    words: str
    how: str
    strength: str
    legal_name: bool
    sha256: str


@dataclass(frozen=True, slots=True)
class JoiningTexts:
    """Everything a person reads before joining, in force at this moment. ``sha256`` is over all the rest together."""

    policy_version: int
    policy_sha256: str
    policy_change_note: str
    purposes: tuple[PurposeText, ...]
    pledge: PledgeToMake
    norms: tuple[str, ...]
    sha256: str = ""


# Asked when they come up, each time anew, not when somebody joins.
ASKED_LATER = frozenset({"share", "record", "archive", "pilot"})


@remembered("agreements_document", "groups_group", "safeguards_leveldecision", across_pages=True)
def joining_texts(group_id: str, locale: str = "en") -> JoiningTexts:
    """The texts in force, in one language, with one query for the documents.

    :raises NothingPublished: the policy, the promise or the words of a consent are not published yet.
    """
    found = documents.in_force(group_id, locale)
    policy = documents.must(found, Kind.POLICY)
    strength = documents.pledge_strength(group_id)
    pledge = documents.must(found, Kind.PLEDGE, strength)
    made = JoiningTexts(
        policy_version=policy.version,
        policy_sha256=policy.sha256,
        policy_change_note=policy.change_note,
        purposes=tuple(
            _purpose(documents.must(found, Kind.CONSENT, each.id))
            for each in documents.defaults(locale).purposes
            if each.kind not in ASKED_LATER
        ),
        pledge=PledgeToMake(
            title=pledge.body["title"],
            words=pledge.body["words"],
            how=pledge.body["how"],
            strength=strength,
            legal_name=documents.legal_name_needed(group_id),
            sha256=pledge.sha256,
        ),
        norms=tuple(documents.norms(group_id, locale)),
    )
    return replace(made, sha256=hashlib.sha256(repr(made).encode()).hexdigest())


def purpose_text(group_id: str, purpose: str, locale: str = "en") -> PurposeText:
    """The words in force for one purpose.

    :raises NothingPublished: there are none.
    """
    return _purpose(documents.must(documents.in_force(group_id, locale), Kind.CONSENT, purpose))


def _purpose(found: documents.DocumentFacts) -> PurposeText:
    return PurposeText(
        purpose=found.part,
        title=found.body["title"],
        words=found.body["words"],
        withdrawn=found.body["withdrawn"],
        needed=found.body["needed"],
        sha256=found.sha256,
    )
