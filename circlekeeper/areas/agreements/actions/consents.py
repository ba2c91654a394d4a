"""Giving and withdrawing consent: one event, one purpose, one text."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import queries, rules
from circlekeeper.areas.agreements.errors import NewerText, NotAgreed, NothingPublished
from circlekeeper.areas.agreements.events import ConsentWithdrawn
from circlekeeper.areas.agreements.models import Act, Consent, Kind, Pledge
from circlekeeper.areas.agreements.queries import consents as standing
from circlekeeper.areas.agreements.queries.documents import DocumentFacts
from circlekeeper.areas.agreements.rules import ConsentFault, Standing
from circlekeeper.foundation import announce, ledger, planned, playbook
from circlekeeper.foundation.action import action, current_verb
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.vault import shredstore

ENGLISH = "en"


@action("agreements.consent.give")
def record_consents(
    *,
    by: str,
    group_id: str,
    member_id: str,
    answers: Mapping[str, str],
    method: str,
    now: datetime,
    prepared: Iterable[str] = (),
    locale: str = ENGLISH,
) -> None:
    """Record what a member agreed to: purpose to hash of the text they were shown. What is not in ``answers`` stays open.

    ``method`` is the deed (``rules.METHODS``). ``prepared``: purposes that were ticked before the person came.

    :raises NotAgreed: bundled, prepared, unknown purpose, or no deed. :raises NewerText: another text is in force now.
    :raises NothingPublished: the group has no policy.
    """
    write_consents(
        by=by,
        group_id=group_id,
        member_id=member_id,
        answers=answers,
        needed=(),
        method=method,
        now=now,
        prepared=prepared,
        found=queries.in_force(group_id, locale),
    )


def write_consents(
    *,
    by: str,
    group_id: str,
    member_id: str,
    answers: Mapping[str, str],
    needed: Iterable[str],
    method: str,
    now: datetime,
    found: Mapping[tuple[str, str], DocumentFacts],
    prepared: Iterable[str] = (),
    due_on: date | None = None,
    is_new: bool = False,
) -> None:
    """The inside of ``record_consents`` and ``record_joining``; only inside an action of this room."""
    offered = {part: text.sha256 for (kind, part), text in found.items() if kind == Kind.CONSENT}
    _refuse(rules.consent_faults(answers, offered=offered, needed=needed, prepared=prepared), method)
    policy = found.get((Kind.POLICY, ""))
    if policy is None:
        raise NothingPublished(_("This group has not published its privacy policy yet."))
    # Of somebody who is new nothing can be there; if it were, the numbers would collide and all of it be refused.
    newest = {} if is_new else standing.newest([member_id])
    before = {purpose: row.number for (_member, purpose), row in newest.items()}
    rows = []
    for purpose in answers:
        text = found[Kind.CONSENT, purpose]
        rows.append(
            Consent(
                group_id=group_id,
                member_id=member_id,
                purpose=purpose,
                number=before.get(purpose, 0) + 1,
                act=Act.GIVEN,
                document_id=text.id,
                policy_id=policy.id,
                method=method,
                at=now,
                until=playbook.add_duration(now, text.body["lasts"]) if text.body["lasts"] else None,
                due_on=due_on,
            )
        )
    planned.insert(rows)
    ledger.record_many(ledger.Line(by, row.pk, now, current_verb()) for row in rows)


def _refuse(faults: list[tuple[str, ConsentFault]], method: str) -> None:
    if method not in rules.METHODS:
        raise NotAgreed(_("Consent is something a person does. Silence is not consent."))
    for purpose, fault in faults:
        if fault is ConsentFault.OLD_TEXT:
            raise NewerText(_("A newer text was published while this page was open. Please read it first."))
        said = {
            ConsentFault.NEEDED: _("To take part, please agree to this first. You can take it back at any time."),
            ConsentFault.BUNDLED: _("Each purpose needs an answer of its own."),
            ConsentFault.PREPARED: _("A box that was ticked beforehand is not an answer."),
            ConsentFault.UNKNOWN: _("There is no such question."),
        }
        raise NotAgreed(said[fault], field=purpose if fault is ConsentFault.NEEDED else "")


@action("agreements.consent.withdraw")
def withdraw_consent(
    *, by: str, group_id: str, member_id: str, purpose: str, now: datetime, method: str = "ticked"
) -> None:
    """Take one consent back. Show ``queries.withdrawal_effect`` first; whoever relies on it is told by an event.

    A note beside the shred store keeps it withdrawn after a restore.

    :raises NotHere: the member has not given this consent (or took it back already).
    """
    row = standing.newest([member_id]).get((member_id, purpose))
    where = rules.standing(standing.given(row), now=now)
    if row is None or row.group_id != group_id or where not in (Standing.GIVEN, Standing.EXPIRED):
        raise NotHere
    made = Consent.objects.create(
        group_id=group_id,
        member_id=member_id,
        purpose=purpose,
        number=row.number + 1,
        act=Act.WITHDRAWN,
        document_id=row.document_id,
        policy_id=row.policy_id,
        method=method,
        at=now,
        due_on=row.due_on,
    )
    shredstore.remember("consent", f"{member_id}:{purpose}", now=now)
    announce.announce(ConsentWithdrawn(group_id, member_id, purpose), now=now)
    ledger.record(by=by, about=made.pk, at=now)


@action("agreements.member.leave")
def set_due(*, by: str, group_id: str, member_id: str, due_on: date | None, now: datetime) -> None:
    """Set the day on which a member's consents and promises are destroyed; None when they came back."""
    Consent.objects.filter(group_id=group_id, member_id=member_id).update(due_on=due_on)
    Pledge.objects.filter(group_id=group_id, member_id=member_id).update(due_on=due_on)
    ledger.record(by=by, about=member_id, at=now)
