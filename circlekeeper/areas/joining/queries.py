"""Reading applications, and what the public page says."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circlekeeper.areas.agreements import sources
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.joining import rules
from circlekeeper.areas.joining.models import Application, State
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.roster import rules as roster_rules
from circlekeeper.areas.roster.ownpage import Slot
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.todo import Todo, Urgency
from circlekeeper.foundation.vault.ring import KeyRing


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """An application as those who decide see it."""

    id: str
    member_id: str
    path: str
    answer_by: date
    proven: bool
    call: str
    yes_votes: int
    voters: frozenset[str]
    deciders: int


@dataclass(frozen=True, slots=True)
class PublicFacts:
    """The five facts of the public page."""

    public_name: str
    about: str
    hosts: int
    fields: list[sources.FieldFact]
    keeps: list[sources.KeepFact]
    is_open: bool
    answer_days: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many asked and joined; None where the number is too small to show."""

    asked: int | None
    joined: int | None


def _facts(found: Application, deciders: int) -> ApplicationFacts:
    votes = list(found.votes.all())
    return ApplicationFacts(
        id=found.pk,
        member_id=found.member_id,
        path=found.path,
        answer_by=found.answer_by,
        proven=found.proven_at is not None,
        call=found.call,
        yes_votes=sum(each.yes for each in votes),
        voters=frozenset(each.person_id for each in votes),
        deciders=deciders,
    )


def waiting(group_id: str) -> list[ApplicationFacts]:
    """Open applications, the one promised an answer first comes first."""
    deciders = safeguards.settings_for(group_id).number("deciders")
    rows = Application.objects.filter(group_id=group_id, state=State.OPEN).prefetch_related("votes")
    return [_facts(each, deciders) for each in rows.order_by("answer_by", "pk")]


def application(*, group_id: str, application_id: str) -> ApplicationFacts:
    """One open application.

    :raises NotHere: this group has none of that id that is still open.
    """
    rows = Application.objects.filter(group_id=group_id, pk=application_id, state=State.OPEN)
    found = rows.prefetch_related("votes").first()
    if found is None:
        raise NotHere
    return _facts(found, safeguards.settings_for(group_id).number("deciders"))


def alias_warnings(*, ring: KeyRing, group_id: str, member_id: str) -> list[str]:
    """What to talk about before this name is used: it looks like another one, or like a legal name (REG1)."""
    aliases = roster.aliases(ring=ring, group_id=group_id)
    mine = aliases.pop(member_id, "")
    return [each.value for each in roster_rules.alias_warnings(mine, others=aliases.values())] if mine else []


def by_form(form_hash: bytes) -> date | None:
    """Whether this form was sent before: the day by which it is answered."""
    return Application.objects.filter(form_hash=form_hash).values_list("answer_by", flat=True).first()


def of_member(member_id: str) -> str:
    """Where a member's application stands: open, approved, declined, or empty."""
    return Application.objects.filter(member_id=member_id).values_list("state", flat=True).first() or ""


def has_code(member_id: str, now: datetime) -> bool:
    """Whether a code waits to be typed by this member."""
    return Application.objects.filter(
        member_id=member_id, state=State.OPEN, code_hash__isnull=False, code_until__gt=now
    ).exists()


def emergency_needed(group_id: str) -> bool:
    """Whether the group's level needs an emergency record before the first meeting (FAQ2a, KIT9)."""
    return str(safeguards.settings_for(group_id).value("emergency-record")) == "needed"


def intake_fields(group_id: str) -> list[sources.FieldFact]:
    """What people are asked when they join: the policy and the public page are made from it (POL1)."""
    needed = emergency_needed(group_id)
    return [
        sources.FieldFact(_(each.label), _(each.why), each.required or (each.name == "emergency" and needed))
        for each in rules.CATALOGUE
    ]


def public_facts(group_id: str) -> PublicFacts:
    """What a passer-by may read.

    :raises NotHere: there is no such group, or it is still being set up.
    """
    group = groups.group(group_id)
    if group.state == "draft":
        raise NotHere
    configuration = sources.configuration(group_id, "en")
    return PublicFacts(
        public_name=group.public_name,
        about=group.about,
        hosts=len(accounts.people_with_role(group_id)),
        fields=intake_fields(group_id),
        keeps=list(configuration.retention),
        is_open=group.is_open,
        answer_days=safeguards.settings_for(group_id).number("answer-days"),
    )


def funnel(group_id: str) -> Funnel:
    """How many asked and how many joined, from the smallest number that points at nobody (REG6)."""
    smallest = safeguards.settings_for(group_id).number("small-number")
    tally = Application.objects.filter(group_id=group_id).aggregate(
        asked=Count("pk"), joined=Count("pk", filter=Q(state=State.APPROVED))
    )
    return Funnel(rules.shown_count(tally["asked"], smallest), rules.shown_count(tally["joined"], smallest))


def todo(who: Any, now: datetime) -> list[Todo]:
    """Groups in which people wait for an answer."""
    places = [place for place in accounts.places_of(who.id) if who.can(Permission.JOINING_DECIDE, place)]
    rows = Application.objects.filter(group_id__in=places, state=State.OPEN).values_list("group_id", "answer_by")
    found: dict[str, list[date]] = {}
    for group_id, day in rows:
        found.setdefault(group_id, []).append(day)
    return [_todo(group_id, days, now.date()) for group_id, days in found.items()]


def _todo(group_id: str, days: list[date], today: date) -> Todo:
    return Todo(
        title=ngettext("%(n)d person asks to join", "%(n)d people ask to join", len(days)) % {"n": len(days)},
        why=_("Waiting for an answer takes courage."),
        url=reverse("joining:applications", args=[group_id]),
        minutes=10,
        urgency=Urgency.TODAY if min(days) <= today else Urgency.SOON,
    )


def own_cards(group_id: str, member_id: str, now: datetime) -> list[Slot]:
    """Where one's application stands, and a code that waits to be typed, for a member's own page."""
    found = Application.objects.filter(member_id=member_id, group_id=group_id, state=State.OPEN).first()
    if found is None:
        return []
    day = date_format(found.answer_by, "j F Y")
    cards = [Slot(_("You asked to join"), _("Someone answers you here by %(day)s.") % {"day": day})]
    if has_code(member_id, now):
        cards.append(
            Slot(
                _("You were told a code"),
                _("Type it here, so that we know we reach you."),
                reverse("joining:code"),
                _("Type the code"),
            )
        )
    return cards
