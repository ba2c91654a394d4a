"""Groups in Berlin with two leaders and real keys, and visitors who ask to join, with or without a browser."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.test import Client

from circlekeeper.areas.agreements import actions as agreements_do
from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.groups import actions as groups
from circlekeeper.areas.joining import actions, draft, queries
from circlekeeper.areas.joining.rules import Step
from circlekeeper.areas.safeguards import actions as safeguards_do
from circlekeeper.foundation import playbook
from circlekeeper.foundation.accounts import actions as accounts
from circlekeeper.foundation.accounts.tests import factories as people
from circlekeeper.foundation.accounts.tests.factories import Someone
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.vault import groupkeys

BEFORE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)
REACH = {"says": "yes", "channel": "mail", "address": "someone@example.org"}
SAFE = {"area": "Northtown", "number": "112"}


@dataclass(slots=True)
class Circle:
    """A group and its two leaders, who both hold all keys."""

    id: str
    leader: Someone
    second: Someone


def team(*, level: str = "medium", overlays: tuple[str, ...] = ()) -> Circle:
    """A draft group with two people who hold its keys."""
    leader, second = people.person(f"ada-{new_id()[:6]}"), people.person(f"ben-{new_id()[:6]}")
    made = groups.create_group(
        by=leader.id,
        public_name="Thursday circle",
        about="An hour for ourselves.",
        purpose="circle",
        time_zone="Europe/Berlin",
        level=level,
        overlays=overlays,
        playbook_version=playbook.book().version,
        now=BEFORE,
    )
    safeguards_do.decide_first_level(by=leader.id, group_id=made.id, now=BEFORE)
    accounts.grant_role(
        by=leader.id, person_id=second.id, place=made.id, role=RoleName.PRIVACY_LEAD, now=BEFORE, keyed=True
    )
    groupkeys.grant(ring=leader.ring, group_id=made.id, to=second.id, scopes=groupkeys.ALL, now=BEFORE)
    return Circle(made.id, leader, second)


def open_now(found: Circle) -> None:
    """Publish every text and open the group, whatever the playbook says."""
    agreements_do.publish_all(by=found.leader.id, group_id=found.id, now=BEFORE)
    groups.open_group(by=found.leader.id, group_id=found.id, now=BEFORE)


def circle(*, level: str = "medium", overlays: tuple[str, ...] = ()) -> Circle:
    """An open group."""
    found = team(level=level, overlays=overlays)
    open_now(found)
    return found


def filled(
    alias: str = "Wren",
    *,
    contact: Mapping[str, Any] = REACH,
    about: Mapping[str, Any] = SAFE,
    now: datetime = NOW,
) -> draft.Draft:
    """The draft of someone who answered the first three pages."""
    made = draft.begin(now)
    for step, answers in ((Step.NAME, {"alias": alias}), (Step.CONTACT, contact), (Step.HELP, about)):
        made = made.answered(step, dict(answers))
    return made


def ask(found: Circle, made: draft.Draft, *, now: datetime = NOW, **changed: Any) -> actions.Applied:
    """Finish a draft without a browser."""
    texts = agreements.joining_texts(found.id)
    asked: dict[str, Any] = {
        "form": {"pledge": True, "signature": "By my own hand"},
        "texts": texts,
        "agreed": {each.purpose: each.sha256 for each in texts.purposes if each.needed},
    }
    return actions.apply(group_id=found.id, draft=made, now=now, **(asked | changed))


def applicant(found: Circle, alias: str = "Wren", **answers: Any) -> queries.ApplicationFacts:
    """Somebody who waits for an answer."""
    before = {each.id for each in queries.waiting(found.id)}
    ask(found, filled(alias, **answers))
    return next(each for each in queries.waiting(found.id) if each.id not in before)


def referral(found: Circle, *, now: datetime = NOW) -> str:
    """A code of somebody listed for it."""
    listed = actions.list_referrer(
        by=found.leader.id, group_id=found.id, name="Women's house", reach="Ada, 030 1234", now=now
    )
    return actions.make_referral(by=found.leader.id, group_id=found.id, referrer_id=listed, now=now)


@dataclass(slots=True)
class Visitor:
    """A browser without script on the way through the four pages."""

    group_id: str
    client: Client = field(default_factory=people.browser)
    html: str = ""
    status: int = 200

    @property
    def path(self) -> str:
        """The address of every page."""
        return f"/g/{self.group_id}/join/"

    @property
    def text(self) -> str:
        """The words of the page."""
        return " ".join(re.sub(r"<[^>]+>", " ", self.html).split())

    @property
    def step(self) -> str:
        """Which page this is."""
        found = re.search(r'name="step" value="(\w+)"', self.html)
        return found.group(1) if found else ""

    @property
    def draft(self) -> str:
        """The field that carries what was written."""
        found = re.search(r'name="draft" value="([^"]+)"', self.html)
        assert found, self.text[:400]
        return found.group(1)

    @property
    def key(self) -> str:
        """The member key on the last page."""
        found = re.search(r'<p class="letters"[^>]*>(.*?)</p>', self.html, re.DOTALL)
        assert found, self.text[:800]
        return re.sub(r"<[^>]+>", "", found.group(1)).strip()

    def begin(self) -> "Visitor":
        """Open the first page."""
        return self._take(self.client.get(self.path))

    def send(self, do: str = "next", **fields: Any) -> "Visitor":
        """Send the page as it is, with these answers; ``draft`` and ``step`` may be given to send another one."""
        usual = {"do": do} | ({"draft": self.draft, "step": self.step} if self.step else {})
        return self._take(self.client.post(self.path, usual | fields))

    def to_agree(self, alias: str = "Wren", contact: Mapping[str, Any] = REACH, about: Mapping[str, Any] = SAFE):
        """Up to the last page."""
        self.begin().send(alias=alias).send(**contact).send(**about)
        assert self.step == "agree", self.text[:800]
        return self

    def agreed(self) -> dict[str, str]:
        """A tick in every box and a signature, as this page asks for them."""
        names = re.findall(r'name="((?:policy|pledge|consent-[a-z-]+))"', self.html)
        signed = {"signature": "By my own hand"} if 'name="signature"' in self.html else {}
        return dict.fromkeys(names, "on") | signed

    def finish(self, **changed: Any) -> "Visitor":
        """Agree to everything and ask."""
        return self.send(**(self.agreed() | changed))

    def _take(self, response: Any) -> "Visitor":
        self.html, self.status = response.content.decode(), response.status_code
        return self
