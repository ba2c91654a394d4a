"""Destroying on time, holding back with a reason, dating again, and destroying again after a restore."""

from circlekeeper.areas.retention.actions.again import consents_again, members_again, secrets_again
from circlekeeper.areas.retention.actions.forgotten import certify_forgotten
from circlekeeper.areas.retention.actions.holds import REASONS, place_hold, release_hold
from circlekeeper.areas.retention.actions.redating import Change, preview_period, redate
from circlekeeper.areas.retention.actions.running import COPIES_LIVE, destroy, run, sweep

__all__ = [
    "COPIES_LIVE",
    "REASONS",
    "Change",
    "certify_forgotten",
    "consents_again",
    "destroy",
    "members_again",
    "place_hold",
    "preview_period",
    "redate",
    "release_hold",
    "run",
    "secrets_again",
    "sweep",
]
