"""Applying, proving a contact, calling, deciding."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import actions as agreements
from circlekeeper.areas.agreements.queries import JoiningTexts
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.joining import queries, rules
from circlekeeper.areas.joining.draft import Draft
from circlekeeper.areas.joining.models import Application, State, Vote
from circlekeeper.areas.roster import actions as roster
from circlekeeper.areas.roster import rules as roster_rules
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import ledger, playbook
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import kdf, memberkeys, words
from circlekeeper.foundation.vault.ring import KeyRing
from circlekeeper.foundation.vault.serversecrets import server_secret

__all__ = ["Applied", "Draft", "apply", "make_code", "note_call", "prove_contact", "vote"]

CODE_LASTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Applied:
    """What an applicant is shown: their key in letters and in words, and until when they are answered."""

    key: str
    words: str
    answer_by: date


def _form_hash(form: str) -> bytes:
    return kdf.derive(server_secret("pepper"), "joining-form", form.encode())


def apply(
    *,
    group_id: str,
    draft: Draft,
    form: Mapping[str, Any],
    texts: JoiningTexts,
    agreed: Mapping[str, str],
    now: datetime,
) -> Applied:
    """Seal what a visitor wrote and record their application; the same form posted twice is one application.

    :raises Refused: the promise or a needed consent is missing, or a text changed meanwhile.
    """
    raw = memberkeys.parse_member_key(draft.key)
    twelve = words.as_words(raw)
    earlier = queries.by_form(_form_hash(draft.form))
    if earlier is not None:
        return Applied(draft.key, twelve, earlier)
    fields, check_again = _record(draft, groups.group(group_id).time_zone, now)
    prepared = roster.prepare(group_id=group_id, fields=fields, holder=raw, now=now, check_again=check_again)
    signature = agreements.prepare_signature(
        group_id=group_id,
        sha256=texts.pledge.sha256,
        now=now,
        ticked=bool(form.get("pledge")),
        name=str(form.get("signature") or ""),
        alias=str(draft.answers[rules.Step.NAME]["alias"]),
        # A legal name is asked for by that name; typing it is the saying.
        said_legal=texts.pledge.legal_name,
        holder=raw,
    )
    try:
        answer_by = _enter(
            by="visitor",
            group_id=group_id,
            prepared=prepared,
            signature=signature,
            policy_version=texts.policy_version,
            agreed=agreed,
            form_hash=_form_hash(draft.form),
            now=now,
        )
    except IntegrityError:
        # The same form arrived twice at the same moment; the other one was first.
        earlier = queries.by_form(_form_hash(draft.form))
        if earlier is None:
            raise
        answer_by = earlier
    return Applied(draft.key, twelve, answer_by)


def _record(draft: Draft, zone: str, now: datetime) -> tuple[dict[str, dict[str, Any]], dict[str, date]]:
    """The compartments of a new record, from the answers of the four pages. What is not asked is not here."""
    contact, about = draft.answers[rules.Step.CONTACT], draft.answers[rules.Step.HELP]
    today = now.date()
    again = playbook.add_duration(today, playbook.parse_duration(roster_rules.CHECK_AGAIN_AFTER))
    said = roster_rules.SafeContact(
        says=roster_rules.Says(str(contact["says"])),
        channel=str(contact.get("channel") or ""),
        address=str(contact.get("address") or ""),
        start=str(contact.get("start") or "")[:5],
        end=str(contact.get("end") or "")[:5],
        voicemail=bool(contact.get("voicemail")),
        zone=zone,
        said_on=today.isoformat(),
        check_again_on=again.isoformat(),
    )
    if said.says is roster_rules.Says.NO:
        # A no needs no address; one that was typed anyway is not kept.
        said = roster_rules.SafeContact(says=roster_rules.Says.NO, zone=zone, said_on=today.isoformat())
    fields: dict[str, dict[str, Any]] = {
        "alias": {"alias": draft.answers[rules.Step.NAME]["alias"]},
        "contact": said.as_fields(),
    }
    check_again = {"contact": again}
    emergency = {name: str(about.get(name) or "") for name in ("area", "number", "person", "reach", "knows")}
    if any(emergency.values()):
        naming = roster_rules.MayName.YES if about.get("naming") else roster_rules.MayName.NO
        fields["emergency"] = emergency | {"when": "", "naming": naming.value}
        check_again["emergency"] = playbook.add_duration(
            today, playbook.parse_duration(roster_rules.EMERGENCY_CHECK_AFTER)
        )
    if about.get("access"):
        fields["access"] = {"needs": str(about["access"])}
    return fields, check_again


@action("joining.application.enter")
def _enter(
    *,
    by: str,
    group_id: str,
    prepared: roster.Prepared,
    signature: agreements.Signature,
    policy_version: int,
    agreed: Mapping[str, str],
    form_hash: bytes,
    now: datetime,
) -> date:
    facts = groups.group(group_id)
    if not facts.is_open:
        raise Refused(_("This group is not taking people in at the moment."))
    settings = safeguards.settings_for(group_id)
    today = now.astimezone(facts.zone).date()
    answer_by = today + timedelta(days=settings.number("answer-days"))
    member_id = roster.enrol(by=by, prepared=prepared, now=now)
    agreements.record_joining(
        by=by,
        group_id=group_id,
        member_id=member_id,
        policy_version=policy_version,
        answers=agreed,
        signature=signature,
        now=now,
    )
    made = Application.objects.create(
        pk=new_id(),
        form_hash=form_hash,
        group_id=group_id,
        member_id=member_id,
        path=str(settings.value("intake-path")),
        applied_on=today,
        answer_by=answer_by,
        due_on=safeguards.due_on(group_id=group_id, record="roster", start=today),
    )
    ledger.record(by=by, about=made.pk, at=now)
    return answer_by


def _open(group_id: str, application_id: str) -> Application:
    found = Application.objects.select_for_update().filter(pk=application_id, group_id=group_id).first()
    if found is None:
        raise NotHere
    if found.state != State.OPEN:
        raise Refused(_("This has been decided already."))
    return found


@action("joining.code.make")
def make_code(*, by: str, group_id: str, application_id: str, now: datetime) -> str:
    """A six-digit code to tell the applicant in the way they chose; it lasts a week and five tries."""
    found = _open(group_id, application_id)
    code = f"{secrets.randbelow(10**6):06d}"
    found.code_hash, found.code_until, found.code_tries = _code_hash(found.pk, code), now + CODE_LASTS, 0
    found.save(update_fields=["code_hash", "code_until", "code_tries"])
    ledger.record(by=by, about=found.pk, at=now)
    return code


def _code_hash(application_id: str, code: str) -> bytes:
    return kdf.derive(server_secret("pepper"), "joining-code", application_id.encode(), code.encode())


def prove_contact(*, by: str, group_id: str, code: str, now: datetime) -> None:
    """An applicant types the code they were told. ``by`` is the member.

    :raises Refused: it is not the code, or there are no tries left; the wrong try is counted first.
    """
    if not _try_code(by=by, group_id=group_id, code="".join(code.split()), now=now):
        raise Refused(_("That is not the code. Look again, or ask for a new one."), field="code")


@action("joining.code.try")
def _try_code(*, by: str, group_id: str, code: str, now: datetime) -> bool:
    found = (
        Application.objects.select_for_update().filter(member_id=by, group_id=group_id, state=State.OPEN).first()
    )
    if found is None or found.code_hash is None or found.code_until is None or found.code_until < now:
        raise Refused(_("No code is waiting for you. Ask the people who host."), field="code")
    if found.code_tries >= rules.CODE_TRIES:
        raise Refused(_("That was tried too often. Ask for a new code."), field="code")
    found.code_tries += 1
    right = hmac.compare_digest(bytes(found.code_hash), _code_hash(found.pk, code))
    if right:
        found.proven_at, found.code_hash = now, None
    found.save(update_fields=["code_tries", "proven_at", "code_hash"])
    ledger.record(by=by, about=found.pk, at=now)
    return right


@action("joining.call.note")
def note_call(*, by: str, group_id: str, application_id: str, outcome: str, now: datetime) -> None:
    """The outcome of the short call: yes, no or later. There is no place for notes (REG7)."""
    if outcome not in ("yes", "no", "later"):
        raise NotHere
    found = _open(group_id, application_id)
    found.call, found.call_at = outcome, now
    found.save(update_fields=["call", "call_at"])
    ledger.record(by=by, about=found.pk, at=now)


def vote(
    *, by: str, ring: KeyRing, group_id: str, application_id: str, yes: bool, reason: str, now: datetime
) -> str:
    """One person's word; when enough agree, the applicant becomes a member. A no decides at once.

    Returns the application's state. :raises Refused: the call or the proof is still missing, or the reason does not fit.
    """
    if reason not in (rules.YES_REASONS if yes else rules.NO_REASONS):
        raise Refused(_("Choose a reason that fits your answer."), field="reason")
    return _record_vote(
        by=by, ring=ring, group_id=group_id, application_id=application_id, yes=yes, reason=reason, now=now
    )


@action("joining.application.vote")
def _record_vote(
    *, by: str, ring: KeyRing, group_id: str, application_id: str, yes: bool, reason: str, now: datetime
) -> str:
    found = _open(group_id, application_id)
    settings = safeguards.settings_for(group_id)
    Vote.objects.update_or_create(
        application=found, person_id=by, defaults={"yes": yes, "reason": reason, "at": now}
    )
    lacking = rules.may_approve(
        path=str(settings.value("intake-path")),
        proven=found.proven_at is not None,
        call=found.call,
        yes_votes=found.votes.filter(yes=True).count(),
        deciders=settings.number("deciders"),
    )
    if yes and lacking in ("proof", "call"):
        raise Refused(_LACKING[lacking]())
    ledger.record(by=by, about=found.pk, at=now)
    if yes and lacking:
        return State.OPEN
    _decide(found, State.APPROVED if yes else State.DECLINED, now)
    if yes:
        roster.admit(by=by, ring=ring, group_id=group_id, member_id=found.member_id, now=now)
    else:
        roster.decline(by=by, group_id=group_id, member_id=found.member_id, now=now)
    return found.state


_LACKING = {
    "proof": lambda: _("First find out whether you reach them: make a code and tell it to them."),
    "call": lambda: _("First speak with them, and note that it fits."),
}


def _decide(found: Application, state: State, now: datetime) -> None:
    found.state, found.decided_at = state, now
    day = now.astimezone(groups.group(found.group_id).zone).date()
    found.due_on = safeguards.due_on(group_id=found.group_id, record="intake", start=day)
    found.review_on = found.due_on if state == State.DECLINED else None
    found.save(update_fields=["state", "decided_at", "due_on", "review_on"])
