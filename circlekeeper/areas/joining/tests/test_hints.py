"""Somebody who writes more than was asked is told so before anything is kept, and may go on all the same (REG4)."""

import logging

import pytest

from circlekeeper.areas.joining.tests import factories
from circlekeeper.areas.joining.tests.factories import REACH, SAFE, Visitor
from circlekeeper.areas.roster.models import Compartment
from circlekeeper.areas.roster.rules import TooMuch, too_much

ILLNESS, NAME = "may name an illness", "may name somebody else"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I have a diagnosis of PTSD.", {TooMuch.DIAGNOSIS}),
        ("F43.1, since the summer", {TooMuch.DIAGNOSIS}),
        ("Ich habe eine Angststörung.", {TooMuch.DIAGNOSIS}),
        ("My sister Clara drives me.", {TooMuch.SOMEONE_ELSE}),
        ("Ask Dr. Oak about my epilepsy", {TooMuch.DIAGNOSIS, TooMuch.SOMEONE_ELSE}),
        ("Captions, and a break after half an hour. My doctor says so.", set()),
        ("I sit near the door, and my friend waits outside.", set()),
    ],
)
def test_reg4_a_diagnosis_and_the_name_of_somebody_else_are_told_apart(text, found):
    assert set(too_much(text)) == found


@pytest.mark.django_db(databases=["default", "shred"])
def test_reg4_a_hint_before_sending_stops_nobody_and_leaves_no_trace(caplog):
    caplog.set_level(logging.DEBUG)
    visitor = Visitor(factories.circle().id)
    words = "I live with epilepsy, and my brother Anselm fetches me."

    visitor.to_agree("Wren", REACH, SAFE | {"access": words})
    assert ILLNESS in visitor.text
    assert NAME in visitor.text
    visitor.send(do="back")
    assert words in visitor.text
    visitor.send(**SAFE, access="Captions, please.")
    assert ILLNESS not in visitor.text
    assert NAME not in visitor.text
    assert not Compartment.objects.exists()

    other = Visitor(visitor.group_id).to_agree("Robin", REACH, SAFE | {"access": words})
    other.finish()
    assert "Keep this key" in other.text
    assert "epilepsy" not in caplog.text
    assert "Anselm" not in caplog.text


@pytest.mark.django_db(databases=["default", "shred"])
def test_reg4_where_a_person_is_asked_for_their_name_is_no_surprise():
    visitor = Visitor(factories.circle().id)
    visitor.to_agree("Wren", REACH, {"person": "My sister Clara", "reach": "Dr. Oak, at work"})
    assert NAME not in visitor.text
