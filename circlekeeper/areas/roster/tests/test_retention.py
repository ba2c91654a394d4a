"""Each class of record falls due on its own day, by what its table declares; nothing of this room is known elsewhere."""

from datetime import date, timedelta

import pytest

from circlekeeper.areas.roster import actions, queries
from circlekeeper.areas.roster.models import Compartment, Member
from circlekeeper.areas.roster.tests import factories
from circlekeeper.areas.roster.tests.factories import NOW
from circlekeeper.foundation import guard, lifecycle
from circlekeeper.foundation.vault import shredstore

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def run(day: date) -> None:
    """Shred and delete what the declarations say is due: the secrets first, whatever holds allow, then the rows."""
    for model, held in sorted(lifecycle.declared().items(), key=lambda pair: pair[0] is Member):
        if model._meta.app_label != "roster" or held.clock is not lifecycle.Clock.DUE_ON:
            continue
        rows = model._default_manager.filter(due_on__lte=day)
        secrets = set(rows.values_list("secret_id", flat=True))
        if model is Member:  # what belongs to a member goes with them, whatever its own day
            secrets |= set(Compartment.objects.filter(member__in=rows).values_list("secret_id", flat=True))
        shredstore.shred(sorted(secrets), now=NOW)
        with guard.outside_action("test run"):
            rows.delete()


def test_reg7_intake_goes_first_then_emergency_then_the_rest():
    group_id, leader = factories.group(level="high")
    someone = factories.member(group_id, leader, more={"intake": {"answer": "tea"}})
    actions.save_emergency(
        by=someone.id, group_id=group_id, fields={"person": "Sam", "reach": "1"}, holder=someone.key, now=NOW
    )
    secrets = dict(Compartment.objects.filter(member_id=someone.id).values_list("name", "secret_id"))
    run(NOW.date() + timedelta(days=7))
    assert set(someone.own().parts) == {"alias", "contact", "emergency"}
    assert secrets["intake"] not in shredstore.secrets(secrets.values())

    left = NOW + timedelta(days=8)
    actions.leave(by=someone.id, group_id=group_id, member_id=someone.id, now=left)
    run(left.date() + timedelta(days=7))
    assert set(someone.own().parts) == {"alias", "contact"}
    run(left.date() + timedelta(days=30))
    assert not Member.objects.filter(pk=someone.id).exists()
    assert shredstore.secrets(secrets.values()) == {}


def test_what_a_crash_left_of_forgetting_is_finished_by_the_daily_run(monkeypatch):
    group_id, leader = factories.group()
    someone = factories.member(group_id, leader, more={"access": {"needs": "ramp"}})

    def dies(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(shredstore, "shred", dies)
    with pytest.raises(KeyboardInterrupt):
        actions.forget_now(by=someone.id, group_id=group_id, member_id=someone.id, now=NOW)
    monkeypatch.undo()
    assert queries.by_key(someone.key) is None

    run(NOW.date())

    assert not Member.objects.filter(pk=someone.id).exists()
