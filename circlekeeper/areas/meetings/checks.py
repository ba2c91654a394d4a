"""What this room can say about a meeting before its doors open."""

from dataclasses import replace
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.meetings import actions, provider, queries, rules
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.areas.safeguards.evidence import Finding, Question, Verdict, evidence
from circlekeeper.foundation.accounts import queries as accounts

CONFIRMED_WITHIN = timedelta(hours=24)


def _meeting(ask: Question) -> queries.MeetingFacts | None:
    if ask.meeting_id:
        return queries.meeting(group_id=ask.group_id, meeting_id=ask.meeting_id)
    return queries.next_for_member(group_id=ask.group_id, now=ask.now)


def _answered(ask: Question, point: str, wrong: str) -> Finding:
    meeting = _meeting(ask)
    if meeting is None:
        return Finding.unknown(_("No meeting is planned."))
    answer = queries.answers(meeting.id).get(point)
    if answer is None:
        return Finding.unknown(_("Nobody has looked yet."))
    if not answer.holds:
        return Finding.not_met(wrong, evidence=answer.evidence, checked_at=answer.at)
    return Finding.met(_("It was looked at."), evidence=answer.evidence, checked_at=answer.at)


def _at_service(ask: Question, control: str) -> Finding:
    """How a control stands at the service of the meeting that is to be opened: what it shows and what people said."""
    if ask.meeting_id is None:
        return Finding.met(_("It is looked at before each meeting."))
    found = queries.shown(ask.meeting_id, control, now=ask.now)
    if found is None:
        return Finding.met(_("Nothing of this is set from here."))
    if found.looked is None:
        return Finding.unknown(_("The service has not been asked yet."))
    if found.silent:
        return Finding.met(_("The service says nothing about it. Your word for the group counts."))
    if found.wrong:
        sentence = ngettext(
            "%(n)d setting of the service is not as it should be.",
            "%(n)d settings of the service are not as they should be.",
            found.wrong,
        )
        return Finding.not_met(sentence % {"n": found.wrong}, evidence=found.evidence, checked_at=found.looked)
    if found.unsaid:
        sentence = ngettext(
            "The service does not show %(n)d setting. Somebody has to look and say how it is.",
            "The service does not show %(n)d settings. Somebody has to look and say how they are.",
            found.unsaid,
        )
        return Finding.unknown(sentence % {"n": found.unsaid}, evidence=found.evidence)
    return Finding.met(
        _("The service was asked."), evidence=found.evidence, checked_at=found.looked, fresh_until=found.until
    )


@evidence("meeting-password/service")
def nobody_enters_there_without_a_pass(ask: Question) -> Finding:
    """FMT6: the service asks for what only our door hands out."""
    return _at_service(ask, "meeting-password")


@evidence("room-locked/service")
def nobody_more_fits_in_there(ask: Question) -> Finding:
    """TEC5: the service lets in no more than were let in here."""
    return _at_service(ask, "room-locked")


@evidence("screen-share-off/service")
def nobody_shares_a_screen_there(ask: Question) -> Finding:
    """TEC6, FMT9: the service lets only hosts share."""
    return _at_service(ask, "screen-share-off")


@evidence("breakouts-watched/service")
def no_small_rooms_there(ask: Question) -> Finding:
    """FMT8: the service opens no small rooms by itself."""
    return _at_service(ask, "breakouts-watched")


@evidence("phone-numbers-hidden/service")
def no_numbers_there(ask: Question) -> Finding:
    """FMT13: nobody dials in, or nobody's number shows."""
    return _at_service(ask, "phone-numbers-hidden")


@evidence("waiting-room-tested")
def a_stranger_is_held_outside(ask: Question) -> Finding:
    """KIT6: a throw-away visitor was sent to the door and did not get in; and the service's own door is as it should be."""
    ours = _answered(ask, actions.WAITING_ROOM, _("The last test got in. Do not open; ask for help."))
    if ours.verdict is not Verdict.MET or ask.meeting_id is None:
        return ours
    shown = queries.shown(ask.meeting_id, actions.WAITING_ROOM, now=ask.now)
    if shown is None or not shown.by_word:
        return ours
    theirs = _at_service(ask, actions.WAITING_ROOM)
    return theirs if theirs.verdict is not Verdict.MET else replace(ours, evidence_word=theirs.evidence_word)


