"""The emergency record: written calmly, asked again in time, and opened alone (FAQ2a)."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from circlekeeper.areas.roster import actions, rules
from circlekeeper.areas.roster.models import Compartment
from circlekeeper.areas.roster.rules import Standing
from circlekeeper.areas.roster.tests import factories
from circlekeeper.areas.roster.tests.factories import NOW, SENTENCE, TODAY
from circlekeeper.foundation import clock, guard
from circlekeeper.foundation.accounts import cookies, memberdoor
from circlekeeper.foundation.vault import sessions

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
WHOLE = {
    "area": "Larkfield",
    "number": "112",
    "person": "Tamsin",
    "reach": "0770 900123",
    "when": "when I do not answer for a day",
    "knows": "nothing of this circle",
}


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def house():
    group_id, leader = factories.group(level="high")
    return group_id, leader, factories.member(group_id, leader, "Wren")


@pytest.mark.parametrize(
    ("fields", "again", "standing"),
    [
        (None, None, Standing.MISSING),
        ({"area": " ", "naming": "no"}, None, Standing.MISSING),
        ({"area": "Larkfield"}, None, Standing.THIN),
        (WHOLE, TODAY, Standing.EXPIRED),
        (WHOLE, TODAY + timedelta(days=14), Standing.SOON),
        (WHOLE, TODAY + timedelta(days=15), Standing.FRESH),
    ],
)
def test_faq2a_a_record_is_asked_for_and_asked_again_in_time(fields, again, standing):
    assert rules.emergency_standing(fields, check_again_on=again, today=TODAY) is standing


def test_faq2a_an_expired_record_is_asked_again_and_one_press_says_it_is_right(house, as_member, monkeypatch):
    _group, _leader, someone = house
    client = as_member(someone)
    assert "What should we know for an emergency?" in text(client.get("/me/"))
    assert client.post("/me/emergency/", WHOLE).status_code == 302
    assert "emergency?" not in text(client.get("/me/"))
    assert "23 May 2027" in text(client.get("/me/emergency/"))

    later = NOW + timedelta(days=200)
    monkeypatch.setattr(clock, "now", lambda: later)
    client = _entered(someone, later)
    assert "They are six months old" in text(client.get("/me/"))
    page = client.get("/me/emergency/").content.decode()
    kept = {name: value for value, name in re.findall(r'value="([^"]+)"[^>]*name="(\w+)"', page)}
    kept |= dict(re.findall(r'name="(\w+)"[^>]*? value="([^"]+)"', page))
    assert {name: kept.get(name) for name in WHOLE} == WHOLE
    assert client.post("/me/emergency/", WHOLE).status_code == 302
    assert "six months old" not in text(client.get("/me/"))
    assert someone.own().check_again["emergency"] > later.date()


def _entered(someone, moment) -> Client:
    client = Client()
    client.cookies[cookies.member_name()] = sessions.open_session(
        subject=memberdoor.subject(someone.id, someone.group_id),
        secret=someone.key,
        idle=memberdoor.IDLE,
        now=moment,
    )
    return client


def _opened(client, group_id, someone) -> str:
    url = f"/groups/{group_id}/people/{someone.id}/emergency/"
    client.post(url, {"reason": "danger", "sentence": SENTENCE})
    return text(client.get(url))


def test_faq2a_breaking_the_glass_shows_this_part_alone_and_what_to_know_before_calling(house, as_person):
    group_id, leader, someone = house
    fields = WHOLE | {"knows": ""}
    actions.save_emergency(by=someone.id, group_id=group_id, fields=fields, holder=someone.key, now=NOW)
    client = as_person(leader)
    shown = _opened(client, group_id, someone)
    for word in ("Larkfield", "112", "Tamsin", "0770 900123", "when I do not answer for a day"):
        assert word in shown
    assert "Do not say who is calling, nor anything about this group." in shown
    assert "Take it that they know nothing." in shown
    assert "not up to date" not in shown
    assert "wren@example.org" not in shown
    assert "wren@example.org" not in text(client.get(f"/groups/{group_id}/people/{someone.id}/contact/"))


def test_faq2a_whoever_opens_an_old_record_is_warned(house, as_person):
    group_id, leader, someone = house
    fields = WHOLE | {"naming": "yes"}
    actions.save_emergency(by=someone.id, group_id=group_id, fields=fields, holder=someone.key, now=NOW)
    with guard.outside_action("test data"):
        Compartment.objects.filter(name="emergency").update(check_again_on=date(2026, 11, 1))
    shown = _opened(as_person(leader), group_id, someone)
    assert "This is not up to date." in shown
    assert "Do not say who is calling" not in shown
