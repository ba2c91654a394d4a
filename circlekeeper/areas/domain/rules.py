"""What public records say about a domain. Pure: records in, a standing out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

CERTIFICATE_SOON = timedelta(days=14)
PAID_SOON = timedelta(days=30)
WORD_LASTS = timedelta(days=365)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])")
_SELECTOR = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")


class Part(StrEnum):
    """What is looked at."""

    SPF = "spf"
    DKIM = "dkim"
    DMARC = "dmarc"
    MTA_STS = "mta-sts"
    DNSSEC = "dnssec"
    CAA = "caa"
    TLS = "tls"
    PAID = "paid"
    LOCK = "lock"


class State(StrEnum):
    """How one part stands. Only an answer makes it good."""

    GOOD = "good"
    LACKING = "lacking"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Look:
    """How one part stands, and a code for why (``words.py`` says it plainly)."""

    part: Part
    state: State
    why: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What only the owner can say, and when they said it."""

    paid_until: date | None
    locked: bool
    on: date | None


Records = Sequence[str] | None  # None: nobody answered; empty: there is none


def tidy_domain(text: str) -> str:
    """A domain as it is looked up, from what somebody typed (also with ``https://`` or a path); empty if it is none."""
    name = text.strip().casefold().removeprefix("https://").removeprefix("http://").split("/")[0].rstrip(".")
    try:
        name = name.encode("idna").decode()
    except UnicodeError:
        return ""
    return name if len(name) <= 253 and _DOMAIN.fullmatch(name) else ""


def is_selector(text: str) -> bool:
    """Whether this can be a DKIM selector (RFC 6376, 3.1)."""
    return len(text) <= 63 and bool(_SELECTOR.fullmatch(text.casefold()))


def spf(records: Records) -> Look:
    """RFC 7208: one record, and it does not let everybody send."""
    if records is None:
        return _unknown(Part.SPF)
    found = [each.casefold().split() for each in records if each.casefold().split()[:1] == ["v=spf1"]]
    if len(found) != 1:
        return Look(Part.SPF, State.LACKING, "twice" if found else "none")
    last = found[0][-1]
    if last in ("-all", "~all") or last.startswith("redirect="):
        return Look(Part.SPF, State.GOOD, "good")
    return Look(Part.SPF, State.LACKING, "open")


def dkim(records: Records, *, selector: str) -> Look:
    """RFC 6376: a key under the selector that the owner gave."""
    if not selector:
        return Look(Part.DKIM, State.UNKNOWN, "not-told")
    if records is None:
        return _unknown(Part.DKIM)
    keys = [
        tags["p"]
        for each in records
        if "p" in (tags := _tags(each)) and tags.get("v", "dkim1").casefold() == "dkim1"
    ]
    if not keys:
        return Look(Part.DKIM, State.LACKING, "none")
    return Look(Part.DKIM, State.GOOD, "good") if any(keys) else Look(Part.DKIM, State.LACKING, "revoked")


def dmarc(records: Records) -> Look:
    """RFC 7489: one policy, and it refuses or sets aside what is forged."""
    if records is None:
        return _unknown(Part.DMARC)
    found = [tags for each in records if (tags := _tags(each)).get("v", "").casefold() == "dmarc1"]
    if len(found) != 1:
        return Look(Part.DMARC, State.LACKING, "twice" if found else "none")
    strict = found[0].get("p", "").casefold() in ("quarantine", "reject") and found[0].get("pct", "100") == "100"
    return Look(Part.DMARC, State.GOOD, "good") if strict else Look(Part.DMARC, State.LACKING, "open")


def mta_sts(records: Records, policy: str | None) -> Look:
    """RFC 8461: a policy is announced, can be fetched, and is in force. ``policy``: its text; None: nobody answered."""
    if records is None:
        return _unknown(Part.MTA_STS)
    found = [
        tags for each in records if (tags := _tags(each)).get("v", "").casefold() == "stsv1" and tags.get("id")
    ]
    if len(found) != 1:
        return Look(Part.MTA_STS, State.LACKING, "none")
    if policy is None:
        return _unknown(Part.MTA_STS)
    said = [line.partition(":") for line in policy.splitlines()]
    facts = {name.strip(): value.strip() for name, _colon, value in reversed(said)}
    if facts.get("version") != "STSv1" or not facts.get("max_age", "").isdecimal():
        return Look(Part.MTA_STS, State.LACKING, "no-policy")
    in_force = facts.get("mode") == "enforce" and bool(facts.get("mx"))
    return Look(Part.MTA_STS, State.GOOD, "good") if in_force else Look(Part.MTA_STS, State.LACKING, "open")


def dnssec(signed: bool | None, *, checked: bool) -> Look:
    """RFC 4035: signed, and the resolver that we asked has checked it. Signed alone is not good yet."""
    if signed is None:
        return _unknown(Part.DNSSEC)
    if not signed:
        return Look(Part.DNSSEC, State.LACKING, "none")
    return Look(Part.DNSSEC, State.GOOD, "good") if checked else Look(Part.DNSSEC, State.UNKNOWN, "not-checked")


def caa(records: Records) -> Look:
    """RFC 8659: somebody said which authority may issue certificates. ``records`` are the tags."""
    if records is None:
        return _unknown(Part.CAA)
    named = any(each.casefold() == "issue" for each in records)
    return Look(Part.CAA, State.GOOD, "good") if named else Look(Part.CAA, State.LACKING, "none")


def tls(ends_at: datetime | None, *, now: datetime) -> Look:
    """The certificate of the web page, by its end; None: no answer."""
    if ends_at is None:
        return _unknown(Part.TLS)
    if ends_at <= now:
        return Look(Part.TLS, State.LACKING, "over", ends_at.date())
    soon = ends_at - now < CERTIFICATE_SOON
    return Look(Part.TLS, State.LACKING if soon else State.GOOD, "soon" if soon else "good", ends_at.date())


def paid(told: Told, *, today: date) -> Look:
    """Until when the domain is registered, as its owner said; an old word is no word."""
    if told.paid_until is None or told.on is None:
        return Look(Part.PAID, State.UNKNOWN, "not-told")
    if told.paid_until <= today:
        return Look(Part.PAID, State.LACKING, "over", told.paid_until)
    if told.paid_until - today < PAID_SOON:
        return Look(Part.PAID, State.LACKING, "soon", told.paid_until)
    if today - told.on > WORD_LASTS:
        return Look(Part.PAID, State.UNKNOWN, "old", told.paid_until)
    return Look(Part.PAID, State.GOOD, "good", told.paid_until)


def lock(told: Told, *, today: date) -> Look:
    """Whether the domain is locked at the registrar, as its owner said."""
    if told.on is None:
        return Look(Part.LOCK, State.UNKNOWN, "not-told")
    if not told.locked:
        return Look(Part.LOCK, State.LACKING, "none")
    old = today - told.on > WORD_LASTS
    return Look(Part.LOCK, State.UNKNOWN if old else State.GOOD, "old" if old else "good")


def fell(before: State | None, after: State) -> bool:
    """Whether something that was good is not any more. Silence is no fall."""
    return before is State.GOOD and after is State.LACKING


def _tags(record: str) -> dict[str, str]:
    pairs = (each.partition("=") for each in record.split(";"))
    return {name.strip().casefold(): value.strip() for name, is_one, value in pairs if is_one}


def _unknown(part: Part) -> Look:
    return Look(part, State.UNKNOWN, "no-answer")
