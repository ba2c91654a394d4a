"""PDFs, opened again with two other programs."""

import io
import re
import socket
import threading
import unicodedata
from pathlib import Path

import pikepdf
import pypdf
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from circlekeeper.foundation.post import blocks, pdf
from circlekeeper.foundation.post.blocks import Bullets, Heading, Key, Section, Steps, Table, Text

EVERY_BLOCK = (
    Text("One paragraph."),
    Heading("A heading"),
    Bullets(("first", "second")),
    Steps(("do this", "then that")),
    Table(("What", "How long"), (("names", "3 months"), ("notes", "7 days"))),
    Key("apple river stone"),
)


def _made(*sections: Section, title: str = "A title", lang: str = "en") -> bytes:
    return pdf.document(sections, title=title, lang=lang)


def _text(made: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    return unicodedata.normalize("NFKC", " ".join(" ".join(page.extract_text() for page in pages).split()))


def _is_ua(made: bytes) -> bool:
    with pikepdf.open(io.BytesIO(made)) as opened, opened.open_metadata() as about:
        return about.get("pdfuaid:part") == "1"


def _roles(made: bytes) -> list[str]:
    """The structure types in reading order."""
    found: list[str] = []

    def walk(node: pikepdf.Object) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append(str(node["/S"]))
            if "/K" in node:
                walk(node["/K"])

    with pikepdf.open(io.BytesIO(made)) as opened:
        walk(opened.Root["/StructTreeRoot"]["/K"])
    return found


def test_kit2_a_document_is_tagged_in_reading_order_with_title_and_language():
    made = _made(Section("Part", EVERY_BLOCK), lang="de-AT")

    roles = [role for role in _roles(made) if role in {"/H1", "/H2", "/H3", "/P", "/L", "/Table", "/TH"}]
    assert roles[:6] == ["/H1", "/H2", "/P", "/H3", "/L", "/L"]
    assert roles.count("/TH") == 2
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert str(opened.Root["/Lang"]) == "de"
        assert bool(opened.Root["/MarkInfo"]["/Marked"])
        assert bool(opened.Root["/ViewerPreferences"]["/DisplayDocTitle"])
    assert _is_ua(made)


def test_every_word_of_every_block_is_in_the_document():
    section = Section("Part", EVERY_BLOCK)

    assert _words(_text(_made(section))) == _words("A title " + blocks.plain([section]))


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W_]+", text) if not re.fullmatch(r"[12]", word)]


def test_kit2_a_document_names_no_author_no_date_and_no_machine():
    made = _made(Section("Part", EVERY_BLOCK))

    with pikepdf.open(io.BytesIO(made)) as opened, opened.open_metadata() as about:
        assert set(opened.docinfo.keys()) == {"/Title", "/Creator"}
        keys = {key.partition("}")[2] for key in about}
        raw = bytes(opened.Root["/Metadata"].read_bytes())
    assert keys.isdisjoint({"creator", "CreateDate", "ModifyDate", "MetadataDate", "Keywords"})
    assert socket.gethostname().encode() not in raw
    assert not re.search(rb"\d{4}-\d\d-\d\d", raw)


def test_the_same_words_give_the_same_file():
    section = Section("Part", EVERY_BLOCK)
    assert _made(section) == _made(section)


@pytest.mark.parametrize(
    "typed",
    [
        '#read("/etc/passwd")',
        '#import "@preview/cetz:0.3.0"',
        "$x^2$ *bold* _it_ @ref <label> `code` = Heading",
        '"} #panic("x") {"',
        "\\u{41} \\n",
    ],
)
def test_what_people_type_is_text_and_never_a_command(typed: str):
    made = _made(Section(typed, (Text(typed), Bullets((typed,)))), title=typed)

    assert _text(made).replace(" ", "").count(typed.replace(" ", "")) >= 3


@pytest.mark.parametrize(
    "typed",
    ["漢字", "🙂 ok", "👨‍👩‍👧 and 🏳️‍🌈", "বাংলা", "한국어", "a\x00b\x1b[0m", "\ud800", "\u202eevil", "\ufdd0", "ᚠ"],
)
def test_a_letter_nobody_drew_is_replaced_and_the_file_stays_accessible(typed: str):
    made = _made(Section("before " + typed + " after", (Text(typed), Key(typed))), title=typed)

    assert _is_ua(made)
    assert "before" in _text(made)
    assert "after" in _text(made)


@pytest.mark.parametrize(
    "typed", ["Zoë Łukasz Ślązak", "Ελένη", "Ольга", "Nguyễn", "ไทย", "नमस्ते", "שלום", "مرحبا"]
)
def test_names_in_many_scripts_need_no_replacement(typed: str):
    made = _made(Section("Part", (Text(typed),)))

    assert _is_ua(made)
    assert pdf.MISSING not in _text(made)


@pytest.mark.parametrize("lang", ["", "x", "../../etc", "zh-Hans-CN", "en_GB", "EN", "qqqq", "ar"])
def test_no_language_code_stops_a_document(lang: str):
    assert _is_ua(_made(Section("Part", (Text("words"),)), lang=lang))


def test_an_empty_title_stops_nothing():
    assert _is_ua(_made(Section("", (Text(""), Bullets(()), Steps(()))), title=" \x00 "))


@settings(max_examples=25, deadline=None)
@given(title=st.text(max_size=30), typed=st.text(max_size=200))
def test_no_text_whatever_makes_an_error(title: str, typed: str):
    made = _made(Section(typed, (Text(typed), Steps((typed,)), Table((typed,), ((typed,),)))), title=title)

    assert made.startswith(b"%PDF-")


def test_an_unknown_template_is_a_mistake_in_the_code():
    for name in ("nothing", "../prelude", "/etc/passwd", "prelude.typ"):
        with pytest.raises(pdf.NoSuchTemplate):
            pdf.render(name, {}, title="T", lang="en")


def test_threads_do_not_mix_up_documents():
    wrong: list[int] = []

    def work(number: int) -> None:
        for _ in range(5):
            if f"mine{number}" not in _text(_made(Section("Part", (Text(f"mine{number}"),)))):
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_press_has_nothing_to_read():
    press = pdf._press()

    assert list(Path(press.empty.name).iterdir()) == []
    for source in (b'#read("document.typ")', b'#import "@local/a:1.0.0": *', b'#import "@preview/a:1.0.0": *'):
        with pytest.raises(typst.TypstError):
            press.print(source, {}, [])
