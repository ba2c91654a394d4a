"""Whether words may be published, and what to tell whoever wrote them. No writing here; the rules are in ``rules``."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circlekeeper.areas.agreements import rules
from circlekeeper.areas.agreements.errors import NotPublished
from circlekeeper.areas.agreements.rules import Fault, HardSentence, NormText, Why

_Faults = list[tuple[str, str]]
_SHOWN = 120


def check_policy(prose: Mapping[str, str], locale: str) -> None:
    """:raises NotPublished: a mandatory section is empty, or a sentence is too hard (POL1, POL2)."""
    missing = [
        (name, _("This part must say something. People need it to decide."))
        for name, _fault in rules.policy_faults(prose)
    ]
    _refuse(missing, prose, locale)


def check_statement(words: Mapping[str, str], locale: str) -> None:
    """:raises NotPublished: a block is missing, 200 words or more, or a sentence is too hard (KIT1)."""
    blocks = {name: words.get(name, "") for name in rules.BLOCKS}
    faults: _Faults = []
    for name, fault in rules.statement_faults(blocks, locale):
        if fault is Fault.TOO_LONG:
            over = 1 - rules.words_left(blocks, locale)
            said = ngettext(
                "Too long by %(n)d word. It must stay under 200.",
                "Too long by %(n)d words. It must stay under 200.",
                over,
            )
            faults.append((name, said % {"n": over}))
        else:
            faults.append((name, _("This part must say something. Leave none of the four out.")))
    _refuse(faults, blocks, locale)


def check_norms(norms: Sequence[NormText], fixed: Mapping[str, str], locale: str) -> None:
    """:raises NotPublished: a fixed norm is gone or changed, one is empty or double, or too hard (CON3)."""
    said = {
        Fault.FIXED_GONE: _("This norm protects everyone and cannot be left out."),
        Fault.FIXED_CHANGED: _(
            "This norm protects everyone and cannot be reworded. Add one of your own below it."
        ),
        Fault.MISSING: _("This norm is empty. Write it or take it away."),
        Fault.DOUBLE: _("This norm is there twice."),
        Fault.TOO_MANY: _("Twenty norms at most. Nobody can keep more in mind."),
    }
    faults = [(name, said[fault]) for name, fault in rules.norm_faults(norms, fixed=fixed)]
    _refuse(faults, {norm.id: norm.words for norm in norms if norm.id not in fixed}, locale)


def check_text(words: str, locale: str) -> None:
    """:raises NotPublished: it says nothing, or a sentence is too hard."""
    faults = [] if any(char.isalnum() for char in words) else [("words", _("Write what people promise."))]
    _refuse(faults, {"words": words}, locale)


def check_purposes(words: Mapping[str, str], known: frozenset[str], locale: str) -> None:
    """:raises NotPublished: a purpose the software does not know, nothing said, or too hard."""
    faults = [(name, _("The software does not know this purpose.")) for name in words if name not in known]
    faults += [
        (name, _("Say what people agree to."))
        for name, said in words.items()
        if name in known and not any(char.isalnum() for char in said)
    ]
    _refuse(faults, words, locale)


def _refuse(faults: _Faults, texts: Mapping[str, str], locale: str) -> None:
    hard: list[HardSentence] = []
    for name, words in texts.items():
        found = rules.read_ease(words, locale).hard
        hard += found
        faults += [(name, sentence_about(each)) for each in found]
    if faults:
        raise NotPublished(
            _("Some of this is missing or hard to read. Nothing was published."),
            faults=tuple(faults),
            hard=tuple(hard),
        )


def sentence_about(hard: HardSentence) -> str:
    """What to change about one sentence, with the sentence named (POL2)."""
    shown = hard.sentence if len(hard.sentence) <= _SHOWN else hard.sentence[:_SHOWN].rsplit(" ", 1)[0] + " …"
    if hard.why is Why.LONG:
        return _("This sentence is too long; make two of it: “%(sentence)s”") % {"sentence": shown}
    if hard.why is Why.JARGON:
        swaps = ", ".join(f"“{word}” → “{plain}”" for word, plain in hard.words)
        return _("Plainer words, please (%(swaps)s) in: “%(sentence)s”") % {"swaps": swaps, "sentence": shown}
    return _("This sentence is hard to read; use shorter words: “%(sentence)s”") % {"sentence": shown}
