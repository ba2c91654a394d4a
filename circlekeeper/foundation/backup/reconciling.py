"""After a restore: what was destroyed, revoked or withdrawn since the backup is done again, before anybody comes in.

The shred store remembers it as tombstones, each of a kind. Each kind has a step, installed by ``wiring.py``; a kind
without one keeps the folder closed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext as _

from circlekeeper.foundation import guard, ledger, lifecycle
from circlekeeper.foundation.backup import closing, snapshot
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.ledger import LogDamaged
from circlekeeper.foundation.vault import groupkeys, shredstore
from circlekeeper.foundation.vault.shred.models import Secret, Tombstone
from circlekeeper.foundation.vault.shredstore import Stone


@dataclass(frozen=True, slots=True)
class Done:
    """What one step did: how much was done again, and what it could not do (opaque ids)."""

    count: int
    left: tuple[str, ...] = ()


Step = Callable[[Sequence[Stone], str, datetime], Done]  # the stones of its kind, by whom, now


class NotReconciled(Refused):
    """The folder stays closed. ``sentence`` says why."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What was done again, by kind, and what a person has to settle (opaque ids)."""

    again: Mapping[str, int]
    left: tuple[str, ...]
    opened: bool


def grants_again(stones: Sequence[Stone], by: str, now: datetime) -> Done:
    """Revoke again what was revoked. What is left: groups whose only whole holder was revoked since."""
    done = groupkeys.reconcile(by=by, now=now)
    return Done(done.revoked, done.stuck)


_steps: dict[str, Step] = {"grant": grants_again}


def install(steps: Mapping[str, Step]) -> None:
    """Say what is done again for each kind of tombstone, beside ``grant``; for ``wiring.py``."""
    _steps.clear()
    _steps.update({"grant": grants_again} | dict(steps))


def installed() -> Mapping[str, Step]:
    """What is connected now, by kind."""
    return dict(_steps)


def reconcile(*, by: str, now: datetime, accept_losses: bool = False) -> Reconciled:
    """Do everything again, end every sign-in, let the log go on, and open the folder. Safe to run twice.

    ``accept_losses``: open although the shred store is not there (every sealed record is lost), or although something
    could not be done again. Never inside a transaction.

    :raises NotReconciled: the folder stays closed.
    """
    kinds = set(Tombstone.objects.values_list("kind", flat=True).distinct())
    if kinds - _steps.keys():
        raise NotReconciled(
            _("Something was forgotten that this version cannot forget again. Install a newer one.")
        )
    if not accept_losses and _store_is_missing():
        raise NotReconciled(
            _(
                "The shred store of this data is not here, so no record would open. Put shred.sqlite3 and "
                "keys/shred-store.key into the folder. If they are lost, say so with --accept-losses."
            )
        )
    shredstore.finish_rotation()
    _end_sessions()
    done = {kind: _steps[kind](shredstore.tombstones(kind), by, now) for kind in sorted(kinds)}
    left = tuple(each for step in done.values() for each in step.left)
    if left and not accept_losses:
        return Reconciled({kind: step.count for kind, step in done.items()}, left, opened=False)
    try:
        ledger.continue_after_restore(by=by, about=new_id(), now=now)
    except LogDamaged as damage:
        raise NotReconciled(str(damage)) from None
    closing.reopen(Path(settings.DATA_DIR))
    return Reconciled({kind: step.count for kind, step in done.items()}, left, opened=True)


def _store_is_missing() -> bool:
    """Whether rows need secrets of a store that holds none and remembers nothing."""
    if Secret.objects.exists() or Tombstone.objects.exists():
        return False
    return any(
        model._base_manager.exclude(secret_id="").exists()
        for model in lifecycle.declared()
        if any(field.name == "secret_id" for field in model._meta.concrete_fields)
    )


def _end_sessions() -> None:
    """Nobody is signed in after a restore, whatever the database held."""
    connection = connections["default"]
    there = set(connection.introspection.table_names())
    with guard.outside_action("restore: nobody stays signed in"), connection.cursor() as cursor:
        for table in sorted(there.intersection(snapshot.LEFT_OUT)):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
