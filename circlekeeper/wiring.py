"""The switchboard: who answers which control, who hears which event, which work falls due.

Nothing registers itself. What is not named here is not connected.
"""

import contextlib
from datetime import datetime, timedelta

from circlekeeper.areas.access import actions as access_do
from circlekeeper.areas.access import queries as access
from circlekeeper.areas.access import sources as access_sources
from circlekeeper.areas.access import wraps as access_wraps
from circlekeeper.areas.agreements import actions as agreements_do
from circlekeeper.areas.agreements import checks as agreements_checks
from circlekeeper.areas.agreements import events as agreements_events
from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.agreements import sources
from circlekeeper.areas.agreements import wraps as agreements_wraps
from circlekeeper.areas.ballots import actions as ballots_do
from circlekeeper.areas.ballots import events as ballots_events
from circlekeeper.areas.ballots import queries as ballots
from circlekeeper.areas.domain import checks as domain_checks
from circlekeeper.areas.domain import queries as domain
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.incidents import actions as incidents_do
from circlekeeper.areas.incidents import queries as incidents
from circlekeeper.areas.incidents import wraps as incidents_wraps
from circlekeeper.areas.joining import actions as joining_do
from circlekeeper.areas.joining import checks as joining_checks
from circlekeeper.areas.joining import queries as joining
from circlekeeper.areas.joining import wraps as joining_wraps
from circlekeeper.areas.leaders import actions as leaders_do
from circlekeeper.areas.leaders import checks as leaders_checks
from circlekeeper.areas.leaders import queries as leaders
from circlekeeper.areas.leaders import wraps as leaders_wraps
from circlekeeper.areas.meetings import actions as meetings_do
from circlekeeper.areas.meetings import checks as meetings_checks
from circlekeeper.areas.meetings import events as meetings_events
from circlekeeper.areas.meetings import provider
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.meetings import sources as meetings_sources
from circlekeeper.areas.meetings import wraps as meetings_wraps
from circlekeeper.areas.meetings.pages import lines as meetings_lines
from circlekeeper.areas.retention import actions as retention_do
from circlekeeper.areas.retention import checks as retention_checks
from circlekeeper.areas.retention import queries as retention
from circlekeeper.areas.roster import actions as roster_do
from circlekeeper.areas.roster import checks as roster_checks
from circlekeeper.areas.roster import events as roster_events
from circlekeeper.areas.roster import occasions, ownpage
from circlekeeper.areas.roster import provider as farewell
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.roster import wraps as roster_wraps
from circlekeeper.areas.safeguards import checks as safeguards_checks
from circlekeeper.areas.safeguards import events as safeguards_events
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.areas.safeguards import registry
from circlekeeper.areas.safeguards import sources as safeguards_sources
from circlekeeper.areas.safeguards import wraps as safeguards_wraps
from circlekeeper.areas.venues import actions as venues_do
from circlekeeper.areas.venues import checks as venues_checks
from circlekeeper.areas.venues import queries as venues
from circlekeeper.areas.venues import wraps as venues_wraps
from circlekeeper.connectors.bigbluebutton.provider import BigBlueButton
from circlekeeper.connectors.discord.provider import Discord
from circlekeeper.connectors.jitsi.provider import Jitsi
from circlekeeper.connectors.livekit.provider import LiveKit
from circlekeeper.connectors.meet.provider import Meet
from circlekeeper.connectors.number.provider import Number
from circlekeeper.connectors.outside_link.provider import OutsideLink
from circlekeeper.connectors.phone.provider import Phone
from circlekeeper.connectors.slack.provider import Slack
from circlekeeper.connectors.teams.provider import Teams
from circlekeeper.connectors.webex.provider import Webex
from circlekeeper.connectors.zoom.provider import Zoom
from circlekeeper.foundation import announce
from circlekeeper.foundation.accounts import actions as accounts_do
from circlekeeper.foundation.accounts import events as accounts_events
from circlekeeper.foundation.accounts import opening, passphrase
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.accounts.who import Who
from circlekeeper.foundation.backup import reconciling
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.permissions import MACHINE
from circlekeeper.foundation.post import outbox
from circlekeeper.foundation.vault import groupkeys, rewrapping
from circlekeeper.roof import checks as roof_checks
from circlekeeper.roof import doorway, hearing, streams, work
from circlekeeper.serving import ahead, live
from circlekeeper.web import todos


