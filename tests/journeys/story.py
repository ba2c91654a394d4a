"""The people of the story and what they do, over HTTP, with nothing but what a browser without script has."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.test import Client

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.joining import queries as joining
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.foundation import clock, playbook
from circlekeeper.foundation.accounts.tests import factories
from circlekeeper.foundation.accounts.tests.factories import Someone

ANSWERS = {
    1: {
        "public_name": "Thursday circle",
        "about": "An hour for ourselves.",
        "purpose": "survivors",
        "time_zone": "Europe/Berlin",
    },
    6: {"seen": "on"},
    7: {"seen": "on"},
}
YES = {"found", "lose", "trauma", "survivors", "family"}


@dataclass(slots=True)
class Browser:
    """One browser; counts the forms it sent."""

    client: Client = field(default_factory=factories.browser)
    forms: int = 0

    def see(self, path: str, status: int = 200, /) -> str:
        """Open a page and return its text."""
        return self._checked(self.client.get(path), status, path)

    def send(self, path: str, status: int = 302, /, **fields: Any) -> str:
        """Send a form; returns where it leads, or the page's text."""
        self.forms += 1
        response = self.client.post(path, fields)
        text = self._checked(response, status, path)
        return response.headers.get("Location", text)

    def send_for(self, path: str) -> str:
        """Follow a link that leads elsewhere; returns where."""
        response = self.client.get(path)
        self._checked(response, 302, path)
        return str(response.headers["Location"])

    def _checked(self, response: Any, status: int, path: str) -> str:
        text = response.content.decode(errors="replace") if isinstance(response, HttpResponse) else ""
        assert response.status_code == status, (path, response.status_code, plain(text)[:1500])
        return text


def plain(html: str) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def hidden(html: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, (name, plain(html)[:800])
    return found.group(1)


def signed_in(handle: str) -> tuple[Someone, Browser]:
    """A person with an account, a second factor and a checked kit, signed in."""
    someone, browser = factories.person(handle), Browser()
    factories.sign_in(browser.client, someone)
    return someone, browser


def new_group(leader: Browser, *, yes: set[str] = YES, level: str = "high") -> str:
    """The set-up of a group, step by step; returns its id."""
    path = leader.send("/new-group/")
    draft = path.split("/")[2]
    questions = playbook.book().interview.question
    for step, kind in ((2, "people"), (3, "place"), (4, "way")):
        ANSWERS[step] = {each.id: "yes" if each.id in yes else "no" for each in questions if each.step == kind}
    for step in range(1, 8):
        at = f"/new-group/{draft}/{step}/"
        answers = ANSWERS.get(step) or {"level": level}
        path = leader.send(at, **answers)
    return path.split("/")[2]


def second_holder(
    leader: Browser, group_id: str, handle: str, role: str = "privacy_lead"
) -> tuple[Someone, Browser]:
    """Invite someone, who accepts with an account of their own, and give them keys."""
    shown = leader.send(f"/groups/{group_id}/team/invite/", 200, role=role)
    address = re.search(r"/invited/[a-z0-9]+/", shown)
    letters = [plain(each) for each in re.findall(r'<p class="letters"[^>]*>(.*?)</p>', shown, re.DOTALL)]
    assert address, plain(shown)
    assert len(letters) == 2, plain(shown)
    someone, browser = signed_in(handle)
    browser.send(address.group(0), code=letters[1])
    if "/account/ready/" not in browser.see("/account/", 200):
        browser.client.get("/account/ready/")
    leader.send(f"/groups/{group_id}/team/{someone.id}/keys/")
    return someone, browser


def keep_promises(leader: Browser, group_id: str) -> int:
    """Give one's word for everything a person has to confirm; returns for how many things."""
    html = leader.see(f"/groups/{group_id}/safety/confirm/")
    said = {}
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        said[name] = next(value for value in re.findall(r'<option value="([^"]*)"', options) if value)
    leader.send(f"/groups/{group_id}/safety/confirm/", **said)
    return len(said)


def plan(
    leader: Browser,
    group_id: str,
    *,
    minutes_ahead: int = 30,
    online: bool = False,
    address: str = "https://meet.example.org/room-7",
) -> str:
    """Plan a meeting soon; returns its id."""
    starts = (clock.now() + timedelta(minutes=minutes_ahead)).astimezone(ZoneInfo("Europe/Berlin"))
    way = {"format": "online", "provider_name": "outside-link", "address": address}
    leader.send(
        f"/groups/{group_id}/meetings/plan/",
        **(way if online else {"format": "in_person"}),
        first_on=starts.date().isoformat(),
        local_time=starts.strftime("%H:%M"),
        minutes="90",
        every="week",
    )
    return meetings.coming(group_ids=[group_id], now=clock.now())[0].id


def apply(
    group_id: str,
    alias: str,
    *,
    contact: dict[str, str] | None = None,
    signature: str = "",
    **about: str,
) -> str:
    """A visitor asks to join; returns their key."""
    visitor = Browser()
    fields = last_page(visitor, group_id, alias, contact=contact, signature=signature, **about)
    return key_on(visitor.send(f"/g/{group_id}/join/", 200, **fields))


def last_page(
    visitor: Browser,
    group_id: str,
    alias: str,
    *,
    contact: dict[str, str] | None = None,
    signature: str = "",
    **about: str,
) -> dict[str, str]:
    """The first three pages of joining; returns what the last form is sent with."""
    path = f"/g/{group_id}/join/"
    page = visitor.see(path)
    emergency = {"area": "Northtown", "number": "112"} | about
    answered = {"name": {"alias": alias}, "contact": contact or {"says": "no"}, "help": emergency}
    for step, answers in answered.items():
        page = visitor.send(path, 200, draft=hidden(page, "draft"), step=step, do="next", **answers)
    fields = {name: "on" for name in re.findall(r'name="((?:policy|pledge|consent-[a-z-]+))"', page)}
    if 'name="signature"' in page:
        fields["signature"] = signature or f"{alias} by my hand"
    return fields | {"draft": hidden(page, "draft"), "step": "agree", "do": "next"}


def key_on(page: str) -> str:
    """The member key a page shows."""
    found = re.search(r'<p class="letters"[^>]*>(.*?)</p>', page, re.DOTALL)
    assert found, plain(page)
    return plain(found.group(1))


def decide(group_id: str, first: Browser, second: Browser) -> None:
    """Speak with each applicant, and say yes, two people for each."""
    for application in joining.waiting(group_id):
        path = f"/groups/{group_id}/joining/{application.id}/"
        first.send(path, do="call-yes")
        first.send(path, do="vote", yes="yes", reason="fits")
        second.send(path, do="vote", yes="yes", reason="fits")


def prepare(meeting_id: str, group_id: str, host: Someone | None, leader: Browser, cohost: Browser) -> None:
    """The five points of the checklist."""
    path = f"/groups/{group_id}/meetings/{meeting_id}/"
    leader.send(path, do="links")
    leader.send(path, do="probe")
    leader.send(path + "recording/", seen="off")
    for part, browser in (("host", leader), ("cohost", cohost)):
        person = factories.who_of(browser.client).id
        browser.send(f"/groups/{group_id}/agreements/people/you/", bound="pledge", mandated="no")
        leader.send(path + "people/", person_id=person, part=part)
        browser.send(path, do="confirm")


def own_page(key: str) -> Browser:
    """A member enters their page with their key."""
    member = Browser()
    member.send("/me/enter/", key=key)
    return member


def zone_of(group_id: str) -> ZoneInfo:
    """The zone of a group."""
    return groups.group(group_id).zone
