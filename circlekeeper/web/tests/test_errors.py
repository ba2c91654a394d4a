"""Pages for when something goes wrong."""

import logging
from typing import Any
from unittest import mock

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import connection
from django.test import Client, RequestFactory

from circlekeeper.web import errors

PATHS = [("/gone/", 404), ("/nothing-here/", 404), ("/breaks/", 500), ("/busy/", 503), ("/refused/", 409)]


@pytest.mark.parametrize(("path", "status"), PATHS)
def test_pages_of_trouble_are_calm_and_tell_nothing(client: Client, path: str, status: int) -> None:
    client.raise_request_exception = False
    logging.disable(logging.CRITICAL)
    answer = client.get(path)
    logging.disable(logging.NOTSET)
    text = answer.content.decode()

    assert answer.status_code == status
    assert "<h1>" in text
    assert 'href="/exit"' in text
    assert 'href="/help-now/"' in text
    assert "<title>Page</title>" in text
    for inside in ("secret detail", "Traceback", "RuntimeError", "OperationalError", ".py", "Django"):
        assert inside not in text


def test_a_busy_database_asks_to_come_back(client: Client) -> None:
    client.raise_request_exception = False

    assert client.get("/busy/")["Retry-After"] == "30"


@pytest.mark.parametrize(
    ("view", "trouble", "status"),
    [(errors.bad_request, SuspiciousOperation("x"), 400), (errors.forbidden, PermissionDenied("x"), 403)],
)
def test_the_other_two(view: Any, trouble: Exception, status: int) -> None:
    answer = view(RequestFactory().get("/"), trouble)

    assert answer.status_code == status
    assert b"<h1>" in answer.content


def test_a_form_left_open_gets_a_calm_answer() -> None:
    answer = Client(enforce_csrf_checks=True).post("/gallery/", {"alias": "Wren"})

    assert answer.status_code == 403
    assert "This page was open for a long time" in answer.content.decode()
    assert "CSRF" not in answer.content.decode()


def test_the_last_page_needs_no_template() -> None:
    with mock.patch("circlekeeper.web.errors.loader.get_template", side_effect=RuntimeError):
        answer = errors.broken(RequestFactory().get("/"))

    assert answer.status_code == 500
    assert b"Please wait a minute" in answer.content


def test_pages_of_trouble_do_not_touch_the_database() -> None:
    def refuse(*args: Any) -> None:
        raise AssertionError("a page of trouble asked the database")

    with connection.execute_wrapper(refuse):
        for view in (errors.bad_request, errors.forbidden, errors.not_found, errors.unavailable):
            assert view(RequestFactory().get("/")).content
