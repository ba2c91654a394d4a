"""Coming in, changing one's record, leaving, being forgotten."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections

from circlekeeper.areas.roster import actions, queries
from circlekeeper.areas.roster.models import Compartment, Member, Reach, State
from circlekeeper.areas.roster.rules import SafeContact, Says
from circlekeeper.areas.roster.tests import factories
from circlekeeper.areas.roster.tests.factories import NOW, TODAY
from circlekeeper.foundation import ledger
from circlekeeper.foundation.accounts import memberdoor
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.jobs.models import Event
from circlekeeper.foundation.ledger import queries as log
from circlekeeper.foundation.post import outbox, sealing
from circlekeeper.foundation.post.tests import factories as post_factories
from circlekeeper.foundation.vault import shredstore
from circlekeeper.foundation.vault.envelope import SealBroken

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
CANARY = "Kanarienvogel"


def dump(alias: str) -> bytes:
    """Every value of every table of a database, as bytes."""
    found: list[str] = []
    with connections[alias].cursor() as cursor:
        for table in connections[alias].introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own table names
            found.extend(repr(tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)) for row in cursor)
    return "\n".join(found).encode()


def test_reg2_a_dump_of_both_databases_shows_nothing_of_a_person():
    group_id, leader = factories.group()
    someone = factories.member(
        group_id,
        leader,
        f"{CANARY} One",
        contact=SafeContact(says=Says.YES, channel="mail", address=f"{CANARY}@example.org"),
        more={"intake": {"answer": f"{CANARY} likes tea"}, "access": {"helps": f"{CANARY} ramp"}},
    )
    actions.save_emergency(
        by=someone.id,
        group_id=group_id,
        fields={"area": CANARY, "number": "112", "person": CANARY, "reach": "123 456"},
        holder=someone.key,
        now=NOW,
    )
    actions.open_record(
        by=leader,
        group_id=group_id,
        member_id=someone.id,
        name="contact",
        reason="danger",
        sentence=f"{CANARY} did not come today.",
        now=NOW,
    )

    both = dump("default") + dump("shred")

    assert CANARY.encode() not in both
    assert someone.key not in both
    assert someone.id.encode() in both


def test_reg1_the_same_person_in_two_groups_shares_no_id_and_no_moment():
    leader = factories.person()
    one, _ = factories.group(by=leader)
    two, _ = factories.group(by=leader)
    factories.member(one, leader, "Wren")
    factories.member(two, leader, "Robin")

    def seen(group_id: str) -> set[str]:
        facts = queries.members(group_id)
        rows = Compartment.objects.filter(group_id=group_id).values_list(
            "pk", "secret_id", "blob", "wrap", "holder_wrap"
        )
        ids = {each.id for each in facts} | {str(value) for row in rows for value in row}
        keys = Member.objects.filter(group_id=group_id).values_list("key_lookup", "letterbox", "secret_id")
        return ids | {str(bytes(v) if isinstance(v, memoryview) else v) for row in keys for v in row}

    assert not seen(one) & seen(two)
    # Days only: no column of a member says at what moment something happened.
    assert {field.get_internal_type() for field in Member._meta.fields} & {"DateTimeField"} == set()


def test_only_the_owner_and_the_right_keys_open_a_record():
    group_id, leader = factories.group()
    someone, other = factories.member(group_id, leader, "Wren"), factories.member(group_id, leader, "Robin")

    assert someone.own().alias == "Wren"
    assert queries.aliases(ring=factories.ring(leader), group_id=group_id, now=NOW) == {
        someone.id: "Wren",
        other.id: "Robin",
    }
    stolen = queries.own_record(member_id=someone.id, group_id=group_id, holder=other.key)
    assert stolen.parts == {}


def test_a_member_corrects_their_own_record_and_staff_see_the_new_name():
    group_id, leader = factories.group()
    someone = factories.member(group_id, leader)

    actions.edit_own(
        by=someone.id, group_id=group_id, name="alias", fields={"alias": "Robin"}, holder=someone.key, now=NOW
    )

    assert someone.own().alias == "Robin"
    assert queries.aliases(ring=factories.ring(leader), group_id=group_id, now=NOW) == {someone.id: "Robin"}


def test_nobody_writes_with_another_members_key():
    group_id, leader = factories.group()
    someone, other = factories.member(group_id, leader), factories.member(group_id, leader)
    with pytest.raises(SealBroken):
        actions.edit_own(
            by=someone.id, group_id=group_id, name="alias", fields={"alias": "X y"}, holder=other.key, now=NOW
        )
    with pytest.raises(Refused):
        actions.edit_own(by=someone.id, group_id=group_id, name="intake", fields={}, holder=someone.key, now=NOW)


def test_a_yes_is_dated_and_a_no_keeps_no_address():
    group_id, leader = factories.group()
    someone = factories.member(group_id, leader)

    yes = SafeContact(says=Says.YES, channel="mail", address="robin@example.org")
    kept = actions.save_safe_contact(by=someone.id, group_id=group_id, contact=yes, holder=someone.key, now=NOW)
    assert (kept.said_on, kept.check_again_on) == ("2026-11-23", "2027-02-21")
    no = SafeContact(says=Says.NO, channel="mail", address="robin@example.org")
    actions.save_safe_contact(by=someone.id, group_id=group_id, contact=no, holder=someone.key, now=NOW)

    assert someone.own().contact.address == ""
    assert someone.own().contact.says is Says.NO


@pytest.mark.parametrize(
    ("level", "due"), [("low", date(2027, 2, 23)), ("medium", date(2027, 5, 23)), ("high", date(2026, 12, 23))]
)
def test_ret1_leaving_dates_the_record_from_leaving(level, due):
    group_id, leader = factories.group(level=level)
    someone = factories.member(group_id, leader)

    actions.leave(by=someone.id, group_id=group_id, member_id=someone.id, now=NOW)

    assert queries.member(group_id=group_id, member_id=someone.id).due_on == due
    events = Event.objects.filter(name__endswith="MemberLeft")
    assert [each.payload["due_on"] for each in events] == [{"date": due.isoformat()}]


def test_ret1_month_ends_clamp_and_a_later_attendance_counts():
    group_id, leader = factories.group(level="low")
    someone = factories.member(group_id, leader)
    on = NOW.replace(day=30)
    actions.leave(by=leader, group_id=group_id, member_id=someone.id, now=on)
    assert queries.member(group_id=group_id, member_id=someone.id).due_on == date(2027, 2, 28)

    actions.mark_attended(by=leader, group_id=group_id, member_ids=[someone.id], on=date(2026, 12, 5), now=on)

    assert queries.member(group_id=group_id, member_id=someone.id).due_on == date(2027, 3, 5)


def test_an_active_member_is_never_due_however_long_they_stay_away():
    group_id, leader = factories.group(level="high")
    someone = factories.member(group_id, leader)
    actions.mark_attended(by=leader, group_id=group_id, member_ids=[someone.id], on=TODAY, now=NOW)
    assert queries.member(group_id=group_id, member_id=someone.id).due_on is None


def test_reg7_intake_and_its_key_die_on_their_own_clock_after_the_decision():
    group_id, leader = factories.group(level="high")
    someone = factories.member(group_id, leader, more={"intake": {"answer": "tea"}})
    intake = Compartment.objects.get(member_id=someone.id, name="intake")
    alias = Compartment.objects.get(member_id=someone.id, name="alias")

    assert intake.due_on == date(2026, 11, 30)
    assert alias.due_on is None
    assert intake.secret_id != alias.secret_id
    shredstore.shred([intake.secret_id], now=NOW)
    assert set(someone.own().parts) == {"alias", "contact"}


def test_reg7_a_declined_application_dies_on_the_short_clock():
    group_id, leader = factories.group(level="high")
    someone = factories.applicant(group_id, more={"intake": {"answer": "tea"}})

    actions.decline(by=leader, group_id=group_id, member_id=someone.id, now=NOW)

    assert queries.member(group_id=group_id, member_id=someone.id).due_on == date(2026, 11, 30)
    assert Compartment.objects.get(member_id=someone.id, name="intake").due_on == date(2026, 11, 30)
    told = queries.by_key(someone.key)
    assert told is not None
    assert told.state == "declined"  # they read it on their own page, until the record is gone
    with pytest.raises(NotHere):
        actions.admit(by=leader, ring=factories.ring(leader), group_id=group_id, member_id=someone.id, now=NOW)


def test_dat5_a_new_period_dates_everyone_again():
    group_id, leader = factories.group(level="low")
    someone = factories.member(group_id, leader)
    actions.leave(by=leader, group_id=group_id, member_id=someone.id, now=NOW)
    from circlekeeper.areas.safeguards import actions as safeguards

    safeguards.set_level(by=leader, group_id=group_id, level="high", overlays=[], reason="caution", now=NOW)
    assert actions.set_due(by="system", group_id=group_id, now=NOW) == 1

    assert queries.member(group_id=group_id, member_id=someone.id).due_on == date(2026, 12, 23)


def test_forgetting_destroys_secrets_rows_and_details_and_says_so():
    group_id, leader = factories.group()
    someone = factories.member(group_id, leader, more={"intake": {"answer": "tea"}})
    actions.open_record(
        by=leader,
        group_id=group_id,
        member_id=someone.id,
        name="contact",
        reason="danger",
        sentence=factories.SENTENCE,
        now=NOW,
    )
    detailed = log.entries_about(someone.id, verbs=["roster.opening.begin"])[0].number
    assert log.sealed_detail(detailed)
    secrets = set(Compartment.objects.filter(member_id=someone.id).values_list("secret_id", flat=True))

    actions.forget_now(by=someone.id, group_id=group_id, member_id=someone.id, now=NOW)

    assert shredstore.secrets(secrets) == {}
    assert not Member.objects.filter(pk=someone.id).exists()
    assert not Compartment.objects.filter(member_id=someone.id).exists()
    assert log.sealed_detail(detailed) is None
    assert [line.verb for line in log.entries_about(someone.id)][:2] == [
        "roster.member.forgotten",
        "roster.member.forget",
    ]
    assert Event.objects.filter(name__endswith="MemberForgotten").count() == 1
    assert ledger.verify().ok


def test_a_forgotten_member_is_out_at_once():
    group_id, leader = factories.group()
    someone = factories.member(group_id, leader)
    from circlekeeper.foundation.vault import sessions

    token = sessions.open_session(
        subject=memberdoor.subject(someone.id, group_id), secret=someone.key, idle=timedelta(minutes=30), now=NOW
    )
    actions.forget_now(by=someone.id, group_id=group_id, member_id=someone.id, now=NOW)

    assert sessions.resume(token, memberdoor.subject(someone.id, group_id), NOW) is None
    assert queries.by_key(someone.key) is None


def test_a_hold_keeps_the_record_but_not_the_membership():
    group_id, leader = factories.group()
    someone = factories.member(group_id, leader)
    secret = Member.objects.get(pk=someone.id).secret_id
    shredstore.hold([secret], until=date(2027, 1, 1))

    done = actions.forget_now(by=someone.id, group_id=group_id, member_id=someone.id, now=NOW)

    assert done.kept == {"alias": date(2027, 1, 1)}
    actions.set_due(by=leader, group_id=group_id, now=NOW)
    assert queries.member(group_id=group_id, member_id=someone.id).due_on == NOW.date()
    assert queries.by_key(someone.key) is not None
    assert set(someone.own().parts) == {"alias"}
    assert queries.member(group_id=group_id, member_id=someone.id).state == State.LEFT
    assert shredstore.secrets([secret])


def test_a_leader_gives_a_new_key_and_the_old_one_stops():
    group_id, leader = factories.group()
    someone = factories.member(group_id, leader, more={"access": {"helps": "large print"}})
    key = actions.give_new_key(
        by=leader, ring=factories.ring(leader), group_id=group_id, member_id=someone.id, now=NOW
    )

    assert queries.by_key(someone.key) is None
    found = queries.by_key(key.raw)
    assert found is not None
    assert found.id == someone.id
    again = queries.own_record(member_id=someone.id, group_id=group_id, holder=key.raw)
    assert again.parts["access"] == {"helps": "large print"}


def test_someone_without_all_keys_cannot_give_a_new_one():
    group_id, leader = factories.group()
    someone = factories.member(group_id, leader)
    facilitator = factories.helper(group_id, leader)
    with pytest.raises(Refused):
        actions.give_new_key(
            by=facilitator, ring=factories.ring(facilitator), group_id=group_id, member_id=someone.id, now=NOW
        )
    assert queries.by_key(someone.key) is not None


def test_pausing_and_coming_back():
    group_id, leader = factories.group()
    someone = factories.member(group_id, leader)
    actions.pause(by=someone.id, group_id=group_id, member_id=someone.id, now=NOW)
    assert someone.id not in queries.active_ids(group_id)
    assert queries.why_no_link(group_id=group_id, member_id=someone.id)
    actions.resume(by=someone.id, group_id=group_id, member_id=someone.id, now=NOW)
    assert someone.id in queries.active_ids(group_id)


def test_attendance_is_logged_for_the_group_and_names_no_member():
    group_id, leader = factories.group()
    someone = factories.member(group_id, leader)
    before = len(log.entries_about(someone.id))
    actions.mark_attended(by=leader, group_id=group_id, member_ids=[someone.id], on=TODAY, now=NOW)
    assert len(log.entries_about(someone.id)) == before


def _queue(someone, contact):
    return post_factories.queue(
        by="system",
        now=NOW,
        reach_id=Reach.objects.get(member_id=someone.id).pk,
        contact=contact,
        due_at=NOW + timedelta(hours=1),
    )


@pytest.mark.parametrize("change", ["says no", "says yes again", "leaves", "pauses", "is forgotten"])
def test_why1_reg2_a_yes_withdrawn_after_queueing_stops_the_letter(change, settings, mailoutbox):
    settings.EMAIL_URL = "smtp://nowhere"
    outbox.install(queries.stands)
    group_id, leader = factories.group()
    someone = factories.member(group_id, leader)
    assert _queue(someone, someone.own().contact)
    same: dict[str, Any] = {"by": someone.id, "group_id": group_id, "now": NOW}

    match change:
        case "says no":
            no = SafeContact(says=Says.NO)
            actions.save_safe_contact(**same, contact=no, holder=someone.key)
        case "says yes again":
            elsewhere = SafeContact(says=Says.YES, channel="mail", address="elsewhere@example.org")
            actions.save_safe_contact(**same, contact=elsewhere, holder=someone.key)
        case "leaves":
            actions.leave(**same, member_id=someone.id)
        case "pauses":
            actions.pause(**same, member_id=someone.id)
        case _:
            actions.forget_now(**same, member_id=someone.id)
    outbox.send_due(NOW + timedelta(hours=2))

    assert mailoutbox == []


def test_why1_a_letter_under_a_yes_that_stands_leaves(settings, mailoutbox):
    settings.EMAIL_URL = "smtp://nowhere"
    outbox.install(queries.stands)
    group_id, leader = factories.group()
    someone = factories.member(group_id, leader)
    _queue(someone, someone.own().contact)

    assert outbox.send_due(NOW + timedelta(hours=2)).sent == 1
    assert mailoutbox[0].to == ["wren@example.org"]


@pytest.mark.parametrize(("level", "kept"), [("low", True), ("medium", True), ("high", False)])
def test_reg2_an_address_stands_ready_only_where_the_level_lets_it_and_only_when_asked_for(level, kept):
    group_id, _leader = factories.group(level=level)
    yes = SafeContact(says=Says.YES, channel="mail", address="a@example.org", said_on="2026-11-23", remind=True)
    rows = [
        Reach.objects.get(member_id=factories.applicant(group_id, contact=each).id)
        for each in (yes, replace(yes, remind=False), SafeContact(says=Says.NO))
    ]

    # One length for everybody, a no included: a copy of the database does not say who said yes.
    assert len({len(row.sealed) for row in rows}) == 1
    if not kept:
        assert not any(bytes(row.sealed) for row in rows)
        return
    opened = [sealing.open_sealed(bytes(row.sealed), place=row.pk).address for row in rows]
    assert opened == ["a@example.org", "", ""]
