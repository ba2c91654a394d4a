"""From what somebody wrote to the body of a document; refuses what may not be published. Previews use it too."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from circlekeeper.areas.agreements import paper, queries, sources
from circlekeeper.areas.agreements.actions import wording
from circlekeeper.areas.agreements.rules import NormText

# The card for norms of a group's own making.
OWN_SCRIPT = "breaking-norms"


def policy(*, group_id: str, prose: Mapping[str, str], locale: str) -> tuple[dict[str, Any], str]:
    """A policy's body and the hash of the configuration it was made from.

    :raises NotPublished: as ``wording.check_policy``. :raises NotConnected: a source of facts is missing.
    """
    wording.check_policy(prose, locale)
    configuration = sources.configuration(group_id, locale)
    sections = [
        {"id": each.id, "title": each.title, "words": prose[each.id].strip()}
        for each in queries.defaults(locale).sections
        if prose.get(each.id, "").strip()
    ]
    return paper.policy_body(sections, configuration, locale=locale), configuration.sha256


def norms(*, group_id: str, norms: Sequence[NormText], locale: str) -> dict[str, Any]:
    """The body of the norms, each with the card that says what to do when it is broken.

    :raises NotPublished: as ``wording.check_norms``.
    """
    default = {norm.id: norm for norm in queries.defaults(locale).norms}
    fixed = {norm.id: norm.words for norm in default.values() if norm.fixed}
    wording.check_norms(norms, fixed, locale)
    scripts = {norm.id: norm.script for norm in default.values()} | queries.norm_scripts(group_id, locale)
    return {
        "norms": [
            {
                "id": norm_id,
                "words": " ".join(norm.words.split()),
                "fixed": norm_id in fixed,
                "script": scripts.get(norm_id, OWN_SCRIPT),
            }
            for norm_id, norm in zip(_norm_ids(norms), norms, strict=True)
        ]
    }


def _norm_ids(norms: Sequence[NormText]) -> list[str]:
    """Ids of own norms: ``own-1``, ``own-2`` … where none was given."""
    taken = {norm.id for norm in norms}
    free = (f"own-{number}" for number in range(1, 1000) if f"own-{number}" not in taken)
    return [norm.id if re.fullmatch(r"[a-z0-9-]{1,40}", norm.id) else next(free) for norm in norms]


def statement(*, words: Mapping[str, str], locale: str) -> dict[str, Any]:
    """The body of the confidentiality statement.

    :raises NotPublished: as ``wording.check_statement``.
    """
    wording.check_statement(words, locale)
    return {
        "sections": [
            {"id": block.id, "title": block.title, "words": words[block.id].strip()}
            for block in queries.defaults(locale).statement
        ]
    }


def pledge(*, strength: str, words: str, locale: str, kept: str = queries.USUAL) -> dict[str, Any]:
    """The body of the promise in one strength. ``kept``: what may be told outside (CNF1).

    :raises NotPublished: as ``wording.check_text``.
    """
    default = queries.default_pledge(strength, locale)
    wording.check_text(words, locale)
    return {"title": default.title, "how": default.how, "words": words.strip(), "kept": kept}


def consents(*, words: Mapping[str, str], locale: str) -> dict[str, dict[str, Any]]:
    """A body for each purpose given, in the playbook's order.

    :raises NotPublished: as ``wording.check_purposes``.
    """
    known = {each.id: each for each in queries.defaults(locale).purposes}
    wording.check_purposes(words, frozenset(known), locale)
    with override(locale):
        stops = _("If you take this back:")
    return {
        purpose.id: {
            "type": purpose.kind,
            "title": purpose.title,
            "words": words[purpose.id].strip(),
            "stops": stops,
            "withdrawn": purpose.withdrawn,
            "needed": purpose.needed_to_join,
            "lasts": str(purpose.lasts) if purpose.lasts else "",
        }
        for purpose in known.values()
        if purpose.id in words
    }
