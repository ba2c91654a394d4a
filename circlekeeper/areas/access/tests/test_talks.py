"""Asking quietly for what would help: who reads it, who cannot even count it, and when it is gone."""

import re
from datetime import timedelta

import pytest
from django.apps import apps

from circlekeeper.areas.access import actions, queries
from circlekeeper.areas.access.models import Line, Thread
from circlekeeper.areas.access.tests import factories
from circlekeeper.areas.access.tests.factories import NOW, Circle, Owner, circle, lead, member, person
from circlekeeper.areas.joining.tests import factories as joining
from circlekeeper.areas.roster import actions as roster_do
from circlekeeper.foundation import ledger
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.permissions import ROLE_GRANTS, Permission, RoleName
from circlekeeper.foundation.vault import shredstore
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import NoGrant

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def ask(found: Circle, owner: Owner, words: str = "Captions, please.") -> None:
    actions.ask(by=owner.id, group_id=found.id, holder=owner.holder, words=words, now=NOW)


def test_acc2_a_member_asks_and_reads_the_answer_with_nothing_but_their_key(as_owner, as_host):
    found = circle()
    kim, wren = lead(found), member(found)
    owner, host = as_owner(wren.key), as_host(kim)
    assert "Nobody else learns that you asked." in text(owner.get("/me/"))
    assert owner.post("/me/access/", {"words": " "}).status_code == 422
    assert owner.post("/me/access/", {"words": "Captions, please."}).status_code == 302
    assert "Captions, please." in text(owner.get("/me/access/"))

    page = f"/groups/{found.id}/access/"
    assert "A message waits for you" in text(host.get("/today/"))
    assert "Someone waits for your answer" in text(host.get(page))
    assert "Wren" not in text(host.get(page))
    (thread,) = queries.threads(found.id)
    assert "Captions, please." in text(host.get(f"{page}talks/{thread.id}/"))
    assert host.post(f"{page}talks/{thread.id}/", {"words": "They will run."}).status_code == 302
    assert "A message waits for you" not in text(host.get("/today/"))
    assert "There is an answer for you." in text(owner.get("/me/"))
    assert "They will run." in text(owner.get("/me/access/"))
    assert {"access.thread.write", "access.thread.open"} <= {
        each.verb for each in ledger.queries.entries_about(thread.id)
    }


@pytest.mark.parametrize("who", ["facilitator", "leader", "privacy lead"])
def test_acc2_without_the_role_nobody_lists_or_counts_requests(as_host, who):
    found = circle()
    lead(found)
    hosts = {"leader": found.leader, "privacy lead": found.second}
    host = as_host(hosts.get(who) or person(found, RoleName.FACILITATOR, Scope.DOOR, Scope.EMERGENCY))
    wren = member(found)
    before = [text(host.get(path)) for path in ("/today/", f"/groups/{found.id}/", f"/groups/{found.id}/people/")]
    ask(found, wren)
    after = [text(host.get(path)) for path in ("/today/", f"/groups/{found.id}/", f"/groups/{found.id}/people/")]
    (thread,) = queries.threads(found.id)

    assert before == after
    assert host.get(f"/groups/{found.id}/access/").status_code == 404
    assert host.get(f"/groups/{found.id}/access/talks/{thread.id}/").status_code == 404
    assert host.post(f"/groups/{found.id}/access/talks/{thread.id}/", {"words": "Hello"}).status_code == 404
    # The log does not say who asked either.
    assert {each.by for each in ledger.queries.entries_about(thread.id)} == {"visitor"}
    assert not [each for each in ledger.queries.entries_about(wren.id) if each.verb.startswith("access.")]


def test_acc2_a_facilitators_keys_open_no_request():
    found = circle()
    lead(found)
    host = person(found, RoleName.FACILITATOR, Scope.DOOR, Scope.EMERGENCY)
    ask(found, member(found))
    (thread,) = queries.threads(found.id)
    with pytest.raises(NoGrant):
        queries.talk(by=host.id, about=thread.id, group_id=found.id, ring=host.ring, now=NOW)
    assert [role for role, may in ROLE_GRANTS.items() if Permission.ACCESS_SEE in may] == [RoleName.ACCESS_LEAD]


def test_acc2_an_access_lead_reaches_no_other_group_and_no_roster(as_host):
    found, other = circle(), circle()
    kim = lead(found)
    lead(other)
    ask(other, member(other))
    (thread,) = queries.threads(other.id)
    host = as_host(kim)
    assert host.get(f"/groups/{other.id}/access/talks/{thread.id}/").status_code == 404
    assert host.get(f"/groups/{found.id}/access/talks/{thread.id}/").status_code == 404
    assert host.get(f"/groups/{found.id}/people/").status_code == 404
    with pytest.raises(NotHere):
        actions.answer(by=kim.id, ring=kim.ring, group_id=found.id, thread_id=thread.id, words="Hi", now=NOW)


