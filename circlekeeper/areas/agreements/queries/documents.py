"""Reading published texts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from circlekeeper.areas.agreements import paper, rules, sources
from circlekeeper.areas.agreements.errors import NothingPublished
from circlekeeper.areas.agreements.models import Document, Kind
from circlekeeper.areas.agreements.rules import Change, NormText
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import playbook
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.memo import remembered
from circlekeeper.foundation.playbook import prose
from circlekeeper.foundation.playbook.prose import Agreements, PledgeText
from circlekeeper.foundation.post.blocks import Section
from circlekeeper.foundation.post.blocks import words_of as words_of_block
from circlekeeper.foundation.statements import Prepared

ENGLISH = "en"
USUAL = "own-experience"


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """One published version of one text."""

    id: str
    group_id: str
    kind: str
    part: str
    locale: str
    version: int
    body: Mapping[str, Any]
    text: str
    sha256: str
    basis: str
    material: bool
    change_note: str
    published_at: datetime
    superseded_at: datetime | None

    @property
    def sections(self) -> tuple[Section, ...]:
        """What is shown and printed."""
        return paper.sections(self.kind, self.body)

    @property
    def mark(self) -> str:
        """The first letters of the hash, as people compare them on paper."""
        return self.sha256[:16]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One text a group has to have. ``stale``: the policy no longer says what the software does, or the
    promise lets more be told than the level allows.
    """

    kind: str
    part: str
    document: DocumentFacts | None
    stale: bool

    @property
    def missing(self) -> bool:
        """Whether it was never published."""
        return self.document is None

    @property
    def settled(self) -> bool:
        """Whether nothing is to be done about it."""
        return self.document is not None and not self.stale


def document(document_id: str) -> DocumentFacts:
    """One version of a text, in force or not.

    :raises NotHere: there is none.
    """
    found = Document.objects.filter(pk=document_id).first()
    if found is None:
        raise NotHere
    return facts(found)


@remembered("agreements_document", across_pages=True)
def in_force(group_id: str, locale: str = ENGLISH) -> dict[tuple[str, str], DocumentFacts]:
    """Every text in force by kind and part, in one query; a text missing in this language is there in English."""
    rows = Document.objects.filter(
        group_id=group_id, superseded_at__isnull=True, locale__in={locale, ENGLISH}
    ).order_by("kind", "part")
    found: dict[tuple[str, str], DocumentFacts] = {}
    for row in sorted(rows, key=lambda row: row.locale == locale):
        found[row.kind, row.part] = facts(row)
    return found


def current(group_id: str, kind: str, part: str = "", locale: str = ENGLISH) -> DocumentFacts | None:
    """The text in force, or None."""
    return in_force(group_id, locale).get((kind, part))


def must(found: Mapping[tuple[str, str], DocumentFacts], kind: str, part: str = "") -> DocumentFacts:
    """The text in force.

    :raises NothingPublished: there is none.
    """
    try:
        return found[kind, part]
    except KeyError:
        raise NothingPublished(_not_yet(kind)) from None


def _not_yet(kind: str) -> str:
    from django.utils.translation import gettext as _  # noqa: PLC0415 - only this sentence needs it

    return {
        Kind.POLICY: _("This group has not published its privacy policy yet."),
        Kind.PLEDGE: _("This group has not published its promise yet."),
    }.get(Kind(kind), _("This group has not published this text yet."))


def history(group_id: str, kind: str, part: str = "", locale: str = ENGLISH) -> list[DocumentFacts]:
    """Every version of a text, newest first."""
    rows = Document.objects.filter(group_id=group_id, kind=kind, part=part, locale=locale)
    return [facts(row) for row in rows.order_by("-version")]


def asked_from(group_id: str) -> dict[tuple[str, str], int]:
    """For each text, the version of its last change that mattered: who agreed to an older one is asked again (CON2)."""
    rows = Document.objects.filter(group_id=group_id, material=True).order_by("version")
    return {(kind, part): version for kind, part, version in rows.values_list("kind", "part", "version")}


def policy_is_current(group_id: str, locale: str = ENGLISH) -> bool:
    """Whether a policy is published and still says what the software does (POL1)."""
    found = current(group_id, Kind.POLICY, locale=locale)
    return found is not None and found.basis == sources.configuration(group_id, found.locale).sha256


def wanted(group_id: str, locale: str = ENGLISH) -> list[Wanted]:
    """Every text this group has to have, in the order of the page."""
    found, strength = in_force(group_id, locale), pledge_strength(group_id)
    names: list[tuple[str, str]] = [
        (Kind.POLICY, ""),
        (Kind.NORMS, ""),
        (Kind.STATEMENT, ""),
        (Kind.PLEDGE, strength),
        *((Kind.CONSENT, purpose.id) for purpose in defaults(locale).purposes),
    ]
    stale = {
        Kind.POLICY: (Kind.POLICY, "") in found and not policy_is_current(group_id, locale),
        Kind.PLEDGE: (text := found.get((Kind.PLEDGE, strength))) is not None and too_loose(group_id, text),
    }
    return [Wanted(kind, part, found.get((kind, part)), stale.get(Kind(kind), False)) for kind, part in names]


def pledge_strength(group_id: str) -> str:
    """How strongly the promise is made in this group: ``tick``, ``typed`` or ``signed`` (CNF1)."""
    return str(safeguards.settings_for(group_id).value("pledge-strength"))


def legal_name_needed(group_id: str) -> bool:
    """Whether a chosen name may not sign (professional level)."""
    return str(safeguards.settings_for(group_id).value("signature-name")) == "legal"


