"""From a code handed over by phone to keys in someone else's hands."""

from datetime import timedelta

import pytest
import time_machine

from circlekeeper.foundation import clock
from circlekeeper.foundation.accounts import actions, queries
from circlekeeper.foundation.accounts.models import Invitation, Person
from circlekeeper.foundation.accounts.tests import factories
from circlekeeper.foundation.accounts.tests.factories import PASSPHRASE, browser, ring_of
from circlekeeper.foundation.accounts.tests.test_set_up import connect_app, words_of
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.vault import groupkeys
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import KeyRing, NoGrant

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
PLACE = "g1"


@pytest.fixture
def leader(wren):
    now = clock.now()
    actions.grant_role(by=wren.id, person_id=wren.id, place=PLACE, role=RoleName.LEADER, now=now)
    groupkeys.create_group_keys(by=wren.id, group_id=PLACE, now=now)
    return wren


def invite(leader, role=RoleName.FACILITATOR):
    return actions.invite(by=leader.id, place=PLACE, role=role, now=clock.now())


def arrive(client, made, handle="finch"):
    """An invited person's first evening, up to their checked kit."""
    client.post(made.path, {"code": made.code})
    client.post("/invited/you/", {"handle": handle, "new": PASSPHRASE, "again": PASSPHRASE})
    connect_app(client)
    words = words_of(client.post("/account/kit/"))
    return client.post("/account/kit/check/", {"words": " ".join(words)})


def test_the_whole_way_from_invitation_to_keys(client, leader):
    made = invite(leader, RoleName.LEADER)
    assert made.code not in made.path

    assert client.post(made.path, {"code": made.code}).headers["Location"] == "/invited/you/"
    you = {"handle": "finch", "new": PASSPHRASE, "again": PASSPHRASE}
    assert client.post("/invited/you/", you).headers["Location"] == "/account/factor/"
    finch = Person.objects.get(handle="finch")
    assert queries.roles_of(finch.pk) == {}, "no power before the second factor (TEC11)"
    connect_app(client)
    assert queries.roles_of(finch.pk) == {}, "and none before the kit is checked"
    words = words_of(client.post("/account/kit/"))
    assert client.post("/account/kit/check/", {"words": " ".join(words)}).headers["Location"] == "/account/ready/"

    assert queries.roles_of(finch.pk) == {PLACE: frozenset({RoleName.LEADER})}
    assert [role.person_id for role in queries.waiting_for_keys(PLACE)] == [finch.pk]
    ring = ring_of(client)
    with pytest.raises(NoGrant):
        ring.scope_key(PLACE, Scope.ROSTER)
    four = queries.four_words(finch.pk)
    assert len(four.split()) == 4
    assert four in client.get("/account/ready/").content.decode()

    actions.grant_keys(
        by=leader.id, ring=leader.ring, person_id=finch.pk, place=PLACE, scopes=groupkeys.ALL, now=clock.now()
    )

    fresh = ring_of(client)
    assert fresh.scope_secret(PLACE, Scope.ROSTER) == leader.ring.scope_secret(PLACE, Scope.ROSTER)
    assert queries.waiting_for_keys(PLACE) == ()
    assert b"Waiting for keys" not in client.get("/account/ready/").content
    assert queries.open_invitations(PLACE, now=clock.now()) == ()


def test_keys_of_some_scopes_open_only_those(client, leader):
    arrive(client, invite(leader))
    finch = Person.objects.get(handle="finch")
    actions.grant_keys(
        by=leader.id,
        ring=leader.ring,
        person_id=finch.pk,
        place=PLACE,
        scopes=frozenset({Scope.DOOR, Scope.EMERGENCY}),
        now=clock.now(),
    )
    ring: KeyRing = ring_of(client)
    assert ring.can(PLACE, Scope.DOOR)
    assert not ring.can(PLACE, Scope.ROSTER)


def test_keys_go_only_to_someone_with_a_role_and_a_second_factor(leader):
    grant = {"by": leader.id, "ring": leader.ring, "place": PLACE, "scopes": groupkeys.ALL, "now": clock.now()}
    stranger, bare = factories.person("robin"), factories.person("tern", factor=False)
    actions.grant_role(by=leader.id, person_id=bare.id, place=PLACE, role=RoleName.FACILITATOR, now=clock.now())
    for someone in (stranger, bare):
        with pytest.raises(NotHere):
            actions.grant_keys(person_id=someone.id, **grant)
    with pytest.raises(NotHere):
        actions.grant_keys(person_id=bare.id, **(grant | {"ring": stranger.ring}))


