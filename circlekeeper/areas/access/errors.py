"""Refusals of this room."""

from django.utils.translation import gettext as _

from circlekeeper.foundation.errors import Refused


class NobodyArranges(Refused):
    """The group has no access lead, so nobody could read a request."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nobody in this group arranges access yet, so nobody would read this. "
                "Ask the people who host to name someone."
            )
        )
