"""Pages of the roster, as a browser without script sees them."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from circlekeeper.areas.roster import actions, ownpage, queries
from circlekeeper.areas.roster.models import BroughtList, Compartment, ListDraft, Member, State
from circlekeeper.areas.roster.pages import me
from circlekeeper.areas.roster.rules import Says
from circlekeeper.areas.roster.tests import factories, import_files
from circlekeeper.areas.roster.tests.factories import NOW, SENTENCE
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.vault import memberkeys

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def titles(response) -> str:
    return str(re.findall(r"<title>(.*?)</title>", response.content.decode(), re.DOTALL)[0])


@pytest.fixture
def house():
    group_id, leader = factories.group(level="medium")
    return group_id, leader, factories.member(group_id, leader, "Wren")


@pytest.mark.parametrize("form", ["letters", "words", "shouted"])
def test_a_member_enters_with_their_key_in_either_form(house, at_noon, form):
    group_id, leader, _ = house
    key = memberkeys.new_member_key()
    factories.member(group_id, leader, "Robin", key=key.raw)
    typed = {"letters": key.letters, "words": key.words, "shouted": key.letters.upper().replace("-", " ")}[form]
    client = Client()
    entered = client.post("/me/enter/", {"key": typed})
    assert entered.status_code == 302
    assert "Robin" in text(client.get("/me/"))


def test_a_wrong_an_unknown_and_a_forgotten_key_get_the_same_answer(house, at_noon):
    group_id, _leader, someone = house
    actions.forget_now(by=someone.id, group_id=group_id, member_id=someone.id, now=NOW)
    from circlekeeper.foundation.vault import words

    answers = []
    for typed in ("nonsense", memberkeys.new_member_key().letters, words.as_letters(someone.key)):
        said = Client(REMOTE_ADDR="10.9.9.9").post("/me/enter/", {"key": typed})
        body = re.sub(r'value="[^"]{40,}"', "", said.content.decode())
        assert typed not in body
        answers.append((said.status_code, body))
    assert len(set(answers)) == 1


def test_keys_cannot_be_tried_without_end(house, at_noon, monkeypatch):
    monkeypatch.setattr(me, "_TRIES", "30/10m/ip")
    client = Client(REMOTE_ADDR="10.9.9.8")
    codes = [client.post("/me/enter/", {"key": f"nonsense {n}"}).status_code for n in range(32)]
    assert codes[0] == 422
    assert codes[-1] == 409


def test_the_members_page_shows_what_comes_next_and_nothing_about_the_group_in_its_title(house, as_member):
    _group, _leader, someone = house
    before = list(ownpage._providers), list(ownpage._sources)
    ownpage.install(
        [lambda group_id, member_id, now: [ownpage.Slot("Next meeting", "", "/me/door/x/", "Open", True)]]
    )
    try:
        page = as_member(someone).get("/me/")
    finally:
        ownpage.install(*before)
    assert "Next meeting" in text(page)
    assert titles(page) == "Your page"
    assert "Thursday" not in titles(page)


def test_nobody_sees_a_members_page_without_the_key(house):
    assert Client().get("/me/").headers["Location"].startswith("/me/enter/")
    assert Client().get("/me/record/").status_code == 302


def test_a_member_reads_corrects_and_takes_along_what_we_hold(house, as_member):
    _group, _leader, someone = house
    client = as_member(someone)
    assert "wren@example.org" in text(client.get("/me/record/"))

    assert client.post("/me/name/", {"alias": "Robin"}).status_code == 302
    assert client.post("/me/name/", {"alias": "r@example.org"}).status_code == 422
    assert client.post("/me/contact/mail/", {"says": "yes", "address": ""}).status_code == 422
    assert client.post("/me/contact/mail/", {"says": "no"}).status_code == 302
    assert client.post("/me/emergency/", {"person": "Sam", "reach": "0770"}).status_code == 302
    assert client.post("/me/help/", {"needs": "large print"}).status_code == 302

    copy = json.loads(client.get("/me/record/page.json").content)
    holds = {each["name"]: each["holds"] for each in copy["pieces"]}
    assert holds["alias"] == {"alias": "Robin"}
    assert holds["contact"]["says"] == Says.NO
    assert holds["emergency"]["person"] == "Sam"
    readable = client.get("/me/record/page.html")
    assert "large print" in text(readable)
    assert 'filename="page.html"' in readable.headers["Content-Disposition"]


def test_an_empty_first_answer_for_access_needs_is_still_the_members_own(house, as_member):
    _group, _leader, someone = house
    assert as_member(someone).post("/me/help/", {"needs": ""}).status_code == 302
    assert someone.own().parts["access"] == {"needs": ""}


def test_leaving_says_before_what_it_does(house, as_member):
    group_id, _leader, someone = house
    client = as_member(someone)
    assert "23 May 2027" in text(client.get("/me/leave/"))
    assert queries.member(group_id=group_id, member_id=someone.id).state == State.MEMBER
    client.post("/me/leave/")
    assert queries.member(group_id=group_id, member_id=someone.id).state == State.LEFT
    assert "You have left" in text(client.get("/me/"))


def test_being_forgotten_says_before_what_it_does_and_does_it(house, as_member):
    _group, _leader, someone = house
    client = as_member(someone)
    before = text(client.get("/me/forget/"))
    assert "How we may reach you" in before.partition("What goes at once")[2].partition("What stays")[0]
    assert "Nobody has to agree, and nobody can stop it." in before
    assert client.post("/me/forget/").status_code == 422
    assert Member.objects.filter(pk=someone.id).exists()
    assert "It is done" in text(client.post("/me/forget/", {"sure": "on"}))
    assert not Member.objects.filter(pk=someone.id).exists()
    assert client.get("/me/").status_code == 302


def test_an_opening_asks_a_reason_then_shows_one_part(house, as_person, as_member):
    group_id, leader, someone = house
    url = f"/groups/{group_id}/people/{someone.id}/contact/"
    client = as_person(leader)
    asked = client.get(url)
    assert "Why do you open it?" in text(asked)
    assert "wren@example.org" not in asked.content.decode()
    assert client.post(url, {"reason": "danger", "sentence": ""}).status_code == 422
    assert client.post(url, {"reason": "danger", "sentence": SENTENCE}).status_code == 302
    assert "wren@example.org" in text(client.get(url))
    assert "Who opened what" in text(client.get(f"/groups/{group_id}/people/openings/"))


def test_an_opening_needs_open_keys_and_a_fresh_second_factor(house, as_person):
    group_id, leader, someone = house
    url = f"/groups/{group_id}/people/{someone.id}/contact/"
    assert as_person(leader, keys=False).get(url).headers["Location"].startswith("/unlock/")
    assert as_person(leader, proved=False).get(url).headers["Location"].startswith("/confirm/")


def test_people_of_another_group_and_facilitators_get_nothing(house, as_person):
    group_id, leader, someone = house
    facilitator = factories.helper(group_id, leader)
    stranger = factories.group()[1]
    contact = f"/groups/{group_id}/people/{someone.id}/contact/"
    assert as_person(facilitator).get(contact).status_code == 404
    assert as_person(facilitator).get(f"/groups/{group_id}/people/").status_code == 200
    for url in (f"/groups/{group_id}/people/", contact, f"/groups/{group_id}/people/import/"):
        assert as_person(stranger).get(url).status_code == 404
    other_group, other_leader = factories.group()
    elsewhere = f"/groups/{other_group}/people/{someone.id}/"
    assert as_person(other_leader).get(elsewhere).status_code == 404


def test_kit9_facilitators_read_a_number_and_leaders_read_who(house, as_person):
    group_id, leader, _someone = house
    url = f"/groups/{group_id}/people/"
    facilitator = factories.helper(group_id, leader)
    few = text(as_person(facilitator).get(url))
    assert "1 emergency record is missing" in few
    assert "no emergency record" not in few
    assert "no emergency record" in text(as_person(leader).get(url))


def test_a_new_key_is_shown_once_and_works(house, as_person):
    group_id, leader, someone = house
    shown = as_person(leader).post(f"/groups/{group_id}/people/{someone.id}/key/")
    letters = re.findall(r"<bdi>([a-z2-7-]{32})</bdi>", shown.content.decode())[0]
    found = queries.by_key(memberkeys.parse_member_key(letters))
    assert found is not None
    assert found.id == someone.id


def upload(client, group_id, content, name="list.csv"):
    return client.post(f"/groups/{group_id}/people/import/", {"file": SimpleUploadedFile(name, content)})


def bring(client, group_id, content, goes):
    assert upload(client, group_id, content).status_code == 302
    columns = client.get(f"/groups/{group_id}/people/import/columns/")
    fields = re.findall(r'name="(column-\d+)"', columns.content.decode())
    chosen = {field: goes.get(int(field.split("-")[1]), "drop") for field in fields}
    assert client.post(f"/groups/{group_id}/people/import/columns/", chosen).status_code == 302
    return client


def test_a_list_of_three_hundred_comes_in_whole_with_neutral_names(house, as_person):
    group_id, leader, _someone = house
    client = bring(as_person(leader), group_id, import_files.zoom_registrants(), {2: "mail"})
    look = client.get(f"/groups/{group_id}/people/import/look/")
    assert "300 people come in" in text(look)
    assert "What brings you here?" in text(look)

    assert client.post(f"/groups/{group_id}/people/import/look/", {"do": "bring"}).status_code == 302

    assert queries.counts(group_id) == {"invited": 300, "member": 1}
    aliases = queries.aliases(ring=factories.ring(leader), group_id=group_id, now=NOW)
    assert len(set(aliases.values())) == 301
    assert not any("Zoë" in alias or "Müller" in alias for alias in aliases.values())
    assert not ListDraft.objects.exists()
    assert queries.unsealed_ids(group_id) == frozenset()


def test_a_brought_list_contacts_nobody_and_stores_no_address_in_clear(house, as_person):
    from circlekeeper.areas.roster.tests.test_actions import dump

    group_id, leader, _someone = house
    client = bring(as_person(leader), group_id, import_files.template(count=20), {0: "name", 1: "mail"})
    draft = dump("default")
    client.post(f"/groups/{group_id}/people/import/look/", {"do": "bring"})
    both = draft + dump("default") + dump("shred")
    for canary in (b"person1@example.org", b"Sage 1"):
        assert canary not in both
    one = Member.objects.filter(group_id=group_id, state=State.INVITED)[0]
    opening = {"by": leader, "group_id": group_id, "member_id": one.pk, "name": "contact"}
    actions.open_record(**opening, reason="change", sentence=SENTENCE, now=NOW)
    held = queries.opened(
        by=leader, about=one.pk, now=NOW, ring=factories.ring(leader), group_id=group_id, name="contact"
    )
    assert held["says"] == Says.NOT_ASKED


def test_a_list_confirmed_twice_comes_in_once(house, as_person):
    group_id, leader, _someone = house
    client = bring(as_person(leader), group_id, import_files.template(count=10), {1: "mail"})
    first = client.post(f"/groups/{group_id}/people/import/look/", {"do": "bring"})
    second = client.post(f"/groups/{group_id}/people/import/look/", {"do": "bring"})
    assert (first.status_code, second.status_code) == (302, 404)
    assert BroughtList.objects.count() == 1


def test_a_list_that_fails_halfway_leaves_nothing(house, as_person, monkeypatch):
    group_id, leader, _someone = house
    client = bring(as_person(leader), group_id, import_files.template(count=10), {1: "mail"})
    manager = type(Compartment._default_manager)
    original = manager.bulk_create

    def fail(self, *args, **kwargs):
        if self.model is Compartment:
            raise RuntimeError
        return original(self, *args, **kwargs)

    monkeypatch.setattr(manager, "bulk_create", fail)
    client.raise_request_exception = False
    assert client.post(f"/groups/{group_id}/people/import/look/", {"do": "bring"}).status_code == 500
    assert queries.counts(group_id) == {"member": 1}
    assert ListDraft.objects.count() == 1


def test_the_file_has_to_be_destroyed_and_somebody_says_so(house, as_person):
    group_id, leader, _someone = house
    client = bring(as_person(leader), group_id, import_files.template(count=3), {1: "mail"})
    client.post(f"/groups/{group_id}/people/import/look/", {"do": "bring"})
    who = type("W", (), {"id": leader, "can": staticmethod(lambda permission, place: True)})()
    assert [each.title for each in queries.todo(who, NOW)] == [
        "Destroy the file you brought people in from",
        "Hand out a key",
    ]
    made = BroughtList.objects.get()
    client.post(f"/groups/{group_id}/people/import/lists/", {"list": made.pk})
    assert [each.title for each in queries.todo(who, NOW)] == ["Hand out a key"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n\x1a\n passport", "Pictures of people or papers are never taken in"),
        (import_files.bomb(70), "unpacks to far more"),
        (b"x" * (10 * 1024 * 1024 + 10), "larger than 10 MB"),
        (b"Name,Mail\n" + b"Ann,a@example.org\n" * 6000, "more than 5,000 rows"),
        (b"hello", "No people were found"),
    ],
    ids=["picture", "bomb", "big", "long", "nobody"],
)
def test_faq4_a_file_that_is_no_list_gets_a_clear_sentence_and_stays_nowhere(house, as_person, content, said):
    group_id, leader, _someone = house
    answer = upload(as_person(leader), group_id, content)
    assert answer.status_code == 422
    assert said in text(answer)
    assert not ListDraft.objects.exists()


def test_another_person_does_not_see_the_draft(house, as_person):
    group_id, leader, _someone = house
    privacy = factories.helper(group_id, leader, role=RoleName.PRIVACY_LEAD)
    upload(as_person(leader), group_id, import_files.template(count=3))
    assert as_person(privacy).get(f"/groups/{group_id}/people/import/columns/").status_code == 404


def test_three_hundred_people_come_in_within_three_seconds(house, as_person):
    import time

    group_id, leader, _someone = house
    client = bring(as_person(leader), group_id, import_files.zoom_registrants(), {2: "mail"})
    begun = time.monotonic()
    client.post(f"/groups/{group_id}/people/import/look/", {"do": "bring"})
    assert time.monotonic() - begun < 3
    assert queries.counts(group_id)["invited"] == 300


def test_why1_a_member_sees_what_would_arrive_before_they_say_yes(house, as_member):
    _group, _leader, someone = house
    client = as_member(someone)
    overview = text(client.get("/me/contact/"))
    assert overview.count("No.") == 3
    assert "Yes, until 21 February 2027." in overview

    for channel in ("mail", "text", "call", "post"):
        shown = text(client.get(f"/me/contact/{channel}/"))
        assert shown.index("looks like this" if channel in ("mail", "text") else "nothing else") < shown.index(
            "May we?"
        )
    assert "Something to read" in text(client.get("/me/contact/mail/"))
    assert client.get("/me/contact/pigeon/").status_code == 404


def test_why1_reg2_each_channel_has_its_own_answer_and_one_press_ends_them_all(house, as_member):
    _group, _leader, someone = house
    client = as_member(someone)
    said = {
        "says": "at-times",
        "address": "0770 900 1",
        "start": "18:00",
        "end": "20:00",
        "days": ["1", "4"],
        "zone": "America/St_Johns",
        "voicemail": "on",
    }
    assert client.post("/me/contact/call/", said).status_code == 302
    assert client.post("/me/contact/call/", {**said, "start": ""}).status_code == 422

    held = someone.own().contact
    assert (held.channel, held.zone) == ("mail", "America/St_Johns")
    assert (held.way("call").days, held.way("call").voicemail) == ((1, 4), True)
    shown = text(client.get("/me/contact/"))
    assert "Yes, from 18:00 to 20:00 (Monday, Thursday)" in shown

    assert client.post("/me/contact/").status_code == 302
    assert text(client.get("/me/contact/")).count("No.") == 4
    assert "0770" not in str(someone.own().contact.as_fields())


def test_why1_a_post_has_no_hours_and_only_a_call_may_leave_a_message(house, as_member):
    _group, _leader, someone = house
    client = as_member(someone)

    fields = {
        channel: set(re.findall(r'name="(\w+)"', client.get(f"/me/contact/{channel}/").content.decode()))
        for channel in ("mail", "text", "call", "post")
    }
    assert "start" not in fields["post"]
    assert [channel for channel, names in fields.items() if "voicemail" in names] == ["call"]
    assert [channel for channel, names in fields.items() if "remind" in names] == ["mail"]


def test_reg2_whoever_opens_a_contact_reads_whether_they_may_and_the_only_words(house, as_person):
    group_id, leader, someone = house
    client = as_person(leader)
    path = f"/groups/{group_id}/people/{someone.id}/contact/"
    client.post(path, {"reason": "change", "sentence": "The room is closed tonight."})

    shown = text(client.get(path))
    assert "You may, now." in shown
    assert "You have something to read." in shown
