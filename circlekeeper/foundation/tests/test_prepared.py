"""Pages that are drawn once and filled in: every visitor's own places, and nobody else's."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from circlekeeper.foundation import prepared
from circlekeeper.foundation.accounts.who import Kind, Who

TEMPLATE = "web/refused.html"


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch):
    monkeypatch.setattr(prepared, "_kept", {})


def _ask(kind: Kind = "nobody", **cookies: str) -> Any:
    request: Any = RequestFactory().get("/anywhere/")
    request.user, request.session = AnonymousUser(), {}
    request.who = Who(kind=kind, id="someone")
    request.COOKIES.update(cookies)
    return request


def _show(request, sentence: str, *, key: prepared.Key = ("a",), drawn: list[int] | None = None) -> str:
    def context(holes):
        if drawn is not None:
            drawn.append(1)
        return {"sentence": holes["sentence"]}

    page = prepared.show(request, TEMPLATE, key=key, context=context, holes={"sentence": sentence})
    return page.content.decode()


def test_it_is_drawn_once_for_all_and_filled_in_for_each():
    drawn: list[int] = []
    pages = [_show(_ask(), word, drawn=drawn) for word in ("one", "two", "three")]
    assert len(drawn) == 1
    for word, page in zip(("one", "two", "three"), pages, strict=True):
        assert word in page
        assert sum(other in page for other in ("one</", "two</", "three</")) == 1


def test_another_key_is_another_page():
    drawn: list[int] = []
    for key in (("a",), ("b",), ("a",)):
        _show(_ask(), "word", key=key, drawn=drawn)
    assert len(drawn) == 2


def test_what_is_filled_in_is_text_and_never_markup():
    page = _show(_ask(), "<script>alert(1)</script>&\"'")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#x27;" in page


@pytest.mark.parametrize("somebody", [{"kind": "person"}, {"kind": "member"}, {"ck_session": "x"}])
def test_whoever_is_known_gets_a_page_that_is_not_kept(somebody):
    drawn: list[int] = []
    assert "word" in _show(_ask(**somebody), "word", drawn=drawn)
    _show(_ask(**somebody), "word", drawn=drawn)
    assert len(drawn) == 2
    assert prepared._kept == {}


def test_a_template_that_changes_what_is_filled_in_is_found_out():
    def context(holes):
        return {"sentence": holes["sentence"].upper()}

    with pytest.raises(prepared.NoSuchHole):
        prepared.show(_ask(), TEMPLATE, key=("a",), context=context, holes={"sentence": "x"})


def test_only_so_many_pages_are_kept(monkeypatch):
    monkeypatch.setattr(prepared, "ROOM", 3)
    for number in range(9):
        _show(_ask(), "word", key=(number,))
    assert len(prepared._kept) == 3


def test_a_page_with_a_form_s_token_is_never_kept_for_others():
    def context(holes):
        return {"question": "Sure?"}

    with pytest.raises(prepared.NoSuchHole, match="csrf_token"):
        prepared.show(_ask(), "roster/take_back.html", key=("a",), context=context, holes={})
