"""What this room puts on Today and on a member's own page."""

from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from circlekeeper.areas.access import sources
from circlekeeper.areas.access.models import Thread
from circlekeeper.areas.access.queries.helpers import helping
from circlekeeper.areas.access.queries.reviews import decided_reviews, open_reviews
from circlekeeper.areas.access.queries.talks import has_lead
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.roster.ownpage import Slot
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.accounts.who import Who
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.todo import Todo, Urgency

_TOLD_FOR = timedelta(days=30)
_HERE = ("applied", "member", "paused")


def todo(who: Who, now: datetime) -> list[Todo]:
    """Threads that wait for the access lead, and rules that hurt for those who write them. Nobody else learns of either."""
    places = accounts.places_of(who.id)
    mine = [place for place in places if who.can(Permission.ACCESS_SEE, place)]
    waiting = set(Thread.objects.filter(group_id__in=mine, waits=True).values_list("group_id", flat=True))
    editing = [place for place in places if who.can(Permission.AGREEMENT_EDIT, place)]
    hurting = open_reviews(editing) if editing else {}
    return [_answer(group_id) for group_id in mine if group_id in waiting] + [
        _hurts(group_id, found[0].answer_by, now.date()) for group_id, found in hurting.items()
    ]


def _hurts(group_id: str, answer_by: date, today: date) -> Todo:
    return Todo(
        title=_("Someone says that a rule hurts them"),
        why=_("You promised an answer by %(day)s.") % {"day": date_format(answer_by, "j F")},
        url=reverse("access:rules", args=[group_id]),
        minutes=15,
        urgency=Urgency.TODAY if answer_by <= today else Urgency.SOON,
    )


def _answer(group_id: str) -> Todo:
    return Todo(
        title=_("A message waits for you"),
        why=_("Someone wrote what would help them take part."),
        url=reverse("access:index", args=[group_id]),
        minutes=5,
        urgency=Urgency.TODAY,
    )


def own_cards(group_id: str, member_id: str, now: datetime) -> list[Slot]:
    """The way to the access lead, and that an answer is there."""
    state = roster.member(group_id=group_id, member_id=member_id).state
    if state not in _HERE:
        return []
    helped = [*_helped(group_id, now), *_rules(group_id, now)] if state != "applied" else []
    return helped + (_talk_card(group_id, member_id) if has_lead(group_id) else [])


def _helped(group_id: str, now: datetime) -> list[Slot]:
    """Everyone is told that a helper comes, so that nobody can tell who asked."""
    meeting = next(iter(sources.meetings(group_id, now)), None)
    said = " ".join(helping(group_id, meeting.id)) if meeting else ""
    if meeting is None or not said:
        return []
    return [
        Slot(meeting.words, said + " " + _("They promised to keep what they hear. Nothing they write is saved."))
    ]


def _rules(group_id: str, now: datetime) -> list[Slot]:
    """A rule that changed lately, in a note that credits nobody; and the way to say that one hurts."""
    recent = now.date() - _TOLD_FOR
    changed = [
        Slot(_("A rule changed"), each.note)
        for each in decided_reviews(group_id)
        if each.verdict == "changed" and each.decided_on and each.decided_on >= recent
    ]
    said = _("Say so. Nothing shows who said it, and there is a day by which it is answered.")
    return [
        *changed,
        _card(),
        Slot(_("Does a rule here hurt you?"), said, reverse("own-rules"), _("Say which one")),
    ]


def _card() -> Slot:
    said = _("Names, days, how to share. You may leave all of it open.")
    return Slot(_("What feels right to you?"), said, reverse("own-card"), _("Say what you like"))


def _talk_card(group_id: str, member_id: str) -> list[Slot]:
    mine = Thread.objects.filter(group_id=group_id, member_id=member_id).values_list("waits", flat=True).first()
    if mine is None:
        said = _("One person arranges it quietly. Nobody else learns that you asked.")
        return [Slot(_("Would something help you take part?"), said, reverse("own-access"), _("Write to them"))]
    said = _("Your message waits to be read.") if mine else _("There is an answer for you.")
    return [Slot(_("What would help you take part"), said, reverse("own-access"), _("Read it"))]
