"""The content that ships: what the guide demands of it, whatever else it says."""

import re
import shutil
from pathlib import Path

import pytest

from circlekeeper.foundation import playbook
from circlekeeper.foundation.playbook import CheckKind, Level, Mode
from circlekeeper.foundation.playbook.durations import parse_duration
from circlekeeper.foundation.playbook.loader import CONTENT

BOOK = playbook.book()

TABLE = {  # the guide's comparison table: required controls by level
    Level.LOW: {"meeting-password", "norms-fixed-three"},
    Level.MEDIUM: {"vetting-decided", "pledge-signed", "facilitators-trained"},
    Level.HIGH: {"alias-by-default", "vetting-decided", "emergency-plan", "emergency-records", "legal-review"},
    Level.PROFESSIONAL: {"clinical-safeguards", "pledge-signed", "consent-by-purpose", "who-is-bound"},
    Level.EXPERIMENTAL: {"vendor-contracts", "credential-choice", "nothing-on-a-chain", "pilot-consent"},
}
PRE_MEETING = {
    "KIT5": "links-sent-privately",
    "KIT6": "waiting-room-tested",
    "KIT7": "moderators-confirmed",
    "KIT8": "recording-off",
    "KIT9": "emergency-records",
}


def test_the_content_that_ships_is_sound() -> None:
    report = playbook.check()
    assert report.errors == ()
    assert report.ok
    assert report.controls >= 60


@pytest.mark.parametrize("level", Level)
def test_the_comparison_table_is_required(level: Level) -> None:
    answer = BOOK.answer(level)
    assert {control for control in TABLE[level] if not answer.mode(control).binds} == set()


def test_hi2_recording_is_locked_off_at_high() -> None:
    assert BOOK.answer(Level.HIGH).mode("recording-off") is Mode.LOCKED
    assert BOOK.answer(Level.HIGH).value("recording") == "off"


def test_the_five_points_before_a_meeting_close_the_start() -> None:
    for row, control in PRE_MEETING.items():
        assert row in BOOK.controls[control].guide
        assert all(check.gate == "start" for check in BOOK.controls[control].check)
        assert BOOK.answer(Level.HIGH).mode(control).binds


def test_ret1_to_ret5_periods_are_the_guides() -> None:
    roster = {level: BOOK.answer(level).retention["roster"] for level in Level}
    assert (str(roster[Level.LOW].keep), str(roster[Level.LOW].limit)) == ("P3M", "P3M")
    assert (str(roster[Level.MEDIUM].keep), str(roster[Level.MEDIUM].limit)) == ("P6M", "P12M")
    assert (str(roster[Level.HIGH].keep), str(roster[Level.HIGH].limit)) == ("P30D", "P90D")
    assert roster[Level.HIGH].longer_with_consent
    assert not roster[Level.LOW].longer_with_consent
    assert roster[Level.PROFESSIONAL].keep is None
    assert roster[Level.EXPERIMENTAL].keep is None


def test_every_control_like_row_of_the_guide_is_somewhere() -> None:
    wanted = [
        *(f"POL{n}" for n in range(1, 6)),
        *(f"CON{n}" for n in range(1, 6)),
        *(f"CNF{n}" for n in range(1, 4)),
        *(f"TEC{n}" for n in range(1, 15)),
        *(f"REG{n}" for n in range(1, 9)),
        *(f"MOD{n}" for n in range(1, 8)),
        *(f"DAT{n}" for n in range(1, 9)),
        *(f"INC{n}" for n in range(1, 5)),
        *(f"FMT{n}" for n in range(1, 15)),
        *(f"ACC{n}" for n in range(1, 9)),
        *(f"VEN{n}" for n in range(1, 8)),
        *(f"MEA{n}" for n in range(1, 9)),
        *(f"AIM{n}" for n in range(1, 5)),
        *(f"CRE{n}" for n in range(1, 4)),
        *(f"THR{n}" for n in range(1, 4)),
        *(f"KIT{n}" for n in range(1, 10)),
        *(f"RET{n}" for n in range(1, 6)),
        *"LVL0 LOW1 LOW2 MED1 MED2 HI1 HI2 PRO1 PRO2 EXP1 EXP2 TIP1 TIP2 FAQ1a FAQ2a FAQ3 FAQ4 FAQ5".split(),
    ]
    named = {row for control in BOOK.controls.values() for row in control.guide}
    named |= {row for setting in BOOK.settings.values() for row in setting.guide}
    named |= {row for record in BOOK.retention.values() for row in record.guide}
    assert [row for row in wanted if row not in named] == []


def test_a_room_that_is_not_here_is_attested_never_assumed() -> None:
    rooms = {"groups", "safeguards", "domain", "agreements", "roster", "joining", "meetings", "retention"}
    rooms |= {"accounts", "vault", "ledger", "backup"}
    for control in BOOK.controls.values():
        if control.room not in rooms:
            assert {check.kind for check in control.check} == {CheckKind.ATTEST}, control.id


def test_every_attestation_ends_within_a_year() -> None:
    for control in BOOK.controls.values():
        for check in control.check:
            assert parse_duration(check.fresh_for).length <= 366, control.id


def test_members_read_plain_words() -> None:
    coded = re.compile(
        r"\b(attest|evidence|overlay|compliance|compliant|stakeholder|leverage|HIPAA)\b", re.IGNORECASE
    )
    for control in BOOK.controls.values():
        for text in (control.title, control.why, control.do):
            assert not coded.search(text), (control.id, text)
            assert max(len(part.split()) for part in re.split(r"[.:;]", text)) <= 30, (control.id, text)


def test_nothing_claims_compliance() -> None:
    for path in CONTENT.rglob("*.*"):
        if path.suffix in {".toml", ".md"}:
            assert "compliant" not in path.read_text("utf-8").lower(), path.name


def test_kit3_every_norm_leads_to_a_card() -> None:
    for norm in BOOK.agreements().norms:
        assert BOOK.script(norm.script).say


def test_a_missing_language_falls_back_to_english() -> None:
    assert BOOK.agreements("cy") == BOOK.agreements("en")
    assert BOOK.script("closing", "cy").language == "en"


def test_the_version_is_the_content(tmp_path: Path) -> None:
    copy = _copy(tmp_path)
    same, _ = playbook.load(copy)
    (copy / "scripts" / "closing.en.md").write_text("# Closing\n\n## Say\nGoodbye.\n\n## Then\nRest.\n")
    other, _ = playbook.load(copy)
    assert same is not None
    assert other is not None
    assert same.version == BOOK.version != other.version


def _copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))
