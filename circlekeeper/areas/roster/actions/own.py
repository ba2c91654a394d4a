"""What a member changes about their own record, with their own key."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from circlekeeper.areas.roster import events, rules, sealing
from circlekeeper.areas.roster.actions import rows
from circlekeeper.areas.roster.models import Compartment, Name, State
from circlekeeper.areas.roster.rules import SafeContact
from circlekeeper.foundation import announce, ledger, playbook
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.vault import records, shredstore

_STILL_HERE = (State.APPLIED, State.INVITED, State.MEMBER, State.PAUSED)
_OPEN_TO_EDIT = (Name.ALIAS, Name.CONTACT, Name.EMERGENCY, Name.ACCESS)


def edit_own(
    *,
    by: str,
    group_id: str,
    name: str,
    fields: dict[str, Any],
    holder: bytes,
    now: datetime,
    check_again_on: date | None = None,
) -> None:
    """Write one compartment of one's own record. ``by`` is the member, ``holder`` their raw key.

    :raises Refused: this compartment is not theirs to write, or the name cannot be taken.
    :raises SealBroken: another member's key.
    """
    if name not in _OPEN_TO_EDIT:
        raise Refused(_("This part of your record cannot be changed here."))
    if name == Name.ALIAS and rules.alias_fault(str(fields.get("alias", ""))):
        raise Refused(_("Choose another name, without an address or a number in it."), field="alias")
    held = Compartment.objects.filter(member_id=by, group_id=group_id, name=name).first()
    on = rows.local_day(group_id, now)
    if held is None:
        row = _fresh(by, group_id, name, fields, holder, now, on)
    else:
        row = _again(held, fields, holder, on)
    row.check_again_on = check_again_on
    _save_own(by=by, group_id=group_id, row=row, fresh=held is None, now=now)


def _fresh(
    member_id: str, group_id: str, name: str, fields: dict[str, Any], holder: bytes, now: datetime, on: date
) -> Compartment:
    if name not in sealing.SECRETS:
        raise Refused(_("This part of your record is missing. Please tell the people who run the group."))
    secret = shredstore.new_secret(record=sealing.SECRETS[name], group_id=group_id, now=now)
    public = sealing.publics(group_id, [name])[sealing.SCOPES[name]]
    return sealing.sealed(
        member_id=member_id,
        group_id=group_id,
        name=name,
        fields=fields,
        public=public,
        secret=secret,
        holder=holder,
        on=on,
    )


def _again(held: Compartment, fields: dict[str, Any], holder: bytes, on: date) -> Compartment:
    held.blob = records.reseal_for_holder(
        fields,
        bytes(held.holder_wrap),
        holder=holder,
        secret=shredstore.secret(held.secret_id),
        place=sealing.place(held.member_id, held.name, held.group_id),
    )
    held.updated_on = on
    return held


@action("roster.own.edit")
def _save_own(*, by: str, group_id: str, row: Compartment, fresh: bool, now: datetime) -> None:
    found = rows.member(group_id, by, states=_STILL_HERE)
    if found.state in (State.MEMBER, State.PAUSED):
        # It may have been waiting for its end, because its purpose was taken back; now it is wanted again.
        row.due_on = None
    if fresh:
        row.save(force_insert=True)
    else:
        row.save(update_fields=["blob", "updated_on", "check_again_on", "due_on"])
    if row.name == Name.EMERGENCY:
        announce.announce(events.EmergencyRecordChanged(group_id, by), now=now)
    ledger.record(by=by, about=by, at=now)


def save_safe_contact(
    *, by: str, group_id: str, contact: SafeContact, holder: bytes, now: datetime
) -> SafeContact:
    """Say anew whether and how one may be reached; a yes holds until it is due to be asked again.

    :raises Refused: a yes without a way to be reached.
    """
    dated = dated_contact(contact, on=rows.local_day(group_id, now))
    edit_own(
        by=by,
        group_id=group_id,
        name=Name.CONTACT,
        fields=dated.as_fields(),
        holder=holder,
        now=now,
        check_again_on=date.fromisoformat(dated.check_again_on),
    )
    return dated


def dated_contact(contact: SafeContact, *, on: date) -> SafeContact:
    """An answer of today, with the day it is asked again. A no keeps no address.

    :raises Refused: a yes without a way to be reached.
    """
    fault = rules.contact_fault(contact)
    if fault:
        raise Refused(_CONTACT_WORDS[fault], field=fault)
    again = playbook.add_duration(on, rules.CHECK_AGAIN_AFTER)
    kept = contact if contact.says in (rules.Says.YES, rules.Says.AT_TIMES) else SafeContact(says=contact.says)
    fields = kept.as_fields() | {"said_on": on.isoformat(), "check_again_on": again.isoformat()}
    return SafeContact.from_fields(fields)


_CONTACT_WORDS = {
    "channel": "Choose how we may reach you.",
    "address": "Write where we may reach you, or choose that we do not.",
    "start": "Write from when until when we may reach you.",
}


def save_emergency(*, by: str, group_id: str, fields: dict[str, str], holder: bytes, now: datetime) -> bool:
    """Write what helps in an emergency; returns whether it would help tonight. Only then does it count (KIT9)."""
    kept = {name: str(fields.get(name, "")).strip() for name in rules.EMERGENCY_FIELDS}
    on = rows.local_day(group_id, now)
    again = playbook.add_duration(on, rules.EMERGENCY_CHECK_AFTER)
    usable = rules.emergency_usable(kept, check_again_on=again, today=on)
    edit_own(
        by=by,
        group_id=group_id,
        name=Name.EMERGENCY,
        fields=dict(kept),
        holder=holder,
        now=now,
        check_again_on=again if usable else None,
    )
    return usable
