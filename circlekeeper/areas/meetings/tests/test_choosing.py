"""Choosing a way to meet and a service, and what the level does not allow."""

from datetime import timedelta

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from circlekeeper.areas.meetings import checks, provider, queries, weighing
from circlekeeper.areas.meetings.models import Choice
from circlekeeper.areas.meetings.provider import Capability, Evidence
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.factories import BEFORE, NOW
from circlekeeper.areas.safeguards import actions as safeguards_do
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.areas.safeguards.actions.waivers import Locked
from circlekeeper.areas.safeguards.evidence import Question, Verdict
from circlekeeper.foundation import announce
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.ledger import queries as log

SAID = st.sampled_from(["yes", "no", "dont-know", ""])


@given(st.fixed_dictionaries({each: SAID for each in weighing.QUESTIONS}), st.booleans())
@settings(max_examples=30)
def test_tec1_a_doubt_never_makes_a_way_look_better(answers, hunted):
    before = {each.way: each.against for each in weighing.rank(answers, hunted=hunted)}
    assert set(before) == set(weighing.WAYS)
    for question in weighing.QUESTIONS:
        surer = {each.way: each.against for each in weighing.rank(answers | {question: "no"}, hunted=hunted)}
        assert all(surer[way] <= before[way] for way in weighing.WAYS)


@pytest.mark.django_db(databases=["default", "shred"])
def test_tec1_who_chooses_the_phone_reads_about_numbers_and_bills_and_so_does_every_member(as_host, as_member):
    found = factories.circle("Wren", level="high")
    page, host = reverse("meetings:choose", args=[found.id]), as_host(found.leader)
    assert host.post(page, {"bill": "no"}).status_code == 422
    answers = dict.fromkeys(weighing.QUESTIONS, "no") | {"bill": "dont-know", "seen": "yes", "known": "yes"}
    ranked = host.post(page, answers).content.decode()
    assert ranked.index("1. Online") < ranked.index("2. By phone") < ranked.index("In a room</h2>")
    assert "stands on the phone bill" in ranked
    assert "number can show on the other side" in ranked

    phone = answers | {"do": "choose", "way": "phone", "words": "Kestrel-word: he drives around."}
    refused = host.post(page, phone)
    assert refused.status_code == 422
    assert "Read the warnings about phones first" in refused.content.decode()
    assert "Kestrel-word" in refused.content.decode(), "what was typed is kept"
    assert host.post(page, phone | {"has_read": "on", "together": "on"}).status_code == 302

    row = Choice.objects.get()
    assert (row.way, row.read, row.by) == ("phone", ["caller-id", "bill"], found.leader.id)
    assert b"Kestrel" not in bytes(row.blob)
    assert row.due_on == safeguards.due_on(group_id=found.id, record="choices", start=NOW.date())
    assert "format-weighed" in {each.control for each in safeguards.attestations(found.id)}
    kept = host.get(page).content.decode()
    assert "members see them" in kept
    assert reverse("safeguards:answers", args=[found.id]) in kept, "the safeguards for phones wait for the answers"
    assert "Kestrel" not in host.get(page).content.decode()
    why = as_host(found.second).get(page + "why/").content.decode()
    assert "Kestrel-word" in why
    assert "somebody could read the bill" in why
    assert [each.by for each in log.entries_about(row.pk, verbs=("meetings.way.open",))] == [found.second.id]
    assert "stands on the phone bill" in as_member(found, "Wren").get("/me/").content.decode()


class Lacking:
    """The outside link, as if it could not do some of what it can."""

    def __init__(self, way, *cannot):
        self.way, self.cannot = way, cannot

    def __getattr__(self, name):
        return getattr(self.way, name)

    def capabilities(self):
        return [
            Capability(each.control, Evidence.IMPOSSIBLE, "Not there.") if each.control in self.cannot else each
            for each in self.way.capabilities()
        ]


@pytest.fixture
def cannot():
    """Takes abilities away from the outside link."""
    before = provider.providers()

    def take(*controls):
        provider.install([Lacking(each, *controls) if each.name == "outside-link" else each for each in before])

    yield take
    provider.install(before)


