"""What every answer carries."""

import asyncio
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from circlekeeper.web import headers


@pytest.mark.parametrize("path", ["/gallery/", "/help-now/", "/nothing-here/", "/breaks/", "/exit", "/today/"])
@pytest.mark.django_db
def test_every_answer_is_closed_and_kept_by_nobody(client: Client, path: str) -> None:
    client.raise_request_exception = False
    answer = client.get(path)

    policy = answer["Content-Security-Policy"].split("; ")
    assert policy[0] == "default-src 'none'"
    assert {"script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(policy)
    assert not any(word in answer["Content-Security-Policy"] for word in ("unsafe", "data:", "http", "*"))
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert "Server" not in answer


@pytest.mark.django_db
def test_static_files_may_be_kept(client: Client) -> None:
    answer = client.get("/static/web/circle.css")
    answer.close()

    assert answer.status_code == 200
    assert "no-store" not in answer["Cache-Control"]
    assert answer["Content-Security-Policy"]


@pytest.mark.parametrize(("https", "expected"), [(True, True), (False, False)])
def test_https_stays_https(client: Client, settings: Any, https: bool, expected: bool) -> None:
    settings.HTTPS = https

    assert ("Strict-Transport-Security" in client.get("/gallery/")) is expected


def test_a_view_can_open_what_only_it_needs() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Permissions-Policy": "camera=(self)", "Server": "inside"})

    answer = headers.HeadersMiddleware(view)(RequestFactory().get("/room/"))

    assert isinstance(answer, HttpResponse)
    assert answer["Permissions-Policy"] == "camera=(self)"
    assert answer["Cache-Control"] == "no-store"
    assert "Server" not in answer


def test_streams_get_the_same_headers() -> None:
    async def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("event")

    middleware = headers.HeadersMiddleware(view)
    answer: HttpResponse = asyncio.run(middleware(RequestFactory().get("/stream/")))  # type: ignore[arg-type]

    assert asyncio.iscoroutinefunction(view)
    assert middleware.is_async
    assert answer["Content-Security-Policy"] == headers.CONTENT_SECURITY_POLICY
    assert answer["Cache-Control"] == "no-store"
