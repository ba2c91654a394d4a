"""What no service shows: a named person looks, says so with a date, and that counts beside what the service shows."""

from datetime import timedelta

import pytest

from circlekeeper.areas.agreements import actions as agreements
from circlekeeper.areas.meetings import actions, provider, queries
from circlekeeper.areas.meetings.models import Told
from circlekeeper.areas.meetings.provider import Evidence, Proof, ScopeOfProof
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.factories import NOW, STARTS
from circlekeeper.areas.meetings.tests.test_pages import cockpit_of, text
from circlekeeper.areas.meetings.tests.test_services import Service, planned

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
_LASTS = timedelta(minutes=10)


class Silent(Service):
    """A service that shows some of its settings and keeps quiet about others."""

    sharing = "off"

    def verify(self, session, *, now):
        account, meeting, quarter = ScopeOfProof.ACCOUNT, ScopeOfProof.MEETING, timedelta(days=90)
        word, seen = Evidence.ATTESTED, Evidence.READ_BACK
        return [
            *super().verify(session, now=now),
            Proof("screen-share-off", seen, "off", self.sharing, meeting, now, _LASTS, "sharing"),
            Proof("screen-share-off", word, "hosts only", "unknown", account, now, quarter, "module-share"),
            Proof("meeting-password", word, "on", "unknown", meeting, now, timedelta(hours=2), "gate"),
            Proof("recording-off", word, "not installed", "unknown", account, now, quarter, "recorder"),
            Proof("phone-numbers-hidden", word, "none", "unknown", meeting, now, _LASTS, "dial-in"),
        ]


@pytest.fixture
def service():
    way, before = Silent(), provider.providers()
    provider.install([*before, way])
    yield way
    provider.install(before)


def test_low2_tec3_a_persons_dated_word_counts_beside_what_the_service_shows_and_ends(service, as_host, at):
    found = factories.circle()
    planned(found)
    # The policy names the new service before anybody meets there.
    agreements.publish_all(by=found.leader.id, group_id=found.id, now=NOW)
    factories.join(found, "Wren")
    actions.look_at_due(now=NOW)
    factories.prepare(found)
    host, cockpit = as_host(found.leader), cockpit_of(found)
    page = text(host.get(cockpit))
    assert "The service does not show 1 setting. Somebody has to look and say how it is." in page
    assert host.post(cockpit, {"do": "open"}).status_code == 409

    asked = text(host.get(cockpit + "told/"))
    assert "module-share" in asked
    assert "gate" in asked
    assert "recorder" not in asked, "it is asked with recording"
    assert "recorder" in text(host.get(cockpit + "recording/"))
    assert "dial-in" not in asked, "nobody meets by phone"
    assert host.post(cockpit + "told/", {"setting-0": "yes"}).status_code == 422
    assert host.post(cockpit + "told/", {"setting-0": "yes", "setting-1": "no"}).status_code == 302
    assert "1 setting of the service is not as it should be" in text(host.get(cockpit))
    at(NOW + timedelta(minutes=1))
    assert host.post(cockpit + "told/", {"setting-0": "yes", "setting-1": "yes"}).status_code == 302
    assert {row.by for row in Told.objects.all()} == {found.leader.id}
    assert f"Said before module-share : as it should be {found.leader.handle}" in text(host.get(cockpit + "told/"))

    # What the service shows still counts beside it.
    service.sharing = "on"
    actions.look(by="system", now=NOW + timedelta(minutes=2), **found.here)
    at(NOW + timedelta(minutes=2))
    assert host.post(cockpit, {"do": "open"}).status_code == 409
    service.sharing = "off"
    actions.look(by="system", now=NOW + timedelta(minutes=3), **found.here)
    at(NOW + timedelta(minutes=3))
    assert host.post(cockpit, {"do": "open"}).status_code == 302

    # The word about this evening ends with it, the one about the whole account stays.
    later = STARTS + timedelta(days=7)
    found.meeting_id = next(
        each.id for each in queries.coming(group_ids=[found.id], now=later, limit=9) if each.starts_at == later
    )
    actions.set_up(by="system", now=later, **found.here)
    holds = {each.setting: each.holds for each in queries.asked_of_people(found.meeting_id, now=later)}
    assert holds == {"module-share": True, "gate": None, "recorder": None}


def test_kit8_a_look_at_the_service_is_no_persons_word_on_what_it_does_not_show(service, as_host):
    found = factories.circle("Wren")
    planned(found)
    host, cockpit = as_host(found.leader), cockpit_of(found)
    host.post(cockpit + "seen/")
    assert actions.RECORDING not in queries.answers(found.meeting_id), "nobody has said anything"
    host.post(cockpit + "recording/", {"seen": "off"})
    answer = queries.answers(found.meeting_id)[actions.RECORDING]
    assert (answer.holds, answer.evidence, answer.by) == (True, Evidence.ATTESTED, found.leader.id)


def test_tec3_a_service_nobody_has_asked_yet_keeps_the_doors_closed(service, as_host):
    found = factories.circle("Wren")
    planned(found)
    assert "The service has not been asked yet" in text(as_host(found.leader).get(cockpit_of(found)))
