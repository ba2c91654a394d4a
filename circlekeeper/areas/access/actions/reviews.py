"""Saying that a rule hurts, and answering: by changing it or by saying why it stays (ACC5)."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from circlekeeper.areas.access import queries, rules
from circlekeeper.areas.access.actions.talks import SOMEBODY
from circlekeeper.areas.access.models import RuleReview, Verdict
from circlekeeper.areas.access.queries.reviews import review_place
from circlekeeper.areas.access.rules import RuleKind
from circlekeeper.areas.agreements import actions as agreements_do
from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.agreements.rules import NormText
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import groupkeys, records, shredstore
from circlekeeper.foundation.vault.groupkeys import Scope
from circlekeeper.foundation.vault.records import SealedRecord
from circlekeeper.foundation.vault.ring import KeyRing

RECORD = "concerns"
LONGEST = 2000
MOST_OPEN = 50


def raise_rule(*, group_id: str, kind: str, words: str, now: datetime) -> None:
    """Somebody of the group says that a rule hurts. Nothing is kept of who it was.

    :raises NotHere: no such text. :raises Refused: nothing was written or too much, or too many wait already.
    """
    if kind not in list(RuleKind):
        raise NotHere
    said = words.strip()
    if not said or len(said) > LONGEST:
        raise Refused(_("Say in a few sentences which rule it is and what it does."), field="words")
    review_id = new_id()
    secret = shredstore.new_secret(record=RECORD, group_id=group_id, now=now)
    sealed = records.seal_for_group(
        {"words": said},
        public=groupkeys.public_key(group_id, Scope.ROSTER),
        secret=secret.value,
        place=review_place(review_id, group_id),
    )
    _raise(
        by=SOMEBODY, group_id=group_id, review_id=review_id, kind=kind, secret_id=secret.id, sealed=sealed, now=now
    )


@action("access.rule.raise")
def _raise(
    *, by: str, group_id: str, review_id: str, kind: str, secret_id: str, sealed: SealedRecord, now: datetime
) -> None:
    if RuleReview.objects.filter(group_id=group_id, verdict=Verdict.OPEN).count() >= MOST_OPEN:
        raise Refused(_("Much is waiting for an answer. Please speak with someone you trust in the group."))
    answer_by = now.astimezone(groups.group(group_id).zone).date() + timedelta(days=rules.ANSWER_DAYS)
    RuleReview.objects.create(
        pk=review_id,
        group_id=group_id,
        kind=kind,
        secret_id=secret_id,
        blob=sealed.blob,
        wrap=sealed.wrap,
        answer_by=answer_by,
        due_on=safeguards.due_on(group_id=group_id, record=RECORD, start=answer_by),
    )
    ledger.record(by=by, about=review_id, at=now)


def change_rule(
    *, by: str, ring: KeyRing, group_id: str, review_id: str, part: str, words: str, note: str, now: datetime
) -> None:
    """Accept it: the text is published anew with ``words`` in place of ``part``, and members are told ``note``.

    A norm without words goes; an empty ``part`` adds a norm. Members are asked again, as after each change that matters.

    :raises NotHere: nothing waits under this id, or there is no such part.
    :raises Refused: the note is missing or names a member, or the text cannot be published so.
    """
    _check_note(ring, group_id, note)
    _change(
        by=by, group_id=group_id, review_id=review_id, part=part, words=words.strip(), note=note.strip(), now=now
    )


@action("access.rule.change")
def _change(*, by: str, group_id: str, review_id: str, part: str, words: str, note: str, now: datetime) -> None:
    found = _waiting(group_id, review_id)
    if part not in {"", *(each.id for each in queries.parts(group_id, found.kind))}:
        raise NotHere
    edition = agreements_do.Edition(note=note)
    if found.kind == RuleKind.POLICY:
        old = agreements.current(group_id, "policy")
        if old is None or not part:
            raise Refused(_("Choose which part you change."), field="part")
        prose = agreements.words_of("policy", old.body) | {part: words}
        agreements_do.publish_policy(by=by, group_id=group_id, prose=prose, now=now, edition=edition)
    else:
        norms = _norms(group_id, part, words)
        agreements_do.publish_norms(by=by, group_id=group_id, norms=norms, now=now, edition=edition)
    _settle(found, Verdict.CHANGED, note=note, by=by, now=now)


def _norms(group_id: str, part: str, words: str) -> list[NormText]:
    norms = [
        NormText(each.id, words if each.id == part else each.words, each.fixed)
        for each in agreements.norm_texts(group_id)
        if each.id != part or words
    ]
    return norms if part else [*norms, NormText("", words, fixed=False)]


def keep_rule(*, by: str, ring: KeyRing, group_id: str, review_id: str, note: str, now: datetime) -> None:
    """Answer why the rule stays; members read ``note``.

    :raises NotHere: nothing waits under this id. :raises Refused: the note is missing or names a member.
    """
    _check_note(ring, group_id, note)
    _keep(by=by, group_id=group_id, review_id=review_id, note=note.strip(), now=now)


@action("access.rule.keep")
def _keep(*, by: str, group_id: str, review_id: str, note: str, now: datetime) -> None:
    _settle(_waiting(group_id, review_id), Verdict.KEPT, note=note, by=by, now=now)


def _check_note(ring: KeyRing, group_id: str, note: str) -> None:
    if len(note.strip()) < rules.SHORTEST_NOTE:
        raise Refused(_("Tell the members in a sentence what you decided and why."), field="note")
    if rules.credits_somebody(note, roster.aliases(ring=ring, group_id=group_id).values()):
        raise Refused(_("A member's name stands in this. Say it so that it points at nobody."), field="note")


def _waiting(group_id: str, review_id: str) -> RuleReview:
    rows = RuleReview.objects.select_for_update().filter(pk=review_id, group_id=group_id, verdict=Verdict.OPEN)
    found = rows.first()
    if found is None:
        raise NotHere
    return found


def _settle(found: RuleReview, verdict: Verdict, *, note: str, by: str, now: datetime) -> None:
    today = now.astimezone(groups.group(found.group_id).zone).date()
    found.verdict, found.note, found.decided_on = verdict, note[:300], today
    found.due_on = safeguards.due_on(group_id=found.group_id, record=RECORD, start=today)
    found.save(update_fields=["verdict", "note", "decided_on", "due_on"])
    ledger.record(by=by, about=found.pk, at=now)
