"""Where this room keeps wraps, for when a group's keys are replaced."""

from circlekeeper.areas.access.models import Card, Helper, RuleReview, Thread
from circlekeeper.areas.access.queries import cards, reviews, talks
from circlekeeper.areas.access.queries.helpers import helper_place
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.rewrapping import Column

WRAPS = (
    Column(Thread, place=lambda row: talks.thread_place(row.pk, row.group_id), scope=lambda _row: Scope.ACCESS),
    Column(Helper, place=lambda row: helper_place(row.pk, row.group_id), scope=lambda _row: Scope.ACCESS),
    Column(
        RuleReview, place=lambda row: reviews.review_place(row.pk, row.group_id), scope=lambda _row: Scope.ROSTER
    ),
    Column(Card, place=lambda row: cards.card_place(row.pk, row.group_id), scope=lambda _row: Scope.DOOR),
)
