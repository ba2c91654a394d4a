"""What this room puts on Today and on a member's own page."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.meetings.queries import afterwards, choosing
from circlekeeper.areas.meetings.queries.facts import MeetingFacts
from circlekeeper.areas.meetings.queries.schedule import coming, next_for_member
from circlekeeper.areas.meetings.words import DOWNSIDE_WORDS
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.roster.occasions import Occasion
from circlekeeper.areas.roster.ownpage import Slot
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.accounts.who import Who
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.todo import Todo, Urgency

SOON = timedelta(days=3)
A_DAY = timedelta(days=1)
AT_MOST = 40


def todo(who: Who, now: datetime) -> list[Todo]:
    """The next meetings of each group this person hosts, when they are near, and those that should be closed."""
    places = [place for place in accounts.places_of(who.id) if who.can(Permission.MEETING_HOST, place)]
    near = [each for each in coming(group_ids=places, now=now, limit=20) if each.starts_at - now <= SOON]
    return [_todo(each, now) for each in near] + _afterwards(who, places, now)


def _afterwards(who: Who, places: list[str], now: datetime) -> list[Todo]:
    """Two questions nobody answered, for those who helped; what needs following up, for those who answer for the group."""
    answering = [place for place in places if who.can(Permission.INCIDENT_SEE, place)]
    asked = [
        Todo(
            title=_("Two questions after the meeting"),
            why=_("What was heavy is easier to carry when it was said once."),
            url=reverse("meetings:debrief", args=[group_id, meeting_id]),
            minutes=2,
            urgency=Urgency.TODAY,
        )
        for group_id, meeting_id in afterwards.unspoken(places, person_id=who.id, now=now)
    ]
    return asked + [
        Todo(
            title=_("Something needs following up after a meeting"),
            why=_("A host asked that somebody looks after it."),
            url=reverse("meetings:debrief", args=[group_id, meeting_id]),
            minutes=10,
            urgency=Urgency.TODAY,
        )
        for group_id, meeting_id in afterwards.following_up(answering)
    ]


def _todo(meeting: MeetingFacts, now: datetime) -> Todo:
    if meeting.running and now >= meeting.ends_at:
        title, why = _("Close the meeting"), _("Until it is closed, its links still work.")
    elif meeting.running:
        title, why = _("A meeting is running"), _("The door is being kept.")
    else:
        title = _("Meeting on %(when)s (%(zone)s)") % {"when": meeting.when, "zone": meeting.zone_words}
        why = _("A few points are checked before the doors open.")
    return Todo(
        title=title,
        why=why,
        url=reverse("meetings:cockpit", args=[meeting.group_id, meeting.id]),
        minutes=5,
        urgency=Urgency.TODAY if meeting.starts_at - now <= timedelta(hours=24) else Urgency.SOON,
        due=meeting.starts_at,
    )


def occasions(group_id: str, begin: datetime, until: datetime) -> list[Occasion]:
    """A letter on the day before each meeting, and one when it was moved, for those who asked to be reminded."""
    planned = coming(group_ids=[group_id], now=begin, limit=AT_MOST)
    reminders = [
        Occasion(key=f"meeting:{each.id}", due_at=each.starts_at - A_DAY, useless_at=each.starts_at)
        for each in planned
        if not each.running and each.starts_at - A_DAY <= until
    ]
    return reminders + [
        Occasion(key=f"moved:{each.id}", due_at=each.moved_at, useless_at=each.ends_at)
        for each in planned
        if each.moved_at is not None
    ]


def own_cards(group_id: str, member_id: str, now: datetime) -> list[Slot]:
    """The next meeting and its door, for a member's own page; after them, what is to be known of the way to meet."""
    if roster.member(group_id=group_id, member_id=member_id).state not in ("member", "paused"):
        return []
    return [*_next_meeting(group_id, member_id, now), *_warnings(group_id)]


def _warnings(group_id: str) -> list[Slot]:
    """What whoever chose the way to meet had to read, members read too (TEC1)."""
    chosen = choosing.way_chosen(group_id)
    if chosen is None or not chosen.read:
        return []
    return [Slot(_("Your group meets by phone"), " ".join(str(DOWNSIDE_WORDS[each]) for each in chosen.read))]


def _next_meeting(group_id: str, member_id: str, now: datetime) -> list[Slot]:
    meeting = next_for_member(group_id=group_id, now=now)
    if meeting is None:
        return [Slot(_("No meeting is planned"), _("When one is, your door to it is here."))]
    when = _("%(when)s (%(zone)s)") % {"when": meeting.when, "zone": meeting.zone_words}
    refusal = roster.why_no_link(group_id=group_id, member_id=member_id)
    if refusal:
        return [Slot(when, refusal)]
    own_calendar = Slot(
        _("The times in your own calendar"), _("Under a title that says nothing."), reverse("my-times"), _("Look")
    )
    if meeting.running or now >= meeting.opens_at:
        text = _("Your door works now.")
    else:
        text = _("Your door opens at %(opens)s.") % {"opens": meeting.opens}
    if meeting.moved_at is not None:
        text = " ".join((_("It is held at another service than usual. Links from before lead nowhere."), text))
    return [Slot(when, text, reverse("my-door", args=[meeting.id]), _("Go to my door"), posts=True), own_calendar]