def install() -> None:
    """Connect the rooms; called once when Django has loaded every app."""
    provider.install(
        [
            OutsideLink(),
            Number(),
            Jitsi(),
            BigBlueButton(),
            LiveKit(),
            Meet(),
            Discord(),
            Slack(),
            Teams(),
            Phone(),
            Zoom(),
            Webex(),
        ]
    )
    sources.install(
        fields=joining.intake_fields,
        platforms=meetings.platforms,
        members=lambda group_id: frozenset(roster.active_ids(group_id)),
        names=roster.aliases_of,
    )
    access_sources.install(meetings=_next_meetings)
    meetings_sources.install_asking(asked=ballots.asked, answer=ballots_do.answer)
    meetings_sources.install_places(place=venues.told, picks_up=venues.picks_up)
    safeguards_sources.install([roster.counted, meetings.counted, incidents.counted, retention.counted])
    _answer_controls()
    _fill_pages()
    _hear_events()
    _do_again_after_a_restore()
    rewrapping.install(
        [
            *access_wraps.WRAPS,
            *agreements_wraps.WRAPS,
            *incidents_wraps.WRAPS,
            *joining_wraps.WRAPS,
            *leaders_wraps.WRAPS,
            *meetings_wraps.WRAPS,
            *roster_wraps.WRAPS,
            *safeguards_wraps.WRAPS,
            *venues_wraps.WRAPS,
        ]
    )
    farewell.install(retention_do.certify_forgotten)
    outbox.install(roster.stands)
    occasions.install([meetings.occasions, roster.promise_occasions])
    passphrase.install(_words_of_groups)
    opening.install(_idle)
    live.install(streams.authorise, streams.version)
    ahead.install(doorway.Doorway())
    work.register()


def _answer_controls() -> None:
    registry.install(
        [
            agreements_checks,
            domain_checks,
            joining_checks,
            leaders_checks,
            meetings_checks,
            retention_checks,
            roof_checks,
            roster_checks,
            safeguards_checks,
            venues_checks,
        ]
    )


def _fill_pages() -> None:
    todos.install(
        [
            access.todo,
            accounts.todo,
            agreements.todo,
            domain.todo,
            incidents.todo,
            joining.todo,
            leaders.todo,
            meetings.todo,
            retention.todo,
            roster.todo,
            roster.todo_exports,
            safeguards.todo,
            venues.todo,
        ],
        names=_names_of_groups,
        arrivals=[roster_do.arrive],
    )
    meetings_sources.install(
        [meetings_lines.service_line, meetings_lines.second_line, venues.lines, ballots.lines]
    )
    ownpage.install(
        [
            roster.reach_cards,
            joining.own_cards,
            meetings.note_cards,
            meetings.own_cards,
            venues.own_cards,
            ballots.own_cards,
            access.own_cards,
        ],
        [roster.SOURCE, joining.SOURCE, meetings.SOURCE, access.SOURCE],
    )


def _hear_events() -> None:
    announce.install(
        {
            accounts_events.RoleRevoked: [_end_keys],
            agreements_events.PledgeSigned: [agreements_do.settle_lowering],
            agreements_events.TextPublished: [_ask_again],
            agreements_events.PledgeWithdrawn: [_end_links],
            agreements_events.ConsentWithdrawn: [_end_purpose, _stop_letters, _end_recordings],
            safeguards_events.LevelRaised: [_keep_nothing],
            safeguards_events.WeakeningRefused: [hearing.draft_what_was_tried],
            meetings_events.MeetingClosed: [_forget_ballots, _forget_answers],
            ballots_events.RecordingSeen: [_draft_what_recorded],
            meetings_events.RecordingHeard: [_pause_for_recording],
            meetings_events.Drifted: [_draft_what_drifted],
            meetings_events.MeetingMoved: [hearing.write_at_once],
            roster_events.RecordOpened: [_note_intake_read],
            roster_events.MemberLeft: [
                _end_links,
                _drop_application,
                _end_talk,
                _date_agreements,
                hearing.look_at_chat_again,
            ],
            roster_events.MemberForgotten: [
                _end_links,
                _drop_application,
                _end_talk,
                _forget_agreements,
                _forget_days,
            ],
        }
    )


