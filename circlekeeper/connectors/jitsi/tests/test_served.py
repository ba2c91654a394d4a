"""What counts as read from a ``config.js``, and what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlekeeper.connectors.jitsi import served


@pytest.mark.parametrize(
    ("source", "path", "seen"),
    [
        ("var config = { p2p: { enabled: false } };", "p2p.enabled", "false"),
        ("config = {}; config.p2p = {enabled: true}; config.p2p.enabled = false", "p2p.enabled", "false"),
        ("var config = { p2p: { enabled: false } }; config.p2p = { a: 1 };", "p2p.enabled", served.MISSING),
        ("var config = { // p2p: { enabled: false },\n a: 1 };", "p2p.enabled", served.MISSING),
        ("var config = { /* p2p: { enabled: false } */ a: '//' };", "a", "//"),
        ("var config = { 'p2p': { \"enabled\": false, }, };", "p2p.enabled", "false"),
        ("var config = {}; config['p2p'] = {}; config['p2p']['enabled'] = false;", "p2p.enabled", "false"),
        ("var config = { analytics: { scriptURLs: [ ] } };", "analytics.scriptURLs", "{}"),
        ("var config = { analytics: { scriptURLs: ['a.js'] } };", "analytics.scriptURLs", "something"),
        ("var config = { a: 1 + 1, b: false };", "a", served.OPAQUE),
        ("var config = { a: 1 + f(2, 3), b: false };", "b", "false"),
        ("var config = { b: !true };", "b", served.OPAQUE),
        ("var config = { b: false || x };", "b", served.OPAQUE),
        ("var config = { b: false }; if (x) { config.b = true; }", "b", served.OPAQUE),
        ("var config = { b: false }; if (x) config.b = true;", "b", served.OPAQUE),
        ("var config = { b: { c: false } }; Object.assign(config.b, { c: true });", "b.c", served.OPAQUE),
        ("var config = { b: { c: false } }; delete config.b;", "b.c", served.OPAQUE),
        ("var config = { b: [] }; config.b.push('x');", "b", served.OPAQUE),
        (
            "if (!config.hasOwnProperty('p2p')) config.p2p = {};\nconfig.p2p.enabled = false;",
            "p2p.enabled",
            "false",
        ),
        ("config.a = {b: false}; if (!config.hasOwnProperty('a')) config.a = {};", "a.b", "false"),
        ("config.a = {b: false}; if (!config.hasOwnProperty('a')) config.a = g();", "a.b", served.OPAQUE),
    ],
)
def test_only_plain_values_that_nothing_may_change_later_count(source, path, seen):
    tree = served.read(source)
    assert tree is not None
    found = served.at(tree, path)
    assert found == seen or (seen == served.OPAQUE and "computed" in found)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "<html>no page</html>",
        "var config = { b: false }; Object.assign(config, window.more);",
        "var config = { b: false }; if (x) { change(config) }",
        "var config = { b: false }; for (k in o) { config[k] = o[k]; }",
        "var config = { b: false }; config = more;",
        "var config = { b: false, ...more };",
    ],
)
def test_a_page_that_may_change_everything_proves_nothing(source):
    assert served.read(source) is None


@given(st.text(alphabet="config.={}[]()'\";,:/*! ab\n", max_size=60))
def test_no_text_whatever_hangs_it_or_makes_it_fall_over(text):
    tree = served.read(text)
    assert tree is None or served.at(tree, "a.b")
