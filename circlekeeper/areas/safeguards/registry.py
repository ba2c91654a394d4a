"""Who answers which control. The switchboard hands over the rooms' check modules; nothing registers itself."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType

from django.utils.translation import gettext as _

from circlekeeper.areas.safeguards.evidence import MARK, Answer, Finding, Question
from circlekeeper.foundation import playbook

log = logging.getLogger(__name__)

Key = tuple[str, str]  # control, check


class WrongAnswers(Exception):
    """A module answers a control that does not exist, a person's question, or one already answered."""


@dataclass(slots=True)
class _Board:
    answers: dict[Key, Answer] = field(default_factory=dict)


_board = _Board()


def install(modules: Iterable[ModuleType]) -> None:
    """Connect the ``@evidence`` functions of these modules, in place of whatever was connected before.

    :raises WrongAnswers: two answers to one check, or an answer to nothing.
    """
    found: dict[Key, Answer] = {}
    for control, function in _marked(modules):
        for key in _checks(control):
            if key in found:
                raise WrongAnswers(f"{'/'.join(key)} is answered twice")
            found[key] = function
    _board.answers = found


def restore(answers: Mapping[Key, Answer]) -> None:
    """Connect again exactly what ``installed`` returned."""
    _board.answers = dict(answers)


def installed() -> Mapping[Key, Answer]:
    """What is connected now."""
    return dict(_board.answers)


def unanswered() -> list[str]:
    """Checks that no function answers, as ``control/check``. Each counts as unknown and keeps its doors closed."""
    return ["/".join(key) for key in _askable() if key not in _board.answers]


def ask(control: str, check: str, question: Question) -> Finding:
    """The answer to one check. A missing function or an exception is unknown, never met (promise 5)."""
    answer = _board.answers.get((control, check))
    if answer is None:
        return Finding.unknown(_("Nothing here can check this yet."))
    try:
        found: object = answer(question)
    except Exception as failure:
        # The text of an exception may hold anything; its type and the control are safe to write down.
        log.warning("check %s/%s failed: %s", control, check, type(failure).__name__)
        return Finding.unknown(_("The check did not work."))
    return found if isinstance(found, Finding) else Finding.unknown(_("The check gave no answer."))


def _marked(modules: Iterable[ModuleType]) -> Iterator[tuple[str, Answer]]:
    for module in modules:
        for function in vars(module).values():
            if getattr(function, "__module__", None) == module.__name__:
                for control in getattr(function, MARK, ()):
                    yield control, function


def _checks(named: str) -> list[Key]:
    """The checks meant by ``control`` or ``control/check``.

    :raises WrongAnswers: there is none that a function may answer.
    """
    control, _slash, check = named.partition("/")
    meant = [key for key in _askable() if key[0] == control and check in ("", key[1])]
    if not meant:
        raise WrongAnswers(f"{named} is no check that a function may answer")
    return meant


def _askable() -> list[Key]:
    return [
        (control.id, check.id)
        for control in playbook.book().controls.values()
        for check in control.check
        if check.kind is not playbook.CheckKind.ATTEST
    ]
