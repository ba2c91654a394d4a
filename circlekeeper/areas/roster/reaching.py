"""What stands ready so that letters can leave: for the worker at lower levels, for nobody where the level says so."""

from circlekeeper.areas.roster.models import Reach
from circlekeeper.areas.roster.rules import SafeContact, Says
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.post import outbox, sealing

_KEPT = "kept"
_NOTHING = SafeContact(says=Says.NO)


def kept_ready(group_id: str) -> bool:
    """Whether this group's level lets the machine keep what it needs to remind people (protection of jobs)."""
    return str(safeguards.settings_for(group_id).value("reach-kept")) == _KEPT


def made(*, member_id: str, group_id: str, contact: SafeContact) -> Reach:
    """The row of a new answer, not yet saved. A no leaves a row of the same length as a yes."""
    row = Reach(pk=new_id(), member_id=member_id, group_id=group_id)
    if kept_ready(group_id):
        wanted = contact.only("mail") if contact.remind else _NOTHING
        row.sealed = sealing.seal(wanted, place=row.pk)
    return row


def end(member_id: str) -> None:
    """Take away what letters rest on, and destroy those that wait. Call it inside an action."""
    for row in Reach.objects.select_for_update().filter(member_id=member_id):
        outbox.stop(row.pk)
        row.delete()


def replace(row: Reach) -> None:
    """Put a new answer in the place of the one before: nothing leaves any more that rests on that (WHY1)."""
    end(row.member_id)
    row.save(force_insert=True)
