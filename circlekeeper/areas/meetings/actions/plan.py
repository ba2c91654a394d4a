"""Planning: a series in local time, and the meetings that follow from it."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils.translation import gettext as _

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.meetings import provider, queries, rules, sealing
from circlekeeper.areas.meetings.actions import rows
from circlekeeper.areas.meetings.models import Format, Meeting, MeetingState, Series
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id

AHEAD = timedelta(days=60)


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

    ``address``: the link of an online meeting, or where the room is. It is sealed under a secret of the shred store: a
    link is given to nobody a host has not let in, a place to nobody who may not come (FMT1).

    :raises Refused: no such rhythm, an end before the beginning, nothing lies ahead, an address the provider cannot use,
        or a provider that cannot do what this group's level requires (TEC2).
    """
    here = groups.group(group_id)
    if here.state == "closed":
        raise Refused(_("This group is closed. Nothing can be planned in it."))
    _check(format, every, first_on, until, minutes, now)
    if format == Format.HYBRID and not here.is_hybrid:
        raise Refused(hybrid_refusal(), field="format")
    online = Format(format).is_online
    if online:
        way = chosen(group_id, provider_name, now=now)
        if isinstance(way, provider.AnswersCalls) != (format == Format.PHONE):
            raise Refused(_("Choose a way to meet from the list."), field="provider_name")
        if way.takes_address:
            way.check_address(address)
        else:
            address = ""
    series = Series(
        pk=new_id(),
        group_id=group_id,
        format=format,
        provider=provider_name if online else "",
        first_on=first_on,
        local_time=local_time,
        time_zone=here.time_zone,
        minutes=minutes,
        every=every,
        until=until,
    )
    if address.strip():
        sealing.keep_address(series, address.strip(), now=now)
    _plan(by=by, series=series, now=now)
    return series.pk


def hybrid_refusal() -> str:
    """Why nobody meets in a room and online at once before the group has said that it does (FMT12)."""
    return _("Say first, in the questions about your group, that some join from afar. Then more is checked.")


@action("meetings.series.plan")
def _plan(*, by: str, series: Series, now: datetime) -> None:
    series.save(force_insert=True)
    if not _lay_out(series, now):
        raise Refused(_("With these dates no meeting lies ahead."), field="until" if series.until else "first_on")
    ledger.record(by=by, about=series.pk, at=now)


def _check(how: str, every: str, first_on: date, until: date | None, minutes: int, now: datetime) -> None:
    if how not in Format.values:
        raise Refused(_("Choose how you meet."), field="format")
    if every not in rules.EVERY:
        raise Refused(_("Choose how often you meet."), field="every")
    if until and until < first_on:
        raise Refused(_("The last meeting is before the first one."), field="until")
    if first_on > now.date() + rules.LONGEST_AHEAD:
        raise Refused(_("That is more than a year ahead."), field="first_on")
    if not 10 <= minutes <= 600:
        raise Refused(_("A meeting lasts between 10 minutes and 10 hours."), field="minutes")


def chosen(group_id: str, name: str, *, now: datetime) -> provider.Provider:
    """The provider of this name, if a group of this level may meet there (TEC2).

    :raises Refused: there is none, nobody has connected it, or it cannot do what the level requires.
    """
    try:
        found = provider.provider(name)
    except KeyError:
        raise Refused(_("Choose a way to meet from the list."), field="provider_name") from None
    if not queries.is_connected(group_id, name):
        raise Refused(_("Connect this service first: open Meetings, then Services."), field="provider_name")
    lacking = queries.lacks(group_id, found, now=now)
    if lacking:
        raise Refused(
            _("This service cannot do what your group needs: %(what)s.") % {"what": "; ".join(lacking)},
            field="provider_name",
        )
    return found


def _lay_out(series: Series, now: datetime) -> int:
    """Make the meetings of the coming days that are not there yet; returns how many were made."""
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
    have = set(series.meetings.filter(local_on__gte=first).values_list("local_on", flat=True))
    before = _links_work_before(series.group_id)
    made = Meeting.objects.bulk_create(
        Meeting(
            pk=new_id(),
            series=series,
            group_id=series.group_id,
            local_on=slot.local_on,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            opens_at=slot.starts_at - before,
        )
        for slot in wanted
        if slot.ends_at > now and slot.local_on not in have
    )
    return len(made)


def _links_work_before(group_id: str) -> timedelta:
    return timedelta(minutes=safeguards.settings_for(group_id).number("link-opens"))


@action("meetings.series.extend")
def extend_series(*, by: str, now: datetime) -> int:
    """The daily job: lay out the coming sixty days of every running series of a group that is not closed; returns how many.

    Links of planned meetings work from as early as the level of the group allows now.
    """
    running = Series.objects.select_for_update().filter(ended_at__isnull=True).order_by("pk")
    closed = {each.id for each in groups.groups({each.group_id for each in running}) if each.state == "closed"}
    made = 0
    for series in running:
        if series.group_id not in closed:
            made += _lay_out(series, now)
            series.meetings.filter(state=MeetingState.PLANNED).update(
                opens_at=F("starts_at") - _links_work_before(series.group_id)
            )
    ledger.record(by=by, about="meetings", at=now)
    return made


@action("meetings.meeting.cancel")
def cancel_meeting(*, by: str, group_id: str, meeting_id: str, now: datetime) -> None:
    """Cancel one planned meeting; its links lead to a page that says so. Undone by ``restore_meeting``."""
    meeting = rows.meeting(group_id, meeting_id)
    if meeting.state != MeetingState.PLANNED:
        raise Refused(_("Only a meeting whose doors were not opened can be cancelled."))
    meeting.state = MeetingState.CANCELLED
    meeting.save(update_fields=["state"])
    ledger.record(by=by, about=meeting.pk, at=now)


@action("meetings.meeting.restore")
def restore_meeting(*, by: str, group_id: str, meeting_id: str, now: datetime) -> None:
    """Hold a cancelled meeting after all.

    :raises Refused: it is not cancelled, its time is over, or its series has ended.
    """
    meeting = rows.meeting(group_id, meeting_id)
    if meeting.state != MeetingState.CANCELLED or meeting.ends_at <= now or meeting.series.ended_at is not None:
        raise Refused(_("This meeting cannot be brought back. Plan a new one."))
    meeting.state = MeetingState.PLANNED
    meeting.save(update_fields=["state"])
    ledger.record(by=by, about=meeting.pk, at=now)


def series_row(group_id: str, series_id: str) -> Series:
    """A running series of this group, locked.

    :raises NotHere: there is none.
    """
    found = (
        Series.objects.select_for_update().filter(pk=series_id, group_id=group_id, ended_at__isnull=True).first()
    )
    if found is None:
        raise NotHere
    return found