@pytest.mark.django_db(databases=["default", "shred"])
def test_tec2_hi2_pro2_the_matrix_says_what_shows_itself_what_is_a_word_and_what_is_not_offered(as_host, cannot):
    found = factories.circle("Wren", level="high")
    where = reverse("meetings:services", args=[found.id])
    link = queries.service_for(found.id, "outside-link", now=NOW)
    assert not link.offered
    assert {each.control: each.how for each in link.needs}["recording-off"] == "word"
    shown = as_host(found.leader).get(where).content.decode()
    assert "as it stands on 23 November 2026" in shown
    assert "a service has to show by itself that nothing records" in shown
    assert "a written agreement with the service has to be on file" in shown

    plan = reverse("meetings:plan", args=[found.id])
    assert "optgroup" in as_host(found.leader).get(plan).content.decode(), "it stands apart, and says why"

    cannot("recording-off", "room-locked")
    assert "outside-link" not in as_host(found.leader).get(plan).content.decode()
    shown = as_host(found.leader).get(where).content.decode()
    assert "This cannot be set aside." in shown
    assert reverse("safeguards:set-aside", args=[found.id, "room-locked"]) in shown
    assert reverse("safeguards:set-aside", args=[found.id, "recording-off"]) not in shown


@pytest.mark.django_db(databases=["default", "shred"])
def test_tec9_tec2_a_service_that_lacks_something_needs_an_exception_of_two_people_with_a_date(
    as_member, as_host, at, cannot
):
    found = factories.circle("Wren", level="high")
    cannot("room-locked")
    with pytest.raises(Refused, match="The meeting is locked once it has begun") as refusal:
        factories.plan(found)
    assert refusal.value.field == "provider_name"

    until = NOW + timedelta(days=20)
    asked = safeguards_do.ask_waiver(
        by=found.leader.id, group_id=found.id, control="room-locked", reason="adviser", until=until, now=BEFORE
    )
    with pytest.raises(Refused):
        factories.plan(found)  # one person is not two
    safeguards_do.approve_waiver(by=found.second.id, waiver_id=asked, now=BEFORE)
    factories.plan(found)
    assert "The meeting is locked once it has begun" in as_member(found, "Wren").get("/me/").content.decode()
    services = reverse("meetings:services", args=[found.id])
    assert "Set aside by two people until 13 December 2026" in as_host(found.leader).get(services).content.decode()

    before, after = Question(found.id, until - timedelta(hours=1)), Question(found.id, until + timedelta(hours=1))
    assert checks.a_way_to_meet_is_chosen(before).verdict is Verdict.MET
    assert checks.a_way_to_meet_is_chosen(after).verdict is Verdict.NOT_MET, "past its date it counts again"

    cannot("recording-off")
    with pytest.raises(Locked):
        safeguards_do.ask_waiver(
            by=found.leader.id, group_id=found.id, control="recording-off", reason="adviser", until=until, now=NOW
        )
    with pytest.raises(Refused, match="Recording"):
        factories.plan(found)
    locked = reverse("safeguards:set-aside", args=[found.id, "recording-off"])
    answer = as_host(found.leader).post(locked, {"reason": "adviser", "until": "2026-12-01"})
    assert answer.status_code == 403
    announce.deliver_due(announce.installed(), NOW + timedelta(minutes=1))
    today = as_host(found.second).get("/today/").content.decode()
    assert "Something happened" in today, "who answers for the group learns that somebody tried"


class _Bare(provider.ByLink):
    """A service where whoever has the address is inside."""

    name = title = sees = "bare"
    settings = ()

    def capabilities(self):
        return [Capability("meeting-password", Evidence.IMPOSSIBLE, "It has none.")]


@pytest.mark.django_db(databases=["default", "shred"])
@pytest.mark.parametrize("level", ["low", "medium", "high"])
def test_fmt6_a_service_without_a_password_is_refused_at_every_level(level, monkeypatch):
    found = factories.circle(level=level)
    monkeypatch.setattr(provider, "_installed", {**provider._installed, "bare": _Bare()})

    with pytest.raises(Refused, match="asks for a password"):
        factories.plan(found, provider_name="bare")

    assert "bare" in {each.name for each in queries.services_for(found.id, now=NOW) if each.fits == "no"}
