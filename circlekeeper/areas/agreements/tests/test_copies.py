"""Signed copies: sealed, opened with a reason, checked by anyone (CNF2)."""

import io
import re
from datetime import timedelta

import pikepdf
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from circlekeeper.areas.agreements import actions, copies, queries
from circlekeeper.areas.agreements.models import CopyOpening, CopyPrint, Pledge
from circlekeeper.areas.agreements.queries import Checked
from circlekeeper.areas.agreements.tests.factories import NOW, connected, join, person, published, ring
from circlekeeper.foundation import guard
from circlekeeper.foundation.accounts.tests import factories
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.ledger.models import Entry
from circlekeeper.foundation.post import pdf
from circlekeeper.foundation.vault import memberkeys, shredstore

pytestmark = [
    pytest.mark.django_db(databases=["default", "shred"]),
    pytest.mark.urls("circlekeeper.areas.agreements.tests.addresses"),
]
LATER = NOW + timedelta(hours=1)
NAME = "Wren of the Fens"


def _own(group_id: str, member: str, key: bytes) -> bytes:
    copy = queries.own_copy(group_id=group_id, member_id=member, holder=key)
    return actions.print_copy(by=member, copy=copy, now=NOW)


def _code(file: bytes) -> str:
    words = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file)).pages)
    found = re.search(r"[a-z2-7]{5}(?:-\s*[a-z2-7]{5}){3}", words)
    assert found, words
    return found[0]


def _signed(by: str = "") -> tuple[str, str, bytes, bytes]:
    """A high-risk group and a member with a signed copy: group, member, member key, the file."""
    key = memberkeys.new_member_key().raw
    with connected():
        group_id = published(level="high", by=by)
        member = join(group_id, name=NAME, holder=key)
    return group_id, member, key, _own(group_id, member, key)


def test_cnf2_the_copy_is_a_tagged_file_with_the_words_the_name_and_a_code():
    group_id, _member, _key, file = _signed()
    text = queries.current(group_id, "pledge", "signed")
    assert text is not None
    words = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file)).pages)
    assert NAME in words
    assert text.mark in words
    assert "23 November 2026" in words
    with pikepdf.open(io.BytesIO(file)) as opened, opened.open_metadata() as about:
        assert about.get("pdfuaid:part") == "1"
        assert opened.docinfo["/Title"] == "Agreement"


def test_cnf2_the_copy_checks_and_one_changed_byte_is_noticed():
    _group, _member, _key, file = _signed()
    code = _code(file)
    assert queries.check_copy(code=code, file=file) is Checked.SAME
    assert queries.check_copy(code=f"  {code.upper().replace('-', ' ')}", file=file) is Checked.SAME
    for at in (0, len(file) // 2, len(file) - 1):
        changed = file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :]
        assert queries.check_copy(code=code, file=changed) is Checked.CHANGED
    assert queries.check_copy(code=code, file=file + b"\n") is Checked.CHANGED
    assert queries.check_copy(code="aaaaa-aaaaa-aaaaa-aaaaa", file=file) is Checked.UNKNOWN


def test_cnf2_a_copy_printed_again_by_another_printer_is_one_of_ours_too_and_nothing_is_before_the_first(
    monkeypatch,
):
    group_id, member, key, file = _signed()
    code = _code(file)
    with guard.outside_action("nothing printed yet"):
        CopyPrint.objects.all().delete()
    assert queries.check_copy(code=code, file=file) is Checked.UNKNOWN
    assert _own(group_id, member, key) == file == _own(group_id, member, key)
    assert CopyPrint.objects.count() == 1

    real = pdf.document
    monkeypatch.setattr(pdf, "document", lambda *told, **more: real(*told, **more) + b"\n% newer")
    newer = _own(group_id, member, key)
    assert newer != file
    assert queries.check_copy(code=code, file=newer) is Checked.SAME
    assert queries.check_copy(code=code, file=file) is Checked.SAME
    assert queries.check_copy(code=code, file=file + b" ") is Checked.CHANGED


def test_cnf2_one_member_s_code_does_not_vouch_for_another_s_copy():
    key = memberkeys.new_member_key().raw
    with connected():
        group_id = published(level="high")
        one, two = join(group_id, name="Wren", holder=key), join(group_id, name="Wren", holder=key)
    first, second = _own(group_id, one, key), _own(group_id, two, key)
    assert queries.check_copy(code=_code(first), file=second) is Checked.CHANGED


def test_cnf2_neither_name_nor_code_stands_anywhere_in_the_clear():
    _group, _member, _key, file = _signed()
    code = _code(file)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM agreements_pledge")
        row = b"|".join(
            bytes(cell) if not isinstance(cell, str) else cell.encode() for cell in _cells(cursor.fetchone())
        )
    for secret in (b"Wren", b"%PDF", code.encode(), copies.plain_code(code).encode()):
        assert secret not in row


