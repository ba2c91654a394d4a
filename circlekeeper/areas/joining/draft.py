"""What a visitor wrote so far, carried from page to page in one encrypted form field and in nothing else.

Neither a session nor a row: before somebody has read and agreed to anything, nothing of theirs is kept here.
"""

import base64
import binascii
import json
from dataclasses import asdict, dataclass, field, replace
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
    """Answers so far, the number of the form (one form, one application), and the member key it will end in.

    ``kept``: what was typed on pages one went back from, to be shown again. ``shown``: which texts the last page showed.
    """

    form: str
    key: str
    begun_at: str
    answers: dict[str, dict[str, object]] = field(default_factory=dict)
    kept: dict[str, dict[str, object]] = field(default_factory=dict)
    shown: str = ""

    def next_step(self) -> Step:
        """The first page without answers."""
        return next((step for step in ORDER if step not in self.answers), Step.AGREE)

    def answered(self, step: Step, fields: dict[str, object]) -> "Draft":
        """With one page's answers."""
        return replace(self, answers=self.answers | {step.value: fields}, kept=_but(self.kept, step))

    def back_to(self, step: Step, *, typed: dict[str, object]) -> "Draft":
        """Back to one page: its answers count as open again and are shown; so is, later, what was ``typed`` here."""
        here = self.next_step()
        kept = self.kept | {here.value: typed} if typed else self.kept
        return replace(
            self,
            answers=_but(self.answers, step),
            kept=kept | {step.value: self.answers.get(step.value, {})},
        )

    def showing(self, texts: str) -> "Draft":
        """With the mark of the texts that are about to be shown."""
        return replace(self, shown=texts)


def _but(fields: dict[str, dict[str, object]], step: Step) -> dict[str, dict[str, object]]:
    return {name: held for name, held in fields.items() if name != step.value}


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