def test_an_invitation_makes_one_account_only(client, leader):
    made = invite(leader)
    arrive(client, made)
    second = browser()
    assert second.post(made.path, {"code": made.code}).status_code == 422

    other = invite(leader)
    early, late = browser(), browser()
    for each in (early, late):
        each.post(other.path, {"code": other.code})
    you = {"new": PASSPHRASE, "again": PASSPHRASE}
    assert early.post("/invited/you/", you | {"handle": "robin"}).status_code == 302
    refused = late.post("/invited/you/", you | {"handle": "tern"})
    assert refused.status_code == 422
    assert not Person.objects.filter(handle="tern").exists()


def test_someone_with_an_account_takes_it_after_signing_in(client, leader):
    robin = factories.person("robin")
    made = invite(leader)
    client.post(made.path, {"code": made.code})
    assert b"/sign-in/?next=/invited/you/" in client.get("/invited/you/").content
    client.post("/sign-in/?next=/invited/you/", {"login": "robin", "password": PASSPHRASE})
    assert client.post("/sign-in/factor/", {"code": robin.code()}).headers["Location"] == "/invited/you/"
    assert b"Take this invitation?" in client.get("/invited/you/").content
    assert queries.roles_of(robin.id) == {}, "opening an address gives nobody a role"
    assert client.post("/invited/you/").headers["Location"] == "/account/ready/"
    assert queries.roles_of(robin.id) == {PLACE: frozenset({RoleName.FACILITATOR})}


def test_invitations_of_someone_who_left_bring_nobody_in(client, leader):
    made = invite(leader, RoleName.LEADER)
    client.post(made.path, {"code": made.code})
    actions.revoke_role(by="system", person_id=leader.id, place=PLACE, role=RoleName.LEADER, now=clock.now())

    page = client.post("/invited/you/", {"handle": "finch", "new": PASSPHRASE, "again": PASSPHRASE})

    assert page.status_code == 422
    assert not Person.objects.filter(handle="finch").exists()
    assert queries.open_invitations(PLACE, now=clock.now()) == ()


def test_invitations_stay_open_while_the_inviter_may_still_invite(leader):
    both = {"person_id": leader.id, "place": PLACE, "now": clock.now()}
    actions.grant_role(by=leader.id, role=RoleName.FACILITATOR, **both)
    made = invite(leader)
    actions.revoke_role(by="system", role=RoleName.FACILITATOR, **both)

    assert [each.id for each in queries.open_invitations(PLACE, now=clock.now())] == [made.id]


def test_an_unknown_old_or_withdrawn_invitation_all_look_the_same(client, leader):
    made, gone = invite(leader), invite(leader)
    actions.withdraw_invitation(by=leader.id, invitation_id=gone.id, place=PLACE, now=clock.now())
    assert client.get("/invited/abcdef/").status_code == 200
    pages = [client.post("/invited/abcdef/", {"code": made.code}), client.post(gone.path, {"code": gone.code})]
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        pages.append(client.post(made.path, {"code": made.code}))
    assert [page.status_code for page in pages] == [422] * 3
    assert all(b"This invitation cannot be used" in page.content for page in pages)


def test_the_code_is_kept_as_a_hash_only_and_cannot_be_guessed_for_long(client, leader):
    made = invite(leader)
    row = Invitation.objects.get(pk=made.id)
    assert made.code.replace("-", "").encode() not in bytes(row.token_hash)
    for n in range(10):
        client.post(made.path, {"code": f"wrong-{n}"})
    assert b"Too many tries" in client.post(made.path, {"code": made.code}).content


def test_a_handle_that_is_taken_is_said_before_the_invitation_is_spent(client, leader):
    made = invite(leader)
    client.post(made.path, {"code": made.code})
    page = client.post("/invited/you/", {"handle": "WREN", "new": PASSPHRASE, "again": PASSPHRASE})
    assert page.status_code == 422
    assert b"this one is taken" in page.content
    assert (
        client.post("/invited/you/", {"handle": "finch", "new": PASSPHRASE, "again": PASSPHRASE}).status_code
        == 302
    )


def test_an_interrupted_arrival_goes_on_later(client, leader):
    made = invite(leader)
    client.post(made.path, {"code": made.code})
    client.post("/invited/you/", {"handle": "finch", "new": PASSPHRASE, "again": PASSPHRASE})

    later = browser()
    with time_machine.travel(clock.now() + timedelta(days=1)):
        later.post("/sign-in/", {"login": "finch", "password": PASSPHRASE})
        connect_app(later)
        words = words_of(later.post("/account/kit/"))
        later.post("/account/kit/check/", {"words": " ".join(words)})
    finch = Person.objects.get(handle="finch")
    assert queries.roles_of(finch.pk) == {PLACE: frozenset({RoleName.FACILITATOR})}
