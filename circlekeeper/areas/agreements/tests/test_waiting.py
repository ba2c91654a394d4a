"""Who must still answer, a promise that runs out, and what each version allowed."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from circlekeeper.areas.agreements import actions, queries, rules
from circlekeeper.areas.agreements.rules import Promise
from circlekeeper.areas.agreements.tests.factories import NOW, connected, join, published, signature
from circlekeeper.foundation.accounts.tests.factories import browser, person, sign_in
from circlekeeper.foundation.errors import Refused

pytestmark = [
    pytest.mark.django_db(databases=["default", "shred"]),
    pytest.mark.urls("circlekeeper.areas.agreements.tests.addresses"),
]
YEAR = NOW + timedelta(days=365)
WORDS = "I keep what I hear here."


def _stands(group_id: str, member: str, now: datetime) -> Promise | None:
    found = {each.member_id: each for each in queries.waiting(group_id=group_id, now=now, member_ids=[member])}
    return found[member].promise if member in found else None


def test_cnf2_a_promise_runs_out_is_overdue_for_a_while_and_then_closes_the_next_link():
    with connected():
        group_id = published()
        member = join(group_id)
        only = frozenset({member})

        assert _stands(group_id, member, YEAR - timedelta(days=1)) is None
        assert _stands(group_id, member, YEAR + timedelta(days=1)) is Promise.IN_GRACE
        assert queries.still_to_sign(group_id=group_id, now=YEAR + timedelta(days=1), member_ids=only) == only
        assert queries.no_link(group_id=group_id, now=YEAR + timedelta(days=13), member_ids=only) == frozenset()
        assert queries.no_link(group_id=group_id, now=YEAR + timedelta(days=15), member_ids=only) == only

        again = YEAR + timedelta(days=16)
        made = signature(group_id, now=again)
        actions.sign_pledge(by=member, group_id=group_id, member_id=member, signature=made, now=again)
        assert queries.no_link(group_id=group_id, now=again, member_ids=only) == frozenset()


@pytest.mark.parametrize(("level", "days"), [("high", (61, 120)), ("medium", (92, 181))])
def test_cnf2_a_promise_is_brought_to_mind_as_often_as_the_level_says_and_only_while_it_stands(level, days):
    with connected():
        group_id = published(level=level)
        member, back = join(group_id), join(group_id)
        actions.withdraw_promise(by=back, group_id=group_id, member_id=back, now=NOW + timedelta(days=1))

    def of(first: int, last: int) -> list[tuple[int, frozenset[str]]]:
        begin, until = NOW + timedelta(days=first), NOW + timedelta(days=last)
        found = queries.reminders(group_id=group_id, begin=begin, until=until)
        return sorted(((moment - NOW).days, who) for moment, who in found.items())

    with connected(members=[member, back]):
        only = frozenset({member})
        assert of(2, days[0] - 1) == []
        assert of(days[0] - 5, days[0] + 5) == [(days[0], only)]
        assert of(days[0] + 1, days[1]) == [(days[1], only)]
        assert of(360, 500) == of(366, 500) == []
    with connected(members=[]):
        assert of(days[0] - 5, days[0] + 5) == []


def test_cnf2_the_higher_the_level_the_shorter_the_time_after_a_lapse():
    with connected():
        group_id = published(level="high")
        member = join(group_id)
        only = frozenset({member})
        assert queries.no_link(group_id=group_id, now=YEAR + timedelta(days=6), member_ids=only) == frozenset()
        assert queries.no_link(group_id=group_id, now=YEAR + timedelta(days=8), member_ids=only) == only


def test_con2_a_change_of_the_policy_that_matters_asks_again_and_a_clearer_sentence_does_not():
    later = NOW + timedelta(days=1)
    with connected():
        group_id = published()
        member = join(group_id)
        only = frozenset({member})
        policy = queries.current(group_id, "policy")
        assert policy is not None
        words = queries.words_of("policy", policy.body)

        small = actions.Edition(material=False, note="A shorter sentence.")
        prose = words | {"breach": words["breach"] + " We say sorry."}
        actions.publish_policy(by="a", group_id=group_id, prose=prose, now=later, edition=small)
        assert queries.not_agreed(group_id=group_id, member_ids=only, now=later) == frozenset()

        prose = words | {"breach": "We tell you within a year."}
        actions.publish_policy(by="a", group_id=group_id, prose=prose, now=later)
        assert queries.not_agreed(group_id=group_id, member_ids=only, now=later) == only
        assert queries.allows(member_id=member, purpose="join", now=later, version=1), "the old yes still stands"


def test_con2_nobody_is_left_unasked_without_a_reason():
    with connected():
        group_id = published()
        with pytest.raises(Refused):
            actions.publish_pledge(
                by="a", group_id=group_id, words=WORDS, now=NOW, edition=actions.Edition(material=False)
            )


def test_con2_what_changed_is_listed_line_by_line():
    with connected():
        group_id = published()
        first = queries.current(group_id, "pledge", "typed")
        assert first is not None
        second = actions.publish_pledge(
            by="a", group_id=group_id, words=first.body["words"] + "\n\nI tell you if I slip.", now=NOW
        )
    (change,) = queries.change_of(second)
    assert (change.went, change.came) == ((), ("I tell you if I slip.",))
    assert queries.change_of(first) == []


def test_con2_the_same_words_set_differently_are_no_change():
    old, new = [("A", ["One.  Two."])], [("A", ["One.", "Two."])]
    assert rules.changes(old, new) == []
    (found,) = rules.changes([("A", ["One."]), ("B", ["Two."])], [("A", ["One."])])
    assert (found.title, found.went, found.came) == ("B", ("Two.",), ())


def test_con2_the_page_says_who_must_answer_by_chosen_name_and_what_happens_next():
    leader, staff = person("alice"), browser()
    sign_in(staff, leader)
    with connected():
        group_id = published(by=leader.id)
        member, silent = join(group_id), join(group_id)
    with connected(members=[member, silent], names={member: "Wren", silent: "Robin"}):
        address = reverse("agreements:answers", args=[group_id])
        assert "Everyone has answered" in staff.get(address).content.decode()
        actions.publish_pledge(by=leader.id, group_id=group_id, words=WORDS, now=NOW + timedelta(minutes=1))
        made = signature(group_id, now=NOW + timedelta(minutes=2))
        actions.sign_pledge(
            by=member, group_id=group_id, member_id=member, signature=made, now=NOW + timedelta(minutes=2)
        )
        page = staff.get(address).content.decode()

    assert "1 of 2 has something to answer" in page
    assert "1 gets no link until they answer" in page
    assert "Robin" in page
    assert "Wren" not in page
    assert silent not in page


def test_cnf2_an_overdue_promise_is_marked_overdue_on_the_page_and_waits_for_the_leader():
    leader = person("alice")
    with connected():
        group_id = published(by=leader.id)
        member = join(group_id)
    now = YEAR + timedelta(days=3)
    with connected(members=[member], names={member: "Wren"}), time_machine.travel(now, tick=False):
        staff = browser()
        sign_in(staff, leader)
        answer = staff.get(reverse("agreements:answers", args=[group_id]))
        page = answer.content.decode()
        told = queries.todo(answer.wsgi_request.who, now)  # type: ignore[attr-defined]
    assert "Overdue since 23 November 2027" in page
    assert "Links work until 7 December 2027" in page
    assert "Can come." in page
    assert "1 promise is overdue" in [each.title for each in told]


def test_con2_strangers_do_not_learn_who_waits(client: Client):
    with connected():
        group_id = published()
    other = browser()
    sign_in(other, person("charlie"))
    assert other.get(reverse("agreements:answers", args=[group_id])).status_code == 404
    assert client.get(reverse("agreements:answers", args=[group_id])).status_code == 302