@evidence("recording-off")
def nothing_records(ask: Question) -> Finding:
    """KIT8, TEC7: a provider's read-back where there is one, else a host's dated word."""
    return _answered(
        ask, actions.RECORDING, _("Someone looked, and something was recording or could not be found out.")
    )


@evidence("links-sent-privately")
def each_member_has_one_link(ask: Question) -> Finding:
    """KIT5, FMT5: every active member has exactly one live personal link, and no link belongs to anyone else."""
    meeting = _meeting(ask)
    if meeting is None:
        return Finding.unknown(_("No meeting is planned."))
    offered, active = queries.links_offered(meeting.id), roster.active_ids(ask.group_id)
    missing, strange = len(active - offered.keys()), len(offered.keys() - active)
    if missing:
        return Finding.not_met(
            ngettext("%(n)d member has no link yet.", "%(n)d members have no link yet.", missing) % {"n": missing}
        )
    if strange:
        return Finding.not_met(_("A link belongs to someone who does not take part now."))
    if any(count != 1 for count in offered.values()):
        return Finding.not_met(_("Someone has more than one link."))
    return Finding.met(_("Each member has one link, on their own page."))


@evidence("moderators-confirmed")
def helpers_have_confirmed(ask: Question) -> Finding:
    """KIT7, TEC8, MOD4: as many of the team as the level asks for said within a day of the start that they will be there."""
    meeting = _meeting(ask)
    if meeting is None:
        return Finding.unknown(_("No meeting is planned."))
    team, settings = set(accounts.people_with_role(ask.group_id)), safeguards.settings_for(ask.group_id)
    asked = queries.helpers(meeting.id)
    sure = [
        each
        for each in asked
        if each.person_id in team
        and each.confirmed_at
        and meeting.starts_at - each.confirmed_at <= CONFIRMED_WITHIN
    ]
    enough = len({each.person_id for each in sure}) >= settings.number("hosts")
    if any(each.absent for each in asked) and not enough:
        return Finding.not_met(_("Somebody of the team is not here. Name a stand-in, who says that they are."))
    if not any(each.part == "host" for each in sure):
        return Finding.not_met(_("No host has said within the last day that they will be there."))
    if not enough:
        return Finding.not_met(_("Only one person has said that they will be there. You need a second one."))
    refused = agreements.why_not_hosts(
        group_id=ask.group_id, person_ids=[each.person_id for each in asked if not each.absent], now=ask.now
    )
    if refused:
        return Finding.not_met(next(iter(refused.values())))
    if rules.clashes(
        [(each.person_id, each.part) for each in sure], strict=settings.value("meeting-roles") == "separate"
    ):
        return Finding.not_met(_("One person hosts and watches the chat. Ask somebody else to do one of them."))
    return Finding.met(_("Everyone who runs the meeting has said that they will be there."))


@evidence("platform-chosen")
def a_way_to_meet_is_chosen(ask: Question) -> Finding:
    """TEC1, TEC2: meetings are planned, and each way in is installed here and can do what the level requires."""
    planned = queries.series_of(ask.group_id)
    if not planned:
        return Finding.not_met(_("Nobody has planned yet how and when you meet."))
    ways = {each.name: each for each in provider.providers()}
    used = {each.provider for each in planned if each.is_online}
    if not used <= ways.keys():
        return Finding.not_met(_("A planned meeting uses a service that is not set up here."))
    if any(queries.lacks(ask.group_id, ways[name], now=ask.now) for name in used):
        return Finding.not_met(_("A planned meeting uses a service that cannot do what your group needs."))
    return Finding.met(_("It is planned how and when you meet."))


@evidence("fallback-ready/tried")
def another_place_was_tried(ask: Question) -> Finding:
    """FMT14: every series online has a second place, and each was tried; the oldest try counts."""
    online = [each for each in queries.series_of(ask.group_id) if each.is_online]
    if not online:
        return Finding.met(_("You meet in a room. No service can be gone."))
    seconds = queries.second_places([each.id for each in online])
    moments = [each.tried_at for each in seconds.values() if each.tried_at is not None]
    if len(moments) < len(online):
        return Finding.not_met(_("No second place was tried yet."))
    return Finding.met(_("Each meeting online has a second place that was tried."), checked_at=min(moments))