def _cells(row: tuple[object, ...]) -> list[bytes | str]:
    return [cell if isinstance(cell, bytes | str) else str(cell) for cell in row]


def test_cnf2_every_opening_is_logged_has_a_reason_and_ends_after_an_hour():
    leader = person()
    group_id, member, _key, file = _signed(by=leader)
    look = {"by": leader, "about": member, "ring": ring(leader), "group_id": group_id}
    with pytest.raises(Refused):
        queries.signed_copy(now=LATER, **look)  # type: ignore[arg-type]
    assert Entry.objects.filter(action="agreements.copy.open.denied", actor=leader).count() == 1

    ask = {"by": leader, "group_id": group_id, "member_id": member, "now": LATER}
    for reason, sentence in (("curious", "I would like to see."), ("asked", "Yes.")):
        with pytest.raises(Refused):
            actions.open_copy(reason=reason, sentence=sentence, **ask)  # type: ignore[arg-type]
    actions.open_copy(reason="asked", sentence="They lost their own copy.", **ask)  # type: ignore[arg-type]
    for _ in range(2):
        opened = queries.signed_copy(now=LATER, **look)  # type: ignore[arg-type]
        assert actions.print_copy(by=leader, copy=opened, now=LATER) == file
    assert Entry.objects.filter(action="agreements.copy.open", subject=member, actor=leader).count() == 2
    (told,) = queries.copy_openings(group_id=group_id, member_id=member)
    assert (told.by, told.reason) == (leader, "asked")
    assert b"lost" not in bytes(CopyOpening.objects.get().blob)
    with pytest.raises(Refused):
        queries.signed_copy(now=LATER + timedelta(hours=1), **look)  # type: ignore[arg-type]


def test_cnf2_when_the_promise_is_forgotten_the_copy_opens_for_nobody_and_no_look_at_it_is_left():
    group_id, member, key, file = _signed()
    row = Pledge.objects.get()
    actions.open_copy(
        by="p", group_id=group_id, member_id=member, reason="check", sentence="A copy came by post.", now=LATER
    )
    shredstore.shred([row.secret_id], now=LATER)
    with pytest.raises(NotHere):
        _own(group_id, member, key)
    with guard.outside_action("the daily run"):
        Pledge.objects.all().delete()
    assert not CopyOpening.objects.exists()
    assert queries.check_copy(code=_code(file), file=file) is Checked.UNKNOWN


@pytest.mark.parametrize("level", ["low", "medium"])
def test_cnf2_where_nothing_is_signed_there_is_no_copy(level: str):
    key = memberkeys.new_member_key().raw
    with connected():
        group_id = published(level=level)
        member = join(group_id, holder=key)
    assert Pledge.objects.get().code_mark is None
    with pytest.raises(NotHere):
        _own(group_id, member, key)


def test_cnf2_staff_open_a_copy_through_the_page_with_a_reason():
    leader, staff = factories.person("alice"), factories.browser()
    factories.sign_in(staff, leader)
    group_id, member, _key, file = _signed(by=leader.id)
    with connected(names={member: "Wren"}):
        page = staff.get(reverse("agreements:copies", args=[group_id])).content.decode()
        assert "Wren" in page
        assert NAME not in page
        address = reverse("agreements:copy", args=[group_id, member])
        assert "Why do you open it?" in staff.get(address).content.decode()
        assert staff.get(reverse("agreements:copy-file", args=[group_id, member])).status_code == 302
        assert staff.post(address, {"reason": "asked", "sentence": ""}).status_code == 422
        staff.post(address, {"reason": "asked", "sentence": "They lost their own copy."})
        assert NAME in staff.get(address).content.decode()
        answer = staff.get(reverse("agreements:copy-file", args=[group_id, member]))
    assert answer.content == file
    assert answer.headers["Content-Disposition"] == 'attachment; filename="receipt.pdf"'


def test_cnf2_anyone_checks_a_copy_and_learns_nothing_else(client: Client):
    _group, _member, _key, file = _signed()
    address, code = reverse("agreements:check-copy"), _code(file)

    def ask(made: bytes, typed: str) -> str:
        answer = client.post(address, {"file": SimpleUploadedFile("copy.pdf", made), "code": typed})
        assert "set-cookie" not in {name.lower() for name in answer.headers}
        return answer.content.decode()

    assert client.get(address).status_code == 200
    told = ask(file, code)
    assert "This is the copy that was signed" in told
    assert "Wren" not in told
    assert code not in told
    assert "Something in it was changed" in ask(file[:-1], code)
    assert "We know no copy with this code" in ask(file, "nothing")
    assert client.post(address, {}).status_code == 422
