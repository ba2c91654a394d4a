"""The outbox: letters wait here until the worker hands them to the mail server, one at a time, each at most once.

A letter is claimed by a conditional update before it is handed over. If the machine dies or the mail server falls silent in
between, nobody knows whether it arrived; such a letter is counted as unsure and never sent again: one message too few is
read on the next visit to the page, one too many may be read by somebody else.

Whether it may go at all is asked twice: when it is queued, and again when it leaves (WHY1). A letter belongs to one answer
of its person (``reach_id``); when that answer is replaced, nothing that was queued under it leaves any more.
"""

import hashlib
import logging
import smtplib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.db.models import F, Q

from circlekeeper.foundation import guard
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.post import contact as contacts
from circlekeeper.foundation.post import letter, mailer, rules, sealing
from circlekeeper.foundation.post.contact import SafeContact, Verdict
from circlekeeper.foundation.post.models import Ended, Letter, LetterState

AT_ONCE = 200
_FOR_GOOD = 500
_HANG_UP = 421
_SILENCE = timedelta(minutes=15)
MAIL = "mail"
USELESS_AFTER = rules.USELESS_AFTER
_log = logging.getLogger(__name__)
_WHY = "outbox bookkeeping: the action that queued the letter is in the log"


@dataclass(frozen=True, slots=True)
class Round:
    """What one run of the worker did; numbers only."""

    sent: int = 0
    put_off: int = 0
    dropped: int = 0
    unsure: int = 0
    down: bool = False  # the mail server could not be reached; the rest waits for the next run


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits, for the doctor: how many letters, since when the oldest is due, and how many ended unsure."""

    waiting: int
    oldest_due_at: datetime | None
    unsure: int
    mail_is_set_up: bool


def install(stands: Callable[[str], bool]) -> None:
    """Name the function that says whether an answer (``reach_id``) still stands. Until one is named, nothing leaves."""
    _stands[:] = [stands]


_stands: list[Callable[[str], bool]] = []


@dataclass(frozen=True, slots=True)
class Wanted:
    """One letter somebody wants sent.

    ``reach_id``: the answer it rests on. ``useless_at``: after this it is destroyed instead of sent; three days after it is
    due, unless said otherwise. ``once``: an occasion made of opaque ids; a second letter for it is not queued.
    """

    reach_id: str
    contact: SafeContact
    due_at: datetime
    useless_at: datetime | None = None
    once: str = ""
    lang: str = "en"


def queue(
    *,
    reach_id: str,
    contact: SafeContact,
    now: datetime,
    due_at: datetime | None = None,
    useless_at: datetime | None = None,
    once: str = "",
    lang: str = "en",
) -> str:
    """Put one letter into the outbox and return its id, or "" if its person's answer does not allow it (see ``Wanted``).

    Call it inside an action; it goes and comes with that transaction. For an occasion that has a letter, its id comes back.
    """
    if occasion := _occasion(once):
        before = Letter.objects.filter(once=occasion).values_list("pk", flat=True).first()
        if before:
            return before
    row = _row(Wanted(reach_id, contact, due_at or now, useless_at, once, lang), now)
    if row is None:
        return ""
    row.save(force_insert=True)
    return row.pk


def queue_many(wanted: Sequence[Wanted], *, now: datetime) -> frozenset[str]:
    """Put many letters into the outbox, in two queries; returns the occasions that have a letter now or had one before.

    Each has an occasion (``once``). Whose answer does not allow it, or whose address is none, gets no letter. Call it inside
    an action.
    """
    by_occasion = {_occasion(each.once): each for each in wanted}
    before = set(Letter.objects.filter(once__in=by_occasion).values_list("once", flat=True))
    fresh = {each: row for each in by_occasion.keys() - before if (row := _row(by_occasion[each], now))}
    Letter.objects.bulk_create(fresh.values())
    return frozenset(by_occasion[each].once for each in before | fresh.keys() if each)


def _row(wanted: Wanted, now: datetime) -> Letter | None:
    """The letter, if its person's answer allows it when it is due, before it is useless."""
    due = max(wanted.due_at, now)
    answer, only = contacts.may_send(wanted.contact, MAIL, due), wanted.contact.only(MAIL)
    due = answer.not_before or due
    useless = wanted.useless_at or due + USELESS_AFTER
    if answer.verdict is Verdict.NEVER or useless <= due or not _is_address(only.address):
        return None
    letter_id = new_id()
    return Letter(
        pk=letter_id,
        template=letter.NOTICE,
        lang=wanted.lang,
        once=_occasion(wanted.once) or None,
        reach_id=wanted.reach_id,
        sealed_recipient=sealing.seal(only, place=letter_id),
        due_at=due,
        useless_at=useless,
    )


