"""What one room does when it hears of another: handlers that ``wiring`` names."""

from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.incidents import actions as incidents_do
from circlekeeper.areas.meetings import events as meetings_events
from circlekeeper.areas.roster import actions as roster_do
from circlekeeper.areas.roster import events as roster_events
from circlekeeper.areas.safeguards import actions as safeguards_do
from circlekeeper.areas.safeguards import events as safeguards_events
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import playbook

_CHAT = "outside-chat-gated"


def look_at_chat_again(event: roster_events.MemberLeft, *, now: datetime) -> None:
    """Whoever left has to be out of the outside chat too: the word about it ends until somebody looked again (MED2)."""
    if not safeguards.settings_for(event.group_id).mode(_CHAT).binds:
        return
    for word in safeguards.attestations(event.group_id):
        if word.control == _CHAT and word.withdrawn_at is None and word.expires_at > now:
            safeguards_do.withdraw_attestation(by="system", attestation_id=word.id, now=now)


def write_at_once(event: meetings_events.MeetingMoved, *, now: datetime) -> None:
    """Whoever asked to be reminded hears of it now, not with the next round of letters (FMT14)."""
    del event
    roster_do.remind(now=now)


def draft_what_was_tried(event: safeguards_events.WeakeningRefused, *, now: datetime) -> None:
    """Somebody wanted to set aside what this level locks: those who answer for the group learn it (TEC9)."""
    known = playbook.book().controls.get(event.control)
    words = _("Somebody asked to set aside what your level locks: %(what)s. Nothing was changed.")
    incidents_do.draft(
        by="system",
        group_id=event.group_id,
        meeting_id="",
        kind="drift",
        words=words % {"what": _(known.title) if known else event.control},
        now=now,
    )