def pledge_lasts(group_id: str) -> playbook.Duration:
    """After how long a promise is made again (CNF2)."""
    return safeguards.settings_for(group_id).span("pledge-lasts")


def pledge_grace(group_id: str) -> playbook.Duration:
    """For how long links still work after a promise has run out (CNF2)."""
    return safeguards.settings_for(group_id).span("pledge-grace")


def changed(old: DocumentFacts | None, new: Sequence[Section]) -> list[Change]:
    """What reads differently in a newer text, part by part; nothing where there was no older one."""
    if old is None:
        return []
    return rules.changes(parts(old.sections), parts(new))


def change_of(found: DocumentFacts) -> list[Change]:
    """What this version changed in the one before it."""
    every = history(found.group_id, found.kind, found.part, found.locale)
    older = [each for each in every if each.version < found.version]
    return changed(older[0] if older else None, found.sections)


def parts(sections: Sequence[Section]) -> list[tuple[str, list[str]]]:
    """Sections as titles and pieces of text, for ``rules.changes``."""
    return [(each.title, [piece for block in each.blocks for piece in words_of_block(block)]) for each in sections]


def defaults(locale: str = ENGLISH) -> Agreements:
    """The words a group starts from."""
    return playbook.book().agreements(locale)


def default_pledge(strength: str, locale: str = ENGLISH, *, kept: str = USUAL) -> PledgeText:
    """The promise a group starts from, for what may be told outside."""
    frame = next(each for each in defaults(locale).pledges if each.id == strength)
    told = next(each.words for each in defaults(locale).kept if each.id == kept)
    return frame.model_copy(update={"words": frame.words.replace(prose.KEPT, told)})


def kept(group_id: str, locale: str = ENGLISH) -> str:
    """What may be told outside by the promise in force (an id of ``defaults().kept``), strictly enough for the level now."""
    mine = [text for (kind, _part), text in in_force(group_id, locale).items() if kind == Kind.PLEDGE]
    newest = max(mine, key=lambda text: text.published_at, default=None)
    chosen = newest.body.get("kept", USUAL) if newest else USUAL
    return chosen if chosen in kept_allowed(group_id, locale) else loosest(group_id)


def kept_allowed(group_id: str, locale: str = ENGLISH) -> list[str]:
    """The kinds a group of this level may choose from: the loosest that is allowed, and everything stricter."""
    every = [each.id for each in defaults(locale).kept]
    return every[every.index(loosest(group_id)) :]


def loosest(group_id: str) -> str:
    """The loosest kind of confidentiality that the level allows."""
    return str(safeguards.settings_for(group_id).value("confidentiality"))


def too_loose(group_id: str, found: DocumentFacts) -> bool:
    """Whether a promise lets more be told than the level allows now."""
    return found.body.get("kept", USUAL) not in kept_allowed(group_id, found.locale)


def norms(group_id: str, locale: str = ENGLISH) -> list[str]:
    """The norms in force, in order; the defaults until something is published, so that a door never stands without."""
    return [norm.words for norm in norm_texts(group_id, locale)]


_NORMS_IN_FORCE = Prepared(
    lambda group_id: Document.objects.filter(
        group_id=group_id, kind=Kind.NORMS, locale=ENGLISH, superseded_at__isnull=True
    ).values_list("pk"),
    ["a group"],
)


def norms_mark(group_id: str) -> str:
    """Which norms ``norms`` shows: the id of their version, which never changes its words; empty for the defaults."""
    found = _NORMS_IN_FORCE.rows(group_id)
    return str(found[0][0]) if found else ""


def norm_texts(group_id: str, locale: str = ENGLISH) -> list[NormText]:
    """The norms in force (else the defaults) with their ids."""
    found = current(group_id, Kind.NORMS, locale=locale)
    if found is None:
        return [NormText(norm.id, norm.words, norm.fixed) for norm in defaults(locale).norms]
    return [NormText(norm["id"], norm["words"], norm["fixed"]) for norm in found.body["norms"]]


def norm_scripts(group_id: str, locale: str = ENGLISH) -> dict[str, str]:
    """For each norm the card of the playbook that says what to do when it is broken (CON3)."""
    found = current(group_id, Kind.NORMS, locale=locale)
    if found is None:
        return {norm.id: norm.script for norm in defaults(locale).norms}
    return {norm["id"]: norm["script"] for norm in found.body["norms"]}


def words_of(kind: str, body: Mapping[str, Any]) -> dict[str, str]:
    """The words somebody edits, by section, block, norm, purpose or (for a pledge) under the empty name."""
    if kind == Kind.NORMS:
        return {norm["id"]: norm["words"] for norm in body["norms"]}
    if kind in (Kind.PLEDGE, Kind.CONSENT):
        return {"": body["words"]}
    return {each["id"]: each["words"] for each in body["sections"]}


def reading(texts: Iterable[str], locale: str = ENGLISH) -> rules.Reading:
    """How words read together, as the editor and the check see it."""
    return rules.read_ease("\n\n".join(texts), locale)


def facts(row: Document) -> DocumentFacts:
    """A row as other rooms see it."""
    return DocumentFacts(
        id=row.pk,
        group_id=row.group_id,
        kind=row.kind,
        part=row.part,
        locale=row.locale,
        version=row.version,
        body=row.body,
        text=row.text,
        sha256=row.sha256,
        basis=row.basis,
        material=row.material,
        change_note=row.change_note,
        published_at=row.published_at,
        superseded_at=row.superseded_at,
    )
