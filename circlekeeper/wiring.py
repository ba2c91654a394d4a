"""The switchboard: who answers which control, who hears which event, which work falls due.

Nothing registers itself. What is not named here is not connected.
"""

from datetime import datetime, timedelta

from circlekeeper.areas.agreements import actions as agreements_do
from circlekeeper.areas.agreements import checks as agreements_checks
from circlekeeper.areas.agreements import events as agreements_events
from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.agreements import sources
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.joining import actions as joining_do
from circlekeeper.areas.joining import checks as joining_checks
from circlekeeper.areas.joining import queries as joining
from circlekeeper.areas.meetings import actions as meetings_do
from circlekeeper.areas.meetings import checks as meetings_checks
from circlekeeper.areas.meetings import provider
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.retention import checks as retention_checks
from circlekeeper.areas.retention import jobs as retention_jobs
from circlekeeper.areas.retention import queries as retention
from circlekeeper.areas.roster import checks as roster_checks
from circlekeeper.areas.roster import events as roster_events
from circlekeeper.areas.roster import ownpage
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.safeguards import checks as safeguards_checks
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.areas.safeguards import registry
from circlekeeper.connectors.outside_link.provider import OutsideLink
from circlekeeper.foundation import announce, jobs, ledger
from circlekeeper.foundation.accounts import events as accounts_events
from circlekeeper.foundation.accounts import jobs as accounts_jobs
from circlekeeper.foundation.accounts import passphrase
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.permissions import MACHINE
from circlekeeper.foundation.post import outbox
from circlekeeper.foundation.vault import groupkeys
from circlekeeper.roof import checks as roof_checks
from circlekeeper.roof import orphans, streams
from circlekeeper.serving import live
from circlekeeper.web import todos

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def install() -> None:
    """Connect the rooms; called once when Django has loaded every app."""
    provider.install([OutsideLink()])
    sources.install(
        fields=joining.intake_fields,
        platforms=meetings.platforms,
        members=lambda group_id: frozenset(roster.active_ids(group_id)),
        names=roster.aliases_of,
    )
    registry.install(
        [
            agreements_checks,
            joining_checks,
            meetings_checks,
            retention_checks,
            roof_checks,
            roster_checks,
            safeguards_checks,
        ]
    )
    todos.install(
        [accounts.todo, agreements.todo, joining.todo, meetings.todo, retention.todo, roster.todo, safeguards.todo]
    )
    ownpage.install([joining.own_cards, meetings.own_cards])
    announce.install(
        {
            accounts_events.RoleRevoked: [_end_keys],
            agreements_events.PledgeSigned: [agreements_do.settle_lowering],
            agreements_events.TextPublished: [_ask_again],
            roster_events.MemberLeft: [_end_links, _drop_application, _date_agreements],
            roster_events.MemberForgotten: [_end_links, _drop_application, _forget_agreements],
        }
    )
    passphrase.install(_words_of_groups)
    live.install(streams.authorise, streams.version)
    _register_work()


def _register_work() -> None:
    jobs.register("ledger.checkpoint", HOUR, _checkpoint, 3 * HOUR)
    jobs.register("post.send", timedelta(minutes=1), _send_letters, HOUR)
    jobs.register("events.deliver", timedelta(seconds=2), _deliver_events, HOUR)
    jobs.register("accounts.lapse", DAY, accounts_jobs.lapse_roles, 3 * DAY, destructive=True)
    jobs.register("meetings.extend", DAY, _extend_series, 2 * DAY)
    jobs.register("meetings.close", HOUR, _close_forgotten, DAY)
    jobs.register("retention.run", DAY, retention_jobs.daily_run, 2 * DAY, destructive=True)
    jobs.register("vault.orphans", DAY, _reap_orphans, 3 * DAY, destructive=True)


def _checkpoint(now: datetime) -> None:
    ledger.make_checkpoint(now)


def _send_letters(now: datetime) -> None:
    outbox.send_due(now)


def _deliver_events(now: datetime) -> None:
    announce.deliver_due(announce.installed(), now)


def _extend_series(now: datetime) -> None:
    meetings_do.extend_series(by="system", now=now)


def _close_forgotten(now: datetime) -> None:
    meetings_do.close_forgotten(by="system", now=now)


def _reap_orphans(now: datetime) -> None:
    orphans.reap(now)


def _words_of_groups() -> list[str]:
    """What somebody who knows this community would try first as a passphrase (TEC10)."""
    return [each.public_name for each in groups.groups(groups.all_ids())]


def _end_links(event: roster_events.MemberLeft | roster_events.MemberForgotten, *, now: datetime) -> None:
    """Whoever left has no way into any meeting."""
    meetings_do.revoke_links(by="system", group_id=event.group_id, member_id=event.member_id, now=now)


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


def _end_keys(event: accounts_events.RoleRevoked, *, now: datetime) -> None:
    """Whoever has no role left in a group holds no key of it; the last holder keeps theirs until someone else has them."""
    if event.place == MACHINE or accounts.roles_of(event.person_id).get(event.place):
        return
    holding = groupkeys.holders(event.place)
    if any(each.person_id == event.person_id for each in holding) and any(
        each.whole and each.person_id != event.person_id for each in holding
    ):
        groupkeys.revoke(by="system", group_id=event.place, person_id=event.person_id, now=now)