def _do_again_after_a_restore() -> None:
    reconciling.install(
        {
            "account": accounts_do.closings_again,
            "consent": retention_do.consents_again,
            "member": retention_do.members_again,
            "passphrase": accounts_do.passphrases_again,
            "role": accounts_do.roles_again,
            "shred": retention_do.secrets_again,
            "way-back": leaders_do.stopped_again,
        }
    )


def _next_meetings(group_id: str, now: datetime) -> list[access_sources.MeetingFact]:
    coming = meetings.coming(group_ids=[group_id], now=now)
    return [
        access_sources.MeetingFact(each.id, f"{each.when} ({each.zone_words})", each.starts_at) for each in coming
    ]


def _names_of_groups(who: Who) -> dict[str, str]:
    return {each.id: each.public_name for each in groups.groups(accounts.places_of(who.id))}


def _words_of_groups() -> list[str]:
    """What somebody who knows this community would try first as a passphrase (TEC10)."""
    return [each.public_name for each in groups.groups(groups.all_ids())]


def _idle(person_id: str) -> timedelta | None:
    """A team of a high-risk group locks itself sooner (TEC13)."""
    minutes = safeguards.idle_minutes(accounts.places_of(person_id))
    return None if minutes is None else timedelta(minutes=minutes)


def _end_recordings(event: agreements_events.ConsentWithdrawn, *, now: datetime) -> None:
    """Recording stops at once when somebody takes back their consent to it; nobody is told who (FAQ1a)."""
    if event.purpose == "record":
        ballots_do.end_recordings(by="system", group_id=event.group_id, now=now)


def _end_purpose(event: agreements_events.ConsentWithdrawn, *, now: datetime) -> None:
    """What was kept for a purpose goes when the purpose is taken back, wherever it was taken back (CON2)."""
    roster_do.end_purpose(
        by="system", group_id=event.group_id, member_id=event.member_id, purpose=event.purpose, now=now
    )


_Gone = roster_events.MemberLeft | roster_events.MemberForgotten | agreements_events.PledgeWithdrawn


def _end_links(event: _Gone, *, now: datetime) -> None:
    """Whoever left, or took their promise back, has no way into any meeting."""
    meetings_do.revoke_links(by="system", group_id=event.group_id, member_id=event.member_id, now=now)
    meetings_do.end_feed(by="system", group_id=event.group_id, member_id=event.member_id, now=now)


def _stop_letters(event: agreements_events.ConsentWithdrawn, *, now: datetime) -> None:
    """Who takes back that they may be reached is not reached any more, whatever stood in their record (CON1, WHY1)."""
    if event.purpose == "contact":
        roster_do.end_reach(by="system", group_id=event.group_id, member_id=event.member_id, now=now)


def _keep_nothing(event: safeguards_events.LevelRaised, *, now: datetime) -> None:
    """At a higher level no address stands ready for the machine."""
    roster_do.keep_nothing_if_raised(group_id=event.group_id, now=now)


def _ask_again(event: agreements_events.TextPublished, *, now: datetime) -> None:
    """After a change that matters, a link to a meeting to come works only for who has answered (CON2)."""
    if not event.material:
        return
    waiting = agreements.waiting(group_id=event.group_id, now=now)
    blocked = [each.member_id for each in waiting if each.blocked]
    if blocked:
        meetings_do.recall_links(by="system", group_id=event.group_id, member_ids=blocked, now=now)


