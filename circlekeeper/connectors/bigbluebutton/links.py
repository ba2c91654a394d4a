"""One person's way in: an address signed for one name, one role and one session."""

from django.utils.translation import gettext as _

from circlekeeper.areas.meetings.provider import Guest, Session, Trouble, Unavailable
from circlekeeper.connectors.bigbluebutton import client


def asked(session: Session, guest: Guest) -> dict[str, str]:
    """What is signed.

    ``guest`` is sent for everybody who is no host and for nobody else: the server's waiting room holds only those, and
    ``createTime`` ends the address with this session.

    :raises Unavailable: the meeting was never set up (GONE).
    """
    if not session.remote.get("meeting"):
        raise Unavailable(Trouble.GONE)
    told = {
        "fullName": guest.alias or _("Guest"),
        "meetingID": session.remote["meeting"],
        "role": "MODERATOR" if guest.is_host else "VIEWER",
        "createTime": session.remote["created"],
        "userID": guest.ref,
        "excludeFromDashboard": "true",
        "userdata-bbb_client_title": _("Meeting"),
        "userdata-bbb_ask_for_feedback_on_logout": "false",
        "userdata-bbb_auto_share_webcam": "false",
        "userdata-bbb_record_video": "false",
    }
    return told if guest.is_host else {**told, "guest": "true"}


def link(session: Session, guest: Guest) -> str:
    """The address itself. It works until the meeting ends, so it is made at the click and kept nowhere."""
    client.root(session.connected)
    return client.signed(session.connected, "join", asked(session, guest))