def test_acc2_words_are_sealed_and_gone_from_backups_when_it_ends(as_owner):
    found = circle()
    lead(found)
    wren = member(found)
    ask(found, wren, "canary-captions")
    row = Thread.objects.get()
    kept = b"".join(bytes(each) for line in Line.objects.all() for each in (line.blob,)) + bytes(row.blob)
    assert b"canary" not in kept
    assert as_owner(wren.key).post("/me/access/", {"do": "end"}).status_code == 302
    assert Thread.objects.count() == Line.objects.count() == 0
    with pytest.raises(shredstore.Shredded):
        shredstore.secret(row.secret_id)
    actions.end_own_thread(group_id=found.id, member_id=wren.id, now=NOW)


def test_acc2_whoever_leaves_takes_their_request_along_through_the_switchboard():
    from circlekeeper.foundation import announce

    found = circle()
    lead(found)
    wren = member(found)
    ask(found, wren)
    roster_do.leave(by=wren.id, group_id=found.id, member_id=wren.id, now=NOW)
    announce.deliver_due(announce.installed(), NOW)
    assert Thread.objects.count() == 0


@pytest.mark.parametrize(("level", "days"), [("low", 30), ("high", 7)])
def test_acc3_a_request_dies_on_a_near_day_and_each_word_moves_it(level, days):
    found = factories.circle(level="low") if level == "low" else joining.circle(level="high")
    lead(found)
    owner = _owner(found) if level == "high" else member(found)
    ask(found, owner)
    (thread,) = queries.threads(found.id)
    assert thread.due_on == joining.TODAY + timedelta(days=days)
    later = NOW + timedelta(days=3)
    actions.ask(by=owner.id, group_id=found.id, holder=owner.holder, words="Also breaks.", now=later)
    (thread,) = queries.threads(found.id)
    assert thread.due_on == joining.TODAY + timedelta(days=days + 3)


def _owner(found: Circle) -> Owner:
    """An applicant of a high group may ask as well: the call may need an interpreter."""
    from circlekeeper.areas.roster import queries as roster
    from circlekeeper.foundation.vault import memberkeys

    made = joining.ask(found, joining.filled())
    holder = memberkeys.parse_member_key(made.key)
    known = roster.by_key(holder)
    assert known is not None
    return Owner(known.id, made.key, holder)


def test_acc2_without_an_access_lead_the_page_says_so_and_takes_nothing(as_owner):
    found = circle()
    wren = member(found)
    owner = as_owner(wren.key)
    assert "Nobody in this group arranges access yet" in text(owner.get("/me/access/"))
    assert owner.post("/me/access/", {"words": "Captions"}).status_code == 422
    with pytest.raises(Refused, match="Nobody in this group"):
        ask(found, wren)
    assert Thread.objects.count() == 0


def test_acc3_a_form_passes_blank_and_no_list_of_the_team_holds_what_helps(as_host):
    found = circle()
    member(found, access="canary-ramp")
    member(found, "Robin")
    for path in ("people/", "people/import/lists/", "people/import/list.csv", "joining/"):
        assert "canary" not in as_host(found.leader).get(f"/groups/{found.id}/{path}").content.decode()


def test_acc3_the_access_lead_alone_reads_what_was_written_on_joining_and_the_member_is_told(as_host, as_owner):
    found = circle()
    kim = lead(found)
    wren, robin = member(found, access="A ramp, please."), member(found, "Robin")
    host, page = as_host(kim), f"/groups/{found.id}/access/needs/{wren.id}/"
    assert "Somebody wrote on 23 November 2026" in text(host.get(f"/groups/{found.id}/access/"))
    assert "A ramp" not in text(host.get(page))
    assert host.post(page).status_code == 302
    assert "A ramp, please." in text(host.get(page))
    assert "What helps you take part" in text(as_owner(wren.key).get("/me/opened/"))
    assert host.get(page.replace(wren.id, robin.id)).status_code == 404
    assert as_host(found.leader).get(page).status_code == 404


def test_acc3_nobody_is_asked_for_a_diagnosis(as_owner):
    found = circle()
    lead(found)
    shown = text(as_owner(member(found).key).get("/me/access/"))
    assert "What would help you take part?" in shown
    assert "Please do not tell us a diagnosis." in shown
    assert "Most people leave this empty." in shown


def test_acc2_two_first_messages_at_the_same_moment_are_one_talk(monkeypatch):
    found = circle()
    lead(found)
    wren = member(found)
    real = actions.talks._fresh
    hidden: list[bool] = []

    def late(*about):
        if not hidden:
            hidden.append(True)
            ask(found, wren, "The other one was first.")
        return real(*about)

    monkeypatch.setattr(actions.talks, "_fresh", late)
    ask(found, wren, "Captions, please.")
    talk = queries.own_talk(group_id=found.id, member_id=wren.id, holder=wren.holder)
    assert talk is not None
    assert [line.words for line in talk.lines] == ["The other one was first.", "Captions, please."]


def test_acc1_no_table_keeps_captions():
    names = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if re.search(r"caption|transcript|subtitle", f"{model._meta.label}.{field.name}".lower())
    }
    assert names == set()
