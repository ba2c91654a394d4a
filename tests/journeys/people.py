"""The people of the story in real browsers, each with one of their own."""

import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from circlekeeper.foundation.accounts.tests.factories import code_of

PASSPHRASE = "walnut ferry seventeen lanterns"
BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(slots=True)
class Person:
    """Someone with a browser: what they see, what they fill in and press. Counts the forms they sent."""

    page: Any
    base: str
    secret: str = ""
    forms: int = 0
    used: set[str] = field(default_factory=set)

    def go(self, path: str) -> None:
        """Open an address; proves the second factor again when asked to."""
        self.page.goto(self.base + path)
        self.prove_again(path)

    @property
    def path(self) -> str:
        """Where the browser stands."""
        return str(urlsplit(self.page.url).path)

    def text(self) -> str:
        """What is on the page."""
        return str(self.page.inner_text("main"))

    def sees(self, words: str) -> None:
        """The page says this."""
        assert words in self.text(), self.text()[:1500]

    def fill(self, **fields: str) -> None:
        """Fill in text fields by name."""
        for name, value in fields.items():
            self.page.fill(f"[name={name}]", value)

    def choose(self, name: str, value: str) -> None:
        """Choose one radio button."""
        self.page.check(f"input[name={name}][value={value}]")

    def press(self, words: str) -> None:
        """Press a button or a link that begins with these words."""
        target = self.page.locator("main button, main a").filter(has_text=re.compile(rf"^\s*{re.escape(words)}"))
        pressed = target.first
        if not pressed.count():
            raise AssertionError(f"no {words!r} at {self.path}: {self.text()[:900]}")
        if pressed.evaluate("each => each.tagName") == "BUTTON":
            self.forms += 1
        pressed.click()
        self.page.wait_for_load_state()

    def send(self) -> None:
        """Press the form's own button."""
        self.forms += 1
        self.page.locator("main form button").first.click()
        self.page.wait_for_load_state()

    def prove_again(self, path: str) -> None:
        """Type a fresh code where the second factor is asked for once more."""
        if self.path == "/confirm/":
            self.fill(code=self.fresh_code())
            self.send()
            if self.path != path:
                self.page.goto(self.base + path)

    def fresh_code(self) -> str:
        """A code of the app that was not used yet; waits for the next one if it must."""
        for _ in range(70):
            code = code_of(self.secret)
            if code not in self.used:
                self.used.add(code)
                return code
            time.sleep(0.5)
        raise AssertionError("no fresh code came")

    def make_account(self, handle: str) -> None:
        """A name, a passphrase, an app, spare codes, the recovery kit typed back."""
        self.fill(handle=handle, new=PASSPHRASE, again=PASSPHRASE)
        self.send()
        self.go("/account/factor/app/")
        self.secret = "".join(str(self.page.text_content(".key .letters")).split())
        self.fill(code=self.fresh_code())
        self.send()
        self.press("I have them on paper")
        self.press("Show my twelve words")
        words = " ".join(self.page.locator(".words li").all_inner_texts())
        self.press("I have them on paper")
        self.fill(words=words)
        self.send()
        assert self.path == "/account/ready/", self.path


def open_group(leader: Person, helper: Person) -> str:
    """From an empty list of groups to an open survivors' group with two key holders; returns its id."""
    group_id = _set_up_group(leader)
    _bring_in(leader, helper, group_id)
    _plan(leader, group_id)
    leader.go(f"/groups/{group_id}/agreements/publish/")
    leader.send()
    leader.go(f"/groups/{group_id}/safety/confirm/")
    for each in leader.page.locator("main select").all():
        each.select_option(index=1)
    leader.send()
    leader.go(f"/groups/{group_id}/safety/open/")
    leader.send()
    return group_id


