"""One open group with everything in it, a second one beside it, and seven people who knock at every door."""

import re
from dataclasses import dataclass
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.test import Client

from circlekeeper.areas.access import queries as access
from circlekeeper.areas.ballots import actions as ballots
from circlekeeper.areas.incidents import actions as incidents
from circlekeeper.areas.joining import queries as joining
from circlekeeper.areas.leaders import actions as leaders
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.meetings import sealing, weighing
from circlekeeper.areas.meetings.models import Connection, Meeting
from circlekeeper.areas.retention import queries as retention
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.safeguards import actions as safeguards_do
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.areas.venues.pages.screen import screen_token
from circlekeeper.foundation import clock, guard
from circlekeeper.foundation.accounts import actions as accounts
from circlekeeper.foundation.accounts.tests import factories
from circlekeeper.foundation.guard import outside_action
from circlekeeper.foundation.permissions import MACHINE, RoleName
from circlekeeper.foundation.vault import groupkeys
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import KeyRing
from tests.journeys import story


@dataclass(frozen=True, slots=True)
class World:
    """Browsers by who uses them, and a real object for every name in an address."""

    browsers: dict[str, Client]
    roles_here: dict[str, frozenset[RoleName]]
    named: dict[str, str | int]
    group_id: str


def make() -> World:
    """Build it, through the same pages and actions that people use."""
    ada, leader = story.signed_in("ada")
    group_id = story.new_group(leader)
    ben, privacy_lead = story.second_holder(leader, group_id, "ben")
    meeting_id = story.plan(leader, group_id)
    weighed = dict.fromkeys(weighing.QUESTIONS, "no")
    leader.send(f"/groups/{group_id}/meetings/choose/", **weighed, do="choose", way="in_person")
    leader.send(f"/groups/{group_id}/agreements/publish/")
    story.keep_promises(leader, group_id)
    leader.send(f"/groups/{group_id}/safety/open/")
    key = story.apply(group_id, "Wren")
    story.decide(group_id, leader, privacy_lead)
    story.apply(group_id, "Robin")
    member = story.own_page(key)
    door = member.send(f"/me/door/{meeting_id}/")
    draft_path = leader.send("/new-group/")
    eve, elsewhere = story.signed_in("eve")
    other_group = story.new_group(elsewhere)
    return World(
        browsers={
            "nobody": factories.browser(),
            "member": member.client,
            "facilitator": _with_role("fay", group_id, RoleName.FACILITATOR, ada.ring),
            "access lead": _with_role("kim", group_id, RoleName.ACCESS_LEAD, ada.ring, frozenset({Scope.ACCESS})),
            "facilitator elsewhere": _with_role("flo", other_group, RoleName.FACILITATOR, eve.ring),
            "leader": leader.client,
            "privacy lead": privacy_lead.client,
            "administrator": _with_role("dana", MACHINE, RoleName.ADMINISTRATOR),
        },
        roles_here={
            "facilitator": frozenset({RoleName.FACILITATOR}),
            "access lead": frozenset({RoleName.ACCESS_LEAD}),
            "leader": frozenset({RoleName.LEADER}),
            "privacy lead": frozenset({RoleName.PRIVACY_LEAD}),
        },
        named=_named(group_id, meeting_id, door, draft_path, ada.id, ben.id, leader, privacy_lead, member),
        group_id=group_id,
    )


def _named(
    group_id: str,
    meeting_id: str,
    door: str,
    draft_path: str,
    ada_id: str,
    ben_id: str,
    leader: story.Browser,
    privacy_lead: story.Browser,
    member: story.Browser,
) -> dict[str, str | int]:
    """What stands in addresses: one real thing of each kind."""
    return {
        "group_id": group_id,
        "meeting_id": meeting_id,
        "series_id": meetings.series_of(group_id)[0].id,
        "member_id": next(iter(roster.active_ids(group_id))),
        "application_id": joining.waiting(group_id)[0].id,
        "thread_id": _thread(group_id, member),
        "review_id": _review(group_id, member),
        "happening": "danger",
        "name": "jitsi",
        "connection_id": _connection(group_id),
        "path": "conference",
        "card": "closing",
        "incident_id": incidents.draft(
            by="system", group_id=group_id, meeting_id=meeting_id, kind="drift", words="Seen.", now=clock.now()
        ),
        "referrer_id": _referrer(group_id, leader),
        "person_id": ben_id,
        "token": door.split("/")[2],
        "control": "room-locked",
        "statement_id": safeguards_do.state_readiness(by=ada_id, group_id=group_id, now=clock.now()),
        "record": "roster",
        "slug": "norms",
        "purpose": "join",
        "channel": "mail",
        "feed": _feed(member),
        "keepsake_id": _keepsake(group_id, meeting_id, ada_id),
        "venue_id": _venue(leader, group_id),
        "plan_id": _plan(leader, group_id),
        "screen": screen_token(meetings.meeting(group_id=group_id, meeting_id=meeting_id)),
        "draft_id": draft_path.split("/")[2],
        "step": 1,
        "way_id": leaders.begin_way_back(by=ada_id, group_id=group_id, person_id=ben_id, now=clock.now()).id,
        "factor_id": Authenticator.objects.filter(user_id=ada_id).values_list("pk", flat=True)[0],
        **_rare(group_id, leader, privacy_lead, member),
    }


