"""A browser that knows nothing but HTML: no script, no pictures. What works here works everywhere."""

import http.client
import secrets
import time
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from tests.journeys.steps import reading
from tests.journeys.steps.reading import Node

TYPED = ("text", "password", "email", "tel", "search", "number", "date", "time", "hidden", "url")
MOST_REDIRECTS = 8


class PlainWindow:
    """See ``windows.Window``."""

    def __init__(self, site: str) -> None:
        self._site = urlsplit(site)
        self.cookies: dict[str, str] = {}
        self._files: dict[str, tuple[str, bytes]] = {}
        self._last: Node | None = None
        self._status, self._html, self.path = 0, "", "/"
        self.elsewhere: list[str] = []
        self.main = Node("main")

    def open(self, path: str) -> None:
        self._ask("GET", path, None, {})

    def fetch(self, path: str) -> bytes:
        """The bytes of a file, without going there."""
        line = http.client.HTTPConnection(self._site.hostname or "localhost", self._site.port, timeout=30)
        try:
            line.request("GET", path, headers=self._headers())
            answer = line.getresponse()
            held = answer.read()
        finally:
            line.close()
        assert answer.status == 200, (path, answer.status)
        return held

    def html(self) -> str:
        return self._html

    def status(self) -> int:
        return self._status

    def fill(self, name: str, value: str) -> None:
        found = self._field(name)
        if found.tag == "textarea":
            found.inside = [value]
        found.attrs["value"] = value
        self._last = found

    def choose(self, name: str, value: str) -> None:
        together = [each for each in self.main.all("input") if each.attrs.get("name") == name]
        if not any(each.attrs.get("value") == value for each in together):
            raise LookupError(f"no {name}={value} at {self.path}")
        for each in together:
            each.attrs.pop("checked", None)
            if each.attrs.get("value") == value:
                each.attrs["checked"] = ""
                self._last = each

    def pick(self, name: str, *, value: str = "", label: str = "") -> None:
        found = self._field(name)
        options = list(found.all("option"))
        wanted = [each for each in options if (each.words == label if label else each.attrs["value"] == value)]
        if not wanted:
            raise LookupError(f"no {label or value} in {name} at {self.path}")
        for each in options:
            each.attrs.pop("selected", None)
        wanted[0].attrs["selected"] = ""
        self._last = found

    def tick_all(self) -> None:
        for each in self.main.all("input"):
            if each.attrs.get("type") == "checkbox":
                each.attrs["checked"] = ""
                self._last = each

    def attach(self, name: str, file: str, held: bytes) -> None:
        self._last = self._field(name)
        self._files[name] = (file, held)

    def press(self, words: str, *, near: str = "") -> bool:
        for each in self.main.all("button", "a"):
            around = each.up("section")
            if each.words.startswith(words) and (not near or (around is not None and near in around.words)):
                if each.tag == "a":
                    self.open(each.attrs["href"])
                    return False
                self._submit(each)
                return True
        raise LookupError(f"no {words!r} at {self.path}: {self.main.words[:900]}")

    def send(self) -> None:
        form = self._last.up("form") if self._last else next(self.main.all("form"))
        assert form is not None
        self._submit(next(form.all("button")))

    def comes(self, words: str) -> bool:
        until = time.monotonic() + 5
        while words not in self.main.words:
            if time.monotonic() > until:
                return False
            time.sleep(0.1)
            self.open(self.path)
        return True

    def post(self, form: Node, told: dict[str, str], to: str = "") -> None:
        """Send a form as nobody's browser would: with these fields instead of, and beside, its own."""
        fields = dict(_told(form)) | told
        self._ask("POST", to or self.path, list(fields.items()), {})

    def _field(self, name: str) -> Node:
        for each in self.main.all("input", "textarea", "select"):
            if each.attrs.get("name") == name and each.attrs.get("type") != "hidden":
                return each
        raise LookupError(f"no field {name!r} at {self.path}: {self.main.words[:600]}")

    def _submit(self, button: Node) -> None:
        form = button.up("form")
        assert form is not None, button.words
        told = list(_told(form))
        if name := button.attrs.get("name"):
            told.append((name, button.attrs.get("value", "")))
        files = {name: held for name, held in self._files.items() if form.attrs.get("enctype")}
        self._ask(form.attrs.get("method", "get").upper(), form.attrs.get("action") or self.path, told, files)

    def _ask(
        self,
        method: str,
        to: str,
        told: list[tuple[str, str]] | None,
        files: dict[str, tuple[str, bytes]],
    ) -> None:
        kind, body = _body(told or [], files) if method == "POST" else ("", b"")
        address = self._absolute(to)
        for _ in range(MOST_REDIRECTS):
            parts = urlsplit(address)
            if parts.netloc != self._site.netloc:
                self.elsewhere.append(address)
                return
            leads_to = self._once(method, parts.path + (f"?{parts.query}" if parts.query else ""), kind, body)
            if not leads_to:
                return
            method, kind, body, address = "GET", "", b"", self._absolute(leads_to)
        raise AssertionError(f"round in circles at {self.path}")

    def _absolute(self, to: str) -> str:
        return urljoin(f"{self._site.scheme}://{self._site.netloc}{self.path}", to)

    def _once(self, method: str, path: str, kind: str, body: bytes) -> str:
        headers = self._headers()
        if kind:
            headers["Content-Type"] = kind
        line = http.client.HTTPConnection(self._site.hostname or "localhost", self._site.port, timeout=20)
        try:
            line.request(method, path, body=body or None, headers=headers)
            answer = line.getresponse()
            held = answer.read().decode(errors="replace")
        finally:
            line.close()
        for set_cookie in answer.headers.get_all("Set-Cookie", []):
            self._keep(set_cookie)
        if answer.status in (301, 302, 303):
            return answer.headers["Location"]
        self._status, self._html, self.path = answer.status, held, urlsplit(path).path
        self.main, self._last, self._files = reading.main_of(reading.page(held)), None, {}
        return ""

    def _headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def _keep(self, set_cookie: str) -> None:
        for name, morsel in SimpleCookie(set_cookie).items():
            if morsel["max-age"] == "0" or not morsel.value:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = morsel.value


def _told(form: Node) -> list[tuple[str, str]]:
    told = []
    for each in form.all("input", "textarea", "select"):
        name, kind = each.attrs.get("name", ""), each.attrs.get("type", "text")
        if not name or "disabled" in each.attrs:
            continue
        if each.tag == "textarea":
            told.append((name, "".join(part for part in each.inside if isinstance(part, str))))
        elif each.tag == "select":
            options = list(each.all("option"))
            chosen = next((one for one in options if "selected" in one.attrs), options[0] if options else None)
            if chosen is not None:
                told.append((name, chosen.attrs.get("value", chosen.words)))
        elif kind in TYPED or (kind in ("checkbox", "radio") and "checked" in each.attrs):
            told.append((name, each.attrs.get("value", "" if kind in TYPED else "on")))
    return told


def _body(told: list[tuple[str, str]], files: dict[str, tuple[str, bytes]]) -> tuple[str, bytes]:
    if not files:
        return "application/x-www-form-urlencoded", urlencode(told).encode()
    edge = secrets.token_hex(16)
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in told
    ]
    for name, (file, held) in files.items():
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n\r\n'
        parts.append(head.encode() + held + b"\r\n")
    return f"multipart/form-data; boundary={edge}", b"".join(parts) + f"--{edge}--\r\n".encode()
