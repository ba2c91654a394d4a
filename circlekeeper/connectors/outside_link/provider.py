"""The attested outside link (guide LOW2; evidence `attested` for everything the other service does)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from circlekeeper.areas.meetings.provider import Capability, Evidence, Proof, ScopeOfProof
from circlekeeper.foundation.errors import Refused

_BY_WORD = (
    "recording-off",
    "waiting-room-on",
    "password-set",
    "screen-share-off",
    "locks-after-start",
)


class OutsideLink:
    """A link to a service we cannot ask."""

    name = "outside-link"

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
        """Everything by a person's word, except who gets to see the link."""
        words = _("A host looks at the service's settings and says what they saw.")
        by_word = [Capability(control, Evidence.ATTESTED, words) for control in _BY_WORD]
        ours = Capability(
            "personal-links", Evidence.SELF_ENFORCED, _("Only people a host has let in are sent to the link.")
        )
        return [ours, *by_word]

    def apply(self, *, meeting_id: str, address: str, now: datetime) -> None:
        """There is nothing to set; the link itself must be a web address over TLS.

        :raises Refused: it is not.
        """
        parts = urlsplit(address)
        if parts.scheme != "https" or not parts.hostname or "." not in parts.hostname or parts.username:
            raise Refused(_("The link must begin with https:// and lead to a meeting service."), field="address")

    def verify(self, *, meeting_id: str, address: str, now: datetime) -> Sequence[Proof]:
        """Nothing can be read back: each control is seen as unknown until a person has said otherwise."""
        return [
            Proof(control, Evidence.ATTESTED, "on", "unknown", ScopeOfProof.MEETING, now, timedelta(hours=2))
            for control in _BY_WORD
        ]

    def mint_link(self, *, meeting_id: str, address: str, now: datetime) -> str:
        """The same link for everyone who was let in: the service knows no other."""
        return address

    def end(self, *, meeting_id: str, address: str, now: datetime) -> None:
        """The host ends the session in the service; we stop sending people there."""

    def purge(self, *, meeting_id: str, address: str, now: datetime) -> Sequence[Proof]:
        """What the service keeps is for a person to look up and remove."""
        return [
            Proof(
                "nothing-kept", Evidence.ATTESTED, "gone", "unknown", ScopeOfProof.MEETING, now, timedelta(days=30)
            )
        ]