def _set_up_group(leader: Person) -> str:
    leader.go("/new-group/")
    leader.send()
    leader.fill(public_name="Thursday circle", about="An hour for ourselves.")
    leader.page.select_option("[name=purpose]", "survivors")
    leader.page.select_option("[name=time_zone]", "Europe/Berlin")
    leader.send()
    for _ in range(3):
        names = set(
            leader.page.eval_on_selector_all("main input[type=radio]", "all => all.map(each => each.name)")
        )
        for name in names:
            leader.choose(name, "yes" if name in {"found", "lose", "trauma", "survivors"} else "no")
        leader.send()
    leader.sees("High")
    leader.send()
    for _ in range(2):
        for box in leader.page.locator("main input[type=checkbox]").all():
            box.check()
        leader.send()
    assert "/safety/" in leader.path, leader.path
    return leader.path.split("/", 3)[2]


def _bring_in(leader: Person, helper: Person, group_id: str) -> None:
    leader.go(f"/groups/{group_id}/team/invite/")
    leader.choose("role", "privacy_lead")
    leader.send()
    address, code = leader.page.locator(".key .letters").all_inner_texts()
    helper.go(urlsplit(address.strip()).path)
    helper.fill(code=code.strip())
    helper.send()
    helper.make_account("ben")
    leader.go(f"/groups/{group_id}/team/")
    leader.press("Give keys")
    leader.prove_again(leader.path)
    leader.press("The words match")


def _plan(leader: Person, group_id: str) -> None:
    starts = (datetime.now(UTC) + timedelta(minutes=30)).astimezone(BERLIN)
    leader.go(f"/groups/{group_id}/meetings/plan/")
    leader.choose("format", "in_person")
    leader.fill(first_on=starts.date().isoformat(), local_time=starts.strftime("%H:%M"), minutes="90")
    leader.send()


def ask_to_join(visitor: Person, group_id: str, alias: str) -> str:
    """Four short pages; returns the key."""
    visitor.go(f"/g/{group_id}/")
    visitor.press("Ask to join")
    visitor.fill(alias=alias)
    visitor.press("Continue")
    visitor.press("Continue")
    visitor.fill(area="Northtown", number="112")
    visitor.press("Continue")
    for box in visitor.page.locator("main input[type=checkbox]").all():
        box.check()
    if visitor.page.locator("[name=signature]").count():
        visitor.fill(signature=f"{alias}, by my hand")
    visitor.press("Ask to join")
    visitor.sees("Keep this key")
    return str(visitor.page.inner_text(".key .letters")).strip()


def decide(leader: Person, helper: Person, group_id: str) -> None:
    """Speak with each applicant, and two people say yes."""
    path = f"/groups/{group_id}/joining/"
    leader.go(path)
    addresses = [each.get_attribute("href") for each in leader.page.locator("main section h2 a").all()]
    for address in addresses:
        leader.go(address)
        leader.press("We spoke: it fits")
        for person in (leader, helper):
            person.go(address)
            person.choose("yes", "yes")
            person.page.select_option("[name=reason]", "fits")
            person.press("This is my word")


def prepare(leader: Person, helper: Person, group_id: str) -> str:
    """The five points before the doors open; returns the address of the meeting."""
    leader.go(f"/groups/{group_id}/meetings/")
    leader.page.locator("main section h2 a").first.click()
    leader.page.wait_for_load_state()
    cockpit = leader.path
    leader.press("Make personal links")
    leader.press("Test the waiting room now")
    leader.go(cockpit + "recording/")
    leader.choose("seen", "off")
    leader.send()
    for person, handle, part in ((leader, "ada", "host"), (helper, "ben", "cohost")):
        leader.go(cockpit + "people/")
        leader.page.select_option("select[name=person_id]", label=handle)
        leader.page.select_option("select[name=part]", part)
        leader.press("Ask them")
        person.go(cockpit)
        if person is not leader:  # asking oneself is saying yes
            person.press("I will be there")
    leader.go(cockpit)
    leader.sees("Everything is in place.")
    leader.press("Open the doors")
    return cockpit


def enter(member: Person, key: str) -> str:
    """A member's own page, and their door; returns the address of the door."""
    member.go("/me/enter/")
    member.fill(key=key)
    member.send()
    member.press("Go to my door")
    return member.path
