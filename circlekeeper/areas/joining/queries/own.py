"""What this room puts on Today and on a member's own page."""

from datetime import date, datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circlekeeper.areas.joining.models import Application, State
from circlekeeper.areas.joining.queries.applications import has_code
from circlekeeper.areas.joining.queries.calls import choice
from circlekeeper.areas.joining.queries.fields import groups_with_unread
from circlekeeper.areas.joining.queries.ways import to_review
from circlekeeper.areas.roster.ownpage import Slot
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.accounts.who import Who
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.todo import Todo, Urgency


def todo(who: Who, now: datetime) -> list[Todo]:
    """Groups in which people wait for an answer."""
    places = [place for place in accounts.places_of(who.id) if who.can(Permission.JOINING_DECIDE, place)]
    rows = Application.objects.filter(group_id__in=places, state=State.OPEN).values_list("group_id", "answer_by")
    found: dict[str, list[date]] = {}
    for group_id, day in rows:
        found.setdefault(group_id, []).append(day)
    deciding = [place for place in accounts.places_of(who.id) if who.can(Permission.LEVEL_SET, place)]
    reviews = [_review(group_id) for group_id in to_review(deciding, now)]
    reviews += [_unread(group_id) for group_id in groups_with_unread(deciding, now)]
    return reviews + [_todo(group_id, days, now.date()) for group_id, days in found.items()]


def _unread(group_id: str) -> Todo:
    return Todo(
        title=_("You ask something that nobody reads"),
        why=_("What nobody needs should not be asked."),
        url=reverse("joining:fields", args=[group_id]),
        minutes=3,
        urgency=Urgency.LATER,
    )


def _review(group_id: str) -> Todo:
    return Todo(
        title=_("Look again at how you get to know people"),
        why=_("What was right half a year ago may turn away someone who needs you now."),
        url=reverse("joining:way", args=[group_id]),
        minutes=5,
        urgency=Urgency.SOON,
    )


def _todo(group_id: str, days: list[date], today: date) -> Todo:
    return Todo(
        title=ngettext("%(n)d person asks to join", "%(n)d people ask to join", len(days)) % {"n": len(days)},
        why=_("Waiting for an answer takes courage."),
        url=reverse("joining:applications", args=[group_id]),
        minutes=10,
        urgency=Urgency.TODAY if min(days) <= today else Urgency.SOON,
    )


def own_cards(group_id: str, member_id: str, now: datetime) -> list[Slot]:
    """Where one's application stands, and a code that waits to be typed, for a member's own page."""
    found = Application.objects.filter(member_id=member_id, group_id=group_id).first()
    if found is None or found.state == State.APPROVED:
        return []
    if found.state == State.DECLINED:
        gone = date_format(found.due_on, "j F Y") if found.due_on else ""
        said = _(
            "The people who host cannot take you in now. That says nothing about you. What you wrote is destroyed "
            "by %(day)s. If you need someone today, look at Need help now."
        )
        return [Slot(_("You asked to join"), said % {"day": gone})]
    day = date_format(found.answer_by, "j F Y")
    cards = [Slot(_("You asked to join"), _("Someone answers you here by %(day)s.") % {"day": day})]
    cards += _call_card(group_id, member_id, now)
    if has_code(member_id, now):
        cards.append(
            Slot(
                _("You were told a code"),
                _("Type it here, so that we know we reach you."),
                reverse("joining:code"),
                _("Type the code"),
            )
        )
    return cards


def _call_card(group_id: str, member_id: str, now: datetime) -> list[Slot]:
    try:
        found = choice(group_id=group_id, member_id=member_id, now=now)
    except NotHere:
        return []
    if found.chosen:
        return [
            Slot(_("Your short call"), found.chosen.words, reverse("joining:choose-call"), _("Change the time"))
        ]
    said = _("You choose the time. We call the way you said is safe.")
    return [Slot(_("A short call comes first"), said, reverse("joining:choose-call"), _("Choose a time"))]
