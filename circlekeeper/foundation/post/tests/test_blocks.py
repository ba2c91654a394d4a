"""Blocks from Markdown."""

import pytest

from circlekeeper.foundation.post import blocks
from circlekeeper.foundation.post.blocks import Bullets, Heading, Section, Steps, Table, Text, from_markdown


def test_ordinary_writing_becomes_blocks():
    source = "One\nline.\n\n## Two\n\n* a\n* **b** and _c_\n\n1. x\n2. y\n\n| k | v |\n|---|---|\n| one | 1 |\n"

    assert from_markdown(source) == (
        Text("One line."),
        Heading("Two"),
        Bullets(("a", "b and c")),
        Steps(("x", "y")),
        Table(("k", "v"), (("one", "1"),)),
    )


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("[here](javascript:alert(1))", "[here](javascript:alert(1))"),
        ("[here](https://example.org/x)", "here"),
        ("![a cat](https://example.org/track.png)", "a cat"),
        ("`<b>`", "<b>"),
        ("> said", "said"),
        ("a & b &amp; c", "a & b & c"),
    ],
)
def test_nothing_typed_becomes_markup_or_an_address(typed: str, words: str):
    assert from_markdown(typed) == (Text(words),)


def test_code_and_lists_inside_lists_keep_their_words():
    assert from_markdown("```\nx = 1\ny\n```") == (Text("x = 1 y"),)
    assert from_markdown("- a\n  - b\n\n    c\n- d") == (Bullets(("a", "b", "c", "d")),)
    assert from_markdown("") == ()


def test_plain_text_holds_every_piece_in_order():
    section = Section("T", (Text("a"), Bullets(("b",)), Table(("c",), (("d",),))))
    assert blocks.plain([section, Section("U", ())]) == "T\na\nb\nc\nd\n\nU\n"
