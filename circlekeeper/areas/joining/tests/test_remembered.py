"""What the form remembers of a group, for speed, never outlives the group's own word."""

import re
import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from circlekeeper.areas.agreements import actions as agreements_do
from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.groups import actions as groups_do
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.joining import actions, queries
from circlekeeper.areas.joining.models import Application
from circlekeeper.areas.joining.tests import factories
from circlekeeper.areas.joining.tests.factories import NOW, SAFE, Visitor
from circlekeeper.areas.roster import actions as roster_do
from circlekeeper.areas.roster.models import Member
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import memo, prepared
from circlekeeper.foundation.vault import groupkeys
from circlekeeper.foundation.vault.shred.models import Secret

one_connection = pytest.mark.django_db(databases=["default", "shred"])
more_connections = pytest.mark.django_db(databases=["default", "shred"], transaction=True)


def _elsewhere(work: Callable[[], object]) -> None:
    """Do something on a connection of its own and commit it, as another process would."""
    trouble: list[BaseException] = []

    def there() -> None:
        try:
            work()
        except BaseException as error:
            trouble.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=there)
    thread.start()
    thread.join()
    if trouble:
        raise trouble[0]


def _publish(found: factories.Circle, extra: str = "Nobody takes notes.") -> None:
    """A new version of the promise of this group."""
    strength = agreements.pledge_strength(found.id)
    words = agreements.default_pledge(strength).words
    agreements_do.publish_pledge(
        by=found.leader.id,
        group_id=found.id,
        words=f"{words}\n\n{extra}",
        now=NOW,
    )


def _close(found: factories.Circle) -> None:
    groups_do.close_group(by=found.leader.id, group_id=found.id, now=NOW)


@one_connection
def test_each_of_the_five_requests_asks_the_database_little():
    found = factories.circle(level="high")
    Visitor(found.id).to_agree().finish()  # from here on the group is known

    visitor, asked = Visitor(found.id), []
    steps: tuple[Callable[[], object], ...] = (
        visitor.begin,
        lambda: visitor.send(alias="Wren"),
        lambda: visitor.send(says="no"),
        lambda: visitor.send(**SAFE),
        visitor.finish,
    )
    for step in steps:
        with CaptureQueriesContext(connection) as main, CaptureQueriesContext(connections["shred"]) as store:
            step()
        asked.append((len(main), len(store)))

    assert "Keep this key" in visitor.text
    assert asked[:4] == [(1, 0)] * 4
    # One of each is PostgreSQL's lock.
    assert asked[4][0] <= 26
    assert asked[4][1] <= 4


@more_connections
@pytest.mark.parametrize("open_page", ["name", "contact", "help", "agree"])
def test_pol4_a_text_published_elsewhere_is_the_one_that_is_shown_and_agreed_to(open_page):
    found = factories.circle()
    Visitor(found.id).to_agree()
    visitor = Visitor(found.id).begin()
    answers = {"name": {"alias": "Wren"}, "contact": factories.REACH, "help": SAFE}
    while visitor.step != open_page:
        visitor.send(**answers[visitor.step])
    agreed = visitor.agreed() if open_page == "agree" else {}
    _elsewhere(lambda: _publish(found))

    if open_page == "agree":
        visitor.send(**agreed)
        assert "A text changed while this page was open" in visitor.text
        assert Application.objects.count() == 0
    while visitor.step != "agree":
        visitor.send(**answers[visitor.step])
    assert "Nobody takes notes." in visitor.text
    visitor.finish()
    assert "Keep this key" in visitor.text
    assert Application.objects.count() == 1


@more_connections
def test_a_group_closed_elsewhere_takes_nobody_in():
    found = factories.circle()
    visitor = Visitor(found.id).to_agree()
    agreed = visitor.agreed()
    _elsewhere(lambda: _close(found))

    assert visitor.send(**agreed).status == 409
    assert Visitor(found.id).begin().status == 409
    assert Application.objects.count() == Member.objects.count() == 0


@more_connections
@pytest.mark.parametrize(
    ("meanwhile", "said"), [(_publish, "Please read it first"), (_close, "not taking people in at the moment")]
)
def test_pol4_what_changes_between_the_look_and_the_write_is_seen_by_the_write(monkeypatch, meanwhile, said):
    found = factories.circle()
    visitor = Visitor(found.id).to_agree()
    seal = roster_do.prepare

    def prepare(**how):
        _elsewhere(lambda: meanwhile(found))
        return seal(**how)

    monkeypatch.setattr(roster_do, "prepare", prepare)
    visitor.finish()

    assert visitor.status == 422
    assert said in visitor.text
    assert Application.objects.count() == Member.objects.count() == 0


