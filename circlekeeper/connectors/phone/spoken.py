"""What a caller hears, as TwiML. The words say nothing of what the number is for: whoever calls by chance hears them too."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circlekeeper.areas.meetings.provider import Caller, Standing

PIN_DIGITS = "8"
_COUNTRIES = {"en": "gb", "uk": "ua", "ar": "xa", "da": "dk", "sv": "se", "cs": "cz", "el": "gr", "ja": "jp"}
WAIT_SECONDS = "8"  # between two looks at whether a host has let them in


def ask_pin(before: str = "") -> bytes:
    """Ask for the digits; silence counts as a wrong try."""
    top = Element("Response")
    wanted = {"action": "pin", "method": "POST", "input": "dtmf", "numDigits": PIN_DIGITS, "timeout": "15"}
    gather = SubElement(top, "Gather", {**wanted, "finishOnKey": "", "actionOnEmptyResult": "true"})
    for words in (before, _("Hello. Please type your eight digits.")):
        if words:
            _say(gather, words)
    return _text(top)


def stand(caller: Caller, *, again: bool) -> bytes:
    """What somebody hears who was taken. ``again``: they heard before that they wait."""
    top = Element("Response")
    if caller.standing is Standing.ADMITTED:
        _inside(top, caller)
    elif caller.standing is Standing.WAITING:
        if not again:
            _say(top, _("Thank you. Please stay on the line. Somebody will let you in."))
        SubElement(top, "Pause", {"length": WAIT_SECONDS})
        SubElement(top, "Redirect", {"method": "POST"}).text = "wait"
    else:
        _say(top, _words()[caller.standing])
        SubElement(top, "Hangup")
    return _text(top)


def wrong() -> str:
    """Said before they are asked again."""
    return _("These digits do not work. Each set is good for one call. Your own page gives you new ones.")


def nothing() -> bytes:
    """An answer to a call that only tells us something."""
    return _text(Element("Response"))


def conference(caller: Caller) -> dict[str, str]:
    """The room as it is asked for: nobody begins it but those who help, no beep, no music, nothing recorded, no events.

    The label is what a host's click finds the caller by; it is new at every meeting and no name.
    """
    word = "true" if caller.is_host else "false"
    return {
        "startConferenceOnEnter": word,
        "endConferenceOnExit": word,
        "beep": "false",
        "muted": "false",
        "record": "do-not-record",
        "waitUrl": "",
        "maxParticipants": str(caller.people),
        "participantLabel": caller.ref,
    }


def _inside(top: Element, caller: Caller) -> None:
    # When the room ends, those inside come back to the desk: it knows whether they are still let in.
    dial = SubElement(top, "Dial", {"action": "wait", "method": "POST", "record": "do-not-record"})
    SubElement(dial, "Conference", conference(caller)).text = caller.room


def _words() -> Mapping[Standing, str]:
    return {
        Standing.GONE: _("You cannot go in now. Goodbye."),
        Standing.LOCKED: _("The door is closed now. Your own page tells you the next time. Goodbye."),
        Standing.TOO_OFTEN: _("Too many digits were wrong. Please try again in an hour. Goodbye."),
    }


def _say(parent: Element, words: str) -> None:
    SubElement(parent, "Say", {"language": _language()}).text = words


def _language() -> str:
    """The language as the service names it, with a country."""
    short, _dash, place = (get_language() or "en").partition("-")
    return f"{short}-{(place or _COUNTRIES.get(short, short)).upper()}"


def _text(top: Element) -> bytes:
    found: bytes = tostring(top, encoding="utf-8", xml_declaration=True)
    return found
