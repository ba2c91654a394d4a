"""What this room refuses, in a sentence each."""

from django.utils.translation import gettext as _

from circlekeeper.foundation.errors import Refused


class NotAllKeys(Refused):
    """Only someone who holds the whole key can do this."""

    def __init__(self) -> None:
        super().__init__(_("This needs someone who holds all keys of the group."))


class LastLeader(Refused):
    """The group would be left without a leader."""

    def __init__(self) -> None:
        super().__init__(
            _("This is the only leader of the group. Hand the group over first: a second person confirms it.")
        )


class LastKeys(Refused):
    """Nobody else holds the whole key."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Only this person holds all keys. Give them to someone else first, or nobody could open anything again."
            )
        )


class NotOneself(Refused):
    """Ending one's own powers has its own page."""

    def __init__(self) -> None:
        super().__init__(_("This is you. To go yourself, hand the group over or leave the team."))


class HandoverUnderWay(Refused):
    """A group is handed over once at a time."""

    def __init__(self) -> None:
        super().__init__(_("A handover of this group is under way. Finish it, or stop it first."))


class NotYourStep(Refused):
    """The next step is another one, or somebody else's."""

    def __init__(self) -> None:
        super().__init__(_("It is not your turn now. Open the page again to see what comes next."))


class TooEarly(Refused):
    """Whoever may still object has a day to do so."""

    def __init__(self) -> None:
        super().__init__(_("Not yet: there is a day to object first. Come back tomorrow."))


class NotYours(Refused):
    """Whoever lets somebody back in answers for everything that comes back with them."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "You cannot let this person back in: it needs somebody who holds all keys and leads every group in which "
                "they help. Or ask them in anew, under another name."
            )
        )


class WayUnderWay(Refused):
    """One way back at a time."""

    def __init__(self) -> None:
        super().__init__(_("A way back is open already. Use it, or stop it first."))


class PapersDoNotOpen(Refused):
    """Two papers that do not belong together, or belong to keys that were changed since."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "These two papers open nothing here. Check each word. If the keys were changed since, they are too old."
            ),
            field="second",
        )
