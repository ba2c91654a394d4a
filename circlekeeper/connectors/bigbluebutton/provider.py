"""BigBlueButton: a meeting that is made with everything at once, and addresses signed for one person."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from circlekeeper.areas.meetings.provider import (
    Call,
    Capability,
    Connected,
    Evidence,
    Find,
    Guest,
    Heard,
    Proof,
    ScopeOfProof,
    Session,
    Setting,
    Trouble,
    Unavailable,
)
from circlekeeper.connectors.bigbluebutton import client, events, links, reading, wishes
from circlekeeper.foundation import outgoing
from circlekeeper.foundation.errors import Refused

_SHORTEST_SECRET = 32  # as long as those a server makes for itself
_TRIES = 2
# Every state but "deleted": the server goes on listing what is already gone under "any".
_KEPT = "processing,processed,published,unpublished"


class BigBlueButton:
    """A BigBlueButton server whose shared secret a leader was given."""

    name = "bigbluebutton"
    takes_address = False

    @property
    def settings(self) -> Sequence[Setting]:
        """What whoever runs the server reads from ``bbb-conf --secret``."""
        return (
            Setting(
                "address",
                _("Address of the server"),
                _("For example https://bbb.example.org/bigbluebutton/"),
            ),
            Setting("secret", _("Shared secret"), _("Whoever runs the server knows it."), secret=True),
        )

    @property
    def title(self) -> str:
        """What people choose from the list."""
        return _("BigBlueButton")

    @property
    def sees(self) -> str:
        """For the policy."""
        return _(
            "The BigBlueButton server sees your internet address, your voice and picture, what you write there, "
            "and the name you choose for the meeting. It can hear what is said. It gets no other name and no e-mail address."
        )

    def capabilities(self) -> Sequence[Capability]:
        """At best; what the server never tells again stays asked for."""
        links_ = _("Each link is signed for one person and one meeting. The server says which meeting it is.")
        lobby = _("Each member's link sends them to the waiting room. The server does not say that it is on.")
        record = _(
            "The server says that it does not record and has no recording. The other switches it does not tell."
        )
        size = _("The server says how many may come in. After the start no more links are signed.")
        seen = _("The server says who may share and which small rooms there are, while the meeting runs.")
        asked = _("Asked for when the meeting is made. The server does not say whether it did so.")
        phone = _("A person says that the server has no telephone number.")
        return [
            Capability("links-sent-privately", Evidence.READ_BACK, links_),
            Capability("meeting-password", Evidence.TOKEN_ENFORCED, links_),
            Capability("waiting-room-tested", Evidence.TOKEN_ENFORCED, lobby),
            Capability("recording-off", Evidence.READ_BACK, record),
            Capability("room-locked", Evidence.READ_BACK, size),
            Capability("screen-share-off", Evidence.OBSERVED, seen),
            Capability("breakouts-watched", Evidence.OBSERVED, seen),
            Capability("privacy-by-default", Evidence.WRITTEN_UNVERIFIED, asked),
            Capability("phone-numbers-hidden", Evidence.ATTESTED, phone),
        ]

    def check_address(self, address: str) -> None:
        """Nobody types one: the meeting's name is ours."""

    def check_connection(self, connected: Connected, *, now: datetime) -> Sequence[Proof]:
        """Ask once with the secret and once with a wrong one; no call that names anybody's meeting or people.

        :raises Refused: a setting cannot be right. :raises Unavailable: the server does not accept the secret.
        """
        if not _can_be_asked(connected.get("address", "")):
            raise Refused(_("This must begin with https:// and be the address of the server."), field="address")
        if len(connected.get("secret", "")) < _SHORTEST_SECRET:
            raise Refused(_("This is too short to be the shared secret of a server."), field="secret")
        asked = {"meetingID": secrets.token_hex(8)}
        client.ask(connected, "isMeetingRunning", asked)
        wrong = client.signed(connected, "isMeetingRunning", asked, secret=secrets.token_hex(20))
        seen = "refused" if client.text(client.answer(wrong), "returncode") == "FAILED" else "accepted"
        scope, lasts = ScopeOfProof.ACCOUNT, timedelta(days=1)
        return [Proof("meeting-password", Evidence.TOKEN_ENFORCED, "refused", seen, scope, now, lasts, "checksum")]

    def apply(self, session: Session, *, now: datetime) -> Mapping[str, str]:
        """Make the meeting; one that is there with the same settings stays, any other is ended and made anew.

        Nothing of a meeting can be changed once it is there: to ``create`` a name again, the server answers that all is
        well and keeps its old settings. So a warning of that kind is a failure, and the next name is another one.

        :raises Unavailable: HALF_DONE if the server goes on saying that the meeting was there already.
        """
        client.root(session.connected)
        before = session.remote.get("meeting", "")
        if before and self._is_ours(session):
            return dict(session.remote)
        self.end(session, now=now)
        past = [each for each in (*session.remote.get("past", "").split(","), before) if each]
        for _try in range(_TRIES):
            meeting = f"{session.room}-{secrets.token_hex(4)}"
            said = client.ask(session.connected, "create", wishes.creation(session, meeting, now=now))
            if client.text(said, "messageKey") != "duplicateWarning" and client.text(said, "createTime"):
                made = {"meeting": meeting, "created": client.text(said, "createTime")}
                return {**made, "past": ",".join(past)} if past else made
        raise Unavailable(Trouble.HALF_DONE)

    def verify(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """What ``getMeetingInfo`` and ``getRecordings`` say; for everything else, that it was only asked for."""
        said = self._info(session)
        return reading.of_meeting(session, said, len(self._recordings(session)), now=now)

    def mint_link(self, session: Session, guest: Guest, *, now: datetime) -> str:
        """Signed for this person and this session."""
        return links.link(session, guest)

    def admit(self, session: Session, guest: Guest, *, now: datetime) -> bool:
        """A host lets people in from the waiting room there."""
        return False

    def remove(self, session: Session, guest: Guest, *, now: datetime) -> bool:
        """A host puts people out there: the server can be asked to end a meeting, not to put out one person."""
        return False

    def end(self, session: Session, *, now: datetime) -> None:
        """Everybody is put out within seconds; no address works any more."""
        for meeting in _all(session)[-1:]:
            try:
                client.ask(session.connected, "end", {"meetingID": meeting})
            except Unavailable as failure:
                if failure.trouble is not Trouble.GONE:
                    raise

    def purge(self, session: Session, *, now: datetime) -> Sequence[Proof]:
        """Delete every recording of this meeting, then list again. Without a meeting's name nothing is asked.

        An empty name would mean every recording on the server.
        """
        if not _all(session):
            return []
        if found := self._recordings(session):
            client.ask(session.connected, "deleteRecordings", {"recordID": ",".join(found)})
        return reading.left(len(self._recordings(session)), is_open=self._is_open(session), now=now)

    def handle_event(self, connected: Connected, call: Call, *, find: Find, now: datetime) -> Heard:
        """A meeting ended, or a recording is ready.

        :raises Forged: the call bears no signature of the server.
        """
        return events.hear(connected, call, find=find, now=now)

    def _info(self, session: Session) -> Element:
        if not session.remote.get("meeting"):
            raise Unavailable(Trouble.GONE)
        said = client.ask(session.connected, "getMeetingInfo", {"meetingID": session.remote["meeting"]})
        if client.text(said, "meetingID") != session.remote["meeting"]:
            raise Unavailable(Trouble.NOT_UNDERSTOOD)
        return said

    def _is_ours(self, session: Session) -> bool:
        try:
            said = self._info(session)
        except Unavailable as failure:
            if failure.trouble is not Trouble.GONE:
                raise
            return False
        same = client.text(said, "metadata/room-profile") == wishes.profile(session.wanted)
        ended = client.text(said, "hasBeenForciblyEnded") == "true"
        return same and not ended and client.text(said, "createTime") == session.remote.get("created")

    def _recordings(self, session: Session) -> list[str]:
        """The names of what was recorded of this meeting; what the server lists of others is left alone."""
        ours = _all(session)
        said = client.ask(session.connected, "getRecordings", {"meetingID": ",".join(ours), "state": _KEPT})
        found = said.findall("recordings/recording")
        return [client.text(each, "recordID") for each in found if client.text(each, "meetingID") in ours]

    def _is_open(self, session: Session) -> bool:
        try:
            said = self._info(session)
        except Unavailable as failure:
            if failure.trouble is not Trouble.GONE:
                raise
            return False
        return client.text(said, "hasBeenForciblyEnded") != "true"


def _all(session: Session) -> list[str]:
    """Every name this meeting ever had at the server, the present one last."""
    names = [*session.remote.get("past", "").split(","), session.remote.get("meeting", "")]
    return [each for each in names if each]


def _can_be_asked(address: str) -> bool:
    try:
        parts = urlsplit(address)
        plain = bool(parts.hostname) and not parts.query and not parts.fragment
        outgoing.allowed(address.strip())
    except ValueError:
        return False
    except Unavailable as failure:
        return plain and failure.trouble is not Trouble.FORBIDDEN_ADDRESS
    return plain
