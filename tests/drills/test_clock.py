"""The machine's clock is wrong: nothing is destroyed early, nobody is let in late, nothing breaks."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.retention.models import Certificate
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.roster.models import Member
from circlekeeper.foundation import clock, jobs, ledger
from circlekeeper.foundation.jobs import heartbeat
from tests.journeys import story

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
NOON = datetime(2027, 3, 10, 12, 0, tzinfo=UTC)


def _open_group() -> tuple[str, story.Browser, story.Browser]:
    _ada, leader = story.signed_in("ada")
    group_id = story.new_group(leader)
    _ben, cohost = story.second_holder(leader, group_id, "ben")
    story.plan(leader, group_id)
    leader.send(f"/groups/{group_id}/agreements/publish/")
    story.keep_promises(leader, group_id)
    leader.send(f"/groups/{group_id}/safety/open/")
    return group_id, leader, cohost


def test_ret3_a_clock_a_year_ahead_destroys_nobody_early():
    with time_machine.travel(NOON) as now:
        group_id, leader, cohost = _open_group()
        key = story.apply(group_id, "Wren")
        story.decide(group_id, leader, cohost)
        story.own_page(key).send("/me/leave/", sure="on")
        member = Member.objects.get(group_id=group_id)
        heartbeat.beat(clock.now())
        jobs.run_due(clock.now())

        now.move_to(NOON + timedelta(days=366))
        jobs.run_due(clock.now())
        assert Member.objects.filter(pk=member.pk).exists()
        assert not Certificate.objects.filter(record="roster").exists()

        # The clock is right again, and on the right day the record goes.
        now.move_to(NOON + timedelta(hours=2))
        heartbeat.beat(clock.now())
        jobs.run_due(clock.now())
        assert Member.objects.filter(pk=member.pk).exists()
        for day in range(1, 33):
            now.move_to(NOON + timedelta(days=day, hours=2))
            heartbeat.beat(clock.now())
            jobs.run_due(clock.now())
        assert not Member.objects.filter(pk=member.pk).exists()
        assert ledger.verify().ok


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(days=1), timedelta(days=400)], ids=str)
def test_every_page_of_a_meeting_survives_a_clock_that_jumps(jump):
    with time_machine.travel(NOON) as now:
        group_id, leader, cohost = _open_group()
        key = story.apply(group_id, "Wren")
        story.decide(group_id, leader, cohost)
        meeting_id = meetings.coming(group_ids=[group_id], now=clock.now())[0].id
        cockpit = f"/groups/{group_id}/meetings/{meeting_id}/"
        story.prepare(meeting_id, group_id, None, leader, cohost)
        leader.send(cockpit, do="open")
        member = story.own_page(key)
        door = member.send(f"/me/door/{meeting_id}/")
        member.send(door, do="arrive")
        fields = story.last_page(story.Browser(), group_id, "Robin")

        now.move_to(NOON + jump)
        for browser, path in (
            (member, door),
            (member, "/me/"),
            (leader, cockpit),
            (leader, "/today/"),
            (leader, f"/groups/{group_id}/retention/"),
            (story.Browser(), f"/g/{group_id}/"),
        ):
            response = browser.client.get(path)
            assert response.status_code in (200, 302, 404), (path, response.status_code)
        late = story.Browser().client.post(f"/g/{group_id}/join/", fields)
        assert late.status_code == 200
        # A form older than two hours is not taken; one from the future is no older than that.
        took = b"Keep this key" in late.content
        assert took is (jump < timedelta(0))
        assert roster.active_count(group_id) == 1
        assert ledger.verify().ok


def test_a_session_does_not_live_longer_because_the_clock_went_back():
    with time_machine.travel(NOON) as now:
        group_id, leader, _cohost = _open_group()
        path = f"/groups/{group_id}/joining/"
        leader.see(path)

        now.move_to(NOON - timedelta(hours=3))
        response = leader.client.get(path)

        assert response.status_code == 302
        assert response.headers["Location"].startswith(("/unlock/", "/sign-in/"))
