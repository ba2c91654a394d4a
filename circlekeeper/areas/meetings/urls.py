"""Addresses of the meetings room. Members' addresses are short and stand outside the staff's namespace."""

from django.urls import path

from circlekeeper.areas.meetings.pages import (
    agenda,
    calling,
    cards,
    choosing,
    cockpit,
    debrief,
    door,
    happened,
    notes,
    people,
    plan,
    second,
    series,
    services,
    times,
    told,
)

app_name = "meetings"
_GROUP = "groups/<str:group_id>/meetings/"
_SERIES = _GROUP + "series/<str:series_id>/"
_MEETING = _GROUP + "<str:meeting_id>/"

door_urls = [
    path("m/<str:token>/", door.door, name="door"),
    path("m/<str:token>/in/", door.enter, name="door-enter"),
    path("m/<str:token>/call/", calling.call, name="door-call"),
    path("hooks/<str:connection_id>/", services.hook, name="hook"),
    path("hooks/<str:connection_id>/<path:path>", services.hook, name="hook-path"),
    path("c/<str:feed>/calendar.ics", times.feed, name="times-feed"),
    path("me/times/", times.times, name="my-times"),
    path("me/times/<str:meeting_id>/entry.ics", times.entry, name="my-entry"),
    path("me/notes/", notes.own, name="my-notes"),
    path("me/door/<str:meeting_id>/", door.my_door, name="my-door"),
]
urlpatterns = [
    path("meetings/", plan.index, name="index"),
    path(_GROUP, plan.overview, name="overview"),
    path(_GROUP + "words/", cards.cards, name="cards"),
    path(_GROUP + "words/<str:card>/", cards.card, name="card"),
    path(_GROUP + "plan/", plan.plan, name="plan"),
    path(_GROUP + "choose/", choosing.choose, name="choose"),
    path(_GROUP + "choose/why/", choosing.why, name="why"),
    path(_GROUP + "services/", services.services, name="services"),
    path(_GROUP + "services/<str:name>/", services.service, name="service"),
    path(_SERIES, series.series, name="series"),
    path(_SERIES + "address/", series.address, name="series-address"),
    path(_SERIES + "agenda/", agenda.agenda, name="agenda"),
    path(_SERIES + "dates/", second.dates, name="dates"),
    path(_SERIES + "second/", second.second, name="second"),
    path(_SERIES + "second/try/", second.rehearse, name="rehearse"),
    path(_SERIES + "end/", series.end, name="end-series"),
    path(_MEETING, cockpit.cockpit, name="cockpit"),
    path(_MEETING + "call/", calling.host_call, name="host-call"),
    path(_MEETING + "cancel/", plan.cancel, name="cancel"),
    path(_MEETING + "after/", debrief.debrief, name="debrief"),
    path(_MEETING + "after/read/", debrief.read, name="debrief-read"),
    path(_MEETING + "happened/", happened.happened, name="happened"),
    path(_MEETING + "happened/<str:happening>/", happened.happening, name="happening"),
    path(_MEETING + "note/", notes.write, name="note"),
    path(_MEETING + "move/", second.move, name="move"),
    path(_MEETING + "people/", people.people, name="people"),
    path(_MEETING + "seen/", services.seen, name="seen"),
    path(_MEETING + "told/", told.told, name="told"),
    path(_MEETING + "recording/", people.recording, name="recording"),
]
