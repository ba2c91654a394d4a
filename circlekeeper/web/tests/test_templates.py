"""Walks every template and sheet of the house: nothing inline, nothing from elsewhere, every word translatable."""

import re
from pathlib import Path

import pytest

import circlekeeper

PACKAGE = Path(circlekeeper.__file__).parent
TEMPLATES = sorted(
    path
    for path in PACKAGE.rglob("*.html")
    if "templates" in path.parts and "tests" not in path.relative_to(PACKAGE).parts
)
SHEETS = sorted(PACKAGE.rglob("*.css"))
SCRIPTS = sorted(PACKAGE.rglob("static/**/*.js"))

# Words that would tell what kind of group it is (WHY1).
TOPICS = re.compile(
    r"surviv|abuse|violen|griev|grief|bereav|recover|addict|alcohol|drug|trauma|cancer|suicid|illness|caregiv|therap|clinic",
    re.IGNORECASE,
)
_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_TRANSLATED = re.compile(r"\{%\s*blocktrans(?:late)?\b.*?%\}.*?\{%\s*endblocktrans(?:late)?\s*%\}", re.DOTALL)
_COMMENT = re.compile(r"\{%\s*comment.*?endcomment\s*%\}", re.DOTALL)
_SPOKEN = re.compile(r"\b(?:aria-label|aria-description|alt|title|placeholder)=([\"'])(.*?)\1", re.DOTALL)


def _name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def _bare(text: str) -> str:
    """What is left when translated text, template tags and markup are gone."""
    for pattern in (_COMMENT, _TRANSLATED, _TAG):
        text = pattern.sub(" ", text)
    text = re.sub(r"<!doctype[^>]*>|<[^>]*>", " ", text, flags=re.IGNORECASE)
    # The name of the world's clock is the same in every language.
    return re.sub(r"&#?\w+;|\bUTC\b", " ", text)


def test_the_walk_finds_the_floor() -> None:
    names = {_name(path) for path in TEMPLATES}

    assert {"web/templates/web/base.html", "web/templates/web/components/field.html"} <= names
    assert SHEETS
    assert SCRIPTS


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_nothing_inline_and_nothing_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"\sstyle\s*=", text), "inline style"
    assert not re.search(r"<style\b", text, re.IGNORECASE), "style element"
    assert not re.search(r"<script\b(?![^>]*\bsrc=)", text, re.IGNORECASE), "inline script"
    assert not re.search(r"\son\w+\s*=\s*[\"']", text), "inline handler"
    assert not re.search(r"[\"'(]\s*data:", text), "data: address"
    assert not re.search(r"javascript:", text, re.IGNORECASE)
    assert not re.search(r"<(?:script|link|img|iframe|use|source|video|audio)\b[^>]*(?:https?:)?//", text), (
        "another host"
    )


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_every_word_can_be_translated(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert re.findall(r"[^\W\d_]{2,}", _bare(text)) == []
    for _, spoken in _SPOKEN.findall(re.sub(r"<title>.*?</title>", "", text, flags=re.DOTALL)):
        assert re.findall(r"[^\W\d_]{2,}", _TAG.sub("", spoken)) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_why1_titles_are_neutral_words_and_hold_no_name(path: Path) -> None:
    for title in re.findall(
        r"\{%\s*block title\s*%\}(.*?)\{%\s*endblock.*?%\}", path.read_text(encoding="utf-8"), re.DOTALL
    ):
        match = re.fullmatch(r"\{% translate (?:\"([^\"]+)\"|'([^']+)') %\}", title.strip())
        assert match, "a title is one translated word or two, never a variable"
        assert not TOPICS.search(match.group(1) or match.group(2))


@pytest.mark.parametrize("path", SHEETS, ids=_name)
def test_sheets_read_in_any_direction_and_load_nothing(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert not re.search(r"\b(?:left|right)\b", text)
    assert not re.search(r"(?:margin|padding|border|inset)-(?:top|bottom)\b|[;{\s](?:top|bottom)\s*:", text)
    assert "url(" not in text
    assert "@import" not in text
    assert "data:" not in text
    for wish in ("prefers-color-scheme", "prefers-reduced-motion", "forced-colors", "@media print"):
        assert wish in text


@pytest.mark.parametrize("path", SCRIPTS, ids=_name)
def test_scripts_build_no_code_from_text_and_keep_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if (
        path.name == "doorlist.js"
    ):  # ticks made without network wait in the tab, as ids, until they are sent or it is over
        assert "sessionStorage.removeItem" in text
        text = text.replace("sessionStorage.", "")

    assert not re.search(
        r"\beval\b|new Function|localStorage|sessionStorage|indexedDB|document\.cookie|https?:", text
    )


def test_the_checks_see_what_they_look_for() -> None:
    assert _bare("<p>Hello {{ name }}</p>").split() == ["Hello"]
    assert not _bare(
        '<p>{% translate "Hello" %} {% blocktranslate %}you {{ x }}{% endblocktranslate %}</p>'
    ).split()
    assert TOPICS.search("Survivors’ circle")
