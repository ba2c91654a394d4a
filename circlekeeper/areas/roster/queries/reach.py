"""What letters rest on: whether an answer still stands, and who could not be reached."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.roster.models import Compartment, Member, Name, Reach, State, Supply
from circlekeeper.areas.roster.occasions import Occasion
from circlekeeper.areas.roster.ownpage import Slot
from circlekeeper.foundation.post import outbox
from circlekeeper.foundation.todo import Todo, Urgency

# Two weeks of letters are made ready; whoever holds a key hears of it four days before they run out.
WARN_AFTER = timedelta(days=10)
RUNS_OUT_AFTER = timedelta(days=14)
CONTACT = "contact"
PROMISE_AHEAD = timedelta(days=14)
PROMISE_USELESS_AFTER = timedelta(days=7)

_HEARS = (State.APPLIED, State.MEMBER, State.DECLINED)


def stands(reach_id: str) -> bool:
    """Whether letters that rest on this answer may still leave: it was not replaced, and nobody paused or left (CNF2)."""
    return Reach.objects.filter(pk=reach_id, member__state__in=_HEARS).exists()


def has_standing_answer(member_id: str) -> bool:
    """Whether letters could rest on an answer of this member; after a restore there is none until they say it again."""
    return Reach.objects.filter(member_id=member_id).exists()


def reach_cards(group_id: str, member_id: str, now: datetime) -> list[Slot]:
    """A card on the own page when an answer has run out, or an old copy was brought back without it (WHY1).

    Only for those who agreed that we may reach them; whoever did not is not asked over and over.
    """
    if not agreements.allows(member_id=member_id, purpose=CONTACT, now=now):
        return []
    today = now.astimezone(groups.group(group_id).zone).date()
    fresh = Compartment.objects.filter(
        member_id=member_id,
        group_id=group_id,
        name=Name.CONTACT,
        check_again_on__gt=today,
        member__reach__isnull=False,
        member__state=State.MEMBER,
    )
    if fresh.exists() or not Member.objects.filter(pk=member_id, state=State.MEMBER).exists():
        return []
    return [
        Slot(
            _("May we still reach you?"),
            _("Your answer has run out. Until you answer again, nothing is sent."),
            reverse("roster-contact"),
            _("Look at it"),
        )
    ]


def unreached_ids(group_id: str) -> frozenset[str]:
    """Members whose last letter could not be delivered under the answer they gave."""
    by_reach = dict(
        Reach.objects.filter(group_id=group_id, member__state=State.MEMBER).values_list("pk", "member_id")
    )
    return frozenset(by_reach[reach] for reach in outbox.unreached(by_reach))


def reach_todo(group_ids: Iterable[str], now: datetime) -> list[Todo]:
    """Who could not be reached, and letters that run out because no key holder came in; for whoever answers for records."""
    ids = list(group_ids)
    found = [_unreached(group_id, count) for group_id, count in _unreached_counts(ids).items()]
    dry = Supply.objects.filter(group_id__in=ids, people__gt=0, made_at__lte=now - WARN_AFTER)
    return found + [_running_out(row) for row in dry.order_by("made_at")]


def promise_occasions(group_id: str, begin: datetime, until: datetime) -> list[Occasion]:
    """A letter to whoever has to make their promise again now or within two weeks, once a month at most; and one to whoever
    promised, as often as the level says (CNF2). Both say the same: nothing.
    """
    due = agreements.still_to_sign(group_id=group_id, now=begin + PROMISE_AHEAD)
    # A letter that could not leave on its day is still asked for, so that it is not lost; it has one key for good.
    kept = agreements.reminders(group_id=group_id, begin=begin - PROMISE_USELESS_AFTER, until=until)
    found = [
        Occasion(f"kept:{moment:%Y-%m-%d}", moment, moment + PROMISE_USELESS_AFTER, members - due)
        for moment, members in sorted(kept.items())
        if members - due
    ]
    if due:
        found.append(Occasion(f"promise:{begin:%Y-%m}", begin, begin + PROMISE_USELESS_AFTER, frozenset(due)))
    return found


def _unreached_counts(group_ids: list[str]) -> dict[str, int]:
    reaches = Reach.objects.filter(group_id__in=group_ids, member__state=State.MEMBER)
    group_of = dict(reaches.values_list("pk", "group_id"))
    lost = [group_of[reach] for reach in sorted(outbox.unreached(group_of))]
    return {group_id: lost.count(group_id) for group_id in dict.fromkeys(lost)}


def _unreached(group_id: str, count: int) -> Todo:
    return Todo(
        title=ngettext("Somebody could not be reached", "%(n)d people could not be reached", count) % {"n": count},
        why=_("A letter to them did not arrive. Ask them for another way when you see them."),
        url=reverse("roster:people", args=[group_id]),
        minutes=3,
        urgency=Urgency.SOON,
    )


def _running_out(row: Supply) -> Todo:
    ends = row.made_at + RUNS_OUT_AFTER
    return Todo(
        title=_("Open your keys, so that letters can go on"),
        why=_("Nothing is kept ready here for longer than two weeks. After that nobody is reminded."),
        url="/unlock/?next=/today/",
        minutes=1,
        urgency=Urgency.TODAY,
        due=ends,
    )
