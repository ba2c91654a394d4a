"""Numbers that nobody has looked at for too long show on the checklist of a meeting."""

from datetime import timedelta

import pytest

from circlekeeper.areas.groups.models import Group
from circlekeeper.areas.meetings.tests import factories
from circlekeeper.areas.meetings.tests.factories import NOW
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import guard
from circlekeeper.web import help as help_now

pytestmark = pytest.mark.django_db(databases=["default", "shred"])


def test_fmt4_kit9_a_number_past_its_recheck_date_turns_the_point_red_and_never_shuts_the_door(settings):
    settings.HELP_REGION = "GB"
    found = factories.circle()
    ours = next(each for each in help_now.regions(today=NOW.date()) if each.code == "GB").numbers
    last_good = min(each.recheck for each in ours)

    def point(now):
        shown = safeguards.gate(found.id, "start", now, found.meeting_id)
        return next(each for each in shown if each.control == "help-numbers-in-date")

    assert point(NOW + (last_good - NOW.date())).met
    late = point(NOW + (last_good - NOW.date()) + timedelta(days=1))
    stale = sum(each.recheck == last_good for each in ours)
    assert (late.standing, late.blocking) == ("todo", False)
    assert late.detail.startswith(f"{stale} number")

    settings.HELP_REGION = "ZZ"
    assert point(NOW).detail == "The Help page has no numbers for your country."
    with guard.outside_action("test"):
        Group.objects.filter(pk=found.id).update(
            region="GB-SCT"
        )  # the group's own country comes before the server's
    assert point(NOW).met
