"""A demo never touches what is not a demo."""

import argparse
import os
from pathlib import Path

import pytest

from circlekeeper.cli import main
from circlekeeper.demo import child, folder, mark
from circlekeeper.demo.folder import Found
from circlekeeper.serving import prepare, trouble


def test_each_kind_of_folder_is_told_apart(tmp_path):
    place = tmp_path / "demo"
    assert folder.look(place) is Found.NOTHING
    folder.make(place)
    assert folder.look(place) is Found.HALF
    mark.finish(place)
    assert folder.look(place) is Found.WHOLE
    (place / mark.NAME).write_text("something else")
    assert folder.look(place) is Found.SOMETHING_ELSE


def test_a_broken_loading_is_begun_anew_and_the_folder_is_closed_to_others(tmp_path):
    folder.make(tmp_path / "demo")
    (tmp_path / "demo" / "left-over").touch()

    folder.make(tmp_path / "demo")

    assert [each.name for each in (tmp_path / "demo").iterdir()] == [mark.NAME]
    assert (tmp_path / "demo").stat().st_mode & 0o777 == 0o700


def test_nothing_is_loaded_beside_something_else(tmp_path):
    (tmp_path / "circlekeeper.sqlite3").write_text("real")
    with pytest.raises(folder.NotADemo):
        folder.make(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["circlekeeper.sqlite3"]


@pytest.mark.parametrize("content", [None, "", "a demo, somebody wrote"])
def test_wipe_refuses_a_folder_that_is_no_demo(tmp_path, content, capsys):
    (tmp_path / "circlekeeper.sqlite3").write_text("real")
    if content is not None:
        (tmp_path / mark.NAME).write_text(content)

    status = main.main(["demo", "--data", str(tmp_path), "--wipe"])

    assert status == 2
    assert (tmp_path / "circlekeeper.sqlite3").read_text() == "real"
    said = capsys.readouterr()
    assert said.out == ""
    assert "was left alone" in said.err


def test_wipe_removes_a_demo_and_follows_no_link(tmp_path):
    real = tmp_path / "real"
    real.mkdir()
    (real / "kept").touch()
    folder.make(tmp_path / "demo")
    (tmp_path / "demo" / "link").symlink_to(real)

    assert folder.wipe(tmp_path / "demo")

    assert sorted(each.name for each in tmp_path.iterdir()) == ["real"]
    assert (real / "kept").exists()


def test_wipe_does_not_follow_a_link_to_a_demo(tmp_path):
    folder.make(tmp_path / "demo")
    (tmp_path / "link").symlink_to(tmp_path / "demo")
    with pytest.raises(folder.NotADemo):
        folder.wipe(tmp_path / "link")
    assert (tmp_path / "demo" / mark.NAME).exists()


def test_wipe_leaves_a_demo_that_somebody_looks_at(tmp_path):
    folder.make(tmp_path / "demo")
    held = prepare.only_one(tmp_path / "demo")
    with pytest.raises(trouble.Trouble, match="already running"):
        folder.wipe(tmp_path / "demo")
    os.close(held)
    assert (tmp_path / "demo" / mark.NAME).exists()


def test_wiping_nothing_is_no_mistake(tmp_path, capsys):
    assert main.main(["demo", "--data", str(tmp_path / "none"), "--wipe"]) == 0
    assert "There is no demo" in capsys.readouterr().out


def test_the_demos_processes_are_told_nothing_that_leads_out(monkeypatch, tmp_path):
    for name in ("DATABASE_URL", "SHRED_DATABASE_URL_FILE", "EMAIL_URL", "EMAIL_URL_FILE", "CIRCLEKEEPER_URL"):
        monkeypatch.setenv(name, "https://real.example")
    told = child.environment(tmp_path, 8000)
    assert "https://real.example" not in told.values()
    assert (told["CIRCLEKEEPER_DATA"], told["CIRCLEKEEPER_DEMO"]) == (str(tmp_path), "1")


def test_without_a_name_the_demo_takes_a_folder_of_its_own(monkeypatch):
    monkeypatch.setenv("CIRCLEKEEPER_DATA", "/real/data")
    chosen: argparse.Namespace = main.parser().parse_args(["demo"])
    assert chosen.data == Path("demo-data")
    assert main.parser().parse_args(["doctor"]).data == Path("/real/data")
