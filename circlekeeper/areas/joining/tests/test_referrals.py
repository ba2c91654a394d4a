"""Who may send people, and what their codes are good for (REG7)."""

from typing import Any

import pytest

from circlekeeper.areas.joining import actions, queries
from circlekeeper.areas.joining.models import Referral, Referrer
from circlekeeper.areas.joining.tests import factories
from circlekeeper.areas.joining.tests.factories import NOW, applicant, circle
from circlekeeper.areas.joining.tests.test_actions import call, vote
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.vault import shredstore

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def test_reg7_a_revoked_code_is_refused_and_a_dropped_referrer_is_gone_for_good():
    found = circle()
    code = factories.referral(found)
    (listed,) = queries.referrers(by=found.leader.id, about=found.id, ring=found.leader.ring, now=NOW)
    assert (listed.name, listed.reach, listed.open_codes) == ("Women's house", "Ada, 030 1234", 1)
    about: dict[str, Any] = {"by": found.leader.id, "group_id": found.id, "referrer_id": listed.id, "now": NOW}
    actions.revoke_referrals(**about)
    with pytest.raises(Refused, match="leave it out"):
        factories.ask(found, factories.filled(contact={"says": "no", "referral": code}))
    row = Referrer.objects.get()
    assert b"house" not in bytes(row.blob) + bytes(row.wrap)
    actions.drop_referrer(**about)
    assert Referrer.objects.count() == 0
    with pytest.raises(shredstore.Shredded):
        shredstore.secret(row.secret_id)
    with pytest.raises(NotHere):
        actions.make_referral(**about)


def test_reg7_a_code_is_kept_as_a_hash_only():
    found = circle()
    code = factories.referral(found)
    assert code not in repr(Referral.objects.values_list())
    with pytest.raises(NotHere):
        actions.make_referral(
            by=found.leader.id, group_id=circle().id, referrer_id=Referrer.objects.get().pk, now=NOW
        )


def test_reg7_a_referral_stands_for_the_call_where_the_level_allows():
    found = circle(level="low")
    actions.decide_vetting(by=found.leader.id, group_id=found.id, path="call", reason="people-unsafe", now=NOW)
    sent = applicant(found, contact={"says": "no", "referral": factories.referral(found)})
    assert sent.vouched
    call(found, sent.id, "no")
    with pytest.raises(Refused, match="speak with them"):
        vote(found, found.leader, sent.id, reason="referred")
    call(found, sent.id, "later")
    assert vote(found, found.leader, sent.id, reason="referred") == "approved"
    hidden = circle(overlays=("survivors",), level="low")
    sent = applicant(hidden, contact={"says": "no", "referral": factories.referral(hidden)})
    assert not sent.vouched
    with pytest.raises(Refused, match="speak with them"):
        vote(hidden, hidden.leader, sent.id, reason="referred")
