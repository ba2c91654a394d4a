"""Reading what helps people take part. Who asked for it, only the access lead and whoever asked can read."""

from circlekeeper.areas.access.queries.cards import CardFacts, card_sums, own_card
from circlekeeper.areas.access.queries.helpers import HelperFacts, coming_to, helpers, helping
from circlekeeper.areas.access.queries.own import own_cards, todo
from circlekeeper.areas.access.queries.pieces import SOURCE
from circlekeeper.areas.access.queries.reviews import (
    ReviewFacts,
    RulePart,
    decided_reviews,
    open_review,
    open_reviews,
    parts,
    review_words,
)
from circlekeeper.areas.access.queries.talks import (
    LineFacts,
    Talk,
    ThreadFacts,
    has_lead,
    own_talk,
    talk,
    threads,
)

__all__ = [
    "SOURCE",
    "CardFacts",
    "HelperFacts",
    "LineFacts",
    "ReviewFacts",
    "RulePart",
    "Talk",
    "ThreadFacts",
    "card_sums",
    "coming_to",
    "decided_reviews",
    "has_lead",
    "helpers",
    "helping",
    "open_review",
    "open_reviews",
    "own_card",
    "own_cards",
    "own_talk",
    "parts",
    "review_words",
    "talk",
    "threads",
    "todo",
]
