"""Who on the team is bound, as members read it, and who may help at a meeting (CNF3, PRO1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import rules, words
from circlekeeper.areas.agreements.models import Statement
from circlekeeper.areas.agreements.rules import Bond, Bound, HostFault, Mandated
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import playbook
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.permissions import RoleName

_BINDING = (playbook.Mode.REQUIRED, playbook.Mode.LOCKED)
CONTROL = "who-is-bound"


@dataclass(frozen=True, slots=True)
class Badge:
    """One person of the team, as members read them. ``bound`` empty: they have not said anything yet.

    ``person_id`` is for staff pages only; members' pages show ``shown_as`` and the roles.
    """

    person_id: str
    shown_as: str
    roles: tuple[RoleName, ...]
    bound: str
    licence_body: str
    licence_until: date | None
    mandated: str
    said_on: date | None
    holds_until: date | None
    overdue: bool


def badges(*, group_id: str, now: datetime, person_ids: Iterable[str] | None = None) -> list[Badge]:
    """A badge for each person with a role here (or those of ``person_ids``), leaders first; two queries."""
    order = list(RoleName)
    roles: dict[str, list[RoleName]] = {}
    for held in accounts.roles_in(group_id):
        roles.setdefault(held.person_id, []).append(held.role)
    said = {row.person_id: row for row in Statement.objects.filter(group_id=group_id)}
    today = _today(group_id, now)
    wanted = frozenset(roles) if person_ids is None else frozenset(person_ids) & frozenset(roles)
    found = [_badge(person, sorted(roles[person], key=order.index), said.get(person), today) for person in wanted]
    return sorted(found, key=lambda each: (order.index(each.roles[0]), each.shown_as, each.person_id))


def _badge(person: str, roles: list[RoleName], row: Statement | None, today: date) -> Badge:
    if row is None:
        return Badge(
            person, "", tuple(roles), "", "", None, str(rules.Mandated.UNKNOWN), None, None, overdue=False
        )
    return Badge(
        person_id=person,
        shown_as=row.shown_as,
        roles=tuple(roles),
        bound=row.bound,
        licence_body=row.licence_body,
        licence_until=row.licence_until,
        mandated=row.mandated,
        said_on=row.said_on,
        holds_until=row.holds_until,
        overdue=rules.overdue(_bond(row), on=today),
    )


def why_not_hosts(*, group_id: str, person_ids: Iterable[str], now: datetime) -> dict[str, str]:
    """Those of these people who may not help at a meeting now, with the reason in one sentence; two queries."""
    ids = frozenset(person_ids)
    said = {row.person_id: _bond(row) for row in Statement.objects.filter(group_id=group_id, person_id__in=ids)}
    asked, today = statements_asked(group_id), _today(group_id, now)
    found = {person: rules.host_fault(said.get(person), asked=asked, on=today) for person in ids}
    return {person: _sentence(fault) for person, fault in found.items() if fault is not None}


def statements_asked(group_id: str) -> bool:
    """Whether the level asks that everybody on the team has said how they are bound."""
    return safeguards.settings_for(group_id).mode(CONTROL) in _BINDING


def _sentence(fault: HostFault) -> str:
    return {
        HostFault.SILENT: _(
            "Members must be able to read how each helper is bound to keep silent. "
            "Ask them to say it first, under Agreements, Who is bound."
        ),
        HostFault.LICENCE: _(
            "This licence ran out. Whoever hosts as a professional needs one that holds; it is entered under "
            "Agreements, Who is bound."
        ),
        HostFault.PROMISE: _("This promise is overdue. It is made again under Agreements, Who is bound."),
    }[fault]


def _bond(row: Statement) -> Bond:
    return Bond(row.bound, row.licence_until, row.holds_until)


def _today(group_id: str, now: datetime) -> date:
    return now.astimezone(groups.group(group_id).zone).date()


def shown_badges(*, group_id: str, now: datetime, person_ids: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """Badges in words, for pages that members read (``agreements/badges.html``); nobody's id is among them."""
    return [badge_words(each) for each in badges(group_id=group_id, now=now, person_ids=person_ids)]


def badge_words(badge: Badge) -> dict[str, Any]:
    """One badge in words; an overdue licence or promise is said to be so."""
    licence = ""
    if badge.bound == Bound.PROFESSION and badge.licence_until:
        parts = {"body": badge.licence_body, "day": date_format(badge.licence_until, "j F Y")}
        licence = (
            _("Licence by %(body)s ran out on %(day)s.")
            if badge.overdue
            else _("Licence by %(body)s, until %(day)s.")
        ) % parts
    return {
        "name": badge.shown_as,
        "roles": ", ".join(str(words.ROLES[role]) for role in badge.roles),
        "bound": words.BOUND[Bound(badge.bound)] if badge.bound else words.SILENT,
        "licence": licence,
        "mandated": words.MANDATED[Mandated(badge.mandated)],
        "overdue": badge.overdue,
        "silent": not badge.bound,
    }
