"""How each kind of text is edited: which fields, what they become, how they are published."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circlekeeper.areas.agreements import actions, paper, queries, rules
from circlekeeper.areas.agreements.actions import bodies
from circlekeeper.areas.agreements.forms import Words
from circlekeeper.areas.agreements.models import Kind
from circlekeeper.areas.agreements.rules import NormText
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.post.blocks import Section

ENGLISH = "en"
TITLES: dict[str, str | Promise] = {
    "policy": gettext_lazy("Privacy policy"),
    "norms": gettext_lazy("Norms"),
    "statement": gettext_lazy("Confidentiality statement"),
    "promise": gettext_lazy("The promise"),
    "consents": gettext_lazy("Words of consent"),
}
KINDS = {
    "policy": Kind.POLICY,
    "norms": Kind.NORMS,
    "statement": Kind.STATEMENT,
    "promise": Kind.PLEDGE,
    "consents": Kind.CONSENT,
}
_Written = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Editor:
    """One text being edited. ``shown`` stands above the fields and cannot be edited. ``version`` 0: never published.

    ``before``: the text in force, to compare with.
    """

    title: str | Promise
    about: str
    version: int
    words: tuple[Words, ...]
    shown: tuple[Section, ...]
    before: tuple[Section, ...]
    preview: Callable[[_Written], tuple[Section, ...]]
    publish: Callable[[str, _Written, actions.Edition, datetime], object]


def editor(group_id: str, slug: str) -> Editor:
    """The editor for one kind of text.

    :raises NotHere: there is no such kind.
    """
    makers = {
        "policy": _policy,
        "norms": _norms,
        "statement": _statement,
        "promise": _promise,
        "consents": _consents,
    }
    if slug not in makers:
        raise NotHere
    return makers[slug](group_id)


def _policy(group_id: str) -> Editor:
    found = queries.current(group_id, Kind.POLICY)
    kept = queries.words_of(Kind.POLICY, found.body) if found else {}
    default = queries.defaults().sections

    def preview(written: _Written) -> tuple[Section, ...]:
        body, _basis = bodies.policy(group_id=group_id, prose=written, locale=ENGLISH)
        return paper.sections(Kind.POLICY, body)

    def publish(by: str, written: _Written, edition: actions.Edition, now: datetime) -> object:
        return actions.publish_policy(by=by, group_id=group_id, prose=written, edition=edition, now=now)

    return Editor(
        title=TITLES["policy"],
        about=_(
            "What you ask, how long you keep it and who sees it is filled in from your settings. "
            "You write the words around it."
        ),
        version=found.version if found else 0,
        words=tuple(
            Words(
                each.id,
                each.title,
                "" if each.mandatory else _("You may leave this empty."),
                kept.get(each.id, "" if found else each.words),
                mandatory=each.mandatory,
            )
            for each in default
        ),
        shown=(),
        before=found.sections if found else (),
        preview=preview,
        publish=publish,
    )


def _norms(group_id: str) -> Editor:
    found = queries.current(group_id, Kind.NORMS)
    fixed = [norm for norm in queries.defaults().norms if norm.fixed]
    names = {norm.id for norm in fixed}
    own = [norm for norm in queries.norm_texts(group_id) if norm.id not in names]

    def written_norms(written: _Written) -> list[NormText]:
        known = {norm.words: norm.id for norm in own}
        lines = [" ".join(line.split()) for line in written["own"].splitlines() if line.strip()]
        return [
            *(NormText(norm.id, norm.words, fixed=True) for norm in fixed),
            *(NormText(known.get(line, ""), line, fixed=False) for line in lines),
        ]

    def preview(written: _Written) -> tuple[Section, ...]:
        return paper.sections(
            Kind.NORMS, bodies.norms(group_id=group_id, norms=written_norms(written), locale=ENGLISH)
        )

    def publish(by: str, written: _Written, edition: actions.Edition, now: datetime) -> object:
        norms = written_norms(written)
        return actions.publish_norms(by=by, group_id=group_id, norms=norms, edition=edition, now=now)

    return Editor(
        title=TITLES["norms"],
        about=_("Three norms hold in every group and cannot be changed. Add your own below them."),
        version=found.version if found else 0,
        words=(
            Words(
                "own",
                _("Your own norms"),
                _("One norm on each line."),
                "\n".join(norm.words for norm in own),
                rows=10,
                mandatory=False,
            ),
        ),
        shown=paper.sections(Kind.NORMS, {"norms": [{"words": norm.words} for norm in fixed]}),
        before=found.sections if found else (),
        preview=preview,
        publish=publish,
    )


def _statement(group_id: str) -> Editor:
    found = queries.current(group_id, Kind.STATEMENT)
    kept = queries.words_of(Kind.STATEMENT, found.body) if found else {}
    blocks = {each.id: kept.get(each.id, each.words) for each in queries.defaults().statement}
    used = rules.STATEMENT_LIMIT - rules.words_left(blocks, ENGLISH)

    def preview(written: _Written) -> tuple[Section, ...]:
        return paper.sections(Kind.STATEMENT, bodies.statement(words=written, locale=ENGLISH))

    def publish(by: str, written: _Written, edition: actions.Edition, now: datetime) -> object:
        return actions.publish_statement(by=by, group_id=group_id, words=written, edition=edition, now=now)

    return Editor(
        title=TITLES["statement"],
        about=_("Four short parts, under 200 words together. It has %(n)d now.") % {"n": used},
        version=found.version if found else 0,
        words=tuple(
            Words(each.id, each.title, "", blocks[each.id], rows=5) for each in queries.defaults().statement
        ),
        shown=(),
        before=found.sections if found else (),
        preview=preview,
        publish=publish,
    )


def _promise(group_id: str) -> Editor:
    strength = queries.pledge_strength(group_id)
    found = queries.current(group_id, Kind.PLEDGE, strength)
    default = queries.default_pledge(strength, kept=queries.kept(group_id))

    def preview(written: _Written) -> tuple[Section, ...]:
        return paper.sections(
            Kind.PLEDGE,
            bodies.pledge(strength=strength, words=written["words"], locale=ENGLISH, kept=queries.kept(group_id)),
        )

    def publish(by: str, written: _Written, edition: actions.Edition, now: datetime) -> object:
        return actions.publish_pledge(by=by, group_id=group_id, words=written["words"], edition=edition, now=now)

    return Editor(
        title=TITLES["promise"],
        about=default.how,
        version=found.version if found else 0,
        words=(Words("words", default.title, "", found.body["words"] if found else default.words, rows=14),),
        shown=(),
        before=found.sections if found else (),
        preview=preview,
        publish=publish,
    )


def _consents(group_id: str) -> Editor:
    found = {part: text for (kind, part), text in queries.in_force(group_id).items() if kind == Kind.CONSENT}

    def preview(written: _Written) -> tuple[Section, ...]:
        made = bodies.consents(words=written, locale=ENGLISH)
        return tuple(section for body in made.values() for section in paper.sections(Kind.CONSENT, body))

    def publish(by: str, written: _Written, edition: actions.Edition, now: datetime) -> object:
        return actions.publish_consents(by=by, group_id=group_id, words=written, edition=edition, now=now)

    return Editor(
        title=TITLES["consents"],
        about=_("Each of these is asked by itself, and each can be refused or taken back by itself."),
        version=max((text.version for text in found.values()), default=0),
        words=tuple(
            Words(
                each.id,
                each.title,
                _("If somebody takes it back: %(effect)s") % {"effect": each.withdrawn},
                found[each.id].body["words"] if each.id in found else each.words,
                rows=3,
            )
            for each in queries.defaults().purposes
        ),
        shown=(),
        before=tuple(section for text in found.values() for section in text.sections),
        preview=preview,
        publish=publish,
    )
