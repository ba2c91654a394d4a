"""Google Meet: a link somebody pastes in, whose settings can be read by an account that may only look."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from circlekeeper.areas.meetings.provider import (
    ByLink,
    Capability,
    Connected,
    Evidence,
    Proof,
    ScopeOfProof,
    Session,
    Setting,
    Trouble,
    Unavailable,
)
from circlekeeper.connectors.meet import client, reading
from circlekeeper.foundation.errors import Refused

# Nothing behind the code: it could name the account of whoever copied it.
_LINK = re.compile(r"https://meet\.google\.com/([a-z]{3,10}-[a-z]{3,10}-[a-z]{3,10})/?")
_EARLY = timedelta(hours=2)  # people come before the start, and what records them counts
_KINDS = ("recordings", "transcripts")


class Meet(ByLink):
    """Google Meet, with or without an account to look with."""

    name = "meet"

    def __init__(self, google: client.Google | None = None) -> None:
        self.google = google or client.Google()

    @property
    def settings(self) -> Sequence[Setting]:
        """What lets us look at a leader's own meetings; none of it is needed."""
        client_ = _("From the OAuth client of your Google Cloud project.")
        granted = _("Granted for the scope meetings.space.readonly, by the account that owns the meeting.")
        return (
            Setting("client_id", _("Client ID"), client_, needed=False),
            Setting("client_secret", _("Client secret"), client_, secret=True, needed=False),
            Setting("refresh_token", _("Refresh token"), granted, secret=True, needed=False),
        )

    @property
    def title(self) -> str:
        """What people choose from the list."""
        return _("Google Meet")

    @property
    def sees(self) -> str:
        """For the policy."""
        return _(
            "Google sees your internet address, your voice and picture, what you write there, and the name you type. "
            "If you are signed in to Google, it shows everybody the name of your account. It can hear what is said."
        )

    def capabilities(self) -> Sequence[Capability]:
        """At best, with an account connected; without one all of it is a host's word."""
        ours = _(
            "Only people a host has let in here are sent to the link. The link itself is the same for everyone."
        )
        knock = _(
            "Meet has no password. Whoever was not invited knocks, and a host lets them in. We can read that."
        )
        record = _(
            "We can read that nothing records or takes notes by itself, and count what was recorded. "
            "That nobody starts it by hand is a host's word."
        )
        share = _("We can read that only hosts may share a screen.")
        phone = _("We can read whether the meeting has telephone numbers.")
        report = _("We can read that no list of who came is made. Google keeps its own records.")
        rooms = _("A host says that there are no small rooms, or that somebody is in each.")
        lock = _("Meet cannot be locked: a host can only stop letting people in.")
        read, word = Evidence.READ_BACK, {"word_too": True}
        return [
            Capability("links-sent-privately", Evidence.SELF_ENFORCED, ours),
            Capability("waiting-room-tested", read, knock, **word),
            Capability("meeting-password", read, knock, **word),
            Capability("recording-off", read, record, **word),
            Capability("screen-share-off", read, share, **word),
            Capability("phone-numbers-hidden", read, phone, **word),
            Capability("privacy-by-default", read, report, **word),
            Capability("breakouts-watched", Evidence.ATTESTED, rooms),
            Capability("room-locked", Evidence.IMPOSSIBLE, lock),
        ]

    def check_address(self, address: str) -> None:
        """A link of Meet and nothing behind it.

        :raises Refused: it is none.
        """
        if not _LINK.fullmatch(address.strip()):
            raise Refused(_("The link must look like https://meet.google.com/abc-mnop-xyz."), field="address")

    def check_connection(self, connected: Connected, *, now: datetime) -> Sequence[Proof]:
        """Ask for an entrance once; no meeting is looked at.

        :raises Refused: something is missing. :raises Unavailable: Google does not accept it.
        """
        for each in client.NEEDED:
            if not connected.get(each, "").strip():
                raise Refused(_("Fill in all three, or leave this service without a connection."), field=each)
        self.google.entrance(connected)
        seen, scope = Evidence.OBSERVED, ScopeOfProof.ACCOUNT
        return [
            Proof("meeting-password", seen, "accepted", "accepted", scope, now, timedelta(days=1), "refresh token")
        ]

    def apply(self, session: Session, *, now: datetime) -> Mapping[str, str]:
        """Nothing is set. Which space the link leads to is remembered, once: a code can come to lead elsewhere."""
        if not _can_look(session) or session.remote.get("space"):
            return dict(session.remote)
        return {"space": self._space_of(session)}

    def verify(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """What can be read, and for the rest that a person has to say it."""
        if not _can_look(session):
            return reading.by_word(connected=False, now=now)
        entrance = self.google.entrance(session.connected)
        space = self.google.space(entrance, _code(session))
        return [
            *reading.of_space(space, session.remote.get("space", ""), now=now),
            *reading.of_kept(self._counts(session, entrance, _name(space)), now=now),
            *reading.by_word(connected=True, now=now),
        ]

    def purge(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """Only a host can delete there: we count what is left."""
        if not _can_look(session) or not session.remote.get("space"):
            return reading.left({}, now=now)
        entrance = self.google.entrance(session.connected)
        return reading.left(self._counts(session, entrance, session.remote["space"]), now=now)

    def _space_of(self, session: Session) -> str:
        return _name(self.google.space(self.google.entrance(session.connected), _code(session)))

    def _counts(self, session: Session, entrance: str, space: str) -> Mapping[str, int]:
        since = session.starts_at - _EARLY
        return {kind: self.google.kept(entrance, space, kind, since=since) for kind in _KINDS}


def _can_look(session: Session) -> bool:
    return all(session.connected.get(each) for each in client.NEEDED)


def _code(session: Session) -> str:
    """The code of the link; a link that was typed before this service knew its shape leads nowhere."""
    found = _LINK.fullmatch(session.address.strip())
    if found is None:
        raise Unavailable(Trouble.GONE)
    return found[1]


def _name(space: Mapping[str, object]) -> str:
    found = space.get("name")
    if not isinstance(found, str) or not re.fullmatch(r"spaces/[\w-]{1,80}", found):
        raise Unavailable(Trouble.NOT_UNDERSTOOD)
    return found
