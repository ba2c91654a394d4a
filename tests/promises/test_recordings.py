"""No recording outlives its day (promise 6, FAQ1b): the daily run leaves nothing that opens."""

from datetime import timedelta
from typing import Any

import pytest

from circlekeeper.areas.ballots import queries
from circlekeeper.areas.ballots.models import Keepsake, Piece
from circlekeeper.areas.ballots.tests.test_keepsakes import SOUND, allowed, hand_in
from circlekeeper.areas.meetings.tests.factories import NOW, doors_open
from circlekeeper.areas.retention import actions as retention
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.vault import shredstore

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def test_faq1b_after_its_day_a_recording_is_unreadable_and_gone():
    found = doors_open("Wren")
    allowed(found)
    keepsake_id = hand_in(found)
    row = Keepsake.objects.get()
    assert row.due_on == (NOW + timedelta(days=30)).date()
    later = NOW + timedelta(days=31)
    look: dict[str, Any] = {"by": found.second.id, "about": keepsake_id, "ring": found.second.ring}
    look["group_id"] = found.id
    assert queries.part(now=NOW, **look) == SOUND
    with pytest.raises(NotHere):
        queries.part(now=later, **look)

    retention.run(by="system", as_of=later, now=later)
    assert not Keepsake.objects.exists()
    assert not Piece.objects.exists()
    with pytest.raises(shredstore.Shredded):
        shredstore.secret(row.secret_id)
