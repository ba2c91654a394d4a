"""May this person do it? One enum, one table of roles; whatever is absent is refused.

A permission is ``scope:resource:action``. Roles are held in a place: a group's id, or ``machine``.
"""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

MACHINE = "machine"


class Permission(StrEnum):
    """What a page or an act may need."""

    ANYONE = "open:page:see"
    OWN = "member:own:see"
    SIGNED_IN = "person:own:see"
    MACHINE_RUN = "machine:machine:run"
    GROUP_SEE = "group:group:see"
    GROUP_EDIT = "group:group:edit"
    PEOPLE_SEE = "group:people:see"
    PEOPLE_MANAGE = "group:people:manage"
    KEYS_CHANGE = "group:keys:change"
    SAFETY_SEE = "group:safety:see"
    SAFETY_ATTEST = "group:safety:attest"
    SAFETY_WAIVE = "group:safety:waive"
    LEVEL_SET = "group:level:set"
    GROUP_OPEN = "group:group:open"
    AGREEMENT_SEE = "group:agreement:see"
    AGREEMENT_EDIT = "group:agreement:edit"
    ROSTER_SEE = "group:roster:see"
    ROSTER_OPEN = "group:roster:open"
    ROSTER_IMPORT = "group:roster:import"
    EMERGENCY_OPEN = "group:emergency:open"
    JOINING_SEE = "group:joining:see"
    JOINING_DECIDE = "group:joining:decide"
    ACCESS_SEE = "group:access:see"
    MEETING_SEE = "group:meeting:see"
    MEETING_PLAN = "group:meeting:plan"
    MEETING_HOST = "group:meeting:host"
    INCIDENT_SEE = "group:incident:see"
    RETENTION_SEE = "group:retention:see"
    RETENTION_HOLD = "group:retention:hold"
    TRUST_SEE = "group:trust:see"


class RoleName(StrEnum):
    """The roles a person can hold."""

    LEADER = "leader"
    PRIVACY_LEAD = "privacy_lead"
    FACILITATOR = "facilitator"
    ACCESS_LEAD = "access_lead"
    ADMINISTRATOR = "administrator"


_FACILITATOR = frozenset(
    {
        Permission.GROUP_SEE,
        Permission.PEOPLE_SEE,
        Permission.SAFETY_SEE,
        Permission.AGREEMENT_SEE,
        Permission.ROSTER_SEE,
        Permission.EMERGENCY_OPEN,
        Permission.MEETING_SEE,
        Permission.MEETING_HOST,
    }
)
_TRUSTED = _FACILITATOR | {
    Permission.SAFETY_ATTEST,
    Permission.ROSTER_OPEN,
    Permission.ROSTER_IMPORT,
    Permission.JOINING_SEE,
    Permission.JOINING_DECIDE,
    Permission.INCIDENT_SEE,
    Permission.RETENTION_SEE,
    Permission.TRUST_SEE,
    Permission.MEETING_PLAN,
}

ROLE_GRANTS: dict[RoleName, frozenset[Permission]] = {
    RoleName.FACILITATOR: _FACILITATOR,
    RoleName.ACCESS_LEAD: frozenset({Permission.GROUP_SEE, Permission.ACCESS_SEE}),
    RoleName.PRIVACY_LEAD: _TRUSTED
    | {
        Permission.KEYS_CHANGE,
        Permission.SAFETY_WAIVE,
        Permission.RETENTION_HOLD,
        Permission.LEVEL_SET,
        Permission.AGREEMENT_EDIT,
    },
    RoleName.LEADER: _TRUSTED
    | {
        Permission.GROUP_EDIT,
        Permission.GROUP_OPEN,
        Permission.PEOPLE_MANAGE,
        Permission.KEYS_CHANGE,
        Permission.LEVEL_SET,
        Permission.AGREEMENT_EDIT,
    },
    # The machine's administrator keeps it running and reads nobody's record.
    RoleName.ADMINISTRATOR: frozenset({Permission.MACHINE_RUN}),
}

ROLE_WORDS = {
    RoleName.LEADER: _("Leader: answers for the group, its people and its promises."),
    RoleName.PRIVACY_LEAD: _("Privacy lead: second key holder; agrees to exceptions and holds."),
    RoleName.FACILITATOR: _("Facilitator: hosts meetings, sees aliases, opens emergency contacts with a reason."),
    RoleName.ACCESS_LEAD: _("Access lead: reads what would help someone take part."),
    RoleName.ADMINISTRATOR: _("Administrator: keeps the machine running and reads nobody's record."),
}


def grants(roles: frozenset[RoleName], permission: Permission) -> bool:
    """Whether any of these roles (held in one place) carries the permission."""
    return any(permission in ROLE_GRANTS.get(role, frozenset()) for role in roles)
