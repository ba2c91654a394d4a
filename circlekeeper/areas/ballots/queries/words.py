"""The words for every standing. Whoever said no reads what everyone else reads."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from circlekeeper.areas.ballots.models import Kind
from circlekeeper.areas.ballots.rules import Standing
from circlekeeper.areas.meetings.sources import Asked, Press

if TYPE_CHECKING:
    from circlekeeper.areas.ballots.queries.standing import BallotFacts


def at_the_door(found: "BallotFacts", *, open_: bool) -> Asked:
    """One question on somebody's door. ``open_``: they have not answered."""
    if found.standing is Standing.OVER:
        return Asked(found.id, _over(found), "", ())
    if found.standing is Standing.ALLOWED:
        back = Press("no", _("Stop it. I take my yes back"))
        return Asked(found.id, _allowed(found), _("You can stop it at any time. Nobody is told who did."), (back,))
    if open_:
        return Asked(found.id, _question(found), _secret(), (Press("no", _("No")), Press("yes", _("Yes"))))
    rather = Press("no", _("I would rather say no"))
    text = _("Your answer is in. Nothing happens until everyone has answered.")
    return Asked(found.id, _question(found), text, (rather,))


def _secret() -> str:
    return _(
        "Everyone inside is asked. If one person says no, or does not answer within five minutes, it does not happen, and "
        "nobody is told who that was. You owe nobody a yes."
    )


def _question(found: "BallotFacts") -> str:
    if found.kind == Kind.RECORDING:
        return _("May this meeting be recorded?")
    return _("%(who)s would like to show “%(what)s” on a screen. Is that all right?") % {
        "who": found.who or _("Someone"),
        "what": found.words,
    }


def _allowed(found: "BallotFacts") -> str:
    if found.kind == Kind.RECORDING:
        return _("Everyone said yes. This meeting may be recorded now.")
    return _("Everyone said yes. %(who)s may show “%(what)s” now.") % {
        "who": found.who or _("Someone"),
        "what": found.words,
    }


def _over(found: "BallotFacts") -> str:
    if found.kind == Kind.RECORDING:
        return _("This meeting is not recorded.")
    return _("Nothing is shown on a screen now.")


def for_hosts(found: "BallotFacts") -> str:
    """The same, for those who run the meeting: what to do now."""
    if found.kind == Kind.RECORDING:
        return {
            Standing.ASKING: _(
                "Everyone is being asked about recording. Keep the recording off, or pause it now."
            ),
            Standing.ALLOWED: _("Everyone inside said yes to recording. You may record."),
            Standing.OVER: _("No recording. If one is running, stop it now."),
        }[found.standing]
    return {
        Standing.ASKING: _("Everyone is being asked about the screen. Nothing is shown until then."),
        Standing.ALLOWED: _allowed(found),
        Standing.OVER: _("No screen is shown. If one is, stop it now."),
    }[found.standing]
