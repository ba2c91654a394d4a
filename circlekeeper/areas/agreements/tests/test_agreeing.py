"""Consents, promises, and joining."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from circlekeeper.areas.agreements import actions, checks, queries
from circlekeeper.areas.agreements.errors import NewerText, NotAgreed, NothingPublished, NotSigned
from circlekeeper.areas.agreements.events import PledgeSigned
from circlekeeper.areas.agreements.models import Consent, Pledge
from circlekeeper.areas.agreements.rules import Standing
from circlekeeper.areas.agreements.tests.factories import (
    NOW,
    connected,
    group,
    join,
    person,
    published,
    ring,
    signature,
)
from circlekeeper.areas.groups import actions as groups
from circlekeeper.areas.safeguards import actions as safeguards
from circlekeeper.areas.safeguards.evidence import Question, Verdict
from circlekeeper.foundation import guard
from circlekeeper.foundation.accounts import actions as accounts
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.jobs.models import Event
from circlekeeper.foundation.ledger.models import Entry
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.vault import shredstore
from circlekeeper.foundation.vault.shred.models import Tombstone

pytestmark = pytest.mark.django_db(databases=["default", "shred"])
LATER = NOW + timedelta(days=1)


def _give(group_id: str, member_id: str, purpose: str, **more: object) -> None:
    text = queries.purpose_text(group_id, purpose)
    actions.record_consents(
        by=member_id,
        group_id=group_id,
        member_id=member_id,
        answers={purpose: text.sha256},
        method="ticked",
        now=LATER,
        **more,  # type: ignore[arg-type]
    )


def _where(group_id: str, member_id: str, purpose: str) -> Standing:
    found = queries.consents_of(group_id=group_id, member_id=member_id, now=LATER)
    return next(each.standing for each in found if each.purpose == purpose)


def test_con1_given_withdrawn_and_given_again_leaves_an_unbroken_chain():
    with connected():
        group_id = published()
        member = join(group_id)
        _give(group_id, member, "contact")
        actions.withdraw_consent(by=member, group_id=group_id, member_id=member, purpose="contact", now=LATER)
        assert _where(group_id, member, "contact") is Standing.WITHDRAWN
        _give(group_id, member, "contact")

    chain = Consent.objects.filter(member_id=member, purpose="contact").order_by("number")
    assert [(row.number, row.act) for row in chain] == [(1, "given"), (2, "withdrawn"), (3, "given")]
    assert _where(group_id, member, "contact") is Standing.GIVEN
    assert Entry.objects.filter(subject__in=[row.pk for row in chain]).count() == 3


def test_con1_a_receipt_carries_the_hash_of_the_stored_text():
    with connected():
        group_id = published()
        member = join(group_id, agreeing=("join", "contact"))

    receipts = {
        each["purposes"][0]["purpose"]: each for each in queries.receipts(group_id=group_id, member_id=member)
    }
    text = queries.current(group_id, "consent-text", "contact")
    policy = queries.current(group_id, "policy")
    assert text is not None
    assert policy is not None
    contact = receipts["contact"]
    assert contact["schema_version"] == "ISO/IEC TS 27560:2023"
    assert contact["pii_principal_id"] == member
    assert contact["purposes"][0]["text_sha256"] == text.sha256 == contact["events"][0]["text_sha256"]
    assert contact["purposes"][0]["text"] == text.text
    assert contact["privacy_notice"]["sha256"] == policy.sha256
    assert len(queries.receipts_of_group(group_id)) == 2


def test_con1_what_is_not_ticked_stays_open():
    with connected():
        group_id = published()
        member = join(group_id, agreeing=("join",))
    assert _where(group_id, member, "contact") is Standing.NEVER
    assert not queries.allows(member_id=member, purpose="contact", now=LATER)


def test_con1_bundled_prepared_or_silent_is_not_storable():
    with connected():
        group_id = published()
        member = join(group_id)
        with pytest.raises(NotAgreed):
            _give(group_id, member, "contact", prepared=["contact"])
        hashed = queries.purpose_text(group_id, "contact").sha256
        for answers, method in (
            ({"contact": hashed, "emergency": hashed}, "ticked"),
            ({"contact,emergency": hashed}, "ticked"),
            ({"contact": hashed}, "silence"),
        ):
            with pytest.raises((NotAgreed, NewerText)):
                actions.record_consents(
                    by=member, group_id=group_id, member_id=member, answers=answers, method=method, now=LATER
                )
    row = Consent.objects.get(member_id=member)
    for change in ({"method": "silence"}, {"purpose": "contact,emergency"}, {"act": "assumed"}):
        row.pk, row.number = "x" * 26, row.number + 1
        bad = Consent(**{f.attname: getattr(row, f.attname) for f in Consent._meta.fields} | change)
        with guard.outside_action("test"), pytest.raises(IntegrityError), transaction.atomic():
            Consent.objects.bulk_create([bad])


def test_con2_the_effect_is_known_before_and_withdrawal_is_told_to_whoever_relies_on_it():
    with connected():
        group_id = published()
        member = join(group_id, agreeing=("join", "emergency"))

        assert "destroyed now" in queries.withdrawal_effect(group_id=group_id, purpose="emergency")
        actions.withdraw_consent(by=member, group_id=group_id, member_id=member, purpose="emergency", now=LATER)

    assert Event.objects.filter(name__endswith="ConsentWithdrawn", payload__purpose="emergency").count() == 1
    assert Tombstone.objects.filter(kind="consent", ref=f"{member}:emergency").count() == 1
    with pytest.raises(NotHere):
        actions.withdraw_consent(by=member, group_id=group_id, member_id=member, purpose="emergency", now=LATER)
    with pytest.raises(NotHere):
        queries.withdrawal_effect(group_id=group_id, purpose="unheard-of")


def test_con2_after_version_2_a_silent_member_keeps_version_1_and_gets_nothing_new():
    with connected():
        group_id = published()
        member = join(group_id, agreeing=("join", "contact"))
        actions.publish_consents(
            by="alice", group_id=group_id, words={"contact": "You may also call me."}, now=LATER
        )

        assert queries.allows(member_id=member, purpose="contact", now=LATER, version=1)
        assert not queries.allows(member_id=member, purpose="contact", now=LATER, version=2)
        assert queries.to_ask_again(group_id=group_id, member_id=member, now=LATER) == ["contact"]
        _give(group_id, member, "contact")
        assert queries.allows(member_id=member, purpose="contact", now=LATER, version=2)
        assert queries.to_ask_again(group_id=group_id, member_id=member, now=LATER) == []


def test_con2_a_small_correction_asks_nobody_again():
    with connected():
        group_id = published()
        member = join(group_id, agreeing=("join", "contact"))
        small = actions.Edition(material=False, note="Shorter, the same meaning.")
        with pytest.raises(Refused):
            actions.publish_consents(
                by="alice",
                group_id=group_id,
                words={"contact": "You may call me."},
                now=LATER,
                edition=actions.Edition(material=False),
            )
        actions.publish_consents(
            by="alice", group_id=group_id, words={"contact": "You may call me."}, now=LATER, edition=small
        )
        assert queries.to_ask_again(group_id=group_id, member_id=member, now=LATER) == []


def test_consents_and_promises_only_grow():
    with connected():
        group_id = published()
        member = join(group_id)
    for statement in (
        "UPDATE agreements_consent SET act = 'withdrawn' WHERE member_id = %s",
        "UPDATE agreements_consent SET purpose = 'contact' WHERE member_id = %s",
        "UPDATE agreements_pledge SET signed_at = lapses_at WHERE member_id = %s",
        "UPDATE agreements_pledge SET strength = 'tick' WHERE member_id = %s",
    ):
        with (
            guard.outside_action("an attacker with the database"),
            pytest.raises(DatabaseError, match="only grows"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [member])


def test_a_leaving_member_takes_consents_and_promises_along_and_may_come_back():
    with connected():
        group_id = published()
        member, other = join(group_id), join(group_id)
        due = date(2027, 3, 1)
        actions.set_due(by="system", group_id=group_id, member_id=member, due_on=due, now=LATER)

        assert set(Consent.objects.filter(member_id=member).values_list("due_on", flat=True)) == {due}
        assert Pledge.objects.get(member_id=member).due_on == due
        assert Pledge.objects.get(member_id=other).due_on is None
        actions.set_due(by="system", group_id=group_id, member_id=member, due_on=None, now=LATER)
        assert Pledge.objects.get(member_id=member).due_on is None


def test_pol4_joining_cannot_skip_the_policy():
    with connected():
        group_id = published()
        texts = queries.joining_texts(group_id)
        hashes = {each.purpose: each.sha256 for each in texts.purposes}

        for seen in (None, texts.policy_version - 1, texts.policy_version + 1):
            with pytest.raises(Refused):
                actions.record_joining(
                    by="m",
                    group_id=group_id,
                    member_id="m",
                    policy_version=seen,
                    answers={"join": hashes["join"]},
                    signature=signature(group_id),
                    now=NOW,
                )
    assert not Consent.objects.exists()
    assert not Pledge.objects.exists()


def test_joining_without_what_is_needed_records_nothing():
    with connected():
        group_id = published()
        texts = queries.joining_texts(group_id)
        with pytest.raises(NotAgreed) as refusal:
            actions.record_joining(
                by="m",
                group_id=group_id,
                member_id="m",
                policy_version=texts.policy_version,
                answers={},
                signature=signature(group_id),
                now=NOW,
            )
    assert refusal.value.field == "join"
    assert not Pledge.objects.exists()


def test_nobody_joins_a_group_without_texts():
    with connected():
        with pytest.raises(NothingPublished):
            queries.joining_texts(group())


def test_a_text_published_while_the_page_was_open_has_to_be_read_first():
    with connected():
        group_id = published()
        member, made = join(group_id), signature(group_id)
        actions.publish_pledge(by="alice", group_id=group_id, words="I keep what I hear here.", now=LATER)
        with pytest.raises(NewerText):
            actions.sign_pledge(by=member, group_id=group_id, member_id=member, signature=made, now=LATER)


@pytest.mark.parametrize(("level", "strength"), [("low", "tick"), ("medium", "typed"), ("high", "signed")])
def test_cnf1_the_level_decides_how_the_promise_is_made(level: str, strength: str):
    with connected():
        group_id = published(level=level)
        member = join(group_id, name="Wren")

    found = queries.pledge_of(group_id=group_id, member_id=member)
    assert found is not None
    assert (found.strength, found.has_name) == (strength, strength != "tick")
    assert found.lapses_at > found.signed_at


def test_cnf1_a_chosen_name_is_refused_at_professional_level_with_the_reason():
    with connected():
        group_id = published(level="professional")
        sha256 = queries.joining_texts(group_id).pledge.sha256
        for name, said in (("Wren", True), ("Maria Okafor", False), ("wren ", True)):
            with pytest.raises(NotSigned, match="legal name"):
                actions.prepare_signature(
                    group_id=group_id, sha256=sha256, now=NOW, name=name, alias="Wren", said_legal=said
                )
        join(group_id, name="Maria Okafor")
    assert Pledge.objects.count() == 1


def test_cnf1_no_name_no_signature_and_no_tick_no_promise():
    with connected():
        for level, field in (("high", "signature"), ("low", "promise")):
            group_id = published(level=level)
            sha256 = queries.joining_texts(group_id).pledge.sha256
            with pytest.raises(NotSigned) as refusal:
                actions.prepare_signature(group_id=group_id, sha256=sha256, now=NOW, ticked=level == "high")
            assert refusal.value.field == field


def test_cnf1_the_signed_name_is_sealed_opened_only_with_a_line_in_the_log_and_can_be_shredded():
    leader = person()
    with connected():
        group_id = published(level="high", by=leader)
        member = join(group_id, name="Wren of the Fens")
    row = Pledge.objects.get(member_id=member)
    assert b"Wren" not in bytes(row.blob) + bytes(row.wrap)

    opened = queries.signature(by=leader, about=member, ring=ring(leader), group_id=group_id, now=LATER)

    assert opened == "Wren of the Fens"
    assert Entry.objects.filter(action="agreements.signature.open", subject=member, actor=leader).count() == 1
    shredstore.shred([row.secret_id], now=LATER)
    with pytest.raises(shredstore.Shredded):
        queries.signature(by=leader, about=member, ring=ring(leader), group_id=group_id, now=LATER)


def test_house_still_to_sign_names_who_is_missing_weak_old_or_lapsed():
    with connected():
        group_id = published()
        signed, old = join(group_id), join(group_id, now=NOW - timedelta(days=366))
        members = {signed, old, "new"}

        assert queries.still_to_sign(group_id=group_id, now=NOW, member_ids=members) == {old, "new"}
        actions.publish_pledge(by="alice", group_id=group_id, words="I keep what I hear here.", now=LATER)
        assert queries.still_to_sign(group_id=group_id, now=LATER, member_ids=members) == members


def test_the_checks_count_members_and_never_name_them():
    with connected():
        group_id = published()
        member = join(group_id)
    with connected(members=[member]):
        ask = Question(group_id, NOW)
        for check in (
            checks.everyone_has_promised,
            checks.everyone_agreed_to_the_text_in_force,
            checks.norms_are_published,
            checks.statement_is_short_and_whole,
        ):
            assert check(ask).verdict is Verdict.MET
    with connected(members=[member, "somebody"]):
        for check in (checks.everyone_has_promised, checks.everyone_agreed_to_the_text_in_force):
            found = check(ask)
            assert found.verdict is Verdict.MET, "one silent member does not close the door for the rest"
            assert "1 member still has to answer and gets no link" in found.detail
            assert "somebody" not in found.detail
    with connected(members=["somebody"]):
        for check in (checks.everyone_has_promised, checks.everyone_agreed_to_the_text_in_force):
            assert check(ask).verdict is Verdict.NOT_MET


def test_nothing_published_answers_no_control():
    with connected():
        ask = Question(group(), NOW)
        for check in (
            checks.everyone_has_promised,
            checks.everyone_agreed_to_the_text_in_force,
            checks.norms_are_published,
            checks.statement_is_short_and_whole,
            checks.policy_says_what_we_do,
        ):
            assert check(ask).verdict is Verdict.NOT_MET


def test_no_machine_address_is_kept_beside_a_promise():
    columns = {field.name for model in (Pledge, Consent) for field in model._meta.get_fields()}
    assert not [name for name in columns if any(part in name for part in ("ip", "agent", "address", "host"))]


def test_a_lowered_level_is_settled_when_the_last_member_has_promised_again():
    leader, second = person(), person()
    with connected():
        group_id = published(level="high", by=leader)
        first, other = join(group_id), join(group_id)
    groups.open_group(by=leader, group_id=group_id, now=NOW)
    accounts.grant_role(by=leader, person_id=second, place=group_id, role=RoleName.PRIVACY_LEAD, now=NOW)
    with connected(members=[first, other]):
        decision = safeguards.set_level(
            by=leader, group_id=group_id, level="medium", overlays=[], reason="adviser", now=LATER
        )
        safeguards.approve_level(by=second, decision_id=decision.id, now=LATER)

        def sign(member: str) -> None:
            made = signature(group_id, now=LATER)
            actions.sign_pledge(by=member, group_id=group_id, member_id=member, signature=made, now=LATER)
            actions.settle_lowering(PledgeSigned(group_id, member, made.pledge_id), now=LATER)

        sign(first)
        assert queries.pledge_strength(group_id) == "signed"
        sign(other)
        assert queries.pledge_strength(group_id) == "typed"
        actions.settle_lowering(PledgeSigned(group_id, other, "again"), now=LATER)
