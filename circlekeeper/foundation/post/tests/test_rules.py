"""Pauses between tries."""

from datetime import timedelta

from circlekeeper.foundation.post.rules import LONGEST_PAUSE, pause


def test_pauses_grow_and_stop_growing():
    pauses = [pause(attempts) for attempts in range(40)]

    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(minutes=2)
    assert pauses[-1] == LONGEST_PAUSE
