"""Everything that changes accounts, by name."""

from circlekeeper.foundation.accounts.actions.factors import add_app, add_passkey, new_spare_codes, remove_factor
from circlekeeper.foundation.accounts.actions.invitations import (
    InvitationOver,
    Invited,
    NotReady,
    code_opens,
    finish_invitation,
    invite,
    take_invitation,
    withdraw_invitation,
)
from circlekeeper.foundation.accounts.actions.keys import grant_keys
from circlekeeper.foundation.accounts.actions.people import (
    AlreadySetUp,
    HandleTaken,
    change_passphrase,
    close_other_sessions,
    join_by_invitation,
    make_first_person,
    recover,
    renew_passphrase,
    suspend,
)
from circlekeeper.foundation.accounts.actions.roles import (
    CAPPED,
    StillNeeded,
    TooMany,
    confirm_role,
    grant_role,
    lapse_role,
    mark_keyed,
    revoke_role,
)

__all__ = [
    "CAPPED",
    "AlreadySetUp",
    "HandleTaken",
    "InvitationOver",
    "Invited",
    "NotReady",
    "StillNeeded",
    "TooMany",
    "add_app",
    "add_passkey",
    "change_passphrase",
    "close_other_sessions",
    "code_opens",
    "confirm_role",
    "finish_invitation",
    "grant_keys",
    "grant_role",
    "invite",
    "join_by_invitation",
    "lapse_role",
    "make_first_person",
    "mark_keyed",
    "new_spare_codes",
    "recover",
    "remove_factor",
    "renew_passphrase",
    "revoke_role",
    "suspend",
    "take_invitation",
    "withdraw_invitation",
]
