"""Being forgotten at once, because one asked. Nobody has to agree, and nobody can stop it; a hold keeps what it names."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.roster import events, provider, reaching, sealing
from circlekeeper.areas.roster.actions import rows
from circlekeeper.areas.roster.models import Compartment, Member, Name, State
from circlekeeper.foundation import announce, ledger
from circlekeeper.foundation.accounts import memberdoor
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.ledger import forgetting
from circlekeeper.foundation.vault import shredstore

PROMISES = "signature"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What came of it: the certificate's number (empty if nothing could go), and until when a hold keeps which parts."""

    certificate: str
    kept: Mapping[str, date]


@dataclass(frozen=True, slots=True)
class _Begun:
    """The secrets by part, and what the key was looked up by."""

    secrets: Mapping[str, str]
    key_lookup: bytes | None


def forget_now(*, by: str, group_id: str, member_id: str, now: datetime) -> Forgotten:
    """Destroy a member's record at once, because they asked.

    The order makes a crash harmless: it is logged and the record dated to today, so that the daily run would finish; then
    the secrets go and nothing can be read any more, here or in a backup; then the certificate; then the rows.

    :raises NotHere: there is no such record.
    """
    begun = _begin_forgetting(by=by, group_id=group_id, member_id=member_id, now=now)
    memberdoor.end_all(member_id, group_id)
    promises = agreements.promise_secrets(group_id=group_id, member_id=member_id)
    everything = sorted({*begun.secrets.values(), *promises})
    shredstore.shred(everything, now=now)
    # Asked of the store and not assumed: a hold may have been placed meanwhile.
    left = shredstore.held_until(shredstore.secrets(everything), on=now.date())
    gone = [each for each in everything if each not in left]
    certificate = provider.certify(by="member", group_id=group_id, secrets=gone, now=now)
    kept = {name: left[secret] for name, secret in begun.secrets.items() if secret in left}
    # Also when a hold keeps some of it: no restore and no other period may give them more time than the hold does.
    shredstore.remember("member", member_id, now=now)
    if kept:
        _keep_held(by=by, group_id=group_id, member_id=member_id, kept=kept, begun=begun, now=now)
    else:
        _finish_forgetting(by=by, group_id=group_id, member_id=member_id, now=now)
    held_promises = [left[each] for each in promises if each in left]
    return Forgotten(certificate, kept | ({PROMISES: max(held_promises)} if held_promises else {}))


@action("roster.member.forget")
def _begin_forgetting(*, by: str, group_id: str, member_id: str, now: datetime) -> _Begun:
    found = rows.member(group_id, member_id)
    key_lookup = bytes(found.key_lookup) if found.key_lookup else None
    found.state = State.LEFT
    found.left_on = found.left_on or rows.local_day(group_id, now)
    found.due_on = now.date()
    found.key_lookup = None
    found.save(update_fields=["state", "left_on", "due_on", "key_lookup"])
    parts = Compartment.objects.filter(member=found)
    reaching.end(member_id)
    secrets = {Name.ALIAS.value: found.secret_id, **dict(parts.values_list("name", "secret_id"))}
    parts.filter(name__in=list(sealing.SECRETS)).update(due_on=found.due_on)
    ledger.record(by=by, about=member_id, at=now)
    return _Begun(secrets, key_lookup)


@action("roster.member.forgotten")
def _finish_forgetting(*, by: str, group_id: str, member_id: str, now: datetime) -> None:
    forgetting.forget_details(about=member_id)
    if not Member.objects.filter(pk=member_id, group_id=group_id).delete()[0]:
        raise NotHere
    announce.announce(events.MemberForgotten(group_id, member_id, now), now=now)
    ledger.record(by=by, about=member_id, at=now)


@action("roster.member.held")
def _keep_held(
    *, by: str, group_id: str, member_id: str, kept: Collection[str], begun: _Begun, now: datetime
) -> None:
    """What is held stays, sealed, until the run after the hold; where the name itself is held, so does the key to look."""
    found = rows.member(group_id, member_id)
    Compartment.objects.filter(member=found).exclude(name__in=list(kept)).delete()
    if Name.ALIAS.value in kept:
        found.key_lookup = begun.key_lookup
        found.save(update_fields=["key_lookup"])
        announce.announce(events.MemberLeft(group_id, member_id, now.date()), now=now)
    else:
        forgetting.forget_details(about=member_id)
        announce.announce(events.MemberForgotten(group_id, member_id, now), now=now)
    ledger.record(by=by, about=member_id, at=now)