def _drop_application(event: roster_events.MemberLeft | roster_events.MemberForgotten, *, now: datetime) -> None:
    """Nobody decides about someone who has gone."""
    joining_do.drop_application(by="system", group_id=event.group_id, member_id=event.member_id, now=now)


def _note_intake_read(event: roster_events.RecordOpened, *, now: datetime) -> None:
    """What people are asked beyond the least is proposed for dropping when nobody reads it (REG5)."""
    opened = {each.id: each.name for each in roster.openings_of_group(event.group_id)}
    if opened.get(event.opening_id) == "intake" and joining.asked_fields(event.group_id):
        joining_do.note_read(by="system", group_id=event.group_id, now=now)


def _end_talk(event: roster_events.MemberLeft | roster_events.MemberForgotten, *, now: datetime) -> None:
    """What somebody asked for in private, and how they like to be treated, goes when they go."""
    access_do.end_own_thread(group_id=event.group_id, member_id=event.member_id, now=now)
    access_do.drop_card(group_id=event.group_id, member_id=event.member_id, now=now)


def _date_agreements(event: roster_events.MemberLeft, *, now: datetime) -> None:
    """Consents and pledges of someone who left run out with their record."""
    agreements_do.set_due(
        by="system", group_id=event.group_id, member_id=event.member_id, due_on=event.due_on, now=now
    )


def _forget_agreements(event: roster_events.MemberForgotten, *, now: datetime) -> None:
    """Consents and pledges of someone who was forgotten go with the next run."""
    agreements_do.set_due(
        by="system", group_id=event.group_id, member_id=event.member_id, due_on=event.at.date(), now=now
    )


def _forget_days(event: roster_events.MemberForgotten, *, now: datetime) -> None:
    """The days on which someone came go with them."""
    meetings_do.forget_days(by="system", group_id=event.group_id, member_id=event.member_id, now=now)


def _draft_what_recorded(event: ballots_events.RecordingSeen, *, now: datetime) -> None:
    """A first note for whoever answers for the group; who looks adds the words (FMT7)."""
    where = {"group_id": event.group_id, "meeting_id": event.meeting_id}
    incidents_do.draft(by="system", kind="recording", words="", now=now, **where)


def _pause_for_recording(event: meetings_events.RecordingHeard, *, now: datetime) -> None:
    """A service says that something records: unless everybody said yes, the meeting pauses (FMT7)."""
    with contextlib.suppress(NotHere, Refused):
        ballots_do.recording_seen(by="system", group_id=event.group_id, meeting_id=event.meeting_id, now=now)


def _draft_what_drifted(event: meetings_events.Drifted, *, now: datetime) -> None:
    """A setting changed at the service; which one is on the meeting's own page (TEC3)."""
    where = {"group_id": event.group_id, "meeting_id": event.meeting_id}
    kind = "recording" if event.control == meetings_do.RECORDING else "drift"
    incidents_do.draft(by="system", kind=kind, words="", now=now, **where)


def _forget_ballots(event: meetings_events.MeetingClosed, *, now: datetime) -> None:
    """What everybody was asked, and what they said, goes with the meeting (FAQ1a)."""
    ballots_do.forget(by="system", group_id=event.group_id, meeting_id=event.meeting_id, now=now)


def _forget_answers(event: meetings_events.MeetingClosed, *, now: datetime) -> None:
    """What everybody said about a camera in the room goes with the meeting (FMT10)."""
    venues_do.forget_answers(by="system", group_id=event.group_id, meeting_id=event.meeting_id, now=now)


def _end_keys(event: accounts_events.RoleRevoked, *, now: datetime) -> None:
    """Whoever has no role left in a group holds no key of it; the last holder keeps theirs until someone else has them."""
    if event.place == MACHINE or accounts.roles_of(event.person_id).get(event.place):
        return
    holding = groupkeys.holders(event.place)
    if any(each.person_id == event.person_id for each in holding) and any(
        each.whole and each.person_id != event.person_id for each in holding
    ):
        groupkeys.revoke(by="system", group_id=event.place, person_id=event.person_id, now=now)
