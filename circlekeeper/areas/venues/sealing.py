"""A place as two sealed parts under one secret: the card for the team's keys, and what members are told for the machine."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from circlekeeper.areas.venues.models import CameraAsk, Plan, Venue
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.vault import envelope, groupkeys, kdf, records, shredstore
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.records import ScopeKey

PURPOSE, PLAN_PURPOSE, CAMERA_PURPOSE = "venue-told", "venue-plan", "venue-camera"
SCOPE = Scope.DOOR  # whoever hosts can read the card


@dataclass(frozen=True, slots=True)
class Card:
    """The team's part. ``neutral``, ``unheard``, ``two_exits``: somebody of the team saw that it is so."""

    booking: str = field(repr=False)
    sign: str = field(repr=False)
    others: str = field(repr=False)
    exits: str = field(repr=False)
    neutral: bool
    unheard: bool
    two_exits: bool

    @property
    def fit(self) -> bool:
        """Whether the room is as the guide asks (FMT1)."""
        return self.neutral and self.unheard and self.two_exits


@dataclass(frozen=True, slots=True)
class Told:
    """What a member who may come is told."""

    address: str = field(repr=False)
    arrive: str = field(repr=False)

    @property
    def words(self) -> str:
        """Both, one below the other."""
        return "\n".join(each for each in (self.address, self.arrive) if each)


@dataclass(frozen=True, slots=True)
class Steps:
    """What an emergency plan says. ``numbers``: who answers, and what to dial."""

    steps: str = field(repr=False)
    numbers: tuple[tuple[str, str], ...] = field(repr=False)


def plan_place(plan_id: str, group_id: str) -> envelope.Place:
    """Where a sealed plan belongs."""
    return envelope.Place("venues_plan", plan_id, "sealed", group_id)


def seal_plan(plan: Plan, said: Steps, *, secret: bytes) -> None:
    """Put what it says onto a row. Call it before the action that saves it."""
    key, place = kdf.derive(secret, PLAN_PURPOSE), plan_place(plan.pk, plan.group_id)
    plan.sealed = envelope.seal(key, json.dumps(asdict(said)).encode(), place)


def open_plan(plan: Plan) -> Steps:
    """What a plan says.

    :raises NotHere: it was destroyed.
    """
    key, place = kdf.derive(_secret(plan.secret_id), PLAN_PURPOSE), plan_place(plan.pk, plan.group_id)
    found = json.loads(envelope.unseal(key, bytes(plan.sealed), place))
    return Steps(found["steps"], tuple((name, dial) for name, dial in found["numbers"]))


def seal_answers(ask: CameraAsk, answers: Mapping[str, bool], *, secret: bytes) -> None:
    """Put everybody's answers, by member id, onto a row."""
    place = envelope.Place("venues_cameraask", ask.pk, "sealed", ask.group_id)
    ask.sealed = envelope.seal(kdf.derive(secret, CAMERA_PURPOSE), json.dumps(dict(answers)).encode(), place)


def answer_once(ask: CameraAsk, member_id: str, *, yes: bool) -> None:
    """Put one answer beside the others, under the same secret.

    :raises NotHere: they were destroyed.
    """
    seal_answers(ask, open_answers(ask) | {member_id: yes}, secret=_secret(ask.secret_id))


def open_answers(ask: CameraAsk) -> dict[str, bool]:
    """Everybody's answers, by member id.

    :raises NotHere: they were destroyed.
    """
    key = kdf.derive(_secret(ask.secret_id), CAMERA_PURPOSE)
    place = envelope.Place("venues_cameraask", ask.pk, "sealed", ask.group_id)
    found: dict[str, bool] = json.loads(envelope.unseal(key, bytes(ask.sealed), place))
    return found


def card_place(venue_id: str, group_id: str) -> envelope.Place:
    """Where a sealed card belongs."""
    return envelope.Place("venues_venue", venue_id, "blob", group_id)


def told_place(venue_id: str, group_id: str) -> envelope.Place:
    """Where the part for members belongs."""
    return envelope.Place("venues_venue", venue_id, "told", group_id)


def seal(venue: Venue, card: Card, told: Told, *, secret: bytes) -> None:
    """Put both parts onto a row. Call it before the action that saves it."""
    sealed = records.seal_for_group(
        asdict(card),
        public=groupkeys.public_key(venue.group_id, SCOPE),
        secret=secret,
        place=card_place(venue.pk, venue.group_id),
    )
    venue.blob, venue.wrap = sealed.blob, sealed.wrap
    venue.told = _seal(secret, asdict(told), told_place(venue.pk, venue.group_id))


def open_card(venue: Venue, key: ScopeKey) -> Card:
    """The team's part, with the key of ``SCOPE``.

    :raises NotHere: it was destroyed. :raises SealBroken: another key.
    """
    place = card_place(venue.pk, venue.group_id)
    secret = _secret(venue.secret_id)
    return Card(
        **records.open_for_group(bytes(venue.blob), bytes(venue.wrap), key=key, secret=secret, place=place)
    )


def open_told(venue: Venue) -> Told:
    """The part for members. Whether it is time, and who asks, is the caller's to know.

    :raises NotHere: it was destroyed.
    """
    key = kdf.derive(_secret(venue.secret_id), PURPOSE)
    return Told(**json.loads(envelope.unseal(key, bytes(venue.told), told_place(venue.pk, venue.group_id))))


def _seal(secret: bytes, fields: Mapping[str, str], place: envelope.Place) -> bytes:
    return envelope.seal(kdf.derive(secret, PURPOSE), json.dumps(dict(fields)).encode(), place)


def _secret(secret_id: str) -> bytes:
    try:
        return shredstore.secret(secret_id)
    except shredstore.Shredded:
        raise NotHere from None
