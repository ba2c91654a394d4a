"""The one way to write: a transaction, a verb, and at least one line in the ledger, or nothing at all."""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from circlekeeper.foundation import guard, ledger, memo, turns

P = ParamSpec("P")
R = TypeVar("R")

_verb: ContextVar[str] = ContextVar("circlekeeper_verb", default="")

ACTIONS: dict[str, Callable[..., object]] = {}


class NoLedgerLine(Exception):
    """An action finished without recording what it did; it was rolled back. The text is the action's verb."""


def current_verb() -> str:
    """The verb of the running action, or an empty string outside one."""
    return _verb.get()


def action(verb: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function the only writer of one kind of act.

    ``verb`` is ``area.noun.verb`` and unique. The function takes keywords only, among them ``by`` and ``now``. It runs in
    one transaction on the main database and must call ``ledger.record``; otherwise everything is rolled back. No two actions
    run at the same time: what one has read is still so when it writes.

    :raises NoLedgerLine: the function wrote no ledger line.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            with guard.outside_action(verb), turns.turn(), transaction.atomic():
                if not _verb.get():
                    ledger.take_turn()
                    memo.look_again()
                before = ledger.written()
                token = _verb.set(verb)
                try:
                    result = function(*args, **kwargs)
                except BaseException:
                    memo.forget()
                    raise
                finally:
                    _verb.reset(token)
                if ledger.written() == before:
                    memo.forget()
                    raise NoLedgerLine(verb)
            return result

        ACTIONS[verb] = run
        return run

    return decorate
