"""The set-up of a new group: answers kept step by step, then one group made of them."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.groups import actions as group_actions
from circlekeeper.areas.safeguards import rules
from circlekeeper.areas.safeguards.actions.levels import decide_first_level
from circlekeeper.areas.safeguards.models import Draft
from circlekeeper.foundation import ledger, playbook
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import NotHere, Refused

STEPS = 7


@action("safeguards.draft.begin")
def begin_draft(*, by: str, now: datetime) -> str:
    """Begin to set up a group. Returns the draft's id; it is forgotten seven days after the last change."""
    row = Draft.objects.create(person_id=by, changed_at=now)
    ledger.record(by=by, about=row.pk, at=now)
    return row.pk


@action("safeguards.draft.save")
def save_draft(*, by: str, draft_id: str, step: int, answers: Mapping[str, str], now: datetime) -> None:
    """Keep the answers of one step and go on to the next.

    :raises NotHere: it is not one's own unfinished draft.
    """
    row = _own(by, draft_id)
    row.answers = {**row.answers, **answers}
    row.step, row.changed_at = min(max(row.step, step + 1), STEPS), now
    row.save(update_fields=["answers", "step", "changed_at"])
    ledger.record(by=by, about=row.pk, at=now)


@action("safeguards.draft.drop")
def drop_draft(*, by: str, draft_id: str, now: datetime) -> None:
    """Throw a draft away.

    :raises NotHere: it is not one's own unfinished draft.
    """
    _own(by, draft_id).delete()
    ledger.record(by=by, about=draft_id, at=now)


@action("safeguards.draft.finish")
def finish_draft(
    *,
    by: str,
    draft_id: str,
    public_name: str,
    about: str,
    purpose: str,
    time_zone: str,
    level: str,
    suggestion: rules.Suggestion,
    now: datetime,
) -> str:
    """Make the group; its answers become the first version of its profile. Returns the group's id.

    The level may be the suggested one or stricter. :raises NotHere: it is not one's own unfinished draft.
    :raises Refused: the level is looser than the answers ask for, or the group's facts are incomplete.
    """
    row = _own(by, draft_id)
    book = playbook.book()
    if level != suggestion.level and not rules.climbs(before=suggestion.level, after=level):
        raise Refused(_("Your answers ask for at least the suggested level."), field="level")
    made = group_actions.create_group(
        by=by,
        public_name=public_name,
        about=about,
        purpose=purpose,
        time_zone=time_zone,
        level=level,
        overlays=suggestion.overlays,
        playbook_version=book.version,
        now=now,
    )
    asked = {question.id for question in book.interview.question}
    answers = {name: given for name, given in row.answers.items() if name in asked}
    decide_first_level(by=by, group_id=made.id, now=now, answers=answers)
    row.delete()
    ledger.record(by=by, about=draft_id, at=now)
    return made.id


def _own(by: str, draft_id: str) -> Draft:
    row = Draft.objects.filter(pk=draft_id, person_id=by).first()
    if row is None:
        raise NotHere
    return row
