"""What this room can say about the keys of a group."""

from django.utils.translation import gettext as _

from circlekeeper.areas.leaders import queries
from circlekeeper.areas.safeguards.evidence import Finding, Question, evidence


@evidence("keys-changed-after-leaving")
def nobody_who_left_knows_the_keys(ask: Question) -> Finding:
    """POL5: when a key holder has gone, the keys are changed within a day and every record is brought to the new ones."""
    since = queries.due_since([ask.group_id]).get(ask.group_id)
    if since is None:
        return Finding.met(_("Everyone who has ever seen the keys in use still holds them."))
    if ask.now - since <= queries.CHANGE_WITHIN:
        return Finding.met(_("Somebody who held keys has gone. Change the keys within a day."))
    return Finding.not_met(_("Somebody who held keys has gone, and the keys were not changed within a day."))
