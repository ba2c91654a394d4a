"""What this room holds about a member who asked to join."""

from datetime import datetime

from django.utils.translation import gettext as _

from circlekeeper.areas.joining.models import Application, State
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.roster.ownpage import Piece, Source


def _pieces(group_id: str, member_id: str, holder: bytes, now: datetime) -> list[Piece]:
    del holder, now
    found = Application.objects.filter(group_id=group_id, member_id=member_id).first()
    if found is None:
        return []
    outcome = {State.OPEN: _("open"), State.APPROVED: _("yes"), State.DECLINED: _("no")}[State(found.state)]
    pairs = [
        (_("You asked on"), roster.day_words(found.applied_on)),
        (_("Promised answer by"), roster.day_words(found.answer_by)),
        (_("Answer"), outcome),
        (_("Decided on"), roster.day_words(found.decided_on)),
        (_("You came with a code from somebody"), _("yes") if found.referred else _("no")),
        (_("You showed that we reach you"), _("yes") if found.proven_at else _("no")),
        (_("After a call"), {"yes": _("yes"), "no": _("no"), "later": _("later")}.get(found.call, "")),
    ]
    return [
        Piece(
            name="application",
            title=_("That you asked to join"),
            purpose=_("So that you get an answer in time."),
            seen_by=_("The people who decide who joins."),
            kept=roster.kept_words(group_id=group_id, record="intake", until=found.due_on),
            until=found.due_on,
            pairs=[(label, said) for label, said in pairs if said],
            holds={
                "state": found.state,
                "applied_on": found.applied_on.isoformat(),
                "answer_by": found.answer_by.isoformat(),
                "decided_on": found.decided_on.isoformat() if found.decided_on else None,
                "referred": found.referred,
                "proven": found.proven_at is not None,
                "call": found.call,
            },
        )
    ]


SOURCE = Source(covers=frozenset({"joining.Application"}), of=_pieces)
