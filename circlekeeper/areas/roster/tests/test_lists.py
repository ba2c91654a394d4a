"""Reading lists that people bring along."""

import io
import time
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlekeeper.areas.roster import rules
from circlekeeper.areas.roster.rules import lists
from circlekeeper.areas.roster.rules.lists import Layout, ListFault, Target
from circlekeeper.areas.roster.tests import import_files as files


def read(content: bytes) -> lists.Table:
    table = lists.find_table(lists.read_rows(content))
    assert table is not None
    return table


def column(table: lists.Table, heading: str) -> int:
    return next(at for at, header in enumerate(table.headers) if header.startswith(heading))


@pytest.mark.parametrize(
    ("content", "layout", "mail_heading"),
    [
        (files.zoom_registrants(), Layout.ZOOM_REGISTRANTS, "Email"),
        (files.zoom_registrants(long=False), Layout.ZOOM_REGISTRANTS, "Email"),
        (files.zoom_registrants(encoding="utf-16"), Layout.ZOOM_REGISTRANTS, "Email"),
        (files.zoom_registrants(encoding="utf-16-le"), Layout.ZOOM_REGISTRANTS, "Email"),
        (files.zoom_registrants(encoding="cp1252"), Layout.ZOOM_REGISTRANTS, "Email"),
        (files.zoom_attendees(), Layout.ZOOM_ATTENDEES, "Email"),
        (files.form_answers(), Layout.FORM_ANSWERS, "Email"),
        (files.form_answers(separator=";"), Layout.FORM_ANSWERS, "Email"),
        (files.form_answers(separator="\t", encoding="utf-16"), Layout.FORM_ANSWERS, "Email"),
    ],
)
def test_each_layout_gives_its_three_hundred_people(content, layout, mail_heading):
    table = read(content)
    picked = lists.pick_people(table, {column(table, mail_heading): Target.MAIL})
    assert table.layout == layout
    assert len(picked.people) == files.PEOPLE
    assert {person.address for person in picked.people} == {files.mail(n) for n in range(files.PEOPLE)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_accents_survive_every_encoding(encoding):
    table = read(files.meetup_members(encoding=encoding))
    assert table.layout == Layout.MEETUP_MEMBERS
    picked = lists.pick_people(table, {0: Target.NAME})
    assert picked.people[0].name == "José 0"
    assert len(picked.people) == files.PEOPLE


def test_hosts_and_panelists_are_not_members_and_people_who_came_back_are_one():
    table = read(files.zoom_attendees())
    picked = lists.pick_people(table, {column(table, "Email"): Target.MAIL})
    assert picked.repeated == 100
    assert not {"host@example.org", "second@example.org"} & {person.address for person in picked.people}


def test_the_other_layouts():
    assert read(files.meetup_event()).layout == Layout.MEETUP_EVENT
    own = read(files.template())
    assert own.layout == Layout.TEMPLATE
    picked = lists.pick_people(own, {1: Target.MAIL, 2: Target.PHONE})
    assert len(picked.people) == files.PEOPLE
    assert picked.people[0].channel == "call"
    assert picked.people[0].address.startswith("+44")


def test_a_workbook_reads_like_the_same_text():
    rows = [files.TEMPLATE, *([f"Sage {n}", files.mail(n), 447700900000 + n] for n in range(300))]
    table = read(files.workbook(rows))
    picked = lists.pick_people(table, {2: Target.PHONE})
    assert len(picked.people) == 300
    assert picked.people[0].address == "447700900000"


def test_formulas_are_neither_worked_out_nor_kept():
    rows = [files.TEMPLATE, ["=1+1", "a@example.org", ""], ['=HYPERLINK("x")', "b@example.org", ""]]
    for content in (files.workbook(rows), files.text([[str(cell) for cell in row] for row in rows])):
        table = read(content)
        assert [row[0] for row in table.rows] == ["", ""]
    assert "HYPERLINK" not in str(read(files.meetup_members()).rows)


def test_names_are_left_out_unless_somebody_chooses_them():
    for content in (files.zoom_registrants(), files.zoom_attendees(), files.meetup_members(), files.template()):
        presets = lists.columns_of(read(content))
        assert Target.NAME not in {each.goes for each in presets}
        assert sum(each.goes is Target.MAIL for each in presets) <= 1
    questions = {each.header: each.goes for each in lists.columns_of(read(files.zoom_registrants()))}
    assert questions["What brings you here?"] is Target.DROP


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", ListFault.EMPTY),
        (b"\0\0\0", ListFault.EMPTY),
        (b"x" * (lists.MOST_BYTES + 1), ListFault.TOO_BIG),
        (b"\x89PNG\r\n\x1a\n" + b"passport" * 9, ListFault.PICTURE),
        (b"\xff\xd8\xff\xe0" + b"passport" * 9, ListFault.PICTURE),
        (b"\0\0\0\x18ftypheic" + b"x" * 40, ListFault.PICTURE),
        (b"RIFF\0\0\0\0WEBPVP8 " + b"x" * 40, ListFault.PICTURE),
        (b"%PDF-1.7 passport", ListFault.PICTURE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 40, ListFault.OLD_EXCEL),
        (b"<html><table><tr><td>Ann</td></tr></table>", ListFault.WEB_PAGE),
        (files.bomb(), ListFault.BOMB),
        (files.entities(), ListFault.BOMB),
        (b"PK\x03\x04" + b"nonsense" * 20, ListFault.BROKEN),
    ],
    ids=lambda value: value.name if isinstance(value, ListFault) else "",
)
def test_faq4_what_is_no_list_is_refused_by_name(content, fault):
    with pytest.raises(lists.Unreadable) as refused:
        lists.read_rows(content)
    assert refused.value.fault is fault
    assert "passport" not in str(refused.value)


def test_a_hundred_thousand_rows_are_refused_quickly():
    content = b"Name,Mail\n" + b"".join(b"Ann,ann%d@example.org\n" % n for n in range(100_000))
    begun = time.monotonic()
    with pytest.raises(lists.Unreadable) as refused:
        lists.read_rows(content)
    assert refused.value.fault is ListFault.TOO_MANY
    assert time.monotonic() - begun < 2


def test_a_sheet_with_one_far_cell_costs_nothing():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B1"] = "Name", "Mail"
    book.active["A2"], book.active["B2"] = "Ann", "ann@example.org"
    book.active["A1048576"] = "far"
    out = io.BytesIO()
    book.save(out)
    begun = time.monotonic()
    assert read(out.getvalue()).rows == (("Ann", "ann@example.org"),)
    assert time.monotonic() - begun < 3


def test_a_directory_that_lies_about_its_sizes_does_not_unpack_more():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 5_000_000)
    content = out.getvalue().replace((5_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    with pytest.raises(lists.Unreadable) as refused:
        lists.read_rows(content)
    assert refused.value.fault is ListFault.BROKEN


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_are_read_or_refused_by_name(content):
    try:
        rows = lists.read_rows(content)
    except lists.Unreadable:
        return
    assert all(not cell.startswith("=") for row in rows for cell in row)
    assert all("\0" not in cell for row in rows for cell in row)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=12, unique=True))
def test_a_neutral_name_never_belongs_to_someone_else(taken):
    used = {rules.skeleton(name) for name in taken}
    name = rules.fresh_alias(used, pick=lambda words: words[0])
    assert rules.skeleton(name) not in used
    assert rules.alias_fault(name) is None
