"""What arrives, shown before anybody says yes. It is made by the code that sends, not told again (WHY1)."""

from dataclasses import dataclass
from email.utils import parseaddr

from django.utils.translation import gettext as _

from circlekeeper.foundation.post import catalogue, letter
from circlekeeper.foundation.post.contact import CHANNELS

# What a phone shows of a message while it is locked: a line or two.
FIRST_WORDS = 90
_SOMEBODY = "you@example.org"


@dataclass(frozen=True, slots=True)
class Preview:
    """One way of being reached: what a locked screen shows (who from, about what, first words), and the whole of it.

    ``sender``, ``subject``, ``first_words`` are empty where a phone shows nothing. ``rows``: what is said when, for ways
    that are no written message.
    """

    channel: str
    sender: str
    subject: str
    first_words: str
    body: str
    rows: tuple[tuple[str, str], ...] = ()


def of(channel: str, *, lang: str = "en") -> Preview:
    """What somebody would get by this channel.

    :raises KeyError: there is no such channel.
    """
    return {"mail": _mail, "text": _text, "call": _call, "post": _post}[channel](lang)


def every(*, lang: str = "en") -> list[Preview]:
    """The previews of all channels, in the order in which they are offered."""
    return [of(channel, lang=lang) for channel in CHANNELS]


def _mail(lang: str) -> Preview:
    made = letter.message(lang, address=_SOMEBODY, letter_id="preview")
    name, address = parseaddr(made.from_email)
    body = str(made.body)
    return Preview(
        channel="mail",
        sender=name,
        subject=str(made.subject),
        first_words=first_words(body),
        body=body.strip(),
        rows=((_("From the address"), address),),
    )


def _text(lang: str) -> Preview:
    said = catalogue.text(lang)
    return Preview(
        channel="text",
        sender=_("The number of the person who writes"),
        subject="",
        first_words=first_words(said.body),
        body=said.body,
    )


def _call(lang: str) -> Preview:
    return Preview(
        channel="call",
        sender=_("The number of the person who calls"),
        subject="",
        first_words="",
        body="",
        rows=(
            (_("If somebody else answers"), catalogue.someone_else_answered(lang).body),
            (_("On an answering machine, if you allow it"), catalogue.voicemail(lang).body),
        ),
    )


def _post(lang: str) -> Preview:
    return Preview(
        channel="post",
        sender="",
        subject="",
        first_words="",
        body=catalogue.post(lang).body,
        rows=((_("On the envelope"), _("Your address. No sender.")),),
    )


def first_words(body: str) -> str:
    """The beginning of a text as a locked phone shows it: on one line, cut at a word."""
    line = " ".join(body.split())
    if len(line) <= FIRST_WORDS:
        return line
    return line[:FIRST_WORDS].rsplit(" ", 1)[0] + "…"
