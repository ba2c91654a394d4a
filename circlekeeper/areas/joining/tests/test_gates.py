"""Each thing a level asks for, missing in turn: the right step is refused, with the reason (LVL0, LOW1, MED1, HI1)."""

import pytest

from circlekeeper.areas.joining import actions, queries
from circlekeeper.areas.joining.models import Application
from circlekeeper.areas.joining.tests import factories
from circlekeeper.areas.joining.tests.factories import NOW, Circle, Visitor, circle
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.safeguards import actions as safeguards_do
from circlekeeper.foundation.errors import Refused

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def yes(found: Circle, application_id: str, *, second: bool = False) -> str:
    who = found.second if second else found.leader
    return actions.vote(
        by=who.id,
        ring=who.ring,
        group_id=found.id,
        application_id=application_id,
        yes=True,
        reason="fits",
        now=NOW,
    )


@pytest.mark.parametrize("level", ["low", "medium", "high"])
@pytest.mark.parametrize("missing", ["policy", "promise", "consent"])
def test_low1_med1_hi1_without_policy_promise_or_consent_nobody_can_ask(level, missing):
    found = circle(level=level)
    visitor = Visitor(found.id).to_agree()
    agreed = visitor.agreed()
    gone = {
        "policy": {"policy"},
        "promise": {"pledge", "signature"},
        "consent": {name for name in agreed if name.startswith("consent-")},
    }[missing]
    visitor.send(**{name: value for name, value in agreed.items() if name not in gone})
    said = {"policy": "Please read what happens", "promise": "promise", "consent": "please agree to this"}[missing]
    assert visitor.status == 422
    assert said in visitor.text
    assert Application.objects.count() == 0


def test_med1_without_a_proven_contact_or_a_referral_the_approval_is_refused():
    found = circle(level="medium")
    waiting = factories.applicant(found)
    with pytest.raises(Refused, match="whether you reach them"):
        yes(found, waiting.id)
    code = actions.make_code(by=found.leader.id, group_id=found.id, application_id=waiting.id, now=NOW)
    actions.prove_contact(by=waiting.member_id, group_id=found.id, code=code, now=NOW)
    assert yes(found, waiting.id) == "approved"
    sent = factories.applicant(found, "Robin", contact={"says": "no", "referral": factories.referral(found)})
    assert yes(found, sent.id) == "approved"


@pytest.mark.parametrize("missing", ["call", "second word", "somewhere to send help"])
def test_hi1_each_thing_that_is_missing_keeps_the_door_closed(missing):
    found = circle(level="high")
    if missing == "somewhere to send help":
        visitor = Visitor(found.id).begin().send(alias="Wren").send(**factories.REACH).send()
        assert visitor.status == 422
        assert "Please give a place and its emergency number" in visitor.text
        return
    waiting = factories.applicant(found)
    if missing == "call":
        with pytest.raises(Refused, match="speak with them"):
            yes(found, waiting.id)
        return
    actions.note_call(by=found.leader.id, group_id=found.id, application_id=waiting.id, outcome="yes", now=NOW)
    assert yes(found, waiting.id) == "open"
    assert roster.active_count(found.id) == 0
    assert yes(found, waiting.id, second=True) == "approved"


def test_lvl0_after_lowering_people_still_come_in_the_careful_way_until_members_were_asked():
    found = circle(level="high")
    assert queries.way(found.id).path == "call-and-two"
    asked = safeguards_do.set_level(
        by=found.leader.id, group_id=found.id, level="low", overlays=(), reason="members", now=NOW
    )
    safeguards_do.approve_level(by=found.second.id, decision_id=asked.id, now=NOW)
    here = queries.way(found.id)
    assert (here.path, here.deciders, here.referral_stands) == ("call-and-two", 2, False)
    assert not queries.notes_allowed(found.id)
    safeguards_do.settle_level(by="system", group_id=found.id, now=NOW)
    assert queries.way(found.id).path == "form"
