import shutil
from pathlib import Path

import pytest

from circlekeeper.foundation import playbook
from circlekeeper.foundation.playbook import loader
from circlekeeper.foundation.playbook.loader import CONTENT
from circlekeeper.foundation.playbook.system_check import content_is_sound


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


BROKEN = [
    ("controls/pledge-signed.toml", 'low = "default"', 'low = "sometimes"', "mode.low"),
    ("controls/pledge-signed.toml", 'low = "default"', 'low = "locked"', "mode.medium"),
    ("controls/pledge-signed.toml", 'low = "default"\n', "", "mode.low"),
    ("controls/pledge-signed.toml", "title =", "tittle =", "tittle"),
    ("controls/pledge-signed.toml", 'fresh_for = "PT0S"', 'fresh_for = "2 hours"', "check.0.fresh_for"),
    ("controls/pledge-signed.toml", 'on_fail = "block-link"', 'on_fail = "show"', "check.0"),
    ("controls/drill-held.toml", 'high = "required"', 'high = "locked"', "waiver.levels"),
    ("controls/room-locked.toml", "say =", "# say =", "check.0"),
    ("settings/deciders.toml", "high = 2", "high = 0", "value.high"),
    ("settings/deciders.toml", "high = 2", 'high = "two"', "value"),
    ("retention/roster.toml", 'limit = "P90D"', 'limit = "P91D"', "high.limit"),
    ("retention/roster.toml", 'limit = "P12M"', 'limit = "P13M"', "medium.limit"),
    ("retention/roster.toml", 'set_by = "adviser"', 'keep = "P7Y"', "professional.set_by"),
    ("retention/roster.toml", 'class = "roster"', 'class = "rooster"', "class"),
    ("overlays/minors.toml", 'legal-review = "required"', 'legal-review = "off"', "mode.legal-review"),
    ("overlays/minors.toml", "legal-review =", "no-such-control =", "mode.no-such-control"),
    ("overlays/minors.toml", "hosts = 2", "hosts = 0", "settings.hosts"),
    ("overlays/minors.toml", 'roster = {keep = "P30D"}', 'roster = {keep = "P2Y"}', "retention.roster.keep"),
    ("clocks/eu-33.toml", "checked = 2026-11-22\n", "", "source.checked"),
    ("clocks/eu-33.toml", 'overlay = "eu"', 'overlay = "mars"', "overlay"),
    ("levels.toml", "[medium]", "[middling]", "medium"),
    ("interview.toml", 'overlay = "survivors"', 'overlay = "nobody"', "question.3.yes.overlay"),
    ("agreements/en/texts.toml", "fixed = true", "fixed = false", "norms"),
    (
        "agreements/en/texts.toml",
        'script = "recording-request"',
        'script = "nothing"',
        "norms.no-recording.script",
    ),
    ("agreements/en/statement-report.md", "Tell", "word " * 60 + "Tell", "statement"),
    ("scripts/closing.en.md", "## Then", "## Later", "section"),
    ("scripts/closing.en.md", "We are near", "word " * 40 + "We are near", "say.0"),
]


@pytest.mark.parametrize(("file", "old", "new", "key"), BROKEN)
def test_a_broken_copy_is_refused_with_file_and_key(copy: Path, file: str, old: str, new: str, key: str) -> None:
    _edit(copy / file, old, new)
    report = playbook.check(copy)
    assert not report.ok
    if file.startswith("agreements/"):
        file = "agreements/en/texts.toml"
    assert key in [fault.key for fault in report.errors if fault.file == file], report.errors


def test_no_control_without_a_check(copy: Path) -> None:
    path = copy / "controls/pledge-signed.toml"
    text = path.read_text("utf-8")
    path.write_text(text[: text.index("[[check]]")], "utf-8")
    assert [(fault.file, fault.key) for fault in playbook.check(copy).errors] == [
        ("controls/pledge-signed.toml", "check")
    ]


def test_toml_that_does_not_parse_names_its_file(copy: Path) -> None:
    (copy / "controls/pledge-signed.toml").write_text("title = ", "utf-8")
    assert [fault.file for fault in playbook.check(copy).errors] == ["controls/pledge-signed.toml"]


def test_an_empty_or_missing_folder_is_an_error(tmp_path: Path) -> None:
    assert not playbook.check(tmp_path).ok
    assert not playbook.check(tmp_path / "nothing").ok


def test_bad_content_stops_start_up(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert content_is_sound(None) == []
    _edit(copy / "levels.toml", "[medium]", "[middling]")
    monkeypatch.setattr(loader, "CONTENT", copy)
    assert {error.id for error in content_is_sound(None)} == {"playbook.E001"}


def test_the_book_is_read_once() -> None:
    assert playbook.book() is playbook.book()
