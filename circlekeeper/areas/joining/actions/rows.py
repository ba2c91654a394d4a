"""Rows that several actions take, locked for the rest of the transaction."""

from django.utils.translation import gettext as _

from circlekeeper.areas.joining.models import Application, State
from circlekeeper.foundation.errors import NotHere, Refused


def open_application(group_id: str, application_id: str) -> Application:
    """An application of this group that waits for an answer.

    :raises NotHere: there is none of this id. :raises Refused: it was decided already.
    """
    found = Application.objects.select_for_update().filter(pk=application_id, group_id=group_id).first()
    if found is None:
        raise NotHere
    if found.state != State.OPEN:
        raise Refused(_("This has been decided already."))
    return found
