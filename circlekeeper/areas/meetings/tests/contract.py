"""What every way into a meeting has to keep. A connector's tests subclass `Contract` and give it a `Rig`.

A rig is a service one can break on purpose. The same tests run against a real server where there is one: a rig whose service
cannot be broken says so by leaving a fault out of ``faults`` or a control out of ``flips``.
"""

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from circlekeeper.areas.meetings.provider import (
    Call,
    Evidence,
    Forged,
    Guest,
    Provider,
    Session,
    Trouble,
    Unavailable,
)
from circlekeeper.areas.safeguards.evidence import EVIDENCE_WORDS
from circlekeeper.foundation import playbook

NOW = datetime(2026, 11, 23, 17, 50, tzinfo=UTC)
CANARY = "Marigold-Ashworth-Canary"
SEEN_AGAIN = (Evidence.LOCKED, Evidence.READ_BACK, Evidence.SERVED_CONFIG, Evidence.OBSERVED)
GUEST = Guest(ref="3f1c9a", alias="Wren")
HOST = Guest(ref="77aa01", alias="Ada", is_host=True)


@dataclass(frozen=True)
class Signed:
    """Calls as the service would send them: one that is right, and the ways to get it wrong."""

    right: Call
    forged: Call
    old: Call | None = None  # None: this service's signature has no time in it


@dataclass
class Rig:
    """A service, how to reach it, and how to break it. ``begin`` clears every fault."""

    way: Provider
    session: Session
    # What goes wrong, and what the connector has to say then.
    faults: Mapping[Trouble, Callable[[], None]] = field(default_factory=dict)
    # By control: somebody changes this setting at the service after it was set up.
    flips: Mapping[str, Callable[[], None]] = field(default_factory=dict)
    signed: Callable[[datetime], Signed] | None = None
    kept: Callable[[], str] = lambda: ""  # everything the service holds about us, as text
    same_link_for_all: bool = False

    def made(self) -> Session:
        """The session once it was set up."""
        return replace(self.session, remote=self.way.apply(self.session, now=NOW))


class Contract:
    """The tests. A subclass has a fixture ``rig``."""

    def test_it_has_everything_a_provider_has(self, rig: Rig) -> None:
        for name, wanted in inspect.getmembers(Provider, inspect.isfunction):
            if not name.startswith("_"):
                asked = {each for each in inspect.signature(wanted).parameters if each != "self"}
                assert inspect.signature(getattr(rig.way, name)).parameters.keys() == asked, name
        assert rig.way.name
        assert rig.way.title
        assert rig.way.sees

    def test_tec2_each_capability_names_a_control_once_with_its_word(self, rig: Rig) -> None:
        can = rig.way.capabilities()
        assert {each.control for each in can} <= playbook.book().controls.keys()
        assert len({each.control for each in can}) == len(can)
        assert all(each.evidence in EVIDENCE_WORDS and each.words for each in can)

    def test_tec3_tec7_create_verify_end_purge(self, rig: Rig) -> None:
        made = rig.made()
        proofs = rig.way.verify(made, now=NOW)
        can, order = {each.control: each.evidence for each in rig.way.capabilities()}, list(Evidence)
        for proof in proofs:
            assert proof.control in can, proof
            assert order.index(proof.evidence) >= order.index(can[proof.control]), proof
            assert proof.checked_at == NOW
            assert proof.lasts > timedelta()
            if proof.evidence in SEEN_AGAIN and proof.evidence is not Evidence.OBSERVED:
                assert proof.holds, proof
            if proof.evidence in (Evidence.ATTESTED, Evidence.WRITTEN_UNVERIFIED):
                assert not proof.holds, proof
        rig.way.end(made, now=NOW)
        rig.way.end(made, now=NOW)
        for proof in rig.way.purge(made, now=NOW):
            assert proof.holds or proof.seen == "unknown", proof
        rig.way.purge(made, now=NOW)

    def test_setting_up_twice_is_the_same_meeting(self, rig: Rig) -> None:
        made = rig.made()
        again = replace(made, remote=rig.way.apply(made, now=NOW))
        assert [each.holds for each in rig.way.verify(again, now=NOW)] == [
            each.holds for each in rig.way.verify(made, now=NOW)
        ]

    def test_tec3_a_setting_flipped_afterwards_is_noticed(self, rig: Rig) -> None:
        for control, flip in rig.flips.items():
            made = rig.made()
            before = [each for each in rig.way.verify(made, now=NOW) if each.control == control]
            assert before
            assert all(each.holds for each in before if each.evidence in SEEN_AGAIN)
            flip()
            after = [each for each in rig.way.verify(made, now=NOW) if each.control == control]
            assert any(each.evidence in SEEN_AGAIN and not each.holds for each in after), control
            rig.way.purge(made, now=NOW)

    def test_each_fault_is_told_apart_and_tells_nothing(self, rig: Rig) -> None:
        for trouble, spoil in rig.faults.items():
            made = rig.made() if trouble is not Trouble.HALF_DONE else rig.session
            spoil()
            with pytest.raises(Unavailable) as failure:
                rig.way.apply(made, now=NOW)
                rig.way.verify(made, now=NOW)
            assert failure.value.trouble is trouble
            assert failure.value.sentence
            for secret in [*rig.session.connected.values(), rig.session.room]:
                assert secret not in f"{failure.value!r} {failure.value}"
            assert failure.value.__cause__ is None
            self.mend(rig)

    def mend(self, rig: Rig) -> None:
        """Undo every fault; a subclass with faults has to say how."""
        if rig.faults:
            raise NotImplementedError

    def test_dec16_fmt5_each_guest_has_a_link_without_anything_of_ours_in_it(self, rig: Rig) -> None:
        made = rig.made()
        links = {rig.way.mint_link(made, each, now=NOW) for each in (GUEST, HOST, replace(GUEST, ref="other"))}
        assert len(links) == (1 if rig.same_link_for_all else 3)
        for link in links:
            assert link.startswith(("https://", "http://127.0.0.1", "tel:"))
            assert made.meeting_id not in link
            for setting in rig.way.settings:
                assert not setting.secret or made.connected[setting.name] not in link
        assert "@" not in rig.kept()

    def test_a_call_that_is_forged_or_old_is_refused_and_one_that_is_right_keeps_nothing_of_a_person(
        self, rig: Rig
    ) -> None:
        if rig.signed is None:
            with pytest.raises(Forged):
                rig.way.handle_event(rig.session.connected, Call("POST", "", {}, b"{}"), find=_nobody, now=NOW)
            return
        made, signed = rig.made(), rig.signed(NOW)

        def find(room: str) -> Session | None:
            return made if room == made.room else None

        heard = rig.way.handle_event(made.connected, signed.right, find=find, now=NOW)
        again = rig.way.handle_event(made.connected, signed.right, find=find, now=NOW)
        assert [each.delivery for each in again.events] == [each.delivery for each in heard.events]
        said = json.dumps([[each.kind, each.room, each.delivery] for each in heard.events])
        assert CANARY not in said + heard.body.decode()
        for wrong in (signed.forged, signed.old):
            if wrong is not None:
                with pytest.raises(Forged):
                    rig.way.handle_event(made.connected, wrong, find=find, now=NOW)


def _nobody(room: str) -> Session | None:
    return None
