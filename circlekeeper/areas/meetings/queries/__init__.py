"""Reading meetings. Members appear as ids; their aliases come from the roster, opened by whoever may."""

from circlekeeper.areas.meetings.queries.afterwards import DebriefFacts, DebriefWords, debrief, debrief_words
from circlekeeper.areas.meetings.queries.agenda import AgendaFacts, ItemFacts, agenda
from circlekeeper.areas.meetings.queries.agenda import planned as planned_agenda
from circlekeeper.areas.meetings.queries.cards import OPENING_CARD, CardFacts, card, cards
from circlekeeper.areas.meetings.queries.checklist import Helper, PointAnswer, answers, helpers, links_offered
from circlekeeper.areas.meetings.queries.choosing import (
    ChoiceFacts,
    ChoiceReasons,
    ranking,
    way_chosen,
    way_reasons,
)
from circlekeeper.areas.meetings.queries.counted import counted
from circlekeeper.areas.meetings.queries.door import (
    AtTheDoor,
    Place,
    asks_a_name,
    at_the_door,
    been_inside,
    door_version,
    place,
    place_told_before,
    venue,
    venue_of,
    way_in,
)
from circlekeeper.areas.meetings.queries.doorlinks import Device, LinkFacts, links
from circlekeeper.areas.meetings.queries.facts import MeetingFacts, SeriesFacts, zone_words
from circlekeeper.areas.meetings.queries.feeds import entry, feed, has_feed
from circlekeeper.areas.meetings.queries.notes import NoteFacts, note_cards, own_notes
from circlekeeper.areas.meetings.queries.own import occasions, own_cards, todo
from circlekeeper.areas.meetings.queries.pieces import SOURCE, days_came
from circlekeeper.areas.meetings.queries.schedule import (
    Service,
    coming,
    lacks,
    meeting,
    next_for_member,
    past,
    platforms,
    running,
    series,
    series_of,
    services,
)
from circlekeeper.areas.meetings.queries.second import SecondFacts, second_place, second_places
from circlekeeper.areas.meetings.queries.told import Asked, Shown, asked_of_people, shown
from circlekeeper.areas.meetings.queries.ways import (
    ServiceFacts,
    is_connected,
    number_to_call,
    seen,
    service_for,
    service_state,
    services_for,
)

__all__ = [
    "counted",
    "Asked",
    "Shown",
    "asked_of_people",
    "shown",
    "SecondFacts",
    "ServiceFacts",
    "second_place",
    "second_places",
    "ChoiceFacts",
    "ChoiceReasons",
    "ranking",
    "way_chosen",
    "way_reasons",
    "asks_a_name",
    "is_connected",
    "number_to_call",
    "seen",
    "service_for",
    "service_state",
    "services_for",
    "SOURCE",
    "AgendaFacts",
    "NoteFacts",
    "note_cards",
    "own_notes",
    "OPENING_CARD",
    "CardFacts",
    "card",
    "cards",
    "DebriefFacts",
    "DebriefWords",
    "debrief",
    "debrief_words",
    "ItemFacts",
    "agenda",
    "planned_agenda",
    "entry",
    "feed",
    "has_feed",
    "AtTheDoor",
    "Device",
    "Helper",
    "LinkFacts",
    "MeetingFacts",
    "Place",
    "PointAnswer",
    "SeriesFacts",
    "Service",
    "answers",
    "at_the_door",
    "been_inside",
    "coming",
    "days_came",
    "door_version",
    "helpers",
    "lacks",
    "links",
    "links_offered",
    "meeting",
    "next_for_member",
    "occasions",
    "own_cards",
    "past",
    "place",
    "place_told_before",
    "platforms",
    "running",
    "series",
    "series_of",
    "services",
    "todo",
    "venue",
    "venue_of",
    "way_in",
    "zone_words",
]
