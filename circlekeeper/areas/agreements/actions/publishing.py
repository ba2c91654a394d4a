"""Publishing: a new version of a text comes into force and the one before it is superseded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import override

from circlekeeper.areas.agreements import paper, queries
from circlekeeper.areas.agreements.actions import bodies
from circlekeeper.areas.agreements.errors import NewerText
from circlekeeper.areas.agreements.events import TextPublished
from circlekeeper.areas.agreements.models import Document, Kind
from circlekeeper.areas.agreements.queries.documents import DocumentFacts, facts
from circlekeeper.areas.agreements.rules import NormText
from circlekeeper.areas.groups import queries as groups
from circlekeeper.foundation import announce, ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import Refused

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Edition:
    """How a version is published.

    ``material``: who agreed before is asked again (the safe answer, and the default). ``note``: what changed and why it
    matters or not, shown to whoever reads the text; without it nobody may be left unasked.
    ``after``: the version the editor had before their eyes; None to publish whatever is in force.
    """

    material: bool = True
    note: str = ""
    after: int | None = None
    locale: str = ENGLISH


@action("agreements.policy.publish")
def publish_policy(
    *, by: str, group_id: str, prose: Mapping[str, str], now: datetime, edition: Edition = Edition()
) -> DocumentFacts:
    """Publish a policy: the facts come from what the software is set to do, the prose from ``prose`` by section id.

    :raises NotPublished: a mandatory section says nothing, or a sentence is too hard; named.
    :raises NewerText: somebody published meanwhile. :raises NotConnected: a source of facts is missing.
    """
    groups.group(group_id)
    body, basis = bodies.policy(group_id=group_id, prose=prose, locale=edition.locale)
    return _publish(by=by, group_id=group_id, kind=Kind.POLICY, body=body, edition=edition, now=now, basis=basis)


@action("agreements.norms.publish")
def publish_norms(
    *, by: str, group_id: str, norms: Sequence[NormText], now: datetime, edition: Edition = Edition()
) -> DocumentFacts:
    """Publish the norms. The three fixed ones must be there word for word (CON3). New ones have an empty id.

    :raises NotPublished: a fixed norm is gone or reworded, one is empty or double, or too hard to read.
    """
    groups.group(group_id)
    body = bodies.norms(group_id=group_id, norms=norms, locale=edition.locale)
    return _publish(by=by, group_id=group_id, kind=Kind.NORMS, body=body, edition=edition, now=now)


@action("agreements.statement.publish")
def publish_statement(
    *, by: str, group_id: str, words: Mapping[str, str], now: datetime, edition: Edition = Edition()
) -> DocumentFacts:
    """Publish the confidentiality statement: four blocks, under 200 words in all (KIT1).

    :raises NotPublished: a block is missing, it is too long, or a sentence is too hard.
    """
    groups.group(group_id)
    body = bodies.statement(words=words, locale=edition.locale)
    return _publish(by=by, group_id=group_id, kind=Kind.STATEMENT, body=body, edition=edition, now=now)


@action("agreements.promise.publish")
def publish_pledge(
    *, by: str, group_id: str, words: str, now: datetime, edition: Edition = Edition()
) -> DocumentFacts:
    """Publish the promise, in the strength that the group's level asks for (CNF1).

    :raises NotPublished: it says nothing or is too hard to read.
    """
    strength = queries.pledge_strength(group_id)
    body = bodies.pledge(
        strength=strength, words=words, locale=edition.locale, kept=queries.kept(group_id, edition.locale)
    )
    return _publish(by=by, group_id=group_id, kind=Kind.PLEDGE, part=strength, body=body, edition=edition, now=now)


@action("agreements.confidentiality.choose")
def choose_kept(
    *, by: str, group_id: str, kept: str, now: datetime, edition: Edition = Edition()
) -> DocumentFacts:
    """Choose what may be told outside (an id of ``defaults().kept``); publishes the promise in the words of that choice.

    Everyone is asked again, whatever ``edition`` says: it is another promise.

    :raises Refused: the level does not allow it, or it is in force already.
    """
    groups.group(group_id)
    if kept not in queries.kept_allowed(group_id, edition.locale):
        raise Refused(_("People in this group could be harmed by that. Choose a stricter one."), field="kept")
    strength = queries.pledge_strength(group_id)
    words = queries.default_pledge(strength, edition.locale, kept=kept).words
    body = bodies.pledge(strength=strength, words=words, locale=edition.locale, kept=kept)
    everyone = replace(edition, material=True)
    return _publish(
        by=by, group_id=group_id, kind=Kind.PLEDGE, part=strength, body=body, edition=everyone, now=now
    )


@action("agreements.consents.publish")
def publish_consents(
    *, by: str, group_id: str, words: Mapping[str, str], now: datetime, edition: Edition = Edition()
) -> list[DocumentFacts]:
    """Publish the words of consent, one document a purpose; purposes whose words did not change keep their version.

    What withdrawing does is not edited: it says what the software does.

    :raises NotPublished: an unknown purpose, nothing said, or too hard to read.
    :raises Refused: nothing changed.
    """
    groups.group(group_id)
    before = queries.in_force(group_id, edition.locale)
    published = []
    for purpose, body in bodies.consents(words=words, locale=edition.locale).items():
        old = before.get((Kind.CONSENT, purpose))
        if old is None or old.body != body:
            published.append(
                _publish(
                    by=by, group_id=group_id, kind=Kind.CONSENT, part=purpose, body=body, edition=edition, now=now
                )
            )
    if not published:
        raise Refused(_("These words are already in force."))
    return published


def publish_all(*, by: str, group_id: str, now: datetime, locale: str = ENGLISH) -> list[DocumentFacts]:
    """Publish every text that is missing or out of date, in its present or default words; the leader's one button."""
    waiting = [each for each in queries.wanted(group_id, locale) if not each.settled]
    with override(locale):
        note = _("What we ask, keep or use has changed. This page says how it is now.")
    again = Edition(locale=locale, note=note)
    edition = Edition(locale=locale)
    default = queries.defaults(locale)
    published: list[DocumentFacts] = []
    for kind in dict.fromkeys(each.kind for each in waiting):
        mine = {each.part: each.document for each in waiting if each.kind == kind}
        common: dict[str, Any] = {"by": by, "group_id": group_id, "now": now, "edition": edition}
        if kind == Kind.POLICY:
            words = {each.id: each.words for each in default.sections}
            if (old := mine[""]) is not None:
                words = queries.words_of(kind, old.body)
            published.append(publish_policy(prose=words, **common | {"edition": again if old else edition}))
        elif kind == Kind.NORMS:
            norms = [NormText(norm.id, norm.words, norm.fixed) for norm in default.norms]
            published.append(publish_norms(norms=norms, **common))
        elif kind == Kind.STATEMENT:
            published.append(
                publish_statement(words={each.id: each.words for each in default.statement}, **common)
            )
        elif kind == Kind.PLEDGE:
            published.append(choose_kept(kept=queries.kept(group_id, locale), **common))
        else:
            texts = {each.id: each.words for each in default.purposes if each.id in mine}
            published += publish_consents(words=texts, **common)
    return published


