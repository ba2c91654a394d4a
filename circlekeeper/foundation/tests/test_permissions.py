"""The one table of roles: nothing is granted by accident."""

from hypothesis import given
from hypothesis import strategies as st

from circlekeeper.foundation.permissions import ROLE_GRANTS, ROLE_WORDS, Permission, RoleName, grants

roles = st.frozensets(st.sampled_from(list(RoleName)))
_ROSTER = {
    Permission.ROSTER_SEE,
    Permission.ROSTER_OPEN,
    Permission.ROSTER_IMPORT,
    Permission.EMERGENCY_OPEN,
    Permission.JOINING_SEE,
}


@given(held=roles, more=roles, permission=st.sampled_from(list(Permission)))
def test_another_role_never_takes_a_permission_away(held, more, permission):
    assert not grants(held, permission) or grants(held | more, permission)


@given(permission=st.sampled_from(list(Permission)))
def test_nobody_without_a_role_may_anything(permission):
    assert not grants(frozenset(), permission)


def test_the_machines_administrator_reads_nobodys_record():
    assert ROLE_GRANTS[RoleName.ADMINISTRATOR] == {Permission.MACHINE_RUN}


def test_only_the_administrator_runs_the_machine():
    assert [role for role, held in ROLE_GRANTS.items() if Permission.MACHINE_RUN in held] == [
        RoleName.ADMINISTRATOR
    ]


def test_a_facilitator_sees_aliases_and_emergencies_but_no_contacts():
    assert ROLE_GRANTS[RoleName.FACILITATOR] & _ROSTER == {Permission.ROSTER_SEE, Permission.EMERGENCY_OPEN}


def test_every_role_says_in_words_what_it_is():
    assert set(ROLE_WORDS) == set(RoleName) == set(ROLE_GRANTS)
