"""Nothing that leaves says what kind of group it is (promise 7, WHY1): a survivors' group from joining to the reminder, with
every letter, page title, address, file name and calendar entry held against the words of the group and of the playbook.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings

from circlekeeper import wiring
from circlekeeper.areas.groups import queries as groups
from circlekeeper.foundation import announce, clock
from circlekeeper.foundation.post import catalogue, outbox
from tests.journeys import story

CONTENT = Path(wiring.__file__).parent / "content"
OWN = {
    "public_name": "Harbour women after violence",
    "about": "Evenings for survivors of abuse at home and what trauma leaves behind.",
    "purpose": "survivors",
    "time_zone": "Europe/Berlin",
}
# Everyday words that the playbook uses too. A word is added here only when it says nothing by itself.
PLAIN = frozenset(
    "another are calendar call entry from have help key leaving look notice open packet page please read something sure "
    "there time will you your".split()
)
# What our own addresses are made of; each is as plain as the page behind it allows.
IN_ADDRESSES = frozenset(
    "access agree agreed card consent contact emergency forget join leave mail name needs notes now opened promise record "
    "rules text times".split()
)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-zà-ÿ]{3,}", text.lower()))


def words_of_groups() -> frozenset[str]:
    """Every word of the playbook (controls, overlays, policies, scripts) and of this group's own texts."""
    found = _words(" ".join(OWN.values()))
    for path in CONTENT.rglob("*"):
        if path.suffix == ".toml":
            found |= _words(f"{path.stem} " + " ".join(_strings(tomllib.loads(path.read_text()))))
        elif path.suffix == ".md":
            found |= _words(f"{path.stem} {path.read_text()}")
    return frozenset(found - PLAIN)


