"""After a restore: what went since the backup goes again."""

from datetime import timedelta

import pytest

from circlekeeper.areas.agreements import actions as agreements
from circlekeeper.areas.agreements import queries as agreed
from circlekeeper.areas.agreements.models import Consent, Document, Pledge
from circlekeeper.areas.agreements.queries import documents
from circlekeeper.areas.retention import actions, queries
from circlekeeper.areas.retention.tests import factories
from circlekeeper.areas.retention.tests.factories import NOW
from circlekeeper.areas.roster.models import Compartment, Member
from circlekeeper.areas.roster.tests import agreed_members
from circlekeeper.foundation import guard
from circlekeeper.foundation.backup import closing, reconciling
from circlekeeper.foundation.vault import shredstore

pytestmark = pytest.mark.django_db(databases=["default", "shred"], transaction=True)


def _restored(someone):
    """Rows of someone as an older backup holds them: still a member, nothing dated."""
    return factories.everything_about(someone)


def test_a_member_who_was_forgotten_is_forgotten_again():
    someone = factories.leaver()
    about = _restored(someone)
    other = factories.leaver()
    shredstore.remember("member", someone.id, now=NOW)

    done = actions.members_again(shredstore.tombstones("member"), "system", NOW)

    assert (done.count > 0, done.left) == (True, ())
    assert set(Member.objects.values_list("pk", flat=True)) == {other.id}
    assert not Consent.objects.filter(member_id=someone.id).exists()
    assert not Pledge.objects.filter(member_id=someone.id).exists()
    assert shredstore.secrets([about["secret"]]) == {}
    assert actions.members_again(shredstore.tombstones("member"), "system", NOW).count == 0


def test_rows_whose_key_is_gone_go_again_with_what_belongs_to_them():
    someone, other = factories.leaver(), factories.leaver()
    _restored(someone)
    parts = set(Compartment.objects.filter(member_id=someone.id).values_list("secret_id", flat=True))
    shredstore.shred(parts, now=NOW)

    done = actions.secrets_again(shredstore.tombstones("shred"), "system", NOW)

    assert done.left == ()
    assert set(Member.objects.values_list("pk", flat=True)) == {other.id}
    assert not Consent.objects.filter(member_id=someone.id).exists()
    assert {each.record for each in queries.certificates(someone.group_id)} >= {"roster", "consent"}


@pytest.mark.parametrize(
    ("given", "withdrawn"), [(NOW - timedelta(days=1), True), (NOW + timedelta(days=1), False)]
)
def test_a_consent_that_was_taken_back_is_taken_back_again_unless_given_anew(given, withdrawn):
    someone = factories.leaver()
    _restored(someone)
    purpose = documents.defaults().purposes[0].id
    document = Document.objects.get()
    with guard.outside_action("test data"):
        Consent.objects.create(
            group_id=someone.group_id,
            member_id=someone.id,
            purpose=purpose,
            number=1,
            act="given",
            document=document,
            policy=document,
            method="ticked",
            at=given,
        )
    shredstore.remember("consent", f"{someone.id}:{purpose}", now=NOW)

    later = NOW + timedelta(days=2)
    done = actions.consents_again(shredstore.tombstones("consent"), "system", later)

    assert done.count == int(withdrawn)
    newest = Consent.objects.filter(purpose=purpose).order_by("-number")[0]
    assert newest.act == ("withdrawn" if withdrawn else "given")
    again = actions.consents_again(shredstore.tombstones("consent"), "system", later)
    assert again.count == 0


def test_a_promise_that_was_taken_back_stays_so_unless_made_anew():
    group_id, leader = agreed_members.published_group()
    back, anew = (agreed_members.join(group_id, leader, alias) for alias in ("Wren", "Lark"))
    shredstore.remember("consent", f"{back.id}:{agreements.PROMISE}", now=NOW + timedelta(hours=1))
    shredstore.remember("consent", f"{anew.id}:{agreements.PROMISE}", now=NOW - timedelta(hours=1))

    done = actions.consents_again(shredstore.tombstones("consent"), "system", NOW + timedelta(days=2))

    assert done.count == 1
    standing = {each.id: agreed.pledge_of(group_id=group_id, member_id=each.id) for each in (back, anew)}
    assert [bool(each and each.withdrawn_at) for each in standing.values()] == [True, False]
    assert actions.consents_again(shredstore.tombstones("consent"), "system", NOW + timedelta(days=3)).count == 0


def test_all_steps_together_open_the_folder(settings, tmp_path):
    someone = factories.leaver()
    _restored(someone)
    shredstore.remember("member", someone.id, now=NOW)
    before = dict(reconciling.installed())
    reconciling.install(
        {"member": actions.members_again, "shred": actions.secrets_again, "consent": actions.consents_again}
    )
    closing.close(settings.DATA_DIR, NOW)
    try:
        done = reconciling.reconcile(by="system", now=NOW)
    finally:
        reconciling.install(before)

    assert done.opened
    assert not closing.is_closed(settings.DATA_DIR)
    assert not Member.objects.exists()
