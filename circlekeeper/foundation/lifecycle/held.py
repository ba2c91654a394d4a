"""The lifecycle declaration each model carries as ``held``."""

from dataclasses import dataclass
from enum import StrEnum

from django.apps import apps
from django.db.models import Model

OURS = "circlekeeper."


class Clock(StrEnum):
    """When the time of a row is up."""

    NONE = "none"  # lives and dies with something else, or never
    DUE_ON = "due_on"  # the row's own ``due_on`` date, set from the group's retention schedule
    AGE = "age"  # a fixed time (``keep``, ISO 8601) after the moment in ``since``


class Dies(StrEnum):
    """How a row is destroyed."""

    SHRED = "shred"  # the secret in the shred store goes first, then the row
    DELETE = "delete"  # the row is deleted; it held nothing that a backup may not show
    WITH_OWNER = "with-owner"  # goes when the row, person or group it belongs to goes
    NEVER = "never"  # holds opaque ids or public text only; ``why`` says so


@dataclass(frozen=True, slots=True)
class Held:
    """One table's answer to: what, how long, how destroyed.

    ``record`` is a retention class of the playbook (``content/retention``) or a plain word for tables that hold no personal
    data. ``since`` and ``keep`` belong to ``Clock.AGE``. ``why`` is owed by ``Dies.NEVER``.
    """

    record: str
    clock: Clock
    dies: Dies
    since: str = ""
    keep: str = ""
    why: str = ""

    def faults(self, model: type[Model]) -> list[str]:
        """What is wrong with this declaration for this model; empty if it is sound."""
        fields = {field.name for field in model._meta.get_fields()} | {
            getattr(field, "attname", "") for field in model._meta.get_fields()
        }
        needed: set[str] = set()
        if self.clock is Clock.DUE_ON:
            needed |= {"due_on", "group_id"}
        if self.clock is Clock.AGE:
            needed.add(self.since)
        if self.dies is Dies.SHRED:
            needed.add("secret_id")
        faults = [f"has no field {name!r}" for name in sorted(needed - fields)]
        if self.clock is Clock.AGE and not self.keep:
            faults.append("counts age but does not say how long")
        if self.dies is Dies.NEVER and not self.why:
            faults.append("never dies but does not say why")
        return faults


def _models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith(OURS)]


def declared() -> dict[type[Model], Held]:
    """Every model of ours with its declaration."""
    return {model: held for model in _models() if isinstance(held := getattr(model, "held", None), Held)}


def undeclared() -> list[str]:
    """Models of ours that do not say how they die, or say so wrongly; each as ``app.Model: fault``."""
    found = [model._meta.label for model in _models() if not isinstance(getattr(model, "held", None), Held)]
    return [f"{label}: no declaration" for label in found] + [
        f"{model._meta.label}: {fault}" for model, held in declared().items() for fault in held.faults(model)
    ]
