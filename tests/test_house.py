"""The house holds: what no single room can see of itself. Import contracts and sizes are in ``make check``."""

import ast
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.urls import get_resolver

from circlekeeper.foundation import lifecycle

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "circlekeeper"
# The stairs, from the cellar up: a table may point at its own room or at one named before it (docs/architecture.md).
STAIRS = (
    "foundation",
    "areas.groups",
    "areas.safeguards",
    "areas.agreements",
    "areas.roster",
    "areas.joining",
    "areas.incidents",
    "areas.meetings",
    "areas.leaders",
    "areas.retention",
)
# The rows that this release answers for.
ROWS = frozenset(
    "POL1 POL2 POL3 POL4 CON1 CON3 CON4 CON5 CNF1 TEC9 TEC10 TEC11 TEC12 REG1 REG2 REG3 REG4 REG5 REG6 REG7 "
    "DAT1 DAT2 DAT3 DAT4 DAT5 DAT6 DAT7 FMT1 FMT2 FMT5 KIT1 KIT2 KIT5 KIT6 KIT7 KIT8 KIT9 LVL0 LOW1 MED1 HI1 PRO1 "
    "RET1 RET2 RET3 RET4 RET5 TIP1".split()
)
_TEST_NAME = re.compile(r"\bdef test_(\w+)")
_ROW = re.compile(r"([a-z]{2,3})(\d+)[a-z]?")
# Queries that ask the time themselves until whoever calls them tells them. A line that is no longer true has to go.
ASKS_ANYWAY = {"areas/roster/queries/members.py", "areas/roster/queries/names.py"}


def _sources(*, tests: bool = False) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).parts
        if "migrations" in parts or ("tests" in parts) is not tests:
            continue
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def _where(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def _step(module: str) -> int:
    short = module.removeprefix("circlekeeper.")
    return next((at for at, room in enumerate(STAIRS) if short == room or short.startswith(room + ".")), -1)


def test_every_table_says_how_long_it_lives_and_how_it_dies():
    assert lifecycle.undeclared() == []
    assert len(lifecycle.declared()) >= 40


def test_every_foreign_key_points_down_the_stairs():
    uphill, seen = [], 0
    for model in apps.get_models():
        here = _step(model.__module__)
        for each in model._meta.get_fields():
            target = each.related_model
            if here < 0 or not each.concrete or not isinstance(target, type):
                continue
            there = _step(target.__module__)
            if there < 0:
                continue
            seen += 1
            if there > here:
                uphill.append(f"{model._meta.label}.{each.name} -> {target._meta.label}")

    assert uphill == []
    assert seen >= 8


def _verbs() -> Iterator[tuple[str, str]]:
    """Every ``@action("…")`` and ``@reveal("…")`` in the code, with the place where it stands."""
    for path, tree in _sources():
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef):
                continue
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call) and decorator.args:
                    name = ast.unparse(decorator.func).rpartition(".")[2]
                    if name in ("action", "reveal"):
                        yield _text_of(decorator.args[0], tree), _where(path, node)


def _text_of(node: ast.expr, tree: ast.Module) -> str:
    """The text of a constant, or of the name a module gave it."""
    if isinstance(node, ast.Name):
        node = next(
            each.value
            for each in tree.body
            if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == node.id
        )
    return str(ast.literal_eval(node))


def test_every_verb_is_used_once_and_begins_with_its_room():
    found = list(_verbs())
    verbs = [verb for verb, _ in found]

    assert len(verbs) >= 60
    assert sorted({verb for verb in verbs if verbs.count(verb) > 1}) == []
    strange = [
        (verb, place)
        for verb, place in found
        if not re.fullmatch(r"[a-z]+(\.[a-z][a-z-]*){2}", verb) or f"/{verb.partition('.')[0]}/" not in place
    ]
    assert strange == []


def test_nothing_is_imported_by_a_string():
    """The import contracts cannot see such an import."""
    found = [
        _where(path, node)
        for path, tree in _sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in {"import_module", "__import__", "import_string"}
    ]

    assert found == []


def test_pages_never_touch_the_tables():
    """A page is one query or one action. Accounts stand on allauth, whose flows hand out and take rows of its tables."""
    found = [
        _where(path, node)
        for path, tree in _sources()
        if "accounts" not in path.parts
        and ("pages" in path.parts or path.stem in {"pages", "forms", "group_pages"})
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}
    ]

    assert found == []


@pytest.mark.parametrize("part", ["rules", "actions", "queries", "checks"])
def test_nothing_below_a_page_asks_what_time_it_is(part):
    askers = {"timezone.now", "clock.now", "datetime.now", "datetime.utcnow", "date.today", "time.time"}
    found, seen = {}, 0
    for path, tree in _sources():
        inside = path.relative_to(PACKAGE)
        if inside.parts[0] != "areas" or (part not in inside.parts and inside.stem != part):
            continue
        seen += 1
        calls = [
            node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) in askers
        ]
        if calls:
            found[inside.as_posix()] = [_where(path, call) for call in calls]

    assert set(found) == {each for each in ASKS_ANYWAY if f"/{part}" in each}, found
    assert seen >= 5


def test_the_lock_names_the_public_index_and_its_files_only():
    text = (ROOT / "uv.lock").read_text(encoding="utf-8")
    hosts = {urlsplit(address).netloc for address in re.findall(r'https?://[^"\s]+', text)}

    assert hosts == {"pypi.org", "files.pythonhosted.org"}
    assert "http://" not in text
    assert {each["source"].get("registry", "") for each in tomllib.loads(text)["package"]} == {
        "https://pypi.org/simple",
        "",
    }


def test_every_address_has_a_place_that_answers():
    """A page without a name in the switchboard is a page nobody owns."""

    def pages(patterns: Sequence[object]) -> Iterator[object]:
        for each in patterns:
            inner = getattr(each, "url_patterns", None)
            yield from pages(inner) if inner is not None else [each]

    found = [each for each in pages(get_resolver().url_patterns)]
    nameless = [str(each.pattern) for each in found if not each.name]  # type: ignore[attr-defined]
    assert nameless == []
    assert len(found) >= 80


def rows_of(text: str) -> set[str]:
    """The guide rows that tests in this text carry at the beginning of their names: several, or from one ``to`` another."""
    found: set[str] = set()
    for name in _TEST_NAME.findall(text):
        to, last = False, ("", 0)
        for part in name.split("_"):
            row = _ROW.fullmatch(part)
            if not row and part != "to":
                break
            to, before, here = part == "to" or to, last, (row[1].upper(), int(row[2])) if row else last
            if row:
                first = before[1] + 1 if to and before[0] == here[0] else here[1]
                found |= {f"{here[0]}{number}" for number in range(first, here[1] + 1)}
                to, last = False, here
    return found


def test_rows_are_read_from_the_names_of_tests():
    assert rows_of("def test_ret3_dat6_a_b(): ...") == {"RET3", "DAT6"}
    assert rows_of("def test_hi1_x(): ...\ndef test_x_pol1(): ...") == {"HI1"}
    assert rows_of("def test_faq2a_x(): ...") == {"FAQ2"}
    assert rows_of("def test_ret1_to_ret3_x(): ...") == {"RET1", "RET2", "RET3"}
    assert rows_of("def test_to_the_door(): ...") == set()


def test_every_row_of_this_release_has_a_test_that_carries_its_name():
    places = [*PACKAGE.rglob("test_*.py"), *(ROOT / "tests").rglob("test_*.py")]
    carried = {row for path in places for row in rows_of(path.read_text(encoding="utf-8"))}

    assert sorted(ROWS - carried) == []