def _venue(leader: story.Browser, group_id: str) -> str:
    """A place on the group's list."""
    return leader.send(f"/groups/{group_id}/places/new/", address="3 Mill Lane", arrive="Ring.").split("/")[4]


def _plan(leader: story.Browser, group_id: str) -> str:
    """What to do in an emergency, for whoever joins from one country."""
    today = clock.now().date().isoformat()
    said = {"country": "DE", "steps": "Ring.", "numbers": "Ambulance, 112", "verified_on": today}
    return leader.send(f"/groups/{group_id}/plans/new/", **said).split("/")[4]


def _connection(group_id: str) -> str:
    """A service somebody connected; nobody is asked."""
    row = Connection(group_id=group_id, provider="jitsi", connected_at=clock.now())
    sealing.keep_settings(row, {"reservation_token": "w" * 40}, now=clock.now())
    with guard.outside_action("a connected service"):
        row.save(force_insert=True)
    return row.pk


def _thread(group_id: str, member: story.Browser) -> str:
    member.send("/me/access/", words="Captions, please.")
    member.send("/me/help/", needs="Captions, please.")
    return access.threads(group_id)[0].id


def _review(group_id: str, member: story.Browser) -> str:
    member.send("/me/rules/", 200, kind="norms", words="Speaking in turn is hard for me.")
    return access.open_reviews([group_id])[group_id][0].id


def _referrer(group_id: str, leader: story.Browser) -> str:
    listed = leader.send(f"/groups/{group_id}/joining/referrers/", name="Dr Oak", reach="At work")
    return listed.rstrip("/").rsplit("/", 1)[-1]


def _rare(
    group_id: str, leader: story.Browser, privacy_lead: story.Browser, member: story.Browser
) -> dict[str, str | int]:
    """What a group has seldom: an exception, a hold, an open invitation, a look at a record."""
    member_id = next(iter(roster.active_ids(group_id)))
    later = (clock.now() + timedelta(days=5)).date().isoformat()
    leader.send(f"/groups/{group_id}/safety/about/drill-held/set-aside/", reason="adviser", until=later)
    privacy_lead.send(
        f"/groups/{group_id}/retention/hold/", member_id=member_id, reason="member-asked", until=later
    )
    invited = leader.send(f"/groups/{group_id}/team/invite/", 200, role="facilitator")
    address = re.search(r"/invited/([a-z0-9]+)/", invited)
    assert address
    leader.send(f"/groups/{group_id}/people/{member_id}/emergency/", reason="danger", sentence="They rang twice.")
    opened = re.search(r"/me/opened/(\d+)/proof.json", member.see("/me/opened/"))
    assert opened
    return {
        "waiver_id": safeguards.open_waivers(group_id)[0].id,
        "hold_id": retention.holds(group_id)[0].id,
        "invitation_id": address.group(1),
        "number": int(opened.group(1)),
    }


def _keepsake(group_id: str, meeting_id: str, by: str) -> str:
    """A summary of a meeting that runs for a moment."""
    tonight = Meeting.objects.filter(pk=meeting_id)
    with outside_action("a meeting"):
        tonight.update(state="doors")
    kept = ballots.keep_summary(
        by=by,
        group_id=group_id,
        meeting_id=meeting_id,
        words="We spoke about sleep.",
        names=(),
        looked_at=(),
        agreed=True,
        now=clock.now(),
    )
    with outside_action("a meeting"):
        tonight.update(state="planned")
    return kept


def _feed(member: story.Browser) -> str:
    """The token of a member's calendar address."""
    shown = re.search(r"/c/([a-z0-9]+)/calendar\.ics", member.send("/me/times/", 200, do="make"))
    assert shown
    return shown.group(1)


_HOST = frozenset({Scope.DOOR, Scope.EMERGENCY})


def _with_role(
    handle: str, place: str, role: RoleName, ring: KeyRing | None = None, scopes: frozenset[Scope] = _HOST
) -> Client:
    someone, browser = story.signed_in(handle)
    accounts.grant_role(by=someone.id, person_id=someone.id, place=place, role=role, now=clock.now())
    if ring is not None:
        groupkeys.grant(ring=ring, group_id=place, to=someone.id, scopes=scopes, now=clock.now())
    return browser.client
