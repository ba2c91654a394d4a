"""Meetings: planned, prepared, held."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from circlekeeper.areas.agreements import actions as agreements
from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.provider import Evidence
from circlekeeper.areas.venues import actions as venues
from circlekeeper.areas.venues import queries as places
from circlekeeper.demo.circle import Circle
from circlekeeper.demo.hosts import Host
from circlekeeper.foundation.ids import new_id

LASTS = 90
RECORDING = "recording-off"


def plan(circle: Circle, *, first: datetime, every: str, online: bool, now: datetime) -> None:
    """A series that begins at a moment (UTC) and repeats."""
    actions.plan_series(
        by=circle.leader.id,
        group_id=circle.id,
        format="online" if online else "in_person",
        first_on=first.date(),
        local_time=first.time(),
        minutes=LASTS,
        every=every,
        until=None,
        provider_name="outside-link" if online else "",
        address=f"https://meet.example/{circle.id[:8]}" if online else "",
        now=now,
    )


def meet_at(circle: Circle, card: places.Card, told: places.Told, *, now: datetime) -> None:
    """Every series of the group is held at this place."""
    venue = venues.write_place(by=circle.leader.id, group_id=circle.id, card=card, told=told, now=now)
    for each in queries.series_of(circle.id):
        venues.choose_place(by=circle.leader.id, group_id=circle.id, venue_id=venue, series_id=each.id, now=now)


def extend(now: datetime) -> None:
    """Lay out the meetings of the coming weeks, as the worker does every day."""
    actions.extend_series(by="system", now=now)


def at(circle: Circle, starts_at: datetime) -> queries.MeetingFacts:
    """The group's meeting of that moment."""
    found = queries.coming(group_ids=[circle.id], now=starts_at, limit=1)[0]
    if found.starts_at != starts_at:
        raise LookupError("a meeting at that moment")
    return found


def prepare(circle: Circle, meeting: queries.MeetingFacts, *, hosts: tuple[Host, Host], now: datetime) -> None:
    """Ask two people to run it, make the links, try the door."""
    where: dict[str, Any] = {"group_id": circle.id, "meeting_id": meeting.id, "now": now}
    for host, part in zip(hosts, ("host", "cohost"), strict=True):
        agreements.say_bound(
            by=host.id, group_id=circle.id, bound="pledge", mandated="unknown", shown_as=host.handle, now=now
        )
        actions.assign_host(by=circle.leader.id, person_id=host.id, part=part, **where)
    actions.make_links(by=circle.leader.id, **where)
    actions.try_waiting_room(by=hosts[0].id, **where)


def confirm(circle: Circle, meeting: queries.MeetingFacts, host: Host, *, now: datetime) -> None:
    """Somebody says that they will be there."""
    actions.confirm_host(by=host.id, group_id=circle.id, meeting_id=meeting.id, now=now)


def look_at_recording(
    circle: Circle, meeting: queries.MeetingFacts, host: Host, *, off: bool, now: datetime
) -> None:
    """A host looks at everything that could record and says what they saw."""
    actions.answer_point(
        by=host.id,
        group_id=circle.id,
        meeting_id=meeting.id,
        point=RECORDING,
        evidence=Evidence.ATTESTED,
        holds=off,
        now=now,
    )


def hold(
    circle: Circle, starts_at: datetime, *, hosts: tuple[Host, Host], present: Iterable[str], spoken: bool = False
) -> None:
    """A whole evening, from the preparations to the closed door. ``present``: aliases. ``spoken``: of how it was."""
    meeting = at(circle, starts_at)
    prepare(circle, meeting, hosts=hosts, now=starts_at - timedelta(hours=3))
    for host in hosts:
        confirm(circle, meeting, host, now=starts_at - timedelta(hours=2))
    look_at_recording(circle, meeting, hosts[0], off=True, now=starts_at - timedelta(minutes=25))
    where: dict[str, Any] = {"by": hosts[0].id, "group_id": circle.id, "meeting_id": meeting.id}
    actions.open_doors(now=starts_at - timedelta(minutes=15), **where)
    for alias in present:
        _come(circle, meeting, circle.members[alias], hosts[0], now=starts_at - timedelta(minutes=5))
    actions.read_opening_card(now=starts_at, **where)
    actions.lock_doors(now=starts_at + timedelta(minutes=10), **where)
    actions.move_agenda(number=1, now=starts_at, **where)
    over = starts_at + timedelta(minutes=LASTS)
    actions.close_meeting(now=over, **where)
    if spoken:
        actions.debrief(mood="calm", follow_up=False, words="", now=over, **where)


def _come(circle: Circle, meeting: queries.MeetingFacts, member: str, host: Host, *, now: datetime) -> None:
    token = actions.give_link(by=member, group_id=circle.id, meeting_id=meeting.id, now=now)
    device = new_id()
    arrived = actions.arrive(by="visitor", token=token, device=device, now=now)
    if arrived.arrival_id is None:
        raise LookupError("a place in the waiting room")
    actions.admit(by=host.id, group_id=circle.id, arrival_id=arrived.arrival_id, now=now)
    actions.go_in(by="visitor", token=token, device=device, now=now)
