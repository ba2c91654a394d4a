"""The signed pass of one person (JSON Web Token, RFC 7519, HS256).

A pass without ``context.features`` allows everything, so every feature Jitsi knows is written out. A host who makes somebody
a moderator gives them the host's own features: nothing that records is ever true, for a host neither.
"""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import jwt
from django.utils.translation import gettext as _

from circlekeeper.areas.meetings.provider import Guest, Session

LASTS = timedelta(minutes=3)  # enough to get in; whoever comes back comes through our door
_CLOCKS_DIFFER = timedelta(seconds=20)

NEVER = (
    "recording",
    "livestreaming",
    "transcription",
    "live-translation",
    "live-translation-subscribe",
    "outbound-call",
    "inbound-call",
    "sip-outbound-call",
    "sip-inbound-call",
    "file-upload",
    "create-polls",
    "list-visitors",
    "flip",
    "calendar",
)


def mint(session: Session, guest: Guest, *, now: datetime) -> str:
    """The pass of one person into exactly one room, for `LASTS`."""
    return jwt.encode(_claims(session, guest, now), session.connected["app_secret"], algorithm="HS256")


def features(session: Session, *, host: bool) -> dict[str, str]:
    """The whole map, each as the word Jitsi's modules compare with."""
    wanted = session.wanted
    return dict.fromkeys(NEVER, "false") | {
        "send-groupchat": "true",
        "send-private-message": _word(not wanted.private_chat_off),
        "screen-sharing": _word(host or not wanted.share_off),
    }


def room_of(session: Session) -> str:
    """The room's name as Prosody knows it: it folds every name to small letters."""
    return session.room.lower()


def _claims(session: Session, guest: Guest, now: datetime) -> dict[str, Any]:
    connected = session.connected
    user: dict[str, Any] = {
        "id": guest.ref,
        "name": guest.alias or _("Guest"),
        "moderator": guest.is_host,
        "affiliation": "owner" if guest.is_host else "member",
    }
    if guest.is_host:
        user["lobby_bypass"] = True
    return {
        "aud": connected["app_id"],
        "iss": connected["app_id"],
        "sub": urlsplit(connected["address"]).hostname or "",
        "room": room_of(session),
        "nbf": int((now - _CLOCKS_DIFFER).timestamp()),
        "exp": int((now + LASTS).timestamp()),
        "context": {"user": user, "features": features(session, host=guest.is_host)},
    }


def _word(yes: bool) -> str:
    return "true" if yes else "false"
