"""The words of this room for codes that are kept."""

from django.utils.translation import gettext_lazy as _

WAY_WORDS = {
    "in_person": _("In a room"),
    "online": _("Online"),
    "phone": _("By phone"),
    "hybrid": _("Some in a room, some from afar"),
}
QUESTION_WORDS = {
    "bill": _("Could somebody else read a member’s phone bill, or look at their phone?"),
    "overheard": _("Does a member share a home or a device with somebody who must not know?"),
    "seen": _("Could it harm a member to be seen going into or out of a place?"),
    "known": _("Does somebody who has harmed a member live nearby, or look for them?"),
    "camera": _("Would it be unsafe for a member to be on camera?"),
    "offline": _("Is there a member without internet, or without a device of their own?"),
    "captions": _("Does a member need captions, or need to see who speaks?"),
    "far": _("Is there a member who cannot travel safely, or lives far away?"),
}
BECAUSE_WORDS = {
    "bill": _("somebody could read the bill or the list of calls"),
    "overheard": _("somebody at home could hear or look at the device"),
    "seen": _("somebody could be seen"),
    "known": _("somebody who has done harm could wait at the place"),
    "camera": _("a camera is not safe for somebody"),
    "offline": _("somebody has no internet or no device of their own"),
    "captions": _("somebody needs captions, or has to see who speaks"),
    "far": _("somebody cannot travel"),
}
DOWNSIDE_WORDS = {
    "seen-coming": _("People can be seen coming and going."),
    "place-known": _("Who knows the place and the hour can wait there."),
    "heard-at-home": _("Whoever lives with a member may hear; headphones help."),
    "addresses": _("The service sees each member’s internet address."),
    "captured": _("Nobody can stop a second phone from filming the screen."),
    "caller-id": _(
        "A member’s number can show on the other side, even when the service says that it hides it. Try it first."
    ),
    "bill": _(
        "The number called stands on the phone bill and in the list of calls, which others at home may read."
    ),
    "voices-only": _("Nobody sees who else is in the room with a member."),
    "both": _("The risks of both ways come together, and both need somebody who looks after them."),
    "room-camera": _("A camera in the room shows more people than those who wanted to be seen."),
}