@more_connections
def test_reg6_a_stricter_way_in_decided_elsewhere_counts_at_once():
    found = factories.circle(level="low")
    assert queries.way(found.id).path == "form"
    Visitor(found.id).to_agree()
    visitor = Visitor(found.id).begin().send(alias="Wren")
    assert "A code from whoever sent you" not in visitor.text
    _elsewhere(
        lambda: actions.decide_vetting(
            by=found.leader.id, group_id=found.id, path="contact-proven", reason="someone-got-in", now=NOW
        )
    )

    visitor.send(says="no")
    assert visitor.status == 422
    assert "A code from whoever sent you" in visitor.text


@one_connection
def test_every_table_that_is_read_is_named_where_an_answer_is_remembered():
    found = factories.circle()
    asked: list[tuple[Callable[..., object], tuple[str, ...]]] = [
        (groups.group, (found.id,)),
        (safeguards.settings_for, (found.id,)),
        (safeguards.keep_for, (found.id, "roster")),
        (agreements.in_force, (found.id,)),
        (agreements.joining_texts, (found.id,)),
        (queries.way, (found.id,)),
        (queries.asked_fields, (found.id,)),
        (groupkeys._publics, (found.id,)),
    ]
    for ask, given in asked:
        memo.empty()
        with memo.page(), CaptureQueriesContext(connection) as seen:
            ask(*given)
        read = {table for query in seen for table in re.findall(r'(?:FROM|JOIN) "?(\w+)', query["sql"])}
        # The log only grows, and a line that was found once is there for good.
        named = {table for table, users in memo._tables.items() if ask.__wrapped__ in users}  # type: ignore[attr-defined]
        assert read - {"table_stamp", "ledger_entry"} <= named, ask
        assert named <= memo.stamped_tables()


@one_connection
@pytest.mark.parametrize("level", ["low", "professional"])
def test_a_page_that_was_filled_in_is_the_page_that_would_have_been_drawn(monkeypatch, level):
    found = factories.circle(level=level)

    def pages() -> list[str]:
        visitor, seen = Visitor(found.id), []
        for step in (
            visitor.begin,
            lambda: visitor.send(alias="Wren"),
            lambda: visitor.send(**factories.REACH),
            lambda: visitor.send(**SAFE),
            visitor.finish,
        ):
            step()
            hidden = re.sub(r'name="draft" value="[^"]+"', "", visitor.html)
            seen.append(re.sub(r"<bdi>.*?</bdi>", "<bdi></bdi>", hidden))
        return seen

    filled = [pages(), pages()]
    monkeypatch.setattr(prepared, "_is_unknown", lambda request: False)
    drawn = pages()
    assert "Keep this key" in drawn[-1]
    assert filled == [drawn, drawn]


@one_connection
def test_two_visitors_share_nothing():
    found = factories.circle()
    one, other = Visitor(found.id).begin(), Visitor(found.id).begin()
    assert one.draft != other.draft
    one.send(alias="Wren").send(**factories.REACH).send(**SAFE)
    other.send(alias="Robin").send(**factories.REACH).send(**SAFE)
    assert one.finish().key != other.finish().key


@one_connection
def test_pol3_whoever_joins_is_given_no_cookie_and_no_other_site_sends_the_form_for_them():
    found = factories.circle()
    visitor = Visitor(found.id).to_agree()
    page = visitor.html
    for said in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        visitor.client.defaults = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in said.items()}
        assert visitor.finish().status == 403
        assert Application.objects.count() == 0
        visitor.html = page
    visitor.client.defaults = {"HTTP_SEC_FETCH_SITE": "same-origin"}
    assert visitor.finish().key
    assert not visitor.client.cookies


@one_connection
def test_somebody_signed_in_gets_a_page_of_their_own_that_nobody_else_sees(as_host):
    found = factories.circle()
    host = Visitor(found.id, client=as_host(found.leader)).begin()
    assert "Sign out" in host.text
    assert "Sign out" not in Visitor(found.id).begin().text
    assert "Sign out" in Visitor(found.id, client=as_host(found.leader)).begin().text


@one_connection
def test_a_refused_signature_leaves_no_secret_behind():
    found = factories.circle(level="professional")
    before = Secret.objects.count()
    visitor = Visitor(found.id).to_agree()
    visitor.finish(signature="Wren")
    assert visitor.status == 422
    assert Secret.objects.count() == before
