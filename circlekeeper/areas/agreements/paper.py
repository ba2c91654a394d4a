"""From the body of a document to the sections that are shown, printed, hashed and compared: one source for all four."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from circlekeeper.areas.agreements.models import Kind
from circlekeeper.areas.agreements.sources import Configuration
from circlekeeper.foundation.post import blocks
from circlekeeper.foundation.post.blocks import Block, Bullets, Section, Steps, Table, Text, from_markdown


def sections(kind: str, body: Mapping[str, Any]) -> tuple[Section, ...]:
    """The sections of a document. The body holds every word, so an old version reads as it did then."""
    match kind:
        case Kind.NORMS:
            return (Section("", (Steps(tuple(norm["words"] for norm in body["norms"])),)),)
        case Kind.PLEDGE:
            return (Section(body["title"], from_markdown(body["words"])),)
        case Kind.CONSENT:
            stops = Text(f"{body['stops']} {body['withdrawn']}")
            return (Section(body["title"], (*from_markdown(body["words"]), stops)),)
        case _:
            return tuple(
                Section(each["title"], (*map(_fact, each.get("facts", ())), *from_markdown(each["words"])))
                for each in body["sections"]
            )


def _fact(fact: Mapping[str, Any]) -> Block:
    if "rows" in fact:
        return Table(tuple(fact["headings"]), tuple(tuple(row) for row in fact["rows"]))
    return Bullets(tuple(fact["items"])) if "items" in fact else Text(fact["text"])


def text_of(kind: str, body: Mapping[str, Any]) -> str:
    """The words of a document, as they are hashed."""
    return blocks.plain(sections(kind, body))


def sha256_of(text: str) -> str:
    """The hash that consents, pledges, receipts and PDFs carry."""
    return hashlib.sha256(text.encode()).hexdigest()


def foot(*, version: int, published_at: datetime, mark: str) -> tuple[str, ...]:
    """The version, its day and its hash, the same on the page and on paper."""
    day = date_format(published_at, "j F Y")
    return (_("Version %(n)d, %(day)s.") % {"n": version, "day": day}, _("Mark: %(hash)s") % {"hash": mark})


def policy_body(
    prose: Sequence[Mapping[str, str]], configuration: Configuration, *, locale: str
) -> dict[str, Any]:
    """A policy: each section's generated facts, then its prose (``id``, ``title``, ``words``)."""
    with override(locale):
        facts = _policy_facts(configuration)
    return {"sections": [{**section, "facts": facts.get(section["id"], [])} for section in prose]}


def _policy_facts(configuration: Configuration) -> dict[str, list[dict[str, Any]]]:
    asked = [[each.label, _("yes") if each.required else _("no"), each.why] for each in configuration.fields]
    kept = [[each.title, each.keep] for each in configuration.retention]
    services = [[each.name, each.sees] for each in configuration.platforms]
    return {
        "collect": _table((_("What we ask"), _("Must you answer?"), _("Why")), asked)
        or [{"text": _("We ask nothing when you join.")}],
        "store": _table((_("What is kept"), _("How long")), kept),
        "see": [
            *_bullets([each.words for each in configuration.roles]),
            *(
                _table((_("Service from elsewhere"), _("What it can see")), services)
                or [{"text": _("We use no service from elsewhere.")}]
            ),
        ],
    }


def _table(headings: tuple[str, ...], rows: list[list[str]]) -> list[dict[str, Any]]:
    return [{"headings": list(headings), "rows": rows}] if rows else []


def _bullets(items: list[str]) -> list[dict[str, Any]]:
    return [{"items": items}] if items else []
