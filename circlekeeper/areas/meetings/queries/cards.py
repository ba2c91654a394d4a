"""Cards for hard moments: the playbook's words, or the group's own, and whether they helped. Counts, never who."""

from dataclasses import dataclass

from django.utils.translation import get_language

from circlekeeper.areas.meetings import rules
from circlekeeper.areas.meetings.models import Format, OwnCard
from circlekeeper.foundation import playbook
from circlekeeper.foundation.errors import NotHere

OPENING_CARD = "opening-card"


@dataclass(frozen=True, slots=True)
class CardFacts:
    """One card. ``say``: (tone, words), the calm ones first. ``own``: the group reworded them."""

    id: str
    title: str
    say: tuple[tuple[str, str], ...]
    then: tuple[str, ...]
    used: int
    helped: int
    own: bool

    @property
    def calm(self) -> str:
        """The first words to say."""
        return self.say[0][1]

    @property
    def counted(self) -> bool:
        """Whether it was used often enough to say how it does (KIT4)."""
        return self.used >= rules.ENOUGH_USES


def cards(group_id: str, where: str) -> list[CardFacts]:
    """Every card for a meeting held like this (``online``, ``in_person``) in the reader's language; one query."""
    own = {row.card: row for row in OwnCard.objects.filter(group_id=group_id)}
    return [_facts(each, where, own.get(each.id)) for each in playbook.book().scripts(_language())]


def card(group_id: str, name: str, where: str) -> CardFacts:
    """One card.

    :raises NotHere: there is no such card.
    """
    try:
        script = playbook.book().script(name, _language())
    except KeyError:
        raise NotHere from None
    return _facts(script, where, OwnCard.objects.filter(group_id=group_id, card=name).first())


def _facts(script: playbook.Script, where: str, own: OwnCard | None) -> CardFacts:
    spoken = script.said(Format.ONLINE if where == Format.PHONE else where)
    say = tuple((each.tone, each.words) for each in spoken)
    if own and own.words:
        say = ((say[0][0], own.words), *say[1:])
    return CardFacts(
        id=script.id,
        title=script.title,
        say=say,
        then=rules.steps(script.then),
        used=own.used if own else 0,
        helped=own.helped if own else 0,
        own=bool(own and own.words),
    )


def _language() -> str:
    return (get_language() or playbook.ENGLISH).partition("-")[0]
