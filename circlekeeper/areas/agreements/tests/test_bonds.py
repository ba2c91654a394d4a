"""Who is bound to keep silent, by what, and until when (CNF3, PRO1)."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from circlekeeper.areas.agreements import actions, queries, rules
from circlekeeper.areas.agreements.models import Statement
from circlekeeper.areas.agreements.rules import Bond, HostFault
from circlekeeper.areas.agreements.tests.factories import NOW, connected, group, person, published
from circlekeeper.foundation.accounts import actions as accounts
from circlekeeper.foundation.accounts.tests import factories
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.permissions import RoleName

pytestmark = [
    pytest.mark.django_db(databases=["default", "shred"]),
    pytest.mark.urls("circlekeeper.areas.agreements.tests.addresses"),
]
UNTIL = date(2026, 12, 24)


def _clinician(group_id: str, who: str, until: date = UNTIL) -> None:
    actions.say_bound(
        by=who,
        group_id=group_id,
        bound="profession",
        licence_body="Chamber of psychotherapists",
        licence_until=until,
        mandated="yes",
        shown_as="Ines",
        now=NOW,
    )


def _why_not(group_id: str, who: str, days: int = 0) -> str:
    now = NOW + timedelta(days=days)
    return queries.why_not_hosts(group_id=group_id, person_ids=[who], now=now).get(who, "")


@pytest.mark.parametrize("level", ["high", "professional"])
def test_cnf3_a_guest_who_has_not_said_how_they_are_bound_cannot_be_put_on_a_meeting(level: str):
    leader, guest = person(), person()
    group_id = group(level=level, by=leader)
    accounts.grant_role(by=leader, person_id=guest, place=group_id, role=RoleName.FACILITATOR, now=NOW)

    assert "how each helper is bound" in _why_not(group_id, guest)
    actions.say_bound(by=guest, group_id=group_id, bound="none", mandated="unknown", now=NOW)
    assert _why_not(group_id, guest) == "", "not bound is an answer too: members read it"


def test_cnf3_where_little_is_at_stake_nobody_has_to_say_it_but_a_licence_shown_has_to_hold():
    leader = person()
    group_id = group(level="low", by=leader)
    assert _why_not(group_id, leader) == ""
    _clinician(group_id, leader)
    assert "licence ran out" in _why_not(group_id, leader, days=40)


def test_pro1_a_lapsed_licence_cannot_host_and_a_renewed_one_can():
    leader = person()
    group_id = group(level="professional", by=leader)
    _clinician(group_id, leader)

    assert _why_not(group_id, leader) == ""
    assert _why_not(group_id, leader, days=31) == "", "the last day counts"
    assert "licence ran out" in _why_not(group_id, leader, days=32)
    _clinician(group_id, leader, until=date(2027, 12, 24))
    assert _why_not(group_id, leader, days=32) == ""


def test_cnf3_a_helper_s_promise_runs_out_and_is_marked_overdue():
    leader = person()
    group_id = group(level="high", by=leader)
    actions.say_bound(by=leader, group_id=group_id, bound="pledge", mandated="no", now=NOW)
    year = NOW + timedelta(days=367)

    (fine,) = queries.badges(group_id=group_id, now=NOW)
    (late,) = queries.badges(group_id=group_id, now=year)
    assert (fine.overdue, late.overdue) == (False, True)
    assert "overdue" in _why_not(group_id, leader, days=367)


@pytest.mark.parametrize(
    ("body", "until"), [("", UNTIL), ("12345", UNTIL), ("Chamber", None), ("Chamber", date(2026, 11, 22))]
)
def test_cnf3_a_licence_needs_a_body_and_an_end_that_is_not_over(body: str, until: date | None):
    leader = person()
    group_id = group(by=leader)
    with pytest.raises(Refused):
        actions.say_bound(
            by=leader,
            group_id=group_id,
            bound="profession",
            licence_body=body,
            licence_until=until,
            mandated="no",
            now=NOW,
        )
    assert not Statement.objects.exists()


def test_cnf3_the_number_of_a_licence_has_no_place_to_be_stored():
    columns = {field.name for field in Statement._meta.get_fields()}
    assert not [name for name in columns if "number" in name]


def test_cnf3_nobody_speaks_for_a_group_they_have_no_role_in():
    group_id = group()
    with pytest.raises(NotHere):
        actions.say_bound(by=person(), group_id=group_id, bound="none", mandated="no", now=NOW)


@settings(max_examples=40)
@given(
    bound=st.sampled_from(list(rules.Bound)),
    licence=st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    promise=st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    on=st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    asked=st.booleans(),
)
def test_pro1_a_licence_that_ran_out_never_hosts(
    bound: rules.Bound, licence: date, promise: date, on: date, asked: bool
):
    fault = rules.host_fault(Bond(bound, licence, promise), asked=asked, on=on)
    if bound is rules.Bound.PROFESSION:
        assert (fault is HostFault.LICENCE) == (licence < on)
    if bound is rules.Bound.NONE:
        assert fault is None
    if not asked and bound is not rules.Bound.PROFESSION:
        assert fault is None


def test_cnf3_anyone_reads_the_badges_before_joining_and_finds_no_id_and_no_sign_in_name(client: Client):
    leader, staff = factories.person("alice"), factories.browser()
    factories.sign_in(staff, leader)
    with connected():
        group_id = published(level="high", by=leader.id)
        address = reverse("agreements:who", args=[group_id])
        assert "Has not said yet whether they are bound" in client.get(address).content.decode()

        say = reverse("agreements:say-bound", args=[group_id])
        data = {"bound": "profession", "mandated": "yes", "shown_as": "Ines"}
        assert staff.post(say, data).status_code == 422
        data |= {"licence_body": "Chamber of psychotherapists", "licence_until": "2999-12-24"}
        assert staff.post(say, data).status_code == 302

        answer = client.get(address)
        page = answer.content.decode()
        assert "Chamber of psychotherapists" in staff.get(say).content.decode(), "what was said stands in the form"
        team = staff.get(reverse("agreements:people", args=[group_id])).content.decode()
    assert not answer.cookies
    assert "Bound by their profession" in page
    assert "Licence by Chamber of psychotherapists, until 24 December 2999." in page
    assert "By law they may have to report" in page
    assert "Ines" in page
    assert leader.id not in page
    assert "alice" not in page
    assert "alice" in team
