"""Planning: a series in local time, and the meetings that follow from it."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.meetings import provider, rules
from circlekeeper.areas.meetings.models import Format, Meeting, MeetingState, Series
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import envelope, kdf, shredstore

AHEAD = timedelta(days=60)


def link_place(series_id: str, group_id: str) -> envelope.Place:
    """Where the sealed outside address of a series belongs."""
    return envelope.Place("meetings_series", series_id, "sealed_link", group_id)


@action("meetings.series.plan")
def plan_series(
    *,
    by: str,
    group_id: str,
    format: str,  # noqa: A002 (the guide's own word)
    first_on: date,
    local_time: time,
    minutes: int,
    every: str,
    until: date | None,
    now: datetime,
    provider_name: str = "",
    address: str = "",
) -> str:
    """Plan a repeating meeting in the group's local time and lay out the next sixty days; returns the series' id.

    ``address`` is the outside address of an online meeting. It is sealed under a secret of the shred store: only an admitted
    person is ever sent there.

    :raises Refused: no such rhythm, an end before the beginning, or an address the provider cannot use.
    """
    here = groups.group(group_id)
    _check(format, every, first_on, until, minutes)
    if format == Format.ONLINE:
        _chosen(provider_name).apply(meeting_id="", address=address, now=now)
    series = Series(
        pk=new_id(),
        group_id=group_id,
        format=format,
        provider=provider_name if format == Format.ONLINE else "",
        first_on=first_on,
        local_time=local_time,
        time_zone=here.time_zone,
        minutes=minutes,
        every=every,
        until=until,
    )
    if format == Format.ONLINE:
        secret = shredstore.new_secret(record="link", group_id=group_id, now=now)
        series.link_secret_id = secret.id
        key = kdf.derive(secret.value, "outside-link")
        series.sealed_link = envelope.seal(key, address.encode(), link_place(series.pk, group_id))
    series.save(force_insert=True)
    _lay_out(series, now)
    ledger.record(by=by, about=series.pk, at=now)
    return series.pk


def _check(how: str, every: str, first_on: date, until: date | None, minutes: int) -> None:
    if how not in Format.values:
        raise Refused("Choose how you meet.", field="format")
    if every not in rules.EVERY:
        raise Refused("Choose how often you meet.", field="every")
    if until and until < first_on:
        raise Refused("The last date is before the first one.", field="until")
    if not 10 <= minutes <= 600:
        raise Refused("A meeting lasts between 10 minutes and 10 hours.", field="minutes")


def _chosen(name: str) -> provider.Provider:
    try:
        return provider.provider(name)
    except KeyError:
        raise Refused("Choose a way to meet from the list.", field="provider_name") from None


def _lay_out(series: Series, now: datetime) -> int:
    """Make the meetings of the coming days that are not there yet."""
    first = max(series.first_on, (now - timedelta(days=1)).date())
    wanted = rules.slots(
        first_on=series.first_on,
        at=series.local_time,
        zone=ZoneInfo(series.time_zone),
        minutes=series.minutes,
        every=series.every,
        until=series.until,
        days=(first, max((now + AHEAD).date(), series.first_on)),
    )
    made = Meeting.objects.bulk_create(
        (
            Meeting(
                pk=new_id(),
                series=series,
                group_id=series.group_id,
                local_on=slot.local_on,
                starts_at=slot.starts_at,
                ends_at=slot.ends_at,
            )
            for slot in wanted
            if slot.ends_at > now
        ),
        ignore_conflicts=True,
    )
    return len(made)


@action("meetings.series.extend")
def extend_series(*, by: str, now: datetime) -> int:
    """The daily job: lay out the coming sixty days of every running series."""
    running = Series.objects.filter(ended_at__isnull=True).order_by("pk")
    made = sum(_lay_out(series, now) for series in running)
    ledger.record(by=by, about="meetings", at=now)
    return made


@action("meetings.series.end")
def end_series(*, by: str, group_id: str, series_id: str, now: datetime) -> None:
    """Stop a series: its coming meetings are cancelled."""
    if not Series.objects.filter(pk=series_id, group_id=group_id).update(ended_at=now):
        raise NotHere
    Meeting.objects.filter(series_id=series_id, state=MeetingState.PLANNED, starts_at__gt=now).update(
        state=MeetingState.CANCELLED
    )
    ledger.record(by=by, about=series_id, at=now)


@action("meetings.meeting.cancel")
def cancel_meeting(*, by: str, group_id: str, meeting_id: str, now: datetime) -> None:
    """Cancel one planned meeting; its links lead to a page that says so."""
    planned = Meeting.objects.filter(pk=meeting_id, group_id=group_id, state=MeetingState.PLANNED)
    if not planned.update(state=MeetingState.CANCELLED):
        raise Refused("Only a planned meeting can be cancelled.")
    ledger.record(by=by, about=meeting_id, at=now)
