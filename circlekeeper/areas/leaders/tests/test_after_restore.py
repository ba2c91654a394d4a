"""An old backup is put back: whoever had gone stays gone, and a passphrase a thief knew stays useless."""

from datetime import timedelta

import pytest

from circlekeeper.areas.leaders import actions
from circlekeeper.areas.leaders.tests.test_keys import third_holder, with_people
from circlekeeper.foundation.accounts import actions as accounts_do
from circlekeeper.foundation.accounts import hasher
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.accounts.models import Person, Role
from circlekeeper.foundation.accounts.tests import factories as people
from circlekeeper.foundation.accounts.tests.factories import PASSPHRASE
from circlekeeper.foundation.backup import closing, reconciling
from circlekeeper.foundation.clock import now as clock_now
from circlekeeper.foundation.guard import outside_action
from circlekeeper.foundation.vault import groupkeys, userkeys
from circlekeeper.foundation.vault.models import PersonKey
from circlekeeper.foundation.vault.shred.models import Tombstone

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
NEW = "lantern orchard seventeen pebble"


def reconciled(settings, at) -> reconciling.Reconciled:
    closing.close(settings.DATA_DIR, at)
    return reconciling.reconcile(by="system", now=at)


def test_every_kind_of_tombstone_has_a_step_in_the_house():
    assert set(reconciling.installed()) >= {"grant", "role", "account", "passphrase", "shred", "member", "consent"}


def test_pol5_revoked_people_stay_revoked_after_an_old_backup(settings):
    found, now = with_people(1), clock_now()
    gone = third_holder(found)
    actions.part(by=found.leader.id, group_id=found.id, person_id=gone.id, now=now)
    assert set(Tombstone.objects.values_list("kind", flat=True)) >= {"grant", "role"}
    with outside_action("an old backup: the role was still there"):
        Role.objects.filter(person_id=gone.id).update(revoked_at=None)
    assert accounts.roles_of(gone.id)

    done = reconciled(settings, now + timedelta(days=1))

    assert (done.opened, done.again["role"]) == (True, 1)
    assert accounts.roles_of(gone.id) == {}
    assert not groupkeys.holders(found.id)[-1].person_id == gone.id
    assert reconciled(settings, now + timedelta(days=2)).again["role"] == 0


def test_tec13_a_stolen_passphrase_stays_useless_after_an_old_backup_and_the_kit_of_then_works(settings):
    found, now = with_people(1), clock_now()
    before = Person.objects.filter(pk=found.leader.id).values("password").get()
    old_keys = PersonKey.objects.filter(pk=found.leader.id).values().get()
    opened = userkeys.unlock_with_kek(found.leader.id, found.leader.kek)
    later = now + timedelta(hours=1)
    actions.take_back(by=found.leader.id, opened=opened, secret=hasher.split(NEW), now=later)
    with outside_action("an old backup: the account as it was"):
        Person.objects.filter(pk=found.leader.id).update(**before)
        PersonKey.objects.filter(pk=found.leader.id).update(**old_keys)

    assert reconciled(settings, later + timedelta(days=1)).opened

    browser = people.browser()
    assert browser.post("/sign-in/", {"login": found.leader.handle, "password": PASSPHRASE}).status_code == 422
    given = {"handle": found.leader.handle, "words": found.leader.kit, "code": found.leader.code()}
    assert people.browser().post("/sign-in/forgotten/", given | {"new": NEW, "again": NEW}).status_code == 200
    assert browser.post("/sign-in/", {"login": found.leader.handle, "password": NEW}).status_code == 302


def test_tec13_a_passphrase_made_after_the_theft_is_left_alone(settings):
    found, now = with_people(1), clock_now()
    opened = userkeys.unlock_with_kek(found.leader.id, found.leader.kek)
    actions.take_back(by=found.leader.id, opened=opened, secret=hasher.split(NEW), now=now)
    assert reconciled(settings, now + timedelta(days=1)).again["passphrase"] == 0
    browser = people.browser()
    assert browser.post("/sign-in/", {"login": found.leader.handle, "password": NEW}).status_code == 302


def test_a_closed_account_stays_closed_after_an_old_backup(settings):
    someone, now = people.person("fay"), clock_now()
    accounts_do.suspend(by="system", person_id=someone.id, now=now)
    with outside_action("an old backup"):
        Person.objects.filter(pk=someone.id).update(is_active=True)
    assert reconciled(settings, now + timedelta(days=1)).again["account"] == 1
    assert not accounts.person(someone.id).active
