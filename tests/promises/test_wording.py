"""PRO1 and the README: no page, no text of the playbook and no export ever says that a law is met or a group is approved."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import circlekeeper
from circlekeeper.areas.safeguards import commands
from circlekeeper.areas.safeguards.tests.factories import NOW, group
from circlekeeper.foundation import playbook

ROOT = Path(circlekeeper.__file__).parent
CLAIMS = re.compile(
    r"compliant|certified by|HIPAA[- ](approved|certified|ready)|GDPR[- ](approved|certified|ready)|legally safe",
    re.IGNORECASE,
)
TEXTS = {".html", ".toml", ".md", ".po", ".txt", ".typ", ".js", ".css", ".json", ".svg"}


def _shown() -> Iterator[tuple[str, str]]:
    """Everything that can reach a screen, a paper or a file: texts, templates, and every string in the code."""
    for path in sorted(ROOT.rglob("*")):
        if "tests" in path.parts or not path.is_file():
            continue
        if path.suffix in TEXTS:
            yield path.name, path.read_text("utf-8")
        elif path.suffix == ".py":
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield path.name, node.value


def test_pro1_nothing_shown_claims_that_a_law_is_met() -> None:
    shown = list(_shown())
    assert len(shown) > 1000
    assert [(name, found.group()) for name, text in shown if (found := CLAIMS.search(text))] == []


@pytest.mark.parametrize("said", ["fully Compliant", "HIPAA-approved", "GDPR ready"])
def test_pro1_the_look_finds_such_a_claim(said: str) -> None:
    assert CLAIMS.search(f"This group is {said}.")


@pytest.mark.django_db
def test_pro1_an_export_of_a_clinicians_group_claims_nothing() -> None:
    made = group(level="professional", overlays=["clinicians", "us"])
    assert not CLAIMS.search(json.dumps(commands.posture_json(made, NOW)))
    assert not CLAIMS.search(json.dumps([overlay.model_dump(mode="json") for overlay in _overlays()]))


def _overlays() -> list[playbook.schemas.Overlay]:
    return list(playbook.book().overlays.values())
