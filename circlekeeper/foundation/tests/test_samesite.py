"""Whether a form came from one of our own pages."""

import pytest

from circlekeeper.foundation.samesite import sent_from_here

NOTHING = {"fetch_site": "", "origin": "", "referer": "", "scheme": "http", "host": "localhost:8000"}


@pytest.mark.parametrize(
    ("said", "ours"),
    [
        ({}, True),
        ({"fetch_site": "same-origin"}, True),
        ({"fetch_site": "none"}, True),
        ({"fetch_site": "same-site"}, False),
        ({"fetch_site": "cross-site"}, False),
        ({"fetch_site": "cross-site", "origin": "http://localhost:8000"}, False),
        ({"fetch_site": "anything"}, False),
        ({"origin": "http://localhost:8000"}, True),
        ({"origin": "https://localhost:8000"}, False),
        ({"origin": "http://localhost:8001"}, False),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://evil.example", "host": "evil.example"}, False),
        ({"referer": "http://localhost:8000/m/x/"}, True),
        ({"referer": "http://evil.example/localhost:8000"}, False),
        ({"referer": "http://[broken"}, False),
        ({"referer": "about:blank"}, False),
        ({"origin": "https://circle.example"}, True),
    ],
)
def test_a_form_is_ours_if_the_browser_says_so(said, ours, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://circle.example"]
    assert sent_from_here(**NOTHING | said) is ours
