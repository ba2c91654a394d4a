"""What a member changes about their own record, with their own key."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from circlekeeper.areas.roster import events, reaching, rules, sealing
from circlekeeper.areas.roster.actions import rows
from circlekeeper.areas.roster.models import Compartment, Name, Reach, State
from circlekeeper.areas.roster.rules import SafeContact, Way
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
    reach = None
    if name == Name.CONTACT:
        reach = reaching.made(member_id=by, group_id=group_id, contact=SafeContact.from_fields(fields))
    _save_own(by=by, group_id=group_id, row=row, fresh=held is None, reach=reach, now=now)


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
def _save_own(
    *, by: str, group_id: str, row: Compartment, fresh: bool, reach: Reach | None, now: datetime
) -> None:
    found = rows.member(group_id, by, states=_STILL_HERE)
    if found.state in (State.MEMBER, State.PAUSED):
        # It may have been waiting for its end, because its purpose was taken back; now it is wanted again.
        row.due_on = None
    if fresh:
        row.save(force_insert=True)
    else:
        row.save(update_fields=["blob", "updated_on", "check_again_on", "due_on"])
    if reach is not None:
        reaching.replace(reach)
    if row.name == Name.EMERGENCY:
        announce.announce(events.EmergencyRecordChanged(group_id, by), now=now)
    ledger.record(by=by, about=by, at=now)


def save_safe_contact(
    *, by: str, group_id: str, contact: SafeContact, holder: bytes, now: datetime
) -> SafeContact:
    """Say anew whether and how one may be reached; a yes holds until it is due to be asked again.

    What is said on the first way counts from today; other ways (``also``) keep their dates.

    :raises Refused: a yes without a way to be reached.
    """
    dated = dated_contact(contact, on=rows.local_day(group_id, now))
    _save_contact(by=by, group_id=group_id, contact=dated, holder=holder, now=now)
    return dated


def save_way(
    *, by: str, group_id: str, held: SafeContact, way: Way, zone: str, remind: bool, holder: bytes, now: datetime
) -> SafeContact:
    """Say anew whether and how one may be reached by one channel; the others stay as they are, with their own dates.

    ``held``: the word until now. ``zone``: where their clock is. ``remind``: whether they want to hear before meetings.

    :raises Refused: a yes without a way to be reached.
    """
    dated = dated_way(way, on=rows.local_day(group_id, now))
    whole = replace(held, zone=zone, remind=remind).with_way(dated)
    _save_contact(by=by, group_id=group_id, contact=whole, holder=holder, now=now)
    return whole


def _save_contact(*, by: str, group_id: str, contact: SafeContact, holder: bytes, now: datetime) -> None:
    asked = [each.check_again_on for each in (contact, *contact.also) if each.check_again_on]
    edit_own(
        by=by,
        group_id=group_id,
        name=Name.CONTACT,
        fields=contact.as_fields(),
        holder=holder,
        now=now,
        check_again_on=date.fromisoformat(min(asked)) if asked else None,
    )


def dated_contact(contact: SafeContact, *, on: date) -> SafeContact:
    """An answer of today, with the day it is asked again. A no keeps no address.

    :raises Refused: a yes without a way to be reached.
    """
    way = dated_way(contact, on=on)
    if not way.is_yes:
        return SafeContact(says=way.says, said_on=way.said_on, check_again_on=way.check_again_on)
    return replace(contact, said_on=way.said_on, check_again_on=way.check_again_on)


def dated_way(way: Way, *, on: date) -> Way:
    """The same for one channel.

    :raises Refused: a yes without a way to be reached.
    """
    fault = rules.contact_fault(way)
    if fault:
        raise Refused(_CONTACT_WORDS[fault], field=fault)
    again = playbook.add_duration(on, rules.CHECK_AGAIN_AFTER)
    kept = way if way.is_yes else Way(says=way.says, channel=way.channel)
    return replace(kept, said_on=on.isoformat(), check_again_on=again.isoformat())


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
