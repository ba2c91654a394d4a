"""A shorter period counts for what is there already (DAT5)."""

from datetime import timedelta

import pytest

from circlekeeper.areas.agreements.models import Consent
from circlekeeper.areas.retention import actions
from circlekeeper.areas.retention.actions import Change
from circlekeeper.areas.retention.tests import factories
from circlekeeper.areas.retention.tests.factories import NOW
from circlekeeper.areas.roster.models import Member
from circlekeeper.areas.safeguards import actions as safeguards
from circlekeeper.areas.safeguards.models import Period
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.ledger import queries as lines

pytestmark = pytest.mark.django_db(databases=["default", "shred"], transaction=True)


def _shorten(someone, keep="P10D", *, now=NOW):
    return {
        "by": "l" * 26,
        "group_id": someone.group_id,
        "record": "roster",
        "keep": keep,
        "answered_by": "group",
        "now": now,
    }


def test_dat5_shortening_a_period_dates_what_is_there_again():
    someone = factories.leaver()
    factories.everything_about(someone)
    before = Member.objects.get().due_on
    safeguards.set_period(**_shorten(someone))
    assert Member.objects.get().due_on == before

    actions.redate(by="system", group_id=someone.group_id, now=NOW)

    left = Member.objects.get().left_on
    assert left is not None
    assert Member.objects.get().due_on == left + timedelta(days=10)
    assert Consent.objects.get().due_on == left + timedelta(days=10)


def test_dat5_the_preview_lists_counts_and_changes_nothing():
    someone = factories.leaver()
    due_on, size = Member.objects.get().due_on, lines.size()
    later = NOW + timedelta(days=20)

    found = actions.preview_period(**_shorten(someone, now=later))

    assert Change("roster", dated=1, more_due=1) in found
    assert Member.objects.get().due_on == due_on
    assert not Period.objects.exists()
    assert lines.size() == size


def test_ret2_a_period_over_the_ceiling_is_refused_in_the_preview_too():
    someone = factories.leaver("medium")

    with pytest.raises(Refused, match="longer than this level allows"):
        actions.preview_period(**_shorten(someone, keep="P13M"))
