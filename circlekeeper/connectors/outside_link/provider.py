"""The attested outside link (guide LOW2; evidence `attested` for everything the other service does)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from circlekeeper.areas.meetings.provider import (
    UNKNOWN,
    ByLink,
    Capability,
    Connected,
    Evidence,
    Proof,
    ScopeOfProof,
    Session,
    Setting,
)
from circlekeeper.foundation.errors import Refused

# Controls of the playbook that only a person can look at in a service we cannot ask.
_BY_WORD = ("recording-off", "meeting-password", "screen-share-off")
# Controls our own door keeps, whatever the service does.
_BY_US = ("links-sent-privately", "waiting-room-tested", "room-locked")
_WORD_LASTS = timedelta(hours=2)


class OutsideLink(ByLink):
    """A link to a service we cannot ask."""

    name = "outside-link"
    settings: Sequence[Setting] = ()

    @property
    def title(self) -> str:
        """What people choose from the list."""
        return _("Another service (you check its settings yourself)")

    @property
    def sees(self) -> str:
        """For the policy."""
        return _(
            "It sees the name you type there, your voice or picture if you show it, and your internet address."
        )

    def capabilities(self) -> Sequence[Capability]:
        """What our door keeps is enforced here; everything inside the service is a person's word."""
        ours = _("Only people a host has let in here are sent to the link. Someone who kept it can try it again.")
        theirs = _("A host looks at the service's settings and says what they saw.")
        return [
            *(Capability(control, Evidence.SELF_ENFORCED, ours) for control in _BY_US),
            *(Capability(control, Evidence.ATTESTED, theirs) for control in _BY_WORD),
        ]

    def check_address(self, address: str) -> None:
        """A web address over TLS, without a name or password in it.

        :raises Refused: it is not.
        """
        if not _is_a_meeting_link(address.strip()):
            raise Refused(_("The link must begin with https:// and lead to a meeting service."), field="address")

    def check_connection(self, connected: Connected, *, now: datetime) -> Sequence[Proof]:
        """There is nothing to connect."""
        return []

    def verify(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """Nothing can be read back: each control is seen as unknown until a person has said otherwise."""
        return [
            Proof(control, Evidence.ATTESTED, "as required", UNKNOWN, ScopeOfProof.MEETING, now, _WORD_LASTS)
            for control in _BY_WORD
        ]

    def purge(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """What the service keeps is for a person to look up and remove."""
        unknown = Proof(
            "nothing-kept", Evidence.ATTESTED, "gone", UNKNOWN, ScopeOfProof.MEETING, now, timedelta(days=30)
        )
        return [unknown]


def _is_a_meeting_link(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        return False
    plain = address.isprintable() and not any(char.isspace() for char in address)
    return plain and parts.scheme == "https" and "." in host.strip(".") and "@" not in parts.netloc
