"""The signed pass of one person, and our own for each question (JSON Web Token, RFC 7519, HS256).

What a pass leaves out, LiveKit allows: every permission is written down. An empty list of sources means all of them.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import jwt
from django.utils.translation import gettext as _

from circlekeeper.areas.meetings.provider import Connected, Guest, Session

LASTS = timedelta(minutes=3)  # enough to get in; whoever comes back comes through our door
_OURS = timedelta(minutes=1)
_CLOCKS_DIFFER = timedelta(seconds=20)
_MEMBER = ("camera", "microphone")
_HOST = (*_MEMBER, "screen_share", "screen_share_audio")
# Never true in anybody's pass. `roomAdmin` neither: with it a browser could put people out and lift every limit.
NEVER = (
    "roomCreate",
    "roomList",
    "roomRecord",
    "roomAdmin",
    "ingressAdmin",
    "canUpdateOwnMetadata",
    "canSubscribeMetrics",
    "canManageAgentSession",
    "hidden",
    "recorder",
    "agent",
)
HOST_MARK = "host"


def sources(session: Session, *, host: bool) -> tuple[str, ...]:
    """What somebody may send; the server refuses everything else."""
    return _HOST if host or not session.wanted.share_off else _MEMBER


def may_write(session: Session, *, host: bool) -> bool:
    """Whether somebody may send data, which carries the chat.

    The server cannot tell a word for all from a word for one: where private chat has to be off, only hosts write.
    """
    return host or not session.wanted.private_chat_off


def mint(session: Session, guest: Guest, *, now: datetime, room: str = "") -> str:
    """The pass of one person into exactly one room, for `LASTS`."""
    video = {
        **dict.fromkeys(NEVER, False),
        "roomJoin": True,
        "room": room or session.room,
        "canPublish": True,
        "canSubscribe": True,
        "canPublishData": may_write(session, host=guest.is_host),
        "canPublishSources": list(sources(session, host=guest.is_host)),
    }
    told = {"name": guest.alias or _("Guest"), "metadata": "", "video": video}
    if guest.is_host:
        told["attributes"] = {HOST_MARK: "1"}
    return _sign(session.connected, guest.ref, told, LASTS, now)


def ours(connected: Connected, grant: Mapping[str, object], *, now: datetime, secret: str = "") -> str:
    """A pass for one question of this server, with no more than that question needs."""
    return _sign(connected, secrets.token_hex(8), {"video": dict(grant)}, _OURS, now, secret=secret)


def permission(session: Session, *, host: bool) -> dict[str, object]:
    """What a pass gives, as the server writes it down for somebody who is inside."""
    return {
        "can_subscribe": True,
        "can_publish": True,
        "can_publish_data": may_write(session, host=host),
        "can_publish_sources": [each.upper() for each in sources(session, host=host)],
        "can_update_metadata": False,
        "hidden": False,
    }


def read(session: Session, *, host: bool, now: datetime) -> dict[str, Any]:
    """What stands in a pass made now."""
    made = mint(session, Guest(ref="nobody", alias="", is_host=host), now=now)
    # Read for the `now` we were told, not for the clock of this machine.
    return jwt.decode(
        made,
        session.connected["secret"],
        algorithms=["HS256"],
        options={"verify_exp": False, "verify_nbf": False},
    )


def _sign(
    connected: Connected,
    subject: str,
    told: Mapping[str, object],
    lasts: timedelta,
    now: datetime,
    *,
    secret: str = "",
) -> str:
    claims = {
        "iss": connected["key"],
        "sub": subject,
        "nbf": int((now - _CLOCKS_DIFFER).timestamp()),
        "exp": int((now + lasts).timestamp()),
        **told,
    }
    return jwt.encode(claims, secret or connected["secret"], algorithm="HS256")
