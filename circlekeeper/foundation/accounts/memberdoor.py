"""How a member enters with their own key and leaves again. Members have no account; roster and joining call this."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from circlekeeper.foundation.accounts import cookies
from circlekeeper.foundation.vault import sessions

IDLE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class MemberHere:
    """The member behind a request; ``key`` is their own 16-byte key (``vault.memberkeys.MemberKey.raw``)."""

    member_id: str
    group_id: str
    key: bytes


def enter(response: HttpResponseBase, member_id: str, group_id: str, raw_key: bytes, now: datetime) -> None:
    """Open a session for a member whose key was checked; the answer carries the cookie."""
    token = sessions.open_session(subject=subject(member_id, group_id), secret=raw_key, idle=IDLE, now=now)
    cookies.give(response, cookies.member_name(), token)


def leave(request: HttpRequest, response: HttpResponseBase) -> None:
    """End the member's session in this browser."""
    token = cookies.read(request, cookies.member_name())
    if token:
        sessions.close(token)
    cookies.drop(response, cookies.member_name())


def end_all(member_id: str, group_id: str) -> int:
    """End a member's sessions everywhere: they left, or were asked to. Returns how many there were."""
    return sessions.close_all(subject(member_id, group_id))


def here(request: HttpRequest, now: datetime) -> MemberHere | None:
    """The member whose cookie came with this request, or None."""
    token = cookies.read(request, cookies.member_name())
    if not token:
        return None
    said = sessions.subject_of(token) or ""
    kind, _, ids = said.partition(":")
    member_id, _, group_id = ids.partition(":")
    if kind != "member" or not group_id:
        return None
    key = sessions.resume(token, said, now)
    return None if key is None else MemberHere(member_id, group_id, key)


def subject(member_id: str, group_id: str) -> str:
    """What the vault calls a member's session."""
    return f"member:{member_id}:{group_id}"
