"""Asking everybody inside, hearing their answers, ending it, forgetting it.

The log names the meeting and the question, never who answered: every answer is written down in the same words.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import F
from django.utils.translation import gettext as _

from circlekeeper.areas.ballots import queries, rules, sealing
from circlekeeper.areas.ballots.actions.rooms import close_rooms
from circlekeeper.areas.ballots.models import Ballot, Kind, Room
from circlekeeper.areas.ballots.rules import Round, Standing
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import shredstore

LONGEST = 120


def ask(
    *,
    by: str,
    group_id: str,
    meeting_id: str,
    kind: str,
    words: str = "",
    who: str = "",
    others_agree: bool,
    now: datetime,
) -> str:
    """Ask everybody inside, on their own door; returns the question's id.

    ``words``: what a shared screen would show, at most 120 characters; ``who``: the chosen name of the one who would share
    it. ``others_agree``: whoever has no door (the team, an interpreter) was asked aloud and said yes.

    :raises Refused: the level has locked recording, the same is asked already, too few are inside, the meeting does not run.
    """
    secret = shredstore.new_secret(record="ballot", group_id=group_id, now=now)
    made = Ballot(pk=new_id(), meeting_id=meeting_id, group_id=group_id, kind=Kind(kind), asked_at=now)
    made.secret_id = secret.id
    _check_words(made, words.strip())
    inside = queries.inside(group_id=group_id, meeting_id=meeting_id)
    content = sealing.Content(Round(now, inside), words.strip(), who)
    made.sealed = sealing.seal(content, ballot_id=made.pk, group_id=group_id, secret=secret.value)
    _ask(by=by, ballot=made, inside=inside, others_agree=others_agree, now=now)
    return made.pk


def _check_words(ballot: Ballot, words: str) -> None:
    if ballot.kind == Kind.SHARE and not words:
        raise Refused(_("Say what would be shown, so that everyone knows what they say yes to."), field="words")
    if len(words) > LONGEST:
        raise Refused(_("Please use at most 120 characters."), field="words")


@action("ballots.ballot.ask")
def _ask(*, by: str, ballot: Ballot, inside: frozenset[str], others_agree: bool, now: datetime) -> None:
    meeting = meetings.meeting(group_id=ballot.group_id, meeting_id=ballot.meeting_id)
    refusal = queries.why_not(meeting, kind=ballot.kind, inside=inside, now=now)
    if refusal:
        raise Refused(refusal)
    if not others_agree:
        raise Refused(_("Ask the others in the room aloud first. One no is enough."), field="others_agree")
    ballot.due_on = meeting.local_on + timedelta(days=1)
    ballot.save(force_insert=True)
    ledger.record(by=by, about=ballot.meeting_id, at=now, verb=f"ballots.{ballot.kind}.ask")


@action("ballots.answer.give")
def answer(*, by: str, ballot_id: str, token: str, device: str, yes: bool, now: datetime) -> None:
    """Somebody inside answers, or takes their yes back, with their personal link. ``by`` is ``"visitor"``.

    :raises NotHere: no such question at this door, or whoever asks is not inside.
    """
    place = meetings.place(token=token, device=device, now=now)
    ballot = Ballot.objects.select_for_update().filter(pk=ballot_id, meeting_id=place.meeting.id).first()
    inside = queries.inside(group_id=place.meeting.group_id, meeting_id=place.meeting.id)
    if ballot is None or place.arrival_id is None or place.arrival_id not in inside:
        raise NotHere
    content = sealing.unseal(ballot)
    before = rules.standing(content.round, inside, now)
    said = rules.say(content.round, place.arrival_id, yes=yes, inside=inside, now=now)
    after = rules.standing(said, inside, now)
    _keep(ballot, replace(content, round=said), told=after is not before)
    ledger.record(by=by, about=ballot.pk, at=now)
    if after is not before and after is not Standing.ASKING:
        ledger.record(by="system", about=ballot.meeting_id, at=now, verb=f"ballots.{ballot.kind}.{after}")


@action("ballots.ballot.end")
def end(*, by: str, group_id: str, meeting_id: str, ballot_id: str, now: datetime) -> None:
    """End a question, and what it allowed. Anyone of the team may, also for themselves: pass ``"visitor"`` as ``by``.

    :raises NotHere: no such question in this meeting.
    """
    ballot = (
        Ballot.objects.select_for_update().filter(pk=ballot_id, meeting_id=meeting_id, group_id=group_id).first()
    )
    if ballot is None:
        raise NotHere
    content = sealing.unseal(ballot)
    _keep(ballot, replace(content, round=rules.stop(content.round)))
    ledger.record(by=by, about=meeting_id, at=now, verb=f"ballots.{ballot.kind}.{Standing.OVER}")


@action("ballots.recordings.end")
def end_recordings(*, by: str, group_id: str, now: datetime) -> None:
    """End whatever a group records now: a member takes back their consent to being recorded (CON2)."""
    for ballot in Ballot.objects.select_for_update().filter(group_id=group_id, kind=Kind.RECORDING):
        content = sealing.unseal(ballot)
        _keep(ballot, replace(content, round=replace(content.round, over=True)))
    ledger.record(by=by, about=group_id, at=now)


def _keep(ballot: Ballot, content: sealing.Content, *, told: bool = True) -> None:
    """``told``: pages look again. Not after each answer, or a page that moves would count them."""
    sealed, changes = sealing.reseal(ballot, content), F("changes") + int(told)
    Ballot.objects.filter(pk=ballot.pk).update(sealed=sealed, changes=changes)


def forget(*, by: str, group_id: str, meeting_id: str, now: datetime) -> None:
    """The meeting is over: every question of it goes, with all answers, and small rooms are closed. Safe to call again."""
    if Room.objects.filter(meeting_id=meeting_id, group_id=group_id, closed_at__isnull=True).exists():
        close_rooms(by=by, group_id=group_id, meeting_id=meeting_id, now=now)
    if Ballot.objects.filter(meeting_id=meeting_id, group_id=group_id).exists():
        shredstore.shred(_forget(by=by, group_id=group_id, meeting_id=meeting_id, now=now), now=now)


@action("ballots.ballot.forget")
def _forget(*, by: str, group_id: str, meeting_id: str, now: datetime) -> list[str]:
    rows = Ballot.objects.filter(meeting_id=meeting_id, group_id=group_id)
    secrets = list(rows.values_list("secret_id", flat=True))
    rows.delete()
    ledger.record(by=by, about=meeting_id, at=now)
    return secrets
