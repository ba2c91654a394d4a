"""Knowing that somebody is reached (MED1)."""

import hmac
import secrets
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from circlekeeper.areas.joining import rules
from circlekeeper.areas.joining.actions import rows
from circlekeeper.areas.joining.models import Application, State
from circlekeeper.foundation import ledger
from circlekeeper.foundation.action import action
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.vault import kdf
from circlekeeper.foundation.vault.serversecrets import server_secret

CODE_LASTS = timedelta(days=7)


@action("joining.code.make")
def make_code(*, by: str, group_id: str, application_id: str, now: datetime) -> str:
    """A six-digit code to tell the applicant in the way they chose; it lasts a week and five tries, and ends the one before.

    :raises NotHere: there is no such application. :raises Refused: it was decided already.
    """
    found = rows.open_application(group_id, application_id)
    code = f"{secrets.randbelow(10**6):06d}"
    found.code_hash, found.code_until, found.code_tries = _code_hash(found.pk, code), now + CODE_LASTS, 0
    found.save(update_fields=["code_hash", "code_until", "code_tries"])
    ledger.record(by=by, about=found.pk, at=now)
    return code


def _code_hash(application_id: str, code: str) -> bytes:
    return kdf.derive(server_secret("pepper"), "joining-code", application_id.encode(), code.encode())


def prove_contact(*, by: str, group_id: str, code: str, now: datetime) -> None:
    """An applicant types the code they were told. ``by`` is the member.

    :raises Refused: it is not the code, or there are no tries left; the wrong try is counted first.
    """
    if not _try_code(by=by, group_id=group_id, code="".join(code.split()), now=now):
        raise Refused(_("That is not the code. Look again, or ask for a new one."), field="code")


@action("joining.code.try")
def _try_code(*, by: str, group_id: str, code: str, now: datetime) -> bool:
    waiting = Application.objects.select_for_update().filter(member_id=by, group_id=group_id, state=State.OPEN)
    found = waiting.first()
    if found is None or found.code_hash is None or found.code_until is None or found.code_until < now:
        raise Refused(_("No code is waiting for you. Ask the people who host for a new one."), field="code")
    if found.code_tries >= rules.CODE_TRIES:
        raise Refused(_("That was tried too often. Ask for a new code."), field="code")
    found.code_tries += 1
    right = hmac.compare_digest(bytes(found.code_hash), _code_hash(found.pk, code))
    if right:
        found.proven_at, found.code_hash = now, None
    found.save(update_fields=["code_tries", "proven_at", "code_hash"])
    ledger.record(by=by, about=found.pk, at=now)
    return right
