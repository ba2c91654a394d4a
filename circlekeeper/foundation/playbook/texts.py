"""Reads agreements and scripts: facts from TOML, words from the Markdown file beside them."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from circlekeeper.foundation.playbook.faults import Fault, faults_of
from circlekeeper.foundation.playbook.prose import Agreements, Script, read_script

_WITH_WORDS = {"sections": "policy", "statement": "statement", "pledges": "pledge", "kept": "kept"}


def read_agreements(folder: Path, faults: list[Fault]) -> dict[str, Agreements]:
    """``agreements/<language>/texts.toml``, with ``policy-<id>.md``, ``statement-<id>.md``, ``pledge-<id>.md`` and
    ``kept-<id>.md``."""
    found = {}
    for path in sorted((folder / "agreements").glob("*/texts.toml")):
        name = path.relative_to(folder).as_posix()
        try:
            facts = tomllib.loads(path.read_text("utf-8"))
            found[path.parent.name] = Agreements.model_validate(
                {**_with_words(path.parent, facts), "language": path.parent.name}
            )
        except ValidationError as wrong:
            faults.extend(faults_of(name, wrong))
        except (OSError, ValueError, TypeError, KeyError) as wrong:
            faults.append(Fault(name, "", f"{type(wrong).__name__}: {wrong}"))
    if not (folder / "agreements" / "en" / "texts.toml").is_file():
        faults.append(Fault("agreements/en/texts.toml", "", "English agreements are missing"))
    return found


def _with_words(folder: Path, facts: dict[str, object]) -> dict[str, object]:
    whole = dict(facts)
    for key, prefix in _WITH_WORDS.items():
        rows = facts.get(key, [])
        if not isinstance(rows, list):
            raise TypeError(f"{key} is a list")
        whole[key] = [
            {**row, "words": (folder / f"{prefix}-{row['id']}.md").read_text("utf-8").strip()} for row in rows
        ]
    return whole


def read_scripts(folder: Path, faults: list[Fault]) -> dict[tuple[str, str], Script]:
    """``scripts/<id>.<language>.md``; every card exists in English."""
    found = {}
    for path in sorted((folder / "scripts").glob("*.md")):
        name, _, language = path.stem.partition(".")
        file = path.relative_to(folder).as_posix()
        try:
            found[name, language] = read_script(name=name, language=language, text=path.read_text("utf-8"))
        except ValidationError as wrong:
            faults.extend(faults_of(file, wrong))
        except (OSError, ValueError) as wrong:
            key, _, problem = str(wrong).partition(": ")
            faults.append(Fault(file, key, problem))
    for name in sorted({name for name, _ in found} - {name for name, language in found if language == "en"}):
        faults.append(Fault(f"scripts/{name}.en.md", "", "the English card is missing"))
    return found
