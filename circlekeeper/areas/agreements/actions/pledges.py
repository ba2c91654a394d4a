"""Making the promise, and everything a person agrees to when they join."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import copies, queries, rules
from circlekeeper.areas.agreements.actions import consents
from circlekeeper.areas.agreements.errors import NewerText, NotSigned
from circlekeeper.areas.agreements.events import PledgeSigned
from circlekeeper.areas.agreements.models import Kind, Pledge
from circlekeeper.areas.agreements.queries.copies import place
from circlekeeper.areas.agreements.queries.documents import must
from circlekeeper.areas.agreements.rules import SignatureFault
from circlekeeper.foundation import announce, ledger, planned, playbook
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import groupkeys, records, shredstore
from circlekeeper.foundation.vault.groupkeys import Scope

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Signature:
    """A promise ready to be recorded: how it was made, to which text, and the sealed name if one was given."""

    pledge_id: str
    strength: str
    sha256: str
    sealed: records.SealedRecord | None = None
    secret_id: str = ""
    code_mark: bytes | None = None


def prepare_signature(
    *,
    group_id: str,
    sha256: str,
    now: datetime,
    ticked: bool = False,
    name: str = "",
    alias: str = "",
    said_legal: bool = False,
    holder: bytes | None = None,
) -> Signature:
    """Check a signature and seal the name under it, for a signed agreement with the code of its copy (CNF2).

    Call it before the action: it writes to the shred store.

    ``sha256`` is of the text that was shown; ``alias`` the name chosen for the group; ``holder`` the member key, so that the
    member can open their copy.

    :raises NotSigned: too weak, no name, or a chosen name where the legal one is needed (CNF1).
    """
    needed = queries.pledge_strength(group_id)
    strength = needed if (needed != "tick" and name.strip()) or (needed == "tick" and ticked) else ""
    fault = rules.signature_fault(
        strength=strength,
        needed=needed,
        name=name.strip(),
        alias=alias,
        legal_name_needed=queries.legal_name_needed(group_id),
        said_legal=said_legal,
    )
    if fault is not None:
        raise NotSigned(_why_not(fault, needed), field="signature" if needed != "tick" else "promise")
    pledge_id = new_id()
    if strength == "tick":
        return Signature(pledge_id, strength, sha256)
    code = copies.new_code() if strength == "signed" else ""
    secret = shredstore.new_secret(record="pledge", group_id=group_id, now=now)
    sealed = records.seal_for_group(
        {"name": name.strip()} | ({"code": code} if code else {}),
        public=groupkeys.public_key(group_id, Scope.ROSTER),
        secret=secret.value,
        place=place(pledge_id, group_id),
        holder=holder,
    )
    mark = copies.code_mark(code) if code else None
    return Signature(pledge_id, strength, sha256, sealed, secret.id, mark)


def _why_not(fault: SignatureFault, needed: str) -> str:
    if fault is SignatureFault.ALIAS:
        return _(
            "This group needs your legal name here, in full. It is sealed, and the other members never see it."
        )
    if fault is SignatureFault.TOO_LONG:
        return _("This name is too long.")
    if needed == "tick":
        return _("Please tick the promise, so that everyone is safe here.")
    return _("Please write your name under the promise.")


@action("agreements.pledge.sign")
def sign_pledge(
    *, by: str, group_id: str, member_id: str, signature: Signature, now: datetime, locale: str = ENGLISH
) -> str:
    """Record a member's promise to the text in force; returns its id.

    :raises NewerText: a newer text was published while the page was open. :raises NothingPublished: there is none.
    """
    return _sign(
        by=by,
        group_id=group_id,
        member_id=member_id,
        signature=signature,
        now=now,
        found=queries.in_force(group_id, locale),
    )


def _sign(
    *,
    by: str,
    group_id: str,
    member_id: str,
    signature: Signature,
    now: datetime,
    found: Mapping[tuple[str, str], queries.DocumentFacts],
    due_on: date | None = None,
) -> str:
    text = must(found, Kind.PLEDGE, queries.pledge_strength(group_id))
    if text.sha256 != signature.sha256 or text.part != signature.strength:
        raise NewerText(_("A newer text was published while this page was open. Please read it first."))
    sealed = signature.sealed or records.SealedRecord(b"", b"", b"")
    made = Pledge(
        pk=signature.pledge_id,
        group_id=group_id,
        member_id=member_id,
        document_id=text.id,
        strength=signature.strength,
        blob=sealed.blob,
        wrap=sealed.wrap,
        holder_wrap=sealed.holder_wrap,
        secret_id=signature.secret_id,
        code_mark=signature.code_mark,
        signed_at=now,
        lapses_at=playbook.add_duration(now, queries.pledge_lasts(group_id)),
        due_on=due_on,
    )
    planned.insert([made])
    announce.announce(PledgeSigned(group_id, member_id, made.pk), now=now)
    ledger.record(by=by, about=made.pk, at=now)
    return made.pk


@action("agreements.joining.record")
def record_joining(
    *,
    by: str,
    group_id: str,
    member_id: str,
    policy_version: int | None,
    answers: Mapping[str, str],
    signature: Signature,
    now: datetime,
    due_on: date | None = None,
    prepared: Iterable[str] = (),
    is_new: bool = False,
    locale: str = ENGLISH,
) -> None:
    """Record everything a person agreed to when they joined, in one transaction: policy read, consents, promise.

    ``policy_version`` is the version of the policy shown in the step before; None if that step was skipped. ``due_on``: the
    day all of it is destroyed if nobody takes the person in (``set_due`` changes it). ``is_new``: the member's id was
    made in this transaction, so they can have answered nothing before.

    :raises Refused: the policy was not shown (POL4). :raises NewerText: a text changed meanwhile.
    :raises NotAgreed: a consent that is needed is missing, or one cannot be taken.
    """
    found = queries.in_force(group_id, locale)
    policy = must(found, Kind.POLICY)
    if policy_version is None:
        raise Refused(_("Please read the privacy policy first."), field="policy")
    if policy_version != policy.version:
        raise NewerText(_("A newer text was published while this page was open. Please read it first."))
    consents.write_consents(
        by=by,
        group_id=group_id,
        member_id=member_id,
        answers=answers,
        needed=[each.id for each in queries.defaults(locale).purposes if each.needed_to_join],
        method="ticked",
        now=now,
        prepared=prepared,
        found=found,
        due_on=due_on,
        is_new=is_new,
    )
    _sign(by=by, group_id=group_id, member_id=member_id, signature=signature, now=now, found=found, due_on=due_on)
