"""What this room holds about a member: the private talk, and the card of preferences."""

from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.access import words
from circlekeeper.areas.access.queries.cards import own_card
from circlekeeper.areas.access.queries.talks import own_talk
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.roster.ownpage import Piece, Source


def _pieces(group_id: str, member_id: str, holder: bytes, now: datetime) -> list[Piece]:
    del now
    return [*_talk(group_id, member_id, holder), *_card(group_id, member_id, holder)]


SOURCE = Source(covers=frozenset({"access.Thread", "access.Card"}), of=_pieces)


def _talk(group_id: str, member_id: str, holder: bytes) -> list[Piece]:
    found = own_talk(group_id=group_id, member_id=member_id, holder=holder)
    if found is None:
        return []
    said = [(_("You wrote") if line.from_member else _("The answer"), line.words) for line in found.lines]
    return [
        Piece(
            name="talk",
            title=_("What you asked for, in private"),
            purpose=_("So that you can take part."),
            seen_by=_("You, and the person who arranges access. Nobody else can list or count it."),
            kept=_("Destroyed by %(day)s.") % {"day": roster.day_words(found.facts.due_on)},
            until=found.facts.due_on,
            pairs=said,
            holds=[{"from": "me" if line.from_member else "group", "words": line.words} for line in found.lines],
            url="own-access",
        )
    ]


def _card(group_id: str, member_id: str, holder: bytes) -> list[Piece]:
    found = own_card(group_id=group_id, member_id=member_id, holder=holder)
    if found is None:
        return []
    return [
        Piece(
            name="card",
            title=_("What suits you"),
            purpose=_("So that hosts know what suits the people who come."),
            seen_by=_("You. Hosts see sums only, from five people up."),
            kept=_("Destroyed by %(day)s.") % {"day": roster.day_words(found.due_on)},
            until=found.due_on,
            pairs=[(words.CARD_QUESTIONS[name], _answers(name, chosen)) for name, chosen in found.said.items()],
            holds=found.said,
            url="own-card",
        )
    ]


def _answers(name: str, chosen: list[str]) -> str:
    return ", ".join(str(words.CARD_ANSWERS[name][each]) for each in chosen)
