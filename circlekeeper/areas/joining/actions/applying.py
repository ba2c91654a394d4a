"""Asking to join: what was written is sealed first and recorded then."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import actions as agreements
from circlekeeper.areas.agreements.queries import JoiningTexts
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.joining import queries, rules
from circlekeeper.areas.joining.actions import notes
from circlekeeper.areas.joining.draft import Draft
from circlekeeper.areas.joining.models import Application, Referral, State
from circlekeeper.areas.roster import actions as roster
from circlekeeper.areas.roster import rules as roster_rules
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import ledger, planned, playbook
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.statements import Prepared
from circlekeeper.foundation.vault import kdf, memberkeys, shredstore, words
from circlekeeper.foundation.vault.serversecrets import server_secret

# Nobody can look at so many: beyond them, a flood would only fill the disk.
MOST_WAITING = 5000


@dataclass(frozen=True, slots=True)
class Applied:
    """What an applicant is shown: their key in letters and in words, and until when they are answered."""

    key: str
    words: str
    answer_by: date


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

    ``texts`` are those that were shown (POL4); ``agreed``: purpose to the hash of its text.

    :raises Refused: the promise or a needed consent is missing, a text changed meanwhile, the group takes nobody in, or the
        code of a referral cannot be used.
    """
    raw = memberkeys.parse_member_key(draft.key)
    form_hash = kdf.derive(server_secret("pepper"), "joining-form", draft.form.encode())
    answer_by = queries.by_form(form_hash)
    if answer_by is None:
        fields, check_again = _record(draft, groups.group(group_id).time_zone, queries.asked_fields(group_id), now)
        with shredstore.one_write():
            signature = _signature(group_id, draft, form, texts, raw, now)
            prepared = roster.prepare(
                group_id=group_id,
                fields=fields,
                holder=raw,
                now=now,
                check_again=check_again,
                reachable="contact" in agreed,
            )
        try:
            answer_by = _enter(
                by="visitor",
                group_id=group_id,
                prepared=prepared,
                signature=signature,
                policy_version=texts.policy_version,
                agreed=agreed,
                form_hash=form_hash,
                referral=str(draft.answers[rules.Step.CONTACT].get("referral") or ""),
                now=now,
            )
        except IntegrityError:
            # The same form arrived twice at the same moment; the other one was first.
            answer_by = queries.by_form(form_hash)
            if answer_by is None:
                raise
    return Applied(draft.key, words.as_words(raw), answer_by)


def _signature(
    group_id: str, draft: Draft, form: Mapping[str, Any], texts: JoiningTexts, raw: bytes, now: datetime
) -> agreements.Signature:
    return agreements.prepare_signature(
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


def _record(
    draft: Draft, zone: str, asked: Iterable[str], now: datetime
) -> tuple[dict[str, dict[str, Any]], dict[str, date]]:
    """The compartments of a new record, from the answers of the four pages. What is not asked is not here."""
    contact, about = draft.answers[rules.Step.CONTACT], draft.answers[rules.Step.HELP]
    today = now.date()
    again = playbook.add_duration(today, playbook.parse_duration(roster_rules.CHECK_AGAIN_AFTER))
    fields: dict[str, dict[str, Any]] = {
        "alias": {"alias": draft.answers[rules.Step.NAME]["alias"]},
        "contact": _contact(contact, zone, today, again),
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
    extra = {name: str(about[f"extra-{name}"]) for name in asked if about.get(f"extra-{name}")}
    if extra:
        fields["intake"] = dict(extra)
    return fields, check_again


def _contact(said: Mapping[str, Any], zone: str, today: date, again: date) -> dict[str, Any]:
    """What somebody said about being reached. A no needs no address; one that was typed anyway is not kept."""
    says = roster_rules.Says(str(said["says"]))
    if says is roster_rules.Says.NO:
        return roster_rules.SafeContact(says=says, zone=zone, said_on=today.isoformat()).as_fields()
    return roster_rules.SafeContact(
        says=says,
        channel=str(said.get("channel") or ""),
        address=str(said.get("address") or ""),
        start=str(said.get("start") or "")[:5],
        end=str(said.get("end") or "")[:5],
        voicemail=bool(said.get("voicemail")),
        remind=bool(said.get("remind")),
        zone=zone,
        said_on=today.isoformat(),
        check_again_on=again.isoformat(),
    ).as_fields()


def _crowded(group_id: str) -> bool:
    return bool(_last_place(MOST_WAITING).rows(group_id))


@cache
def _last_place(number: int) -> Prepared:
    """Whether so many wait in a group: the row of the last place, if it is taken."""
    return Prepared(
        lambda group_id: Application.objects.filter(group_id=group_id, state=State.OPEN).values_list("state")[
            number - 1 : number
        ],
        ["a group"],
    )


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
    referral: str,
    now: datetime,
) -> date:
    facts = groups.group(group_id)
    if not facts.is_open:
        raise Refused(_("This group is not taking people in at the moment."))
    if _crowded(group_id):
        raise Refused(_("Very many people wait for an answer here just now. Please try again in a few days."))
    today = now.astimezone(facts.zone).date()
    due_on = safeguards.due_on(group_id=group_id, record="roster", start=today)
    member_id = roster.enrol(by=by, prepared=prepared, now=now)
    agreements.record_joining(
        by=by,
        group_id=group_id,
        member_id=member_id,
        policy_version=policy_version,
        answers=agreed,
        signature=signature,
        # Until somebody decides, what was agreed to lives no longer than the record it belongs to.
        due_on=due_on,
        is_new=True,
        now=now,
    )
    answer_by = today + timedelta(days=safeguards.settings_for(group_id).number("answer-days"))
    made = Application(
        pk=new_id(),
        form_hash=form_hash,
        group_id=group_id,
        member_id=member_id,
        referred=bool(referral) and _use_referral(group_id, referral, now),
        applied_on=today,
        answer_by=answer_by,
        due_on=due_on,
    )
    planned.insert([made])
    ledger.record(by=by, about=made.pk, at=now)
    return answer_by


def _use_referral(group_id: str, code: str, now: datetime) -> bool:
    """Use a referral up.

    :raises Refused: it was never made here, was used already, or is too old (REG7).
    """
    open_ones = Referral.objects.filter(group_id=group_id, expires_at__gt=now)
    if not open_ones.filter(code_hash=queries.referral_hash(group_id, code)).delete()[0]:
        raise Refused(
            _(
                "The code of whoever sent you cannot be used any more. Somebody used it, or it was ended. Go back and "
                "leave it out, or ask whoever gave it to you for another one."
            )
        )
    return True


def drop_application(*, by: str, group_id: str, member_id: str, now: datetime) -> None:
    """Forget what was asked and noted, because whoever asked has left or was forgotten."""
    secrets = _drop(by=by, group_id=group_id, member_id=member_id, now=now)
    if secrets:
        shredstore.shred(secrets, now=now)


@action("joining.application.drop")
def _drop(*, by: str, group_id: str, member_id: str, now: datetime) -> list[str]:
    found = Application.objects.filter(group_id=group_id, member_id=member_id).first()
    secrets = notes.drop_notes(found.pk) if found else []
    if found:
        found.delete()
    ledger.record(by=by, about=member_id, at=now)
    return secrets
