"""What this room holds about a member: a link that waits for them, and the days they came."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.meetings import sealing
from circlekeeper.areas.meetings.models import Attendance, Feed, Meeting, PersonalLink
from circlekeeper.areas.meetings.queries.notes import own_notes
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.roster.ownpage import Piece, Source
from circlekeeper.foundation.vault import envelope, kdf, shredstore


def _pieces(group_id: str, member_id: str, holder: bytes, now: datetime) -> list[Piece]:
    del now
    came, links = days_came(group_id=group_id, member_id=member_id), _links(group_id, member_id)
    more = [*_calendar(member_id), *_notes(group_id, member_id, holder)]
    if not came and not links:
        return more
    until = max([due for _day, due in came] + [due for _day, due in links])
    return [
        Piece(
            name="meetings",
            title=_("Your meetings"),
            purpose=_("So that your link is yours alone, and so that your record ends on time."),
            seen_by=_("The people who host, while the meeting runs. Afterwards the days are sealed."),
            kept=_("Each day is destroyed by its own date; the last one by %(day)s.")
            % {"day": roster.day_words(until)},
            until=until,
            pairs=[
                *((_("You came on"), _said(day, due)) for day, due in came),
                *((_("A link waits for you for"), _said(day, due)) for day, due in links),
            ],
            holds={
                "came": [{"on": day.isoformat(), "kept_until": due.isoformat()} for day, due in came],
                "links": [{"on": day.isoformat(), "kept_until": due.isoformat()} for day, due in links],
            },
        ),
        *more,
    ]


def _notes(group_id: str, member_id: str, holder: bytes) -> list[Piece]:
    """What hosts wrote to them privately."""
    found = own_notes(group_id=group_id, member_id=member_id, holder=holder)
    if not found:
        return []
    until = max(each.due_on for each in found)
    return [
        Piece(
            name="notes",
            title=_("Notes for you"),
            purpose=_("So that you know what was not as agreed, and what happens next."),
            seen_by=_("You, and those who answer for the group."),
            kept=_("Destroyed by %(day)s.") % {"day": roster.day_words(until)},
            until=until,
            pairs=[(roster.day_words(each.sent_on), each.words) for each in found],
            holds=[{"on": each.sent_on.isoformat(), "step": each.step, "words": each.words} for each in found],
            url="my-notes",
        )
    ]


def _calendar(member_id: str) -> list[Piece]:
    """The address their calendar reads, if they made one."""
    made_on = Feed.objects.filter(member_id=member_id).values_list("made_on", flat=True).first()
    if made_on is None:
        return []
    return [
        Piece(
            name="calendar",
            title=_("An address for your calendar"),
            purpose=_("So that your own calendar knows the times."),
            seen_by=_("Whoever has the address. We keep only a mark of it and cannot show it again."),
            kept=_("Destroyed when you end it, or when you leave."),
            until=None,
            pairs=[(_("You made it on"), roster.day_words(made_on))],
            holds={"made_on": made_on.isoformat()},
        )
    ]


SOURCE = Source(
    covers=frozenset(
        {"meetings.PersonalLink", "meetings.Arrival", "meetings.Attendance", "meetings.Feed", "meetings.NormNote"}
    ),
    of=_pieces,
)


def _said(day: date, due: date) -> str:
    return _("%(day)s, kept until %(due)s") % {"day": roster.day_words(day), "due": roster.day_words(due)}


def days_came(*, group_id: str, member_id: str) -> list[tuple[date, date]]:
    """The days a member came that are not forgotten yet, with the day each is destroyed; for that member's eyes only."""
    rows = list(Attendance.objects.filter(group_id=group_id).order_by("due_on", "pk"))
    secrets = shredstore.secrets({row.secret_id for row in rows})
    keys = {secret: kdf.derive(value, "bucket") for secret, value in secrets.items()}
    mine = {}
    for row in rows:
        if row.secret_id in keys:
            place = sealing.attendance_place(row.pk, group_id)
            if envelope.unseal(keys[row.secret_id], bytes(row.sealed), place) == member_id.encode():
                mine[row.meeting_id] = row.due_on
    days = Meeting.objects.filter(pk__in=mine).order_by("local_on").values_list("pk", "local_on")
    return [(day, mine[meeting]) for meeting, day in days]


def _links(group_id: str, member_id: str) -> list[tuple[date, date]]:
    live = PersonalLink.objects.filter(group_id=group_id, member_id=member_id, revoked_at__isnull=True)
    return list(live.order_by("meeting__local_on").values_list("meeting__local_on", "due_on"))
