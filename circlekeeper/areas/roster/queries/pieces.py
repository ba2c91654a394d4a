"""Everything the roster and the agreements hold about a member, as that member reads it and takes it along."""

from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.agreements.sources import duration_words
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.roster import words
from circlekeeper.areas.roster.models import Name, Reach, State
from circlekeeper.areas.roster.ownpage import Piece, Source
from circlekeeper.areas.roster.queries.opened import who_opened
from circlekeeper.areas.roster.queries.own import OwnRecord, own_record
from circlekeeper.areas.roster.sealing import OWN_SECRET, ROSTER
from circlekeeper.areas.safeguards import queries as safeguards

_EDIT = {
    Name.ALIAS: "roster-name",
    Name.CONTACT: "roster-contact",
    Name.EMERGENCY: "roster-emergency",
    Name.ACCESS: "roster-help",
}


def kept_words(*, group_id: str, record: str, until: date | None) -> str:
    """When a class of record is destroyed, in one sentence: by its day, or from when its time will run."""
    if until is not None:
        return _("Destroyed by %(day)s.") % {"day": day_words(until)}
    period = duration_words(safeguards.keep_for(group_id, record))
    return _("Destroyed %(period)s after you leave, or after your last meeting if that is later.") % {
        "period": period
    }


def day_words(day: date | datetime | None) -> str:
    """A day as people write it; empty for none."""
    return date_format(day, "j F Y") if day else ""


def _pieces(group_id: str, member_id: str, holder: bytes, now: datetime) -> list[Piece]:
    own = own_record(member_id=member_id, group_id=group_id, holder=holder)
    return [
        _membership(own),
        *(_part(own, Name(name)) for name in own.parts),
        *_reach(own),
        _openings(own, holder, now),
        _consents(own, now),
        _promises(own, holder),
    ]


SOURCE = Source(
    covers=frozenset(
        {
            "roster.Member",
            "roster.Compartment",
            "roster.Opening",
            "roster.Reach",
            "agreements.Consent",
            "agreements.Pledge",
        }
    ),
    of=_pieces,
)


def _membership(own: OwnRecord) -> Piece:
    facts = own.facts
    days = {
        "applied_on": (_("You asked to join on"), facts.applied_on),
        "joined_on": (_("You joined on"), facts.joined_on),
        "last_attended_on": (_("The last day you came"), facts.last_attended_on),
        "left_on": (_("You left on"), facts.left_on),
    }
    held = {name: day.isoformat() for name, (_words, day) in days.items() if day}
    pairs = [(label, day_words(day)) for label, day in days.values() if day]
    return Piece(
        name="membership",
        title=_("That you belong here"),
        purpose=_("So that you get your links, and so that your record ends on time."),
        seen_by=_("The people who host and lead the group."),
        kept=kept_words(group_id=facts.group_id, record=ROSTER, until=facts.due_on),
        until=facts.due_on,
        pairs=[(_("You are here as"), words.STATES[State(facts.state)]), *pairs],
        holds={"state": facts.state, **held},
    )


def _part(own: OwnRecord, name: Name) -> Piece:
    held, facts = own.parts[name], own.facts
    until = own.kept_until.get(name) or facts.due_on
    return Piece(
        name=name.value,
        title=str(words.PARTS[name]),
        purpose=str(words.PURPOSES[name]),
        seen_by=str(words.SEEN_BY[name]),
        kept=kept_words(group_id=facts.group_id, record=OWN_SECRET.get(name, ROSTER), until=until),
        until=until,
        pairs=words.pairs(held),
        holds=held,
        url=_EDIT.get(name, "") if facts.state not in (State.LEFT, State.DECLINED) else "",
    )


def _openings(own: OwnRecord, holder: bytes, now: datetime) -> Piece:
    facts = own.facts
    lines = who_opened(member_id=facts.id, group_id=facts.group_id, holder=holder, now=now)
    zone = groups.group(facts.group_id).zone
    return Piece(
        name="opened",
        title=_("Who opened your record"),
        purpose=_("So that you can check what was read about you."),
        seen_by=_("You, and the people who lead the group."),
        kept=kept_words(group_id=facts.group_id, record=ROSTER, until=facts.due_on),
        until=facts.due_on,
        pairs=[
            (
                words.moment(line.at, zone),
                _("%(part)s (line %(number)d)") % {"part": words.PARTS.get(line.name, ""), "number": line.number},
            )
            for line in lines
        ],
        holds=[
            {
                "number": line.number,
                "at": line.at.isoformat(),
                "part": line.name,
                "refused": line.refused,
                "reason": line.reason,
            }
            for line in lines
        ],
        url="roster-opened",
    )


def _consents(own: OwnRecord, now: datetime) -> Piece:
    facts = own.facts
    agreed = agreements.agreed(group_id=facts.group_id, member_id=facts.id, now=now)
    answered = [each for each in agreed if each.at]
    until = next((each.due_on for each in answered if each.due_on), None)
    said = {"given": _("yes"), "withdrawn": _("taken back"), "expired": _("run out")}
    return Piece(
        name="consents",
        title=_("What you agreed to"),
        purpose=_("So that we use what you gave us only as you said."),
        seen_by=_("The people who lead the group see that somebody agreed, under a number, without your name."),
        kept=kept_words(group_id=facts.group_id, record="consent", until=until),
        until=until,
        pairs=[(each.title, f"{said.get(each.standing, '')}, {day_words(each.at)}") for each in answered],
        holds=agreements.receipts(group_id=facts.group_id, member_id=facts.id),
        url="roster-agreed",
    )


def _promises(own: OwnRecord, holder: bytes) -> Piece:
    facts = own.facts
    found = agreements.own_promises(group_id=facts.group_id, member_id=facts.id, holder=holder)
    until = next((each.due_on for each in found if each.due_on), None)
    pairs: list[tuple[Any, Any]] = []
    for each in found:
        name = _("signed as %(name)s") % {"name": each.name} if each.name else _("made with a tick")
        pairs.append((each.title, f"{day_words(each.signed_at)}, {name}"))
    return Piece(
        name="promises",
        title=_("What you promised"),
        purpose=_("So that everyone here can trust that things stay private."),
        seen_by=_(
            "The people who lead the group. Each look at the name under it is written down and you are told."
        ),
        kept=kept_words(group_id=facts.group_id, record="pledge", until=until),
        until=until,
        pairs=pairs,
        holds=[agreements.promise_receipt(each) for each in found],
        url="roster-agreed",
    )


def _reach(own: OwnRecord) -> list[Piece]:
    """What stands ready so that a letter can leave, if anything does."""
    found = Reach.objects.filter(member_id=own.facts.id).values_list("sealed", flat=True).first()
    if found is None:
        return []
    ready = bool(bytes(found))
    return [
        Piece(
            name="reach",
            title=_("What stands ready for letters"),
            purpose=_("So that a letter leaves only while your answer on being reached stands."),
            seen_by=_("Nobody. The machine reads it when a letter is due."),
            kept=_("Destroyed when you change your answer or leave."),
            until=None,
            pairs=[(_("Your answer is kept ready for the machine"), _("yes") if ready else _("no"))],
            holds={"kept_ready": ready},
            url="roster-contact",
        )
    ]