@dataclass
class Watcher:
    """A browser's history and a mail program's list, as somebody else in the house could read them."""

    seen: dict[str, set[str]] = field(default_factory=dict)

    def saw(self, kind: str, text: str) -> None:
        self.seen.setdefault(kind, set()).add(text)

    def page(self, path: str, response: Any) -> str:
        """Note what a browser keeps of a page."""
        self.saw("addresses", re.sub(r"[a-z0-9]{20,}", "", urlsplit(path).path))
        said = response.headers.get("Content-Disposition", "")
        if said:
            self.saw("file names", said.partition("filename=")[2])
        text = str(response.content.decode(errors="replace"))
        if response.headers["Content-Type"].startswith("text/html") and not said:
            title = re.search(r"<title>(.*?)</title>", text, re.DOTALL)
            assert title, path
            self.saw("titles", title.group(1))
        if response.headers["Content-Type"].startswith("text/calendar"):
            # What people are shown; the rest of a calendar file is words of the standard.
            values = re.findall(r"(?m)^(?!BEGIN|END|UID|CLASS|TRANSP|STATUS)[A-Z-]+[^:\r\n]*:(.*)$", text)
            self.saw("calendar", " ".join(values))
        return text

    def letter(self, made: EmailMessage) -> None:
        """Note what a mail provider and a locked phone show, headers included."""
        text = made.message().as_string()
        for header in ("To", "Message-ID", "Date", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"):
            text = re.sub(rf"(?m)^{header}:.*\n", "", text)
        self.saw("letters", re.sub(r"(?m)^Subject:|https://page.example.org|@page.example.org", "", text))

    def telling(self, banned: frozenset[str]) -> dict[str, set[str]]:
        """Words that should not be there, by where they were seen."""
        found = {}
        for kind, texts in self.seen.items():
            plain = IN_ADDRESSES if kind == "addresses" else frozenset[str]()
            if hits := {word for text in texts for word in _words(text)} & (banned - plain):
                found[kind] = hits
        return found


@pytest.fixture
def house(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> tuple[str, story.Browser, story.Browser]:
    """An open survivors' group at high level that meets in five days."""
    settings.EMAIL_URL = "smtp://nowhere"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.PUBLIC_URL = "https://page.example.org"
    monkeypatch.setitem(story.ANSWERS, 1, OWN)
    wiring.install()
    _ada, leader = story.signed_in("ada")
    group_id = story.new_group(leader)
    _ben, second = story.second_holder(leader, group_id, "ben")
    story.plan(leader, group_id, minutes_ahead=5 * 24 * 60)
    leader.send(f"/groups/{group_id}/agreements/publish/")
    story.keep_promises(leader, group_id)
    leader.send(f"/groups/{group_id}/safety/open/")
    return group_id, leader, second


def _walk(watcher: Watcher, client: Client) -> int:
    """Follow every link a member can follow from their page; returns how many pages and files there were."""
    waiting, done = ["/me/"], set[str]()
    while waiting:
        path = waiting.pop()
        if path in done:
            continue
        done.add(path)
        response = client.get(path)
        if response.status_code != 200:
            continue
        text = watcher.page(path, response)
        links = re.findall(r'href="(/[^"#?]*)', text)
        waiting += [
            each for each in links if each.startswith(("/me/", "/help", "/leaving")) and "/out/" not in each
        ]
    return len(done)


@pytest.mark.django_db(databases=["default", "shred"], transaction=True)
def test_why1_from_joining_to_the_reminder_nothing_tells_what_it_is(
    house: tuple[str, story.Browser, story.Browser],
):
    group_id, leader, second = house
    watcher, visitor = Watcher(), story.Browser()
    for path in (f"/g/{group_id}/", f"/g/{group_id}/join/"):
        watcher.page(path, visitor.client.get(path))
    reach = {"says": "yes", "channel": "mail", "address": "wren@example.net", "remind": "on"}
    fields = story.last_page(visitor, group_id, "Wren", contact=reach)
    welcome = visitor.client.post(f"/g/{group_id}/join/", fields)
    key = story.key_on(watcher.page(f"/g/{group_id}/join/", welcome))
    story.decide(group_id, leader, second)
    member = story.own_page(key)
    feed = re.search(r"/c/[a-z0-9]+/calendar\.ics", member.send("/me/times/", 200, do="make"))
    assert feed
    watcher.page(feed.group(0), Client().get(feed.group(0)))
    pages = _walk(watcher, member.client)
    leader.see("/today/")

    now = clock.now()
    announce.deliver_due(announce.installed(), now)
    outbox.send_due(now + timedelta(seconds=1))
    outbox.send_due(now + timedelta(days=4, hours=1))
    for made in mail.outbox:
        watcher.letter(made)

    assert groups.group(group_id).public_name == OWN["public_name"]
    assert len(mail.outbox) == 2  # the answer, and the day before
    assert {tuple(each.to) for each in mail.outbox} == {("wren@example.net",)}
    assert pages > 15
    assert {"letters", "titles", "addresses", "file names", "calendar"} <= watcher.seen.keys()
    assert watcher.telling(words_of_groups()) == {}


def test_why1_no_word_of_the_catalogue_is_a_word_of_a_group():
    watcher = Watcher()
    for message in (
        catalogue.mail,
        catalogue.text,
        catalogue.voicemail,
        catalogue.someone_else_answered,
        catalogue.post,
    ):
        said = message("en")
        watcher.saw("messages", f"{said.sender} {said.subject} {said.body.partition('http')[0]}")
    for name in catalogue.FILES.values():
        watcher.saw("file names", name)
    watcher.saw("calendar titles", catalogue.entry_title("en"))

    assert watcher.telling(words_of_groups()) == {}


@pytest.mark.parametrize(
    "outed", ["Harbour", "survivors group tonight", "your therapist", "room-locked", "keep it private"]
)
def test_why1_a_telling_word_is_found(outed: str):
    watcher = Watcher()
    watcher.saw("letters", outed)

    assert watcher.telling(words_of_groups() | {"therapist"})


def test_why1_the_list_of_plain_words_stays_short_and_holds_no_topic():
    assert len(PLAIN) < 30
    assert len(IN_ADDRESSES) < 24
    assert not PLAIN & {"group", "member", "meeting", "safety", "survivors", "violence", "confidential", "private"}
