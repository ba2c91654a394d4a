"""From granian's request to WSGI."""

from dataclasses import dataclass, field

from circlekeeper.serving import environ


class Pairs(list[tuple[str, str]]):
    def items(self):
        return list(self)

    def get(self, key, default=None):
        return next((value for name, value in self if name == key), default)


@dataclass
class Request:
    method: str = "GET"
    path: str = "/g/ü/"
    query_string: str = "a=1"
    scheme: str = "http"
    client: str = "192.0.2.1:5000"
    headers: Pairs = field(default_factory=Pairs)


def test_the_path_is_handed_over_as_pep_3333_asks():
    made = environ.from_scope(Request(), b"")
    assert made["PATH_INFO"].encode("latin-1").decode() == "/g/ü/"
    assert (made["QUERY_STRING"], made["REMOTE_ADDR"]) == ("a=1", "192.0.2.1")


def test_an_ipv6_client_keeps_its_whole_address():
    assert environ.from_scope(Request(client="[2001:db8::1]:5000"), b"")["REMOTE_ADDR"] == "2001:db8::1"


def test_repeated_headers_are_joined_and_cookies_stay_cookies():
    headers = Pairs([("cookie", "a=1"), ("accept", "x"), ("cookie", "b=2"), ("accept", "y")])
    made = environ.from_scope(Request(headers=headers), b"")
    assert made["HTTP_COOKIE"] == "a=1; b=2"
    assert made["HTTP_ACCEPT"] == "x,y"


def test_a_header_with_an_underscore_cannot_stand_for_one_with_a_dash():
    headers = Pairs([("x_forwarded_proto", "https"), ("x-real", "1")])
    made = environ.from_scope(Request(headers=headers), b"")
    assert "HTTP_X_FORWARDED_PROTO" not in made
    assert made["HTTP_X_REAL"] == "1"


def test_the_body_can_be_read_to_its_end():
    headers = Pairs([("content-length", "3"), ("content-type", "text/plain")])
    made = environ.from_scope(Request(method="POST", headers=headers), b"abc")
    assert (made["CONTENT_LENGTH"], made["CONTENT_TYPE"], made["wsgi.input"].read()) == ("3", "text/plain", b"abc")


def test_many_odd_header_names_do_not_fill_the_memory():
    for number in range(1000):
        environ.from_scope(Request(headers=Pairs([(f"x-odd-{number}", "1")])), b"")
    assert len(environ._known) <= environ._KNOWN_LIMIT
