"""Groups, words and check modules for tests of this room."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import ModuleType

from circlekeeper.areas.groups.models import Group
from circlekeeper.areas.safeguards import actions, checks, registry
from circlekeeper.areas.safeguards.evidence import Finding, Question, evidence
from circlekeeper.foundation import guard, playbook
from circlekeeper.foundation.accounts.models import Person, Role
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.playbook import CheckKind

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ALICE, BOB, PRIYA = "alice", "bob", "priya"
ROLES = {ALICE: RoleName.LEADER, BOB: RoleName.FACILITATOR, PRIYA: RoleName.PRIVACY_LEAD}


def group(*, level: str = "low", overlays: Iterable[str] = (), state: str = "draft") -> str:
    """A group with its first level decided, a leader, a facilitator and a privacy lead. Returns its id."""
    with guard.outside_action("test data"):
        made = Group.objects.create(
            public_name="Thursday circle",
            purpose="circle",
            level=level,
            overlays=sorted(overlays),
            playbook_version=playbook.book().version,
            time_zone="Europe/London",
            state=state,
            made_at=NOW,
            opened_at=NOW if state == "open" else None,
        )
        for name, role in ROLES.items():
            person, _ = Person.objects.get_or_create(pk=name, defaults={"handle": name, "joined_at": NOW})
            Role.objects.create(
                person=person, place=made.pk, role=role, granted_by=ALICE, granted_at=NOW, confirmed_at=NOW
            )
    actions.decide_first_level(by=ALICE, group_id=made.pk, now=NOW)
    return made.pk


def attest_everything(group_id: str, *, now: datetime = NOW, leave_out: Iterable[str] = ()) -> None:
    """Give a word for each check that a person answers."""
    for control in playbook.book().controls.values():
        for check in control.check:
            if check.kind is CheckKind.ATTEST and control.id not in set(leave_out):
                actions.attest(
                    by=ALICE, group_id=group_id, control=control.id, check=check.id, proof=check.proofs[0], now=now
                )


def answering(**answers: Callable[[Question], Finding]) -> ModuleType:
    """A check module that answers the named controls (``_`` for ``-``)."""
    module = ModuleType("answers_for_tests")
    for name, answer in answers.items():

        def function(ask: Question, answer: Callable[[Question], Finding] = answer) -> Finding:
            return answer(ask)

        function.__module__ = module.__name__
        setattr(module, name, evidence(name.replace("_", "-"))(function))
    return module


def all_met(except_for: Iterable[str] = ()) -> ModuleType:
    """A module that finds every other room's control met."""
    own = {"level-decided", "level-looked-at-again", "waivers-in-date", "retention-set", *except_for}
    met = Finding.met("as it should be")
    return answering(
        **{
            control.id.replace("-", "_"): lambda ask: met
            for control in playbook.book().controls.values()
            if control.id not in own and any(check.kind is not CheckKind.ATTEST for check in control.check)
        }
    )


@contextmanager
def connected(*modules: ModuleType) -> Iterator[None]:
    """Connect this room's own checks and the given modules for a while."""
    before = registry.installed()
    registry.install([checks, *modules])
    try:
        yield
    finally:
        registry.restore(before)
