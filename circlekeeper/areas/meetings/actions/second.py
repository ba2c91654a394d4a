"""The second place of a series: chosen, tried once, and moved to when the first one is gone (FMT14)."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from circlekeeper.areas.meetings import events, provider, rules, sealing, sessions
from circlekeeper.areas.meetings.actions import rows
from circlekeeper.areas.meetings.actions.checking import POINTS
from circlekeeper.areas.meetings.actions.links import make_links
from circlekeeper.areas.meetings.actions.plan import chosen, series_row
from circlekeeper.areas.meetings.models import (
    Arrival,
    ArrivalState,
    Format,
    Meeting,
    MeetingState,
    PersonalLink,
    SecondPlace,
    Series,
)
from circlekeeper.areas.meetings.provider import UNKNOWN, Evidence, Guest, Proof, Session, Unavailable
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.announce import announce
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import shredstore

_TRIED_FOR = timedelta(minutes=10)
_OVER = (MeetingState.CLOSED, MeetingState.CANCELLED)
_NOT_SEEN = (Evidence.ATTESTED, Evidence.IMPOSSIBLE, Evidence.WRITTEN_UNVERIFIED)


def choose_second(
    *, by: str, group_id: str, series_id: str, provider_name: str, address: str, now: datetime
) -> None:
    """Say where a series meets if its service is gone. What was there before is destroyed; it has to be tried anew.

    :raises NotHere: there is no such series online. :raises Refused: it is the first place, the provider cannot use the
        address or cannot do what the level requires, or a meeting is held at the second place now.
    """
    series = _online(group_id, series_id)
    way = chosen(group_id, provider_name, now=now)
    if isinstance(way, provider.AnswersCalls):
        raise Refused(_("Choose a place from the list."), field="provider_name")
    if provider_name == series.provider:
        raise Refused(_("That is the first place. Choose another one."), field="provider_name")
    if way.takes_address:
        way.check_address(address)
    old = SecondPlace.objects.filter(series=series).values_list("address_secret_id", flat=True).first()
    row = SecondPlace(series=series, group_id=group_id, provider=provider_name)
    if way.takes_address:
        sealing.keep_address(row, address.strip(), now=now)
    _choose(by=by, row=row, now=now)
    if old:
        shredstore.shred([old], now=now)


@action("meetings.second.choose")
def _choose(*, by: str, row: SecondPlace, now: datetime) -> None:
    series = series_row(row.group_id, row.series_id)
    if series.meetings.exclude(state__in=_OVER).exclude(moved_to="").filter(ends_at__gt=now).exists():
        raise Refused(_("A meeting is held at the second place now. Wait until it is over."))
    SecondPlace.objects.filter(series=series).delete()
    row.save(force_insert=True)
    ledger.record(by=by, about=series.pk, at=now)


def try_second(*, by: str, group_id: str, series_id: str, now: datetime) -> None:
    """Try the second place with a meeting nobody is invited to: set up, look, make a link, end it, clear it away.

    Where nothing can be asked, it is the person's word that they opened the link.

    :raises NotHere: the series has none. :raises Refused: the service says no, or is not set as it has to be.
    """
    row = SecondPlace.objects.filter(series_id=series_id, group_id=group_id).first()
    if row is None:
        raise NotHere
    way = provider.provider(row.provider)
    if way.settings:
        try:
            proofs = _try(way, row, now)
        except Unavailable as failure:
            raise Refused(failure.sentence) from None
        if any(not each.holds for each in proofs if each.evidence not in _NOT_SEEN and each.seen != UNKNOWN):
            raise Refused(_("It was set up, but it is not set as it has to be. Look at its settings there."))
    _tried(by=by, row=row, now=now)


def _try(way: provider.Provider, row: SecondPlace, now: datetime) -> list[Proof]:
    session = Session(
        meeting_id="",
        room=new_id(),
        starts_at=now,
        ends_at=now + _TRIED_FOR,
        wanted=sessions.wanted(row.group_id),
        connected=sessions.connected(row.group_id, row.provider),
        address=sealing.open_address(row) if row.sealed_address is not None else "",
        hook=sessions.hook(row.group_id, row.provider),
    )
    session = replace(session, remote=way.apply(session, now=now))
    proofs = list(way.verify(session, now=now))
    way.mint_link(session, Guest(ref=new_id(), alias="", is_host=True), now=now)
    way.end(session, now=now)
    way.purge(session, now=now)
    return proofs


@action("meetings.second.try")
def _tried(*, by: str, row: SecondPlace, now: datetime) -> None:
    series_row(row.group_id, row.series_id)
    if not SecondPlace.objects.filter(pk=row.pk).update(tried_at=now, tried_by=by):
        raise NotHere
    ledger.record(by=by, about=row.series_id, at=now)


@action("meetings.meeting.move")
def move_meeting(*, by: str, group_id: str, meeting_id: str, now: datetime, why: str = "") -> None:
    """Hold a meeting at its second place. Every link is made anew and the old ones lead nowhere; whoever was inside comes
    to the door again. What was looked at for the first place has to be looked at again.

    ``why``: the trouble with the first service; empty: a person moved it.

    :raises Refused: there is no second place that was tried, it lacks what the level requires now, the meeting is over or
        was moved before; or nobody decides this but the machine, and people are inside.
    """
    meeting = rows.meeting(group_id, meeting_id)
    second = SecondPlace.objects.filter(series_id=meeting.series_id, tried_at__isnull=False).first()
    if second is None:
        raise Refused(_("There is no second place that was tried."))
    if meeting.moved_to or meeting.state in _OVER or meeting.ends_at <= now:
        raise Refused(_("This meeting cannot be moved any more."))
    if by == "system" and _somebody_inside(meeting):
        raise Refused(_("People are inside. A host decides whether to move."))
    chosen(group_id, second.provider, now=now)
    meeting.moved_to, meeting.moved_at, meeting.moved_why = second.provider, now, why
    if meeting.state == MeetingState.LOCKED:
        meeting.state = MeetingState.DOORS
    meeting.locked_at, meeting.locks_at = None, None
    meeting.save(update_fields=["moved_to", "moved_at", "moved_why", "state", "locked_at", "locks_at"])
    meeting.seen.all().delete()
    meeting.answers.filter(point__in=POINTS).delete()
    _end_links(meeting, now)
    make_links(by=by, group_id=group_id, meeting_id=meeting_id, now=now)
    announce(events.MeetingMoved(group_id, meeting_id), now=now)
    ledger.record(by=by, about=meeting.pk, at=now)


def _end_links(meeting: Meeting, now: datetime) -> None:
    """The rows stay, so that whoever was sent away stays so; what anybody holds in their hand opens nothing any more."""
    live = list(meeting.links.filter(revoked_at__isnull=True))
    for each in live:
        each.token_hash, each.device_hash, each.offered_at = rules.token_hash(new_id()), None, now
    PersonalLink.objects.bulk_update(live, ["token_hash", "device_hash", "offered_at"])
    Arrival.objects.filter(link__meeting=meeting).exclude(state=ArrivalState.REMOVED).update(
        state=ArrivalState.LEFT, decided_at=now
    )


def _somebody_inside(meeting: Meeting) -> bool:
    """The service may be deaf to us and still carry those who are in it."""
    return Arrival.objects.filter(meeting_id=meeting.pk, state=ArrivalState.ADMITTED).exists()


def _online(group_id: str, series_id: str) -> Series:
    found = Series.objects.filter(
        pk=series_id, group_id=group_id, ended_at__isnull=True, format__in=[Format.ONLINE, Format.HYBRID]
    ).first()
    if found is None:
        raise NotHere
    return found
