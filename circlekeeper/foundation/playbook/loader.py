"""Reads ``content`` once; a wrong file is named with the key that is wrong."""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

import circlekeeper
from circlekeeper.foundation.playbook import coherence, schemas
from circlekeeper.foundation.playbook.book import Playbook
from circlekeeper.foundation.playbook.faults import Fault, faults_of
from circlekeeper.foundation.playbook.texts import read_agreements, read_scripts

CONTENT = Path(circlekeeper.__file__).parent / "content"

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Report:
    """The result of checking a content folder; ``controls`` counts those that loaded."""

    ok: bool
    controls: int
    errors: tuple[Fault, ...]


class BadContent(Exception):
    """The content folder does not load; the text lists every fault."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@cache
def book() -> Playbook:
    """The playbook that ships with this version, read once.

    :raises BadContent: a file is wrong.
    """
    loaded, faults = load(CONTENT)
    if loaded is None or faults:
        raise BadContent(faults)
    return loaded


def check(path: Path | None = None) -> Report:
    """Check a content folder (ours by default) and report every fault with its file and key."""
    folder = path or CONTENT
    loaded, faults = load(folder)
    controls = len(loaded.controls) if loaded else len(list(folder.glob("controls/*.toml")))
    return Report(ok=not faults, controls=controls, errors=faults)


def load(folder: Path) -> tuple[Playbook | None, tuple[Fault, ...]]:
    """Read a folder. The playbook is None when a file of the wrong shape makes it impossible to build."""
    faults: list[Fault] = []
    if not folder.is_dir():
        return None, (Fault(str(folder), "", "there is no such folder"),)
    controls = _read_all(folder, "controls", schemas.Control, faults)
    settings = _read_all(folder, "settings", schemas.Setting, faults)
    retention = _read_all(folder, "retention", schemas.Retention, faults)
    overlays = _read_all(folder, "overlays", schemas.Overlay, faults)
    clocks = _read_all(folder, "clocks", schemas.Clock, faults)
    levels = _read(folder, folder / "levels.toml", schemas.PerLevel[schemas.LevelCard], faults)
    agenda = _read(folder, folder / "agenda.toml", schemas.PerLevel[schemas.Agenda], faults)
    interview = _read(folder, folder / "interview.toml", schemas.Interview, faults)
    agreements = read_agreements(folder, faults)
    scripts = read_scripts(folder, faults)
    if faults or levels is None or agenda is None or interview is None:
        return None, tuple(faults)
    loaded = Playbook(
        version=_version(folder),
        controls=controls,
        settings=settings,
        retention=retention,
        overlays=overlays,
        clocks=clocks,
        levels=levels,
        agenda=agenda,
        interview=interview,
        agreements_by_language=agreements,
        scripts_by_language=scripts,
    )
    return loaded, tuple(coherence.faults(loaded))


def _read_all(folder: Path, kind: str, model: type[M], faults: list[Fault]) -> dict[str, M]:
    found = {}
    for path in sorted((folder / kind).glob("*.toml")):
        row = _read(folder, path, model, faults, id=path.stem)
        if row is not None:
            found[path.stem] = row
    if not found:
        faults.append(Fault(f"{kind}/", "", "holds no file that loads"))
    return found


def _read(folder: Path, path: Path, model: type[M], faults: list[Fault], **given: str) -> M | None:
    name = path.relative_to(folder).as_posix()
    try:
        facts = tomllib.loads(path.read_text("utf-8"))
        if "id" in facts:
            raise ValueError("the id is the file's name; take the key id out")
        return model.model_validate({**facts, **given})
    except ValidationError as wrong:
        faults.extend(faults_of(name, wrong))
    except (OSError, ValueError) as wrong:
        faults.append(Fault(name, "", str(wrong)))
    return None


def _version(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".toml", ".md"}:
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
