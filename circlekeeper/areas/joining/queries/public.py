"""What a passer-by may read, and what people are asked."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import sources
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.joining import rules
from circlekeeper.areas.joining.queries.fields import asked_fields
from circlekeeper.areas.joining.queries.ways import level_path
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.permissions import RoleName

_HOSTS = (RoleName.LEADER, RoleName.PRIVACY_LEAD, RoleName.FACILITATOR)
_BOUND = frozenset({"clinicians"})


@dataclass(frozen=True, slots=True)
class PublicFacts:
    """The five facts of the public page. ``bound``: a profession binds some of the hosts to keep silent."""

    public_name: str
    about: str
    hosts: int
    bound: bool
    fields: list[sources.FieldFact]
    keeps: list[sources.KeepFact]
    is_open: bool
    answer_days: int


def emergency_needed(group_id: str) -> bool:
    """Whether the group's level needs an emergency record before the first meeting (FAQ2a, KIT9)."""
    return str(safeguards.settings_for(group_id).value("emergency-record")) == "needed"


def intake_fields(group_id: str) -> list[sources.FieldFact]:
    """What people are asked when they join: the policy and the public page are made from it (POL1)."""
    needed = {"emergency"} if emergency_needed(group_id) else set()
    if level_path(group_id) == "contact-proven":
        needed.add("contact")
    return [
        sources.FieldFact(_(each.label), _(each.why), each.required or each.name in needed)
        for each in rules.CATALOGUE
    ] + [
        sources.FieldFact(_(rules.EXTRA[name]), f"{purpose} {_('Read by:')} {_(rules.EXTRA_READERS)}.", False)
        for name, purpose in asked_fields(group_id).items()
    ]


def public_facts(group_id: str) -> PublicFacts:
    """What a passer-by may read.

    :raises NotHere: there is no such group, or it is still being set up.
    """
    group = groups.group(group_id)
    if group.state == "draft":
        raise NotHere
    configuration = sources.configuration(group_id, "en")
    return PublicFacts(
        public_name=group.public_name,
        about=group.about,
        hosts=len(accounts.people_with_role(group_id, *_HOSTS)),
        bound=group.level == "professional" or bool(_BOUND & group.overlays),
        fields=list(configuration.fields),
        keeps=list(configuration.retention),
        is_open=group.is_open,
        answer_days=safeguards.settings_for(group_id).number("answer-days"),
    )
