"""What waits for a leader in this room."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circlekeeper.areas.agreements import sources
from circlekeeper.areas.agreements.models import Kind
from circlekeeper.areas.agreements.queries import documents
from circlekeeper.areas.agreements.queries.waiting import waiting
from circlekeeper.areas.groups import queries as groups
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.accounts.who import Who
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.todo import Todo, Urgency


def todo(who: Who, now: datetime) -> list[Todo]:
    """Texts to publish, and promises that ran out; at most one line of each a group. Controls that close a door are told
    by ``safeguards``.
    """
    found = []
    for group_id in accounts.places_of(who.id):
        if groups.group(group_id).state == "closed":
            continue
        if who.can(Permission.AGREEMENT_EDIT, group_id):
            found += [each] if (each := _of(group_id)) else []
        if who.can(Permission.ROSTER_OPEN, group_id):
            found += [each] if (each := _overdue(group_id, now)) else []
    return found


def _overdue(group_id: str, now: datetime) -> Todo | None:
    """Promises that ran out: who stays silent gets no link once the time to make it again is over (CNF2)."""
    try:
        over = [each for each in waiting(group_id=group_id, now=now) if each.lapsed_at is not None]
    except sources.NotConnected:
        return None
    if not over:
        return None
    title = ngettext("%(n)d promise is overdue", "%(n)d promises are overdue", len(over)) % {"n": len(over)}
    return Todo(
        title=title,
        why=_("Each person is safe only if every other person has promised too."),
        url=reverse("agreements:answers", kwargs={"group_id": group_id}),
        minutes=3,
        urgency=Urgency.SOON,
        due=min((each.links_until for each in over if each.links_until), default=None),
    )


def _of(group_id: str) -> Todo | None:
    try:
        unsettled = [each for each in documents.wanted(group_id) if not each.settled]
    except sources.NotConnected:
        return None
    if not unsettled:
        return None
    stale = [each for each in unsettled if each.stale]
    missing = len({each.kind for each in unsettled if each.missing})
    title = (
        _("Your privacy policy no longer says what you do")
        if stale
        else ngettext("%(n)d text to read and publish", "%(n)d texts to read and publish", missing)
        % {"n": missing}
    )
    return Todo(
        title=title,
        why=_("People decide whether to trust you by what they can read before they join."),
        url=reverse("agreements:shelf", kwargs={"group_id": group_id}),
        minutes=5 if stale else 10,
        urgency=Urgency.TODAY if any(each.kind == Kind.POLICY for each in stale) else Urgency.SOON,
    )
