"""Saying how one is bound to keep silent (CNF3)."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import queries, rules
from circlekeeper.areas.agreements.models import Statement
from circlekeeper.areas.agreements.rules import BondFault, Bound, Mandated
from circlekeeper.areas.groups import queries as groups
from circlekeeper.foundation import ledger, playbook
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused


@action("agreements.bond.say")
def say_bound(
    *,
    by: str,
    group_id: str,
    bound: str,
    mandated: str,
    now: datetime,
    licence_body: str = "",
    licence_until: date | None = None,
    shown_as: str = "",
) -> None:
    """A person of the team says how they are bound; nobody says it for somebody else. A promise holds as long as members'.

    :raises NotHere: they have no role here. :raises Refused: a licence without a body, without an end, or one that is over.
    """
    if by not in accounts.people_with_role(group_id):
        raise NotHere
    if bound not in set(Bound) or mandated not in set(Mandated):
        raise Refused(_("Choose from the list."), field="bound")
    today = now.astimezone(groups.group(group_id).zone).date()
    fault = rules.bond_fault(bound=bound, body=licence_body, until=licence_until, on=today)
    if fault is not None:
        raise Refused(_why(fault), field="licence_body" if fault is BondFault.NO_BODY else "licence_until")
    licensed = bound == Bound.PROFESSION
    made, _new = Statement.objects.update_or_create(
        group_id=group_id,
        person_id=by,
        defaults={
            "shown_as": " ".join(shown_as.split())[:40],
            "bound": bound,
            "licence_body": " ".join(licence_body.split())[:120] if licensed else "",
            "licence_until": licence_until if licensed else None,
            "mandated": mandated,
            "said_on": today,
            "holds_until": playbook.add_duration(today, queries.pledge_lasts(group_id))
            if bound == Bound.PLEDGE
            else None,
        },
    )
    ledger.record(by=by, about=made.pk, at=now)


def _why(fault: BondFault) -> str:
    return {
        BondFault.NO_BODY: _("Say who gave you the licence. Do not write its number."),
        BondFault.NO_END: _("Say until which day the licence holds."),
        BondFault.OVER: _("This licence is over. Say it again when it is renewed."),
    }[fault]
