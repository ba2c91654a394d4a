"""Members of groups with published texts, who agreed and promised as joining does it."""

from collections.abc import Iterable, Mapping
from typing import Any

from circlekeeper.areas.agreements import actions as agreements
from circlekeeper.areas.agreements import queries as agreed
from circlekeeper.areas.agreements.tests.factories import connected
from circlekeeper.areas.roster.tests import factories
from circlekeeper.areas.roster.tests.factories import NOW, Someone

EMERGENCY = {
    "area": "Larkfield",
    "number": "112",
    "person": "Tamsin",
    "reach": "0770 900123",
    "when": "when I do not answer for a day",
    "knows": "nothing of this circle",
    "naming": "no",
}
PARTS: Mapping[str, dict[str, Any]] = {"emergency": EMERGENCY, "access": {"needs": "large print, please"}}


def published_group(*, level: str = "medium") -> tuple[str, str]:
    """A group with every text published; its id and its leader's."""
    group_id, leader = factories.group(level=level)
    with connected():
        agreements.publish_all(by=leader, group_id=group_id, now=NOW)
    return group_id, leader


def join(
    group_id: str,
    leader: str,
    alias: str = "Wren",
    *,
    agreeing: Iterable[str] = ("join", "contact", "emergency", "access-needs"),
    signed: str = "Wren of the harbour",
    more: Mapping[str, dict[str, Any]] = PARTS,
) -> Someone:
    """Someone who joined, with every part of a record, these consents and a promise under a name."""
    someone = factories.member(group_id, leader, alias, more=more)
    texts = agreed.joining_texts(group_id)
    hashes = {each.purpose: each.sha256 for each in texts.purposes}
    agreements.record_joining(
        by=someone.id,
        group_id=group_id,
        member_id=someone.id,
        policy_version=texts.policy_version,
        answers={purpose: hashes[purpose] for purpose in agreeing},
        signature=agreements.prepare_signature(
            group_id=group_id,
            sha256=texts.pledge.sha256,
            now=NOW,
            ticked=True,
            name=signed,
            alias=alias,
            holder=someone.key,
        ),
        now=NOW,
    )
    return someone
