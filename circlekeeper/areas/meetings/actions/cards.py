"""Cards for hard moments: counting whether they help, and finding better words."""

from datetime import datetime

from django.db.models import F
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import rules as texts
from circlekeeper.areas.meetings import rules
from circlekeeper.areas.meetings.models import OwnCard
from circlekeeper.foundation import ledger, playbook
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused


@action("meetings.card.count")
def count_card(*, by: str, group_id: str, card: str, helped: bool, now: datetime) -> None:
    """A card was used, and helped or not (KIT4). A sum of the group: pass ``system``, so that the log names no host either.

    :raises NotHere: there is no such card.
    """
    row = _row(group_id, card)
    OwnCard.objects.filter(pk=row.pk).update(used=F("used") + 1, helped=F("helped") + int(helped))
    ledger.record(by=by, about=group_id, at=now)


@action("meetings.card.reword")
def reword_card(*, by: str, group_id: str, card: str, words: str, now: datetime) -> None:
    """The group's own words for a card, at most forty; without any the playbook's count again. Counting begins anew.

    :raises NotHere: there is no such card. :raises Refused: too many words.
    """
    if texts.words_in(words, get_language() or playbook.ENGLISH) > playbook.SPOKEN_WORDS:
        raise Refused(
            _("At most %(n)d words: in a hard moment nobody says more.") % {"n": playbook.SPOKEN_WORDS},
            field="words",
        )
    row = _row(group_id, card)
    row.words, row.used, row.helped = words.strip()[: rules.LONGEST_CARD], 0, 0
    row.save(update_fields=["words", "used", "helped"])
    ledger.record(by=by, about=row.pk, at=now)


def _row(group_id: str, card: str) -> OwnCard:
    if not any(card == each.id for each in playbook.book().scripts()):
        raise NotHere
    return OwnCard.objects.get_or_create(group_id=group_id, card=card)[0]
