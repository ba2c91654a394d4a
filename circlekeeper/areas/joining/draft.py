"""What a visitor wrote so far, carried from page to page in one encrypted form field and in nothing else."""

import base64
import binascii
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from circlekeeper.areas.joining.rules import ORDER, Step
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.vault import envelope, kdf, memberkeys
from circlekeeper.foundation.vault.serversecrets import server_secret

LASTS = timedelta(hours=2)
_LONGEST = 40_000


class DraftGone(Exception):
    """The form field is missing, changed, too old or of another group; the visitor starts again."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Answers so far, the number of the form (one form, one application), and the member key it will end in."""

    form: str
    key: str
    begun_at: str
    answers: dict[str, dict[str, object]] = field(default_factory=dict)

    def next_step(self) -> Step:
        """The first page without answers."""
        return next((step for step in ORDER if step not in self.answers), Step.AGREE)

    def answered(self, step: Step, fields: dict[str, object]) -> "Draft":
        """With one page's answers."""
        return Draft(self.form, self.key, self.begun_at, self.answers | {step.value: fields})

    def without(self, step: Step) -> "Draft":
        """Back to one page: its answers and the later ones are still there to be shown, but count as open."""
        return Draft(
            self.form, self.key, self.begun_at, {k: v for k, v in self.answers.items() if k != step.value}
        )


def begin(now: datetime) -> Draft:
    """A fresh draft. Its member key is made now, so that a form posted twice shows the same one."""
    return Draft(form=new_id(), key=memberkeys.new_member_key().letters, begun_at=now.isoformat())


def _key() -> bytes:
    return kdf.derive(server_secret("forms"), "joining-draft")


def _place(group_id: str) -> envelope.Place:
    return envelope.Place("joining_form", "-", "draft", group_id)


def pack(draft: Draft, group_id: str) -> str:
    """The form field's value."""
    plain = json.dumps(asdict(draft)).encode()
    return base64.urlsafe_b64encode(envelope.seal(_key(), plain, _place(group_id))).decode()


def unpack(packed: str, group_id: str, now: datetime) -> Draft:
    """Read the form field.

    :raises DraftGone: it cannot be used.
    """
    try:
        blob = base64.urlsafe_b64decode(packed[:_LONGEST].encode())
        draft = Draft(**json.loads(envelope.unseal(_key(), blob, _place(group_id))))
        fresh = now - datetime.fromisoformat(draft.begun_at) <= LASTS
    except (envelope.SealBroken, binascii.Error, ValueError, TypeError):
        raise DraftGone from None
    if not fresh:
        raise DraftGone
    return draft
