"""What may apply to a group: its answers, the reasons to be careful, their clocks, and what an adviser said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.safeguards import sealing
from circlekeeper.areas.safeguards.models import AdviserStamp
from circlekeeper.areas.safeguards.queries import decisions
from circlekeeper.foundation import playbook
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.playbook.schemas import Clock, Overlay, Source
from circlekeeper.foundation.reveal import reveal
from circlekeeper.foundation.vault import records, shredstore
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import KeyRing


@dataclass(frozen=True, slots=True)
class MayApply:
    """One reason to be careful: what to ask an adviser, which clocks may run, and which sources are too old to trust."""

    overlay: Overlay
    clocks: tuple[Clock, ...]
    old_sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class StampFacts:
    """When an adviser looked at which version of the profile; who and what they said stays sealed."""

    id: str
    profile_version: int
    given_on: date
    stamped_by: str
    stamped_at: datetime
    voided_at: datetime | None


@dataclass(frozen=True, slots=True)
class StampWords:
    """Who advised, and what they said."""

    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A group's answers and where they lead. ``stamp``: the newest; it counts while ``voided_at`` is None."""

    version: int
    answers: dict[str, str]
    may_apply: tuple[MayApply, ...]
    stamp: StampFacts | None

    @property
    def stamped(self) -> bool:
        """Whether an adviser has looked at this very version."""
        return self.stamp is not None and self.stamp.voided_at is None


def profile(group_id: str, now: datetime) -> Profile:
    """What may apply to a group.

    :raises NotHere: there is no such group.
    """
    facts = groups.group(group_id)
    return Profile(
        version=decisions.profile_version(group_id),
        answers=_answers(facts),
        may_apply=may_apply(facts.overlays, now),
        stamp=_newest_stamp(group_id),
    )


def may_apply(overlays: Iterable[str], now: datetime) -> tuple[MayApply, ...]:
    """These overlays with the clocks that belong to them, in the playbook's order."""
    book, wanted = playbook.book(), set(overlays)
    return tuple(
        MayApply(
            overlay=overlay,
            clocks=tuple(clock for clock in book.clocks.values() if clock.overlay == overlay.id),
            old_sources=tuple(source for source in overlay.source if _is_old(source, now)),
        )
        for overlay in book.overlays.values()
        if overlay.id in wanted
    )


@reveal("safeguards.stamp.open")
def stamp_words(*, by: str, about: str, now: datetime, ring: KeyRing) -> StampWords:
    """Who advised a group (``about`` is the stamp) and what they said. One line in the log.

    :raises NotHere: there is no such stamp, or it is forgotten. :raises NoGrant: the ring lacks the roster's key.
    """
    row = AdviserStamp.objects.filter(pk=about).first()
    secrets = shredstore.secrets([row.secret_id]) if row else {}
    if row is None or row.secret_id not in secrets:
        raise NotHere
    words = records.open_for_group(
        bytes(row.blob),
        bytes(row.wrap),
        key=ring.scope_key(row.group_id, Scope.ROSTER),
        secret=secrets[row.secret_id],
        place=sealing.stamp_place(row.pk, row.group_id),
    )
    return StampWords(name=words["name"], sentence=words["sentence"])


def _answers(facts: groups.GroupFacts) -> dict[str, str]:
    """The answers kept; for a group made without the interview, what its overlays say."""
    implied = {
        question.id: "yes"
        for question in playbook.book().interview.question
        if question.yes.overlay and question.yes.overlay in facts.overlays
    }
    return implied | decisions.answers(facts.id)


def _newest_stamp(group_id: str) -> StampFacts | None:
    row = AdviserStamp.objects.filter(group_id=group_id).order_by("-stamped_at", "-pk").first()
    if row is None:
        return None
    return StampFacts(row.pk, row.profile_version, row.given_on, row.stamped_by, row.stamped_at, row.voided_at)


def _is_old(source: Source, now: datetime) -> bool:
    again = playbook.add_duration(source.checked, source.recheck)
    return source.status != "current" or again < now.date()
