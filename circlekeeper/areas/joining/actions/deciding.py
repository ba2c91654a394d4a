"""The call, the votes, and how a group gets to know people at all."""

from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import actions as agreements
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.joining import queries, rules
from circlekeeper.areas.joining.actions import notes, rows
from circlekeeper.areas.joining.models import Application, CallSlot, State, Vetting, Vote
from circlekeeper.areas.roster import actions as roster
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import shredstore
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.ring import KeyRing


@action("joining.call.note")
def note_call(*, by: str, group_id: str, application_id: str, outcome: str, now: datetime) -> None:
    """The outcome of the short call: yes, no or later. There is no place for notes (REG7).

    :raises NotHere: no such outcome or application. :raises Refused: it was decided already.
    """
    if outcome not in rules.CALL_OUTCOMES:
        raise NotHere
    found = rows.open_application(group_id, application_id)
    found.call, found.call_at = outcome, now
    found.save(update_fields=["call", "call_at"])
    ledger.record(by=by, about=found.pk, at=now)


def vote(
    *, by: str, ring: KeyRing, group_id: str, application_id: str, yes: bool, reason: str, now: datetime
) -> str:
    """One person's word; when enough agree, the applicant becomes a member. A no decides at once.

    Voting again replaces one's own word. Returns the application's state.

    :raises Refused: the call or the proof is still missing, the reason does not fit, or it was decided already.
    """
    if reason not in (rules.YES_REASONS if yes else rules.NO_REASONS):
        raise Refused(_("Choose a reason that fits your answer."), field="reason")
    state, secrets = _vote(
        by=by, ring=ring, group_id=group_id, application_id=application_id, yes=yes, reason=reason, now=now
    )
    if secrets:
        shredstore.shred(secrets, now=now)
    if state != State.OPEN and ring.can(group_id, Scope.ROSTER):
        _tell(by=by, ring=ring, group_id=group_id, application_id=application_id, now=now)
    return state


def _tell(*, by: str, ring: KeyRing, group_id: str, application_id: str, now: datetime) -> None:
    """Say by their safe way that there is something to read: the answer, and for a member all they start with (CON5)."""
    decided = Application.objects.filter(pk=application_id, group_id=group_id)
    roster.tell(
        by=by,
        ring=ring,
        group_id=group_id,
        member_ids=list(decided.values_list("member_id", flat=True)),
        occasion=f"decided:{application_id}",
        now=now,
    )


@action("joining.application.vote")
def _vote(
    *, by: str, ring: KeyRing, group_id: str, application_id: str, yes: bool, reason: str, now: datetime
) -> tuple[str, list[str]]:
    """The application's state, and the secrets of notes that end with it."""
    found = rows.open_application(group_id, application_id)
    Vote.objects.update_or_create(
        application=found,
        person_id=by,
        defaults={"yes": yes, "reason": reason, "at": now},
        create_defaults={"pk": new_id(), "yes": yes, "reason": reason, "at": now},
    )
    ledger.record(by=by, about=found.pk, at=now)
    if not yes:
        roster.decline(by=by, group_id=group_id, member_id=found.member_id, now=now)
        return _decided(found, State.DECLINED, by=by, now=now)
    lacking = _lacking(found)
    if lacking in _FIRST:
        raise Refused(_FIRST[lacking]())
    if lacking:
        return State.OPEN, []
    roster.admit(by=by, ring=ring, group_id=group_id, member_id=found.member_id, now=now)
    return _decided(found, State.APPROVED, by=by, now=now)


def _lacking(found: Application) -> rules.Lacking | None:
    way = queries.way(found.group_id)
    return rules.may_approve(
        path=way.path,
        proven=found.proven_at is not None or found.referred,
        call=found.call,
        yes_votes=found.votes.filter(yes=True).count(),
        deciders=way.deciders,
        vouched=found.referred and way.referral_stands,
    )


_FIRST = {
    rules.Lacking.PROOF: lambda: _("First find out whether you reach them: make a code and tell it to them."),
    rules.Lacking.CALL: lambda: _("First speak with them, and note that it fits."),
}


def _decided(found: Application, state: State, *, by: str, now: datetime) -> tuple[str, list[str]]:
    """From here on the application lives on the short clock: its purpose is served (REG7). A no ends the consents too."""
    CallSlot.objects.filter(application=found).delete()
    secrets = notes.drop_notes(found.pk)
    day = now.astimezone(groups.group(found.group_id).zone).date()
    found.state, found.decided_on, found.code_hash = state, day, None
    found.due_on = safeguards.due_on(group_id=found.group_id, record="intake", start=day)
    found.save(update_fields=["state", "decided_on", "code_hash", "due_on"])
    agreements.set_due(
        by=by,
        group_id=found.group_id,
        member_id=found.member_id,
        due_on=found.due_on if state == State.DECLINED else None,
        now=now,
    )
    return state, secrets


@action("joining.vetting.decide")
def decide_vetting(
    *, by: str, group_id: str, path: str, reason: str, now: datetime, again_after: str = rules.REVIEWS[-1]
) -> None:
    """Decide how people are got to know before they join, with a reason and a day to look again (REG6).

    ``again_after``: one of ``rules.REVIEWS``.

    :raises Refused: lighter than the level allows, no reason from the list, or no day to look again.
    """
    if path not in rules.paths_from(queries.level_path(group_id)):
        raise Refused(_("Your group's level asks for more than that."), field="path")
    if reason not in rules.VETTING_REASONS:
        raise Refused(_("Say why, so that you can look back at it."), field="reason")
    if again_after not in rules.REVIEWS:
        raise Refused(_("Say when you will look at this again."), field="again_after")
    made = Vetting.objects.create(
        pk=new_id(),
        group_id=group_id,
        path=path,
        reason=reason,
        decided_by=by,
        decided_at=now,
        review_on=queries.review_day(group_id, now, again_after),
    )
    ledger.record(by=by, about=made.pk, at=now)
