"""What waits for a leader in this room."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circlekeeper.areas.agreements import sources
from circlekeeper.areas.agreements.models import Kind
from circlekeeper.areas.agreements.queries import documents
from circlekeeper.areas.groups import queries as groups
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.accounts.who import Who
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.todo import Todo, Urgency


def todo(who: Who, now: datetime) -> list[Todo]:
    """Texts to publish, at most one line a group. Controls that close a door are told by ``safeguards``."""
    del now
    return [
        each
        for group_id in accounts.places_of(who.id)
        if who.can(Permission.AGREEMENT_EDIT, group_id)
        and groups.group(group_id).state != "closed"
        and (each := _of(group_id))
    ]


def _of(group_id: str) -> Todo | None:
    try:
        waiting = [each for each in documents.wanted(group_id) if not each.settled]
    except sources.NotConnected:
        return None
    if not waiting:
        return None
    stale = [each for each in waiting if each.stale]
    missing = len({each.kind for each in waiting if each.missing})
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
