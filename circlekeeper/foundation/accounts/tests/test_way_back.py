"""A forgotten passphrase, a lost phone, a stolen laptop: what a person can do alone."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator

from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import actions, factors, queries
from circlekeeper.foundation.accounts.tests import factories as factories_
from circlekeeper.foundation.accounts.tests.factories import PASSPHRASE, browser, ring_of, sign_in
from circlekeeper.foundation.accounts.tests.test_set_up import words_of
from circlekeeper.foundation.accounts.who import Who
from circlekeeper.foundation.jobs.models import Event
from circlekeeper.foundation.ledger.models import Entry
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.vault.models import KeySession

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
NEW = "lantern orchard seventeen pebble"


def come_back(client, someone, **other):
    given = {"handle": someone.handle, "words": someone.kit, "code": someone.code(), "new": NEW, "again": NEW}
    return client.post("/sign-in/forgotten/", given | other)


def test_the_kit_and_a_code_set_a_new_passphrase_and_keep_the_keys(client, signed_in, wren):
    actions.grant_role(by=wren.id, person_id=wren.id, place="g1", role=RoleName.LEADER, now=clock.now())
    before = ring_of(signed_in).secret.value

    assert come_back(client, wren, code=wren.code(1)).status_code == 200

    assert signed_in.get("/account/").status_code == 302, "every session is closed"
    assert not KeySession.objects.exists()
    assert browser().post("/sign-in/", {"login": "wren", "password": PASSPHRASE}).status_code == 422
    there = browser()
    there.post("/sign-in/", {"login": "wren", "password": NEW})
    with factors.secrets_of(wren.id):
        spare = Authenticator.objects.get(user_id=wren.id, type="recovery_codes").wrap().get_unused_codes()[0]
    there.post("/sign-in/factor/", {"code": spare})
    assert ring_of(there).secret.value == before
    assert Entry.objects.filter(action="accounts.person.recover", actor=wren.id).count() == 1
    told = Event.objects.get(name__endswith=":AccountRecovered")
    assert told.payload["place"] == "g1"


def test_the_other_leaders_hear_of_it_on_today_for_two_weeks(client, wren):
    finch, tern, robin = (factories_.person(name) for name in ("finch", "tern", "robin"))
    now = clock.now()
    for someone, role in ((wren, RoleName.FACILITATOR), (finch, RoleName.LEADER), (tern, RoleName.FACILITATOR)):
        actions.grant_role(by="system", person_id=someone.id, place="g1", role=role, now=now)
    actions.grant_role(by="system", person_id=robin.id, place="g2", role=RoleName.LEADER, now=now)

    assert come_back(client, wren).status_code == 200

    def told(someone, at):
        here = Who(kind="person", id=someone.id, has_factor=True, find_roles=lambda: queries.roles_of(someone.id))
        return [(each.title, each.url) for each in queries.todo(here, at)]

    after = clock.now()
    assert told(finch, after) == [("wren came back with their recovery kit", "/groups/g1/team/")]
    assert told(wren, after) == told(tern, after) == told(robin, after) == []
    assert told(finch, after + timedelta(days=15)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": "abandon " * 11 + "about"},
        {"words": "not a kit"},
        {"code": "000000"},
        {"handle": "nobody-by-this-name"},
    ],
)
def test_one_wrong_part_changes_nothing_and_is_not_named(client, wren, wrong):
    page = come_back(client, wren, **wrong)
    assert page.status_code == 422
    assert b"do not fit together" in page.content
    sign_in(browser(), wren)


def test_a_weak_new_passphrase_does_not_cost_the_code(client, wren):
    code = wren.code()
    assert come_back(client, wren, code=code, new="short", again="short").status_code == 422
    assert come_back(client, wren, code=code).status_code == 200


def test_the_way_back_cannot_be_tried_for_long(wren):
    for _ in range(5):
        come_back(browser(), wren, code="000000")
    assert b"Too many tries" in come_back(browser(), wren).content


def test_an_older_kit_no_longer_opens(client, signed_in, wren):
    newest = " ".join(words_of(signed_in.post("/account/kit/")))
    assert not queries.kit_checked(wren.id)
    assert come_back(client, wren, code=wren.code(1)).status_code == 422
    assert come_back(client, wren, words=newest, code=wren.code(1)).status_code == 200


def test_changing_the_passphrase_closes_the_others_and_keeps_this_one(signed_in, wren):
    elsewhere = browser()
    sign_in(elsewhere, wren, ahead=1)
    before = ring_of(signed_in).secret.value

    assert signed_in.post("/account/passphrase/", {"old": "no", "new": NEW, "again": NEW}).status_code == 422
    changed = signed_in.post("/account/passphrase/", {"old": PASSPHRASE, "new": NEW, "again": NEW})

    assert changed.headers["Location"] == "/account/"
    assert elsewhere.get("/account/").status_code == 302
    assert ring_of(signed_in).secret.value == before
    assert browser().post("/sign-in/", {"login": "wren", "password": NEW}).status_code == 302


def test_signing_out_everywhere_else(signed_in, wren):
    elsewhere = browser()
    sign_in(elsewhere, wren, ahead=1)
    assert b"In 2 browsers" in signed_in.get("/account/").content

    signed_in.post("/account/sessions/close/")

    assert elsewhere.get("/account/").status_code == 302
    assert b"In this browser only" in signed_in.get("/account/").content


def test_a_new_passphrase_may_not_hold_ones_own_name(signed_in):
    page = signed_in.post(
        "/account/passphrase/", {"old": PASSPHRASE, "new": "wrenwrenwren1", "again": "wrenwrenwren1"}
    )
    assert page.status_code == 422


def test_the_kit_page_asks_before_it_replaces_a_checked_kit(signed_in):
    assert b"stop working at once" in signed_in.get("/account/kit/").content
