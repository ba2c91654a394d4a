"""How a group gets to know people before they join."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import overload

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.joining import rules
from circlekeeper.areas.joining.models import Referral, Vetting
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import playbook
from circlekeeper.foundation.memo import remembered
from circlekeeper.foundation.vault import kdf, words
from circlekeeper.foundation.vault.serversecrets import server_secret


@dataclass(frozen=True, slots=True)
class Way:
    """The way in: never lighter than the level asks for. ``decided_at`` None: nobody has decided anything yet.

    ``referral_stands``: a referral stands for the call. ``reason`` is empty while only the level has spoken.
    """

    path: str
    deciders: int
    referral_stands: bool
    reason: str
    decided_at: datetime | None
    review_on: date | None


def level_path(group_id: str) -> str:
    """The least that a group's level asks for."""
    return str(safeguards.settings_for(group_id).value("intake-path"))


@remembered("groups_group", "safeguards_leveldecision", "joining_vetting", across_pages=True)
def way(group_id: str) -> Way:
    """How people come in now: what was decided last, or the level's own way if that is stricter."""
    settings = safeguards.settings_for(group_id)
    least = str(settings.value("intake-path"))
    newest = Vetting.objects.filter(group_id=group_id).order_by("-decided_at", "-pk").first()
    path = rules.stricter_path(least, newest.path) if newest else least
    decided_at = newest.decided_at if newest else _level_decided(group_id)
    return Way(
        path=path,
        deciders=rules.deciders_for(path, settings.number("deciders")),
        referral_stands=str(settings.value("referral-stands")) == "for-the-call",
        reason=newest.reason if newest else "",
        decided_at=decided_at,
        review_on=newest.review_on if newest else review_day(group_id, decided_at, rules.REVIEWS[-1]),
    )


def _level_decided(group_id: str) -> datetime | None:
    history = safeguards.level_history(group_id)
    return history[0].in_force_at if history else None


@overload
def review_day(group_id: str, decided_at: datetime, after: str) -> date: ...
@overload
def review_day(group_id: str, decided_at: datetime | None, after: str) -> date | None: ...
def review_day(group_id: str, decided_at: datetime | None, after: str) -> date | None:
    """The group's day on which a decision is looked at again; ``after`` is an ISO 8601 period."""
    if decided_at is None:
        return None
    then = playbook.add_duration(decided_at, playbook.parse_duration(after))
    return then.astimezone(groups.group(group_id).zone).date()


def to_review(group_ids: Iterable[str], now: datetime) -> list[str]:
    """Those of these groups whose newest decision about the way in is due to be looked at again (REG6)."""
    newest: dict[str, date] = {}
    rows = Vetting.objects.filter(group_id__in=list(group_ids)).order_by("decided_at", "pk")
    for group_id, review_on in rows.values_list("group_id", "review_on"):
        newest[group_id] = review_on
    zones = {each.id: each.zone for each in groups.groups(newest)}
    return [each for each, day in newest.items() if each in zones and day <= now.astimezone(zones[each]).date()]


def referral_hash(group_id: str, code: str) -> bytes:
    """What is kept of a referral's code; of a text that is no code, a hash that fits none."""
    try:
        raw = words.parse(code)
    except words.NotWords:
        raw = b""
    return kdf.derive(server_secret("pepper"), "joining-referral", group_id.encode(), raw)


def referral_open(*, group_id: str, code: str, now: datetime) -> bool:
    """Whether a code of a referral can still be used."""
    open_ones = Referral.objects.filter(group_id=group_id, expires_at__gt=now)
    return open_ones.filter(code_hash=referral_hash(group_id, code)).exists()