def _publish(
    *,
    by: str,
    group_id: str,
    kind: Kind,
    part: str = "",
    body: dict[str, Any],
    edition: Edition,
    now: datetime,
    basis: str = "",
) -> DocumentFacts:
    same = Document.objects.filter(group_id=group_id, kind=kind, part=part, locale=edition.locale)
    old = same.select_for_update().filter(superseded_at__isnull=True).first()
    if old is not None and not edition.material and not edition.note.strip():
        raise Refused(_("Say what you corrected, so that others can see why nobody is asked."), field="note")
    if edition.after is not None and (old.version if old else 0) != edition.after:
        raise NewerText(_("Somebody published a newer version while you were writing. Look at it first."))
    text = paper.text_of(kind, body)
    if old and old.text == text and old.basis == basis and old.body == body:
        raise Refused(_("These words are already in force."))
    if old:
        same.filter(pk=old.pk).update(superseded_at=now)
    made = Document.objects.create(
        group_id=group_id,
        kind=kind,
        part=part,
        locale=edition.locale,
        version=(same.aggregate(top=Max("version"))["top"] or 0) + 1,
        body=body,
        text=text,
        sha256=paper.sha256_of(text),
        basis=basis,
        material=edition.material or old is None,
        change_note=edition.note.strip()[:300],
        published_at=now,
        published_by=by,
    )
    announce.announce(TextPublished(group_id, made.pk, kind, made.version, int(made.material)), now=now)
    ledger.record(by=by, about=made.pk, at=now)
    return facts(made)