def stop(reach_id: str) -> int:
    """Destroy everything that waits under an answer, because it stands no longer. Call it inside an action."""
    waiting = Letter.objects.filter(reach_id=reach_id, state=LetterState.WAITING)
    return waiting.update(state=LetterState.DROPPED, ended=Ended.WITHDRAWN, sealed_recipient=None)


def unreached(reach_ids: Iterable[str]) -> frozenset[str]:
    """The answers whose newest finished letter could not be delivered: refused for good, or given up."""
    ended = Letter.objects.filter(reach_id__in=list(reach_ids)).filter(
        Q(state=LetterState.SENT) | Q(ended__in=(Ended.REFUSED, Ended.GAVE_UP))
    )
    newest = dict(ended.order_by("due_at", "pk").values_list("reach_id", "state"))
    return frozenset(reach for reach, state in newest.items() if state != LetterState.SENT)


def waiting_until(reach_ids: Iterable[str]) -> datetime | None:
    """When the last letter waiting under these answers is due."""
    waiting = Letter.objects.filter(reach_id__in=list(reach_ids), state=LetterState.WAITING)
    return waiting.order_by("-due_at").values_list("due_at", flat=True).first()


def call_back(*, once: str) -> bool:
    """Destroy the letter of an occasion if it still waits. Call it inside an action."""
    waiting = Letter.objects.filter(once=_occasion(once), state=LetterState.WAITING)
    return bool(waiting.update(state=LetterState.DROPPED, ended=Ended.CALLED_BACK, sealed_recipient=None))


def send_due(now: datetime) -> Round:
    """Hand over what is due. Several workers may run this at once; a letter goes to one of them.

    Does nothing while no mail server is set up. Never raises for mail, and never writes an address anywhere.
    """
    if not settings.EMAIL_URL:
        return Round()
    done = _tidy(now)
    due = Letter.objects.filter(state=LetterState.WAITING, due_at__lte=now, useless_at__gt=now)
    ids = list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:AT_ONCE])
    connection = mailer.mailer()
    try:
        for letter_id in ids:
            done = _sum(done, _send(letter_id, connection, now))
            if done.down:
                break
    finally:
        mailer.hang_up(connection)
    return done


def backlog(now: datetime) -> Backlog:
    """How the outbox stands."""
    waiting = Letter.objects.filter(state=LetterState.WAITING, due_at__lte=now).order_by("due_at")
    return Backlog(
        waiting=waiting.count(),
        oldest_due_at=waiting.values_list("due_at", flat=True).first(),
        unsure=Letter.objects.filter(state=LetterState.UNSURE).count(),
        mail_is_set_up=bool(settings.EMAIL_URL),
    )


