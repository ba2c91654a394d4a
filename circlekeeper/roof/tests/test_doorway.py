"""Both ways to the door give the same answers: ahead of Django, and through it."""

from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError

from circlekeeper.areas.ballots import actions as ballots
from circlekeeper.areas.meetings import actions, queries
from circlekeeper.areas.meetings.actions.arriving import MOST_DEVICES
from circlekeeper.areas.meetings.models import Arrival
from circlekeeper.areas.meetings.pages.face import Face
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.factories import NOW, token
from circlekeeper.foundation import clock, ledger
from circlekeeper.foundation.ids import new_id
from circlekeeper.roof import doorway, drawn
from circlekeeper.roof.tests import browsers
from circlekeeper.roof.tests.browsers import Exchange, Server
from circlekeeper.serving.ahead import Reply

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
PHONES = {"Wren": new_id(), "Robin": new_id()}


@pytest.fixture(autouse=True)
def half_past_six(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def quick() -> Server:
    return Server(browsers.desk())


@pytest.fixture
def slow() -> Server:
    return Server()


def cookie(device: str) -> str:
    return f"ck_door={device}"


def stand(found: factories.Circle, links: dict[str, str], moment: str) -> None:
    """Bring everybody to this moment, each with their phone."""
    by: dict[str, Any] = {"by": found.leader.id, "now": NOW}
    if moment not in ("too early", "preparing", "cancelled"):
        actions.open_doors(**by, **found.here)
    for alias, link in links.items():
        if moment == "revoked":
            actions.revoke_links(group_id=found.id, member_id=found.members[alias].id, **by)
        elif moment in CAME:
            stand_there(found, link, PHONES[alias], moment)
    over = {
        "cancelled": actions.cancel_meeting,
        "locked": actions.lock_doors,
        "closed": actions.close_meeting,
    }.get(moment)
    if over:
        over(**by, **found.here)


def stand_there(found: factories.Circle, link: str, phone: str, moment: str) -> None:
    """One of those who came."""
    if moment == "unverified":
        factories.come(link, new_id())
    place = factories.wait(link, phone)
    decide = {"held": actions.hold, "admitted": actions.admit, "removed": actions.remove}.get(moment)
    if decide:
        decide(by=found.leader.id, group_id=found.id, arrival_id=place, now=NOW)
    if moment == "left":
        actions.step_out(by="visitor", token=link, device=phone, now=NOW)


CAME = ("waiting", "held", "unverified", "admitted", "removed", "left")
MOMENTS = [
    "too early",
    "preparing",
    "arrive",
    "waiting",
    "held",
    "unverified",
    "admitted",
    "left",
    "locked",
    "removed",
    "revoked",
    "cancelled",
    "closed",
]


def at_the_door(moment: str, monkeypatch: pytest.MonkeyPatch) -> tuple[factories.Circle, dict[str, str]]:
    room = moment in ("arrive", "admitted")
    more: dict[str, Any] = {"online": False, "address": "Blue <door>, 3 Mill Lane"} if room else {}
    found = factories.circle("Wren", "Robin", ready=True, **more)
    links = {alias: token(found, alias) for alias in ("Wren", "Robin")}
    stand(found, links, moment)
    if moment == "preparing":
        monkeypatch.setattr(clock, "now", lambda: found.facts.opens_at)
    return found, links


@pytest.mark.parametrize("still", ["", "?still=1"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_tec4_the_page_and_its_headers_are_the_same_on_both_ways(moment, still, quick, slow, monkeypatch):
    _found, links = at_the_door(moment, monkeypatch)

    def look(server: Server, alias: str) -> Exchange:
        return server.ask("GET", f"/m/{links[alias]}/{still}", cookie=cookie(PHONES[alias]))

    look(quick, "Robin")
    before = quick.seen
    answered = look(quick, "Wren")

    assert quick.seen == before, "somebody saw this face of the door a moment ago"
    assert answered.told == look(slow, "Wren").told
    assert links["Robin"].encode() not in answered.content
    assert PHONES["Wren"].encode() not in answered.content


@pytest.mark.parametrize("moment", MOMENTS)
def test_tec4_arriving_is_answered_and_written_the_same_on_both_ways(moment, quick, slow, monkeypatch):
    """Wren comes ahead of Django, Robin through it, in the same situation."""
    found, links = at_the_door(moment, monkeypatch)
    quick.ask("POST", f"/m/{new_id()}/", {"do": "arrive"})
    drawn_once = factories.circle("Finch", ready=True)
    quick.ask("POST", f"/m/{token(drawn_once, 'Finch')}/", {"do": "arrive"})
    before, size = quick.seen, ledger.queries.size()

    first = quick.ask("POST", f"/m/{links['Wren']}/", {"do": "arrive"}, cookie=cookie(PHONES["Wren"]))
    lines = ledger.queries.size() - size
    second = slow.ask("POST", f"/m/{links['Robin']}/", {"do": "arrive"}, cookie=cookie(PHONES["Robin"]))

    assert quick.seen == before
    status, headers, content = second.told
    moved = [(name, value.replace(links["Robin"], links["Wren"])) for name, value in headers]
    assert first.told == (status, moved, content)
    assert lines == ledger.queries.size() - size - lines == (0 if moment == "closed" else 1)
    rows = {
        alias: list(
            Arrival.objects.filter(link__member_id=found.members[alias].id)
            .order_by("unverified")
            .values_list(
                "state", "unverified", "arrived_at", "decided_at", "due_on", "inside_at", "group_id", "meeting_id"
            )
        )
        for alias in links
    }
    assert rows["Wren"] == rows["Robin"]


def test_fmt5_a_second_device_waits_unverified_on_both_ways(quick, slow):
    found = factories.doors_open("Wren")
    link = token(found, "Wren")
    for server in (quick, slow, quick):
        server.ask("POST", f"/m/{link}/", {"do": "arrive"})

    assert sorted(each.unverified for each in queries.at_the_door(**found.here)) == [False, True, True]


def test_a_link_on_too_many_devices_is_refused_the_same_on_both_ways(quick, slow):
    found = factories.doors_open("Wren")
    door = f"/m/{token(found, 'Wren')}/"
    for _ in range(MOST_DEVICES):
        assert quick.ask("POST", door, {"do": "arrive"}).status == 302
    drawn_now, size = quick.ask("POST", door, {"do": "arrive"}), ledger.queries.size()
    before = quick.seen
    again = quick.ask("POST", door, {"do": "arrive"})

    assert quick.seen == before
    assert again.status == 409
    assert again.told == drawn_now.told == slow.ask("POST", door, {"do": "arrive"}).told
    assert Arrival.objects.count() == MOST_DEVICES
    assert ledger.queries.size() == size


def test_when_writing_together_fails_each_is_answered_by_django(quick, monkeypatch):
    found = factories.doors_open("Wren", "Robin")
    links = [token(found, alias) for alias in ("Wren", "Robin")]
    quick.ask("POST", f"/m/{links[1]}/", {"do": "arrive"})
    before, size = quick.seen, ledger.queries.size()

    def broken(**_: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(actions, "arrive_together", broken)
    monkeypatch.setattr(doorway, "close_old_connections", lambda: None)
    answers = [quick.ask("POST", f"/m/{link}/", {"do": "arrive", "device": new_id()}) for link in links]

    assert [each.status for each in answers] == [302, 302]
    assert all(each.device for each in answers)
    assert quick.seen == before + 2
    assert ledger.queries.size() == size + 2


def test_a_signed_in_person_another_form_and_other_addresses_are_djangos(quick):
    found = factories.doors_open("Wren")
    link = token(found, "Wren")
    for _ in range(2):
        quick.ask("GET", f"/m/{link}/")
    unusual = [
        quick.ask("GET", f"/m/{link}/", cookie=f"{settings.SESSION_COOKIE_NAME}=x"),
        quick.ask("GET", f"/m/{link}/", cookie="ck_door=made-up"),
        quick.ask("GET", f"/m/{link}/?token=x"),
        quick.ask("HEAD", f"/m/{link}/"),
        quick.ask("GET", f"/m/{link}/in/"),
        quick.ask("GET", f"/m/{link}"),
        quick.ask("GET", "/me/"),
        quick.ask("GET", f"/groups/{found.id}/meetings/"),
        quick.ask("POST", f"/m/{link}/", {"do": "leave"}),
    ]
    assert quick.seen == 1 + len(unusual)
    assert all(each.status for each in unusual)
    # A personal link opens the door and nothing else.
    assert {each.status for each in unusual[5:8]} <= {302, 404}
    assert b"ck_door" not in unusual[6].content


@pytest.mark.parametrize(
    "said", [{"sec_fetch_site": "cross-site"}, {"origin": "https://evil.example"}, {"origin": "null"}]
)
def test_a_form_from_another_site_is_refused_on_both_ways(said, quick, slow):
    found = factories.doors_open("Wren", "Robin")
    quick.ask("POST", f"/m/{token(found, 'Robin')}/", {"do": "arrive"})
    link = token(found, "Wren")

    answers = [server.ask("POST", f"/m/{link}/", {"do": "arrive"}, **said) for server in (quick, slow)]

    assert [each.status for each in answers] == [403, 403]
    assert len(queries.at_the_door(**found.here)) == 1


def test_an_answer_that_was_lost_is_asked_for_again_and_takes_no_second_place(quick):
    """The service stops after it wrote and before it answered; the browser sends the same form again, without a cookie."""
    found = factories.doors_open("Wren")
    link = token(found, "Wren")
    offered = quick.ask("GET", f"/m/{link}/").device
    form = {"do": "arrive", "device": offered}
    quick.ask("POST", f"/m/{link}/", form)
    after_the_crash = Server(browsers.desk())

    again = after_the_crash.ask("POST", f"/m/{link}/", form)
    once_more = after_the_crash.ask("POST", f"/m/{link}/", form)

    assert again.device == once_more.device == offered
    assert [(each.state, each.unverified) for each in queries.at_the_door(**found.here)] == [("waiting", False)]


def test_every_reader_is_offered_a_device_of_their_own(quick):
    found = factories.doors_open("Wren")
    page = f"/m/{token(found, 'Wren')}/"
    assert len({quick.ask("GET", page).device for _ in range(5)} - {""}) == 5


def test_what_changes_at_the_door_is_seen_at_once(quick):
    found = factories.doors_open("Wren", "Robin")
    page = f"/m/{token(found, 'Wren')}/"
    for _ in range(2):
        assert b"Come to the waiting room" in quick.ask("GET", page).content
    actions.lock_doors(by=found.leader.id, now=NOW, **found.here)
    assert b"You have done nothing wrong" in quick.ask("GET", page).content
    actions.unlock_doors(by=found.leader.id, now=NOW, **found.here)
    assert b"Come to the waiting room" in quick.ask("GET", page).content


def test_faq1a_what_everybody_is_asked_is_seen_at_once_and_answers_are_djangos(quick):
    found = factories.doors_open("Wren", "Robin", "Finch")
    links = {alias: token(found, alias) for alias in found.members}
    phones = {alias: cookie("abcdefghijklm" * 2 if alias == "Wren" else new_id()) for alias in links}
    for alias, link in links.items():
        factories.let_in(found, link, phones[alias].removeprefix("ck_door="))
    page, phone = f"/m/{links['Wren']}/", phones["Wren"]
    for _ in range(2):
        assert b"May this meeting be recorded?" not in quick.ask("GET", page, cookie=phone).content
    by: dict[str, Any] = {"by": found.leader.id, "now": NOW}
    asked = ballots.ask(kind="recording", others_agree=True, **by, **found.here)
    for alias, link in links.items():
        assert b'name="do" value="yes"' in quick.ask("GET", f"/m/{link}/", cookie=phones[alias]).content
    quick.ask("POST", page, {"do": "yes", "ballot": asked}, cookie=phone, sec_fetch_site="same-origin")
    assert b'name="do" value="yes"' not in quick.ask("GET", page, cookie=phone).content
    assert b'name="do" value="yes"' in quick.ask("GET", f"/m/{links['Finch']}/", cookie=phones["Finch"]).content


def test_a_database_that_does_not_answer_is_left_to_django(quick, monkeypatch):
    found = factories.doors_open("Wren")
    page = f"/m/{token(found, 'Wren')}/"
    quick.ask("GET", page)
    before = quick.seen

    def broken(**_: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(queries, "place", broken)
    answered = quick.ask("GET", page)
    assert (answered.status, quick.seen) == (503, before + 1)


def test_pages_are_few_and_forgotten_after_a_while():
    moment = [0.0]
    pages = drawn.Pages(clock=lambda: moment[0])
    for number in range(drawn.MOST + 1):
        pages.keep(Face(f"step-{number}", "en"), Reply(200, [], b"t0k d3v"), token="t0k", device="d3v")
    assert pages.find(Face("step-0", "en")) is None
    found = pages.find(Face("step-1", "en"))
    assert found
    assert found.reply(token="mine", device="phone").body == b"mine phone"
    moment[0] = drawn.LASTS
    assert pages.find(Face("step-1", "en")) is None
