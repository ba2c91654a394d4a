"""Two people who both answer for the group."""

from django.utils.translation import gettext as _

from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.permissions import RoleName


def two_people(*, first: str, second: str, group_id: str) -> None:
    """Insist that two different people with a role in the group decide, one of them its privacy lead.

    :raises NotHere: the second person has no role in the group.
    :raises Refused: they are one person, or neither is the privacy lead.
    """
    if second not in accounts.people_with_role(group_id):
        raise NotHere
    if first == second:
        raise Refused(_("A second person has to agree. You asked for it yourself."))
    if not {first, second} & set(accounts.people_with_role(group_id, RoleName.PRIVACY_LEAD)):
        raise Refused(_("One of the two people has to be the privacy lead."))
