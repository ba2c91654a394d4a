"""The number people call: how it has to be set at the service, and how it is."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from circlekeeper.areas.meetings.provider import (
    UNKNOWN,
    Connected,
    Evidence,
    Proof,
    ScopeOfProof,
    Session,
    Trouble,
    Unavailable,
)
from circlekeeper.connectors.phone import client

_LASTS = timedelta(minutes=10)
_DAY = timedelta(days=1)
# Who else could answer the call, read the caller's name from a register, or take a text message; all of it stays empty.
_EMPTY = {
    "voice_fallback_url": "phone-numbers-hidden",
    "voice_application_sid": "phone-numbers-hidden",
    "trunk_sid": "phone-numbers-hidden",
    "sms_url": "privacy-by-default",
    "sms_application_sid": "privacy-by-default",
}


def found(connected: Connected) -> Mapping[str, Any]:
    """The number as the service knows it.

    :raises Unavailable: GONE if this account has no such number.
    """
    rows = client.listed(connected, "IncomingPhoneNumbers", PhoneNumber=connected.get("number", ""))
    for each in rows:
        if client.word(each, "phone_number") == connected.get("number"):
            return each
    raise Unavailable(Trouble.GONE)


def wishes(hook: str) -> dict[str, str]:
    """Everything that is set on it: calls come to us and nowhere else."""
    return {
        "VoiceUrl": f"{hook}voice",
        "VoiceMethod": "POST",
        "VoiceFallbackUrl": "",
        "VoiceApplicationSid": "",
        "TrunkSid": "",
        "VoiceCallerIdLookup": "false",
        "StatusCallback": f"{hook}ended",
        "StatusCallbackMethod": "POST",
        "SmsUrl": "",
        "SmsApplicationSid": "",
    }


def proofs(session: Session, *, now: datetime) -> list[Proof]:
    """What the service says of the number now; an address is named by a word, never as it is."""
    number = found(session.connected)

    def read(control: str, setting: str, expected: str, seen: str) -> Proof:
        scope = ScopeOfProof.ACCOUNT
        return Proof(control, Evidence.READ_BACK, expected, seen, scope, now, _LASTS, setting)

    ours = {"voice_url": f"{session.hook}voice", "status_callback": f"{session.hook}ended"}
    answered = [
        read("waiting-room-tested", name, "ours", "ours" if client.word(number, name) == wanted else "another")
        for name, wanted in ours.items()
    ]
    answered.append(read("waiting-room-tested", "voice_method", "POST", client.word(number, "voice_method")))
    empty = [
        read(control, name, "empty", "set" if client.word(number, name) else "empty")
        for name, control in _EMPTY.items()
    ]
    lookup = client.word(number, "voice_caller_id_lookup") or "false"
    return [*answered, *empty, read("phone-numbers-hidden", "voice_caller_id_lookup", "false", lookup)]


def enforced(*, now: datetime) -> Sequence[Proof]:
    """What we do ourselves at every call, and what only a person or the carrier knows."""
    enforced_ = {
        "links-sent-privately": ("Gather", "one PIN for one person and one call"),
        "meeting-password": ("numDigits", "8"),
        "room-locked": ("the desk", "nobody new after the lock"),
        "phone-numbers-hidden": ("participantLabel", "random"),
        "screen-share-off": ("Conference", "sound only"),
        "breakouts-watched": ("Conference", "one room"),
    }
    own = [
        Proof(control, Evidence.TOKEN_ENFORCED, value, value, ScopeOfProof.MEETING, now, _DAY, setting)
        for control, (setting, value) in enforced_.items()
    ]
    words = Evidence.WRITTEN_UNVERIFIED, "do-not-record", UNKNOWN, ScopeOfProof.MEETING, now, _LASTS
    by_word = Evidence.ATTESTED, "off", UNKNOWN, ScopeOfProof.ACCOUNT, now, _DAY
    return [
        *own,
        Proof("recording-off", *words, "record"),
        Proof("recording-off", *by_word, "voice recordings by the carrier"),
    ]
