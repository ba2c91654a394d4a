"""What needs me, most urgent first, never more than seven."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from circlekeeper.foundation.todo import Todo, Urgency
from circlekeeper.web import todos

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def _todo(title: str, urgency: Urgency = Urgency.SOON, due: datetime | None = None, minutes: int = 5) -> Todo:
    return Todo(title, "Because.", "/x/", minutes, urgency, due)


waiting = st.lists(
    st.builds(
        _todo,
        st.text(min_size=1, max_size=5),
        st.sampled_from(Urgency),
        st.none() | st.integers(-9, 9).map(lambda days: NOW + timedelta(days=days)),
    ),
    max_size=20,
)


@settings(max_examples=40, deadline=None)
@given(one=waiting, other=waiting)
def test_nothing_is_lost_and_the_most_urgent_stands_first(one: list[Todo], other: list[Todo]) -> None:
    todos.install([lambda who, now: one, lambda who, now: other])
    day = todos.day(who=None, now=NOW)
    order = list(Urgency)
    shown = [order.index(todo.urgency) for todo in day.first + day.later]

    assert len(day.first) == min(7, len(one) + len(other))
    assert len(day.first + day.later) == len(one) + len(other)
    assert shown == sorted(shown)


def test_of_two_as_urgent_the_earlier_deadline_comes_first() -> None:
    todos.install(
        [lambda who, now: [_todo("none"), _todo("late", due=NOW + timedelta(2)), _todo("soon", due=NOW)]]
    )

    assert [todo.title for todo in todos.day(who=None, now=NOW).first] == ["soon", "late", "none"]


@pytest.fixture
def staff(client: Client) -> Client:
    client.cookies["test_who"] = "person"
    return client


@pytest.mark.django_db
def test_today_shows_seven_and_keeps_the_rest_behind_later(staff: Client) -> None:
    todos.install([lambda who, now: [_todo(f"thing {number}") for number in range(9)]])
    text = staff.get("/today/").content.decode()
    first, later = text.split('<details class="later">')

    assert first.count('class="card todo') == 7
    assert later.count('class="card todo') == 2
    assert "Later</summary>" not in text
    assert "(2)" in later


@pytest.mark.django_db
def test_only_what_may_harm_is_red(staff: Client) -> None:
    todos.install([lambda who, now: [_todo("calm", Urgency.TODAY), _todo("harm", Urgency.HARM)]])

    assert staff.get("/today/").content.decode().count("todo harm") == 1


@pytest.mark.django_db
def test_an_empty_day_teaches(staff: Client) -> None:
    todos.install([])

    assert "Nothing needs you now" in staff.get("/today/").content.decode()


@pytest.mark.django_db
def test_navigation_shows_only_pages_that_exist_and_says_where_one_is(staff: Client) -> None:
    text = staff.get("/today/").content.decode()

    assert '<a href="/today/" aria-current="page">Today</a>' in text
    assert "Care</a>" not in text


def test_today_is_for_people_who_signed_in(client: Client) -> None:
    assert client.get("/today/")["Location"].startswith("/sign-in/")


def test_visitors_see_no_staff_navigation_but_both_links(client: Client) -> None:
    text = client.get("/gallery/").content.decode()

    assert 'aria-label="Main"' not in text
    assert 'href="/help-now/"' in text
    assert 'href="/exit"' in text


def test_with_several_groups_each_thing_says_which_it_is_about() -> None:
    here = replace(_todo("here"), url="/groups/aaa/safety/")
    account = replace(_todo("own"), url="/account/")
    todos.install([lambda who, now: [here, account]], names=lambda who: {"aaa": "Willow"})
    one = todos.day(who=None, now=NOW)
    todos.install([lambda who, now: [here, account]], names=lambda who: {"aaa": "Willow", "bbb": "Heron"})
    several = todos.day(who=None, now=NOW)

    assert {todo.title: todo.group for todo in one.first} == {"here": "", "own": ""}
    assert {todo.title: todo.group for todo in several.first} == {"here": "Willow", "own": ""}