def _is_address(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


def _occasion(once: str) -> str:
    return hashlib.sha256(f"letter:{once}".encode()).hexdigest() if once else ""


def _tidy(now: datetime) -> Round:
    """Give up on what is useless by now, and on what was handed over long ago without an answer."""
    useless = Letter.objects.filter(state=LetterState.WAITING, useless_at__lte=now)
    lost = Letter.objects.filter(state=LetterState.HANDED, handed_at__lte=now - _SILENCE)
    drop = {"state": LetterState.DROPPED, "sealed_recipient": None}
    with guard.outside_action(_WHY):
        gave_up = useless.filter(attempts__gt=0).update(**drop, ended=Ended.GAVE_UP)
        late = useless.update(**drop, ended=Ended.TOO_LATE)
        unsure = lost.update(state=LetterState.UNSURE, sealed_recipient=None)
    return Round(dropped=gave_up + late, unsure=unsure)


def _put_off(claimed: Letter, due_at: datetime, *, tried: bool = True, down: bool = False) -> Round:
    """Try this one again later; whether it may go then is asked then."""
    with guard.outside_action(_WHY):
        Letter.objects.filter(pk=claimed.pk, state=LetterState.HANDED).update(
            state=LetterState.WAITING,
            attempts=F("attempts") + int(tried),
            handed_at=None,
            due_at=due_at,
        )
    return Round(put_off=1, down=down)


def _claim(letter_id: str, now: datetime) -> Letter | None:
    """Take a letter for handing over. The condition lets exactly one worker have it."""
    with guard.outside_action(_WHY):
        claimed = Letter.objects.filter(pk=letter_id, state=LetterState.WAITING, due_at__lte=now).update(
            state=LetterState.HANDED, handed_at=now
        )
    return Letter.objects.get(pk=letter_id) if claimed else None


def _settle(letter_id: str, state: LetterState, done: Round, **values: object) -> Round:
    with guard.outside_action(_WHY):
        Letter.objects.filter(pk=letter_id).update(state=state, sealed_recipient=None, **values)
    return done


def _send(letter_id: str, connection: BaseEmailBackend, now: datetime) -> Round:
    claimed = _claim(letter_id, now)
    if claimed is None or claimed.sealed_recipient is None:
        return Round()
    if not (_stands and _stands[0](claimed.reach_id)):
        return _drop(letter_id, Ended.WITHDRAWN)
    try:
        contact = sealing.open_sealed(bytes(claimed.sealed_recipient), place=letter_id)
    except sealing.Unreadable:
        _log.warning("letter %s does not open; dropped", letter_id)
        return _drop(letter_id, Ended.UNREADABLE)
    answer = contacts.may_send(contact, MAIL, now)
    if answer.verdict is Verdict.NEVER:
        return _drop(letter_id, Ended.NOT_ALLOWED)
    if answer.not_before is not None:
        return _put_off(claimed, answer.not_before, tried=False)
    return _hand_over(claimed, contact, connection, now)


def _drop(letter_id: str, ended: Ended) -> Round:
    return _settle(letter_id, LetterState.DROPPED, Round(dropped=1), ended=ended)


def _hand_over(claimed: Letter, contact: SafeContact, connection: BaseEmailBackend, now: datetime) -> Round:
    made = letter.message(claimed.lang, address=contact.address, letter_id=claimed.pk)
    later = now + rules.pause(claimed.attempts + 1)
    given = False
    try:
        mailer.next_letter(connection)
        given = True
        connection.send_messages([made])
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as refusal:
        code = _code(refusal)
        _log.warning("letter %s: the mail server answered %d", claimed.pk, code)
        if given and code >= _FOR_GOOD:
            return _drop(claimed.pk, Ended.REFUSED)
        if code == _HANG_UP:
            mailer.hang_up(connection)
        return _put_off(claimed, later, down=not given)
    except (OSError, smtplib.SMTPException) as silence:
        unsure = given and mailer.was_given(connection)
        _log.warning("letter %s: no answer (%s)", claimed.pk, type(silence).__name__)
        mailer.hang_up(connection)
        if unsure:
            return _settle(claimed.pk, LetterState.UNSURE, Round(unsure=1))
        return _put_off(claimed, later, down=not given)
    return _settle(claimed.pk, LetterState.SENT, Round(sent=1), sent_at=now)


def _code(refusal: smtplib.SMTPException) -> int:
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        return max((int(code) for code, _said in refusal.recipients.values()), default=450)
    return int(getattr(refusal, "smtp_code", 450))


def _sum(*rounds: Round) -> Round:
    return Round(
        sent=sum(each.sent for each in rounds),
        put_off=sum(each.put_off for each in rounds),
        dropped=sum(each.dropped for each in rounds),
        unsure=sum(each.unsure for each in rounds),
        down=any(each.down for each in rounds),
    )
