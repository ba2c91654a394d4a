"""What is kept elsewhere: clinical notes in the health record, an outside chat with rules of its own."""

from datetime import timedelta

import pytest

from circlekeeper.areas.meetings import actions, rules
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.factories import BEFORE, NOW
from circlekeeper.areas.meetings.tests.test_pages import cockpit_of, text
from circlekeeper.areas.roster import actions as roster
from circlekeeper.areas.safeguards import actions as safeguards_do
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import announce, guard

NOTE = "Assessment: low mood.\nPlan: 50 mg, see again."


@pytest.mark.parametrize(
    ("words", "clinical"),
    [
        (NOTE, True),
        ("Progress note of the third session", True),
        ("Der Behandlungsplan wurde geändert.", True),
        ("A member left in tears, we called them back. Our plan: call again.", False),
        ("Ein Mitglied kam spät.", False),
    ],
)
def test_pro2_signs_of_a_clinical_note(words, clinical):
    assert rules.reads_clinical(words) is clinical


@pytest.mark.django_db(databases=["default", "shred"])
def test_pro2_the_debrief_has_no_place_for_notes_and_elsewhere_a_warning_comes_once(as_host):
    found = factories.circle("Wren", level="professional")
    host, cockpit = as_host(found.leader), cockpit_of(found)
    page = f"{cockpit}happened/danger/"
    warned = host.post(page, {"words": NOTE})
    assert warned.status_code == 422
    assert "belong in the health record" in text(warned)
    assert "low mood" in text(warned), "what was typed is kept"
    assert host.post(page, {"words": NOTE, "seen": "clinical"}).status_code == 302
    assert host.post(page, {"words": "A member left."}).status_code == 302

    with guard.outside_action("a meeting that is over"):
        found_row = actions.rows.meeting(found.id, found.meeting_id)
        found_row.state, found_row.closed_at, found_row.headcount = "closed", NOW, 0
        found_row.save()
    after = host.get(f"{cockpit}after/").content.decode()
    assert 'name="words"' not in after
    assert "no place for notes" in after
    said = {"mood": "calm", "follow_up": "no", "words": NOTE}
    assert host.post(f"{cockpit}after/", said).status_code == 302
    assert "low mood" not in text(host.get(f"{cockpit}after/read/"))

    relaxed = factories.circle("Wren", level="medium")
    assert (
        as_host(relaxed.leader).post(f"{cockpit_of(relaxed)}happened/danger/", {"words": NOTE}).status_code == 302
    )


@pytest.mark.django_db(databases=["default", "shred"])
def test_med2_when_somebody_leaves_the_outside_chat_is_looked_at_again():
    found = factories.circle("Wren", overlays=("outside-chat",))
    member = found.members["Wren"]
    about = {"group_id": found.id, "control": "outside-chat-gated", "check": "word"}
    safeguards_do.attest(by=found.leader.id, proof="seen", now=BEFORE, **about)

    def standing() -> str:
        controls = safeguards.posture(found.id, NOW + timedelta(minutes=5)).findings
        return next(each.worst.verdict for each in controls if each.control == "outside-chat-gated")

    assert standing() == "met"
    roster.leave(by=member.id, group_id=found.id, member_id=member.id, now=NOW)
    announce.deliver_due(announce.installed(), NOW + timedelta(minutes=1))
    assert standing() == "unknown"
    safeguards_do.attest(by=found.leader.id, proof="seen", now=NOW + timedelta(minutes=2), **about)
    assert standing() == "met"
