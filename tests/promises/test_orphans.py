"""No secret lies in the shred store without a row that names it, and none that a row names is ever destroyed."""

from datetime import timedelta

import pytest

from circlekeeper import wiring
from circlekeeper.areas.meetings import actions as meetings
from circlekeeper.areas.meetings.models import Series
from circlekeeper.areas.roster.models import Member
from circlekeeper.foundation import clock, jobs, ledger, lifecycle
from circlekeeper.foundation.guard import outside_action
from circlekeeper.foundation.jobs.registry import JOBS
from circlekeeper.foundation.ledger import queries as log
from circlekeeper.foundation.vault import shredstore
from circlekeeper.foundation.vault.shred.models import Secret
from circlekeeper.roof import orphans
from tests.access import world

pytestmark = pytest.mark.django_db(databases=["default", "shred"], transaction=True)


def test_everything_a_whole_group_holds_still_opens_after_the_daily_run():
    there = world.make()
    where = {"group_id": there.group_id, "series_id": str(there.named["series_id"])}
    for place in ("Room 2", "Room 3"):
        meetings.change_address(by="system", address=place, now=clock.now(), **where)
    before = set(Secret.objects.values_list("pk", flat=True))
    lost = shredstore.new_secret(record="roster", group_id=there.group_id, now=clock.now())
    assert Member.objects.exists()
    assert Series.objects.exclude(address_secret_id="").exists()

    tomorrow = clock.now() + timedelta(hours=25)
    assert orphans.reap(tomorrow) == 1

    assert set(Secret.objects.values_list("pk", flat=True)) == before
    with pytest.raises(shredstore.Shredded):
        shredstore.secret(lost.id)
    assert log.entries_about("shred-store")[0].verb == "vault.orphans.reap"
    assert orphans.reap(tomorrow) == 0


def test_every_column_that_names_a_secret_is_looked_at():
    """A new model with a secret must not lose it: whatever ends in ``secret_id`` counts, and nothing else may hold one."""
    named = {
        f"{model._meta.label}.{field.attname}"
        for model in lifecycle.declared()
        if not model._meta.proxy
        for field in model._meta.concrete_fields
        if "secret" in field.attname
    }
    assert named == {
        "access.Card.secret_id",
        "access.Helper.secret_id",
        "access.RuleReview.secret_id",
        "access.Thread.secret_id",
        "agreements.Pledge.secret_id",
        "incidents.Happening.secret_id",
        "ballots.Ballot.secret_id",
        "ballots.Keepsake.secret_id",
        "joining.Referrer.secret_id",
        "joining.WorkingNote.secret_id",
        "meetings.Attendance.secret_id",
        "meetings.Choice.secret_id",
        "meetings.Connection.secret_id",
        "meetings.Debrief.secret_id",
        "meetings.NormNote.secret_id",
        "meetings.SecondPlace.address_secret_id",
        "meetings.Series.address_secret_id",
        "meetings.Setup.secret_id",
        "leaders.Handover.secret_id",
        "retention.Residue.secret_id",
        "roster.Compartment.secret_id",
        "roster.Member.secret_id",
        "safeguards.AdviserStamp.secret_id",
        "venues.CameraAsk.secret_id",
        "venues.Plan.secret_id",
        "venues.Venue.secret_id",
        "roster.Parcel.secret_id",
    }


def test_nothing_is_reaped_from_a_database_that_was_put_back():
    ledger.append_alone(by="system", about="x", at=clock.now(), verb="a.b.c")
    ledger.make_checkpoint(clock.now())
    secret = shredstore.new_secret(record="roster", group_id="g1", now=clock.now())
    with outside_action("the day before"), pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "rolled_back", lambda: "older")
        with pytest.raises(orphans.NotTheSameDatabase):
            orphans.reap(clock.now() + timedelta(days=2))

    assert shredstore.secret(secret.id)


def test_the_worker_does_it_daily_and_never_on_a_clock_that_jumped():
    wiring.install()
    assert JOBS["vault.orphans"].destructive
    assert JOBS["accounts.lapse"].destructive
    jobs.beat(clock.now())
    ran = {each.name: each for each in jobs.run_due(clock.now() + timedelta(days=4))}
    assert "vault.orphans" not in ran
    assert "accounts.lapse" not in ran
