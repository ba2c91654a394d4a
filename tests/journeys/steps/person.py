"""Somebody in the story, and what it costs them."""

import base64
import hmac
import time
from dataclasses import dataclass, field

from tests.journeys.steps import reading
from tests.journeys.steps.reading import Node
from tests.journeys.steps.windows import Window

# A careful person on a phone: reading (Brysbaert 2019, less a fifth for a subject that is new), typing with thumbs (Palin
# et al. 2019), one decision, one press (Card, Moran and Newell's keystroke-level model).
WORDS_A_MINUTE, LETTERS_A_MINUTE, CHOICE_SECONDS, PRESS_SECONDS = 190.0, 180.0, 2.5, 1.5
PERIOD_SECONDS, DIGITS = 30, 6


def code_of(secret: str, at: float) -> str:
    """What an app with this secret shows at a moment (RFC 6238 over RFC 4226, SHA-1)."""
    letters = secret.replace(" ", "").upper()
    key = base64.b32decode(letters + "=" * (-len(letters) % 8))
    mac = hmac.digest(key, int(at // PERIOD_SECONDS).to_bytes(8, "big"), "sha1")
    start = mac[-1] & 0xF
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


@dataclass(slots=True)
class Effort:
    """What someone had to do. Words are those read: nothing twice, nothing unfolded."""

    forms: int = 0
    pages: int = 0
    words: int = 0
    letters: int = 0
    choices: int = 0
    presses: int = 0

    @property
    def minutes(self) -> float:
        """How long a careful person needs for it."""
        acting = self.choices * CHOICE_SECONDS + self.presses * PRESS_SECONDS
        return self.words / WORDS_A_MINUTE + self.letters / LETTERS_A_MINUTE + acting / 60

    def __str__(self) -> str:
        return (
            f"{self.forms} forms, {self.pages} pages, {self.words} words to read, about {self.minutes:.0f} minutes"
        )


@dataclass(slots=True)
class Person:
    """Someone with a browser. ``secret`` is their app's; ``effort`` is counted as they go."""

    window: Window
    secret: str = ""
    effort: Effort = field(default_factory=Effort)
    _codes: set[str] = field(default_factory=set)
    _read: set[str] = field(default_factory=set)

    def go(self, path: str) -> None:
        """Open an address; proves the second factor again when asked to."""
        self.window.open(path)
        self._look()
        self.prove_again(path)

    @property
    def path(self) -> str:
        """Where they are."""
        return self.window.path

    @property
    def main(self) -> Node:
        """The page before them."""
        return reading.main_of(reading.page(self.window.html()))

    def sees(self, *words: str) -> None:
        """The page says this."""
        read = self.main.words
        for each in words:
            assert each in read, (each, self.path, read[:1500])

    def does_not_see(self, *words: str) -> None:
        """The page does not say this, visibly or otherwise."""
        html = self.window.html()
        for each in words:
            assert each not in html, (each, self.path)

    def fill(self, **fields: str) -> None:
        """Fill in text fields by name."""
        for name, value in fields.items():
            self.effort.letters += len(value)
            self.window.fill(name, value)

    def choose(self, name: str, value: str) -> None:
        """Choose one of several."""
        self.effort.choices += 1
        self.window.choose(name, value)

    def pick(self, name: str, *, value: str = "", label: str = "") -> None:
        """Pick from a list."""
        self.effort.choices += 1
        self.window.pick(name, value=value, label=label)

    def answer(self, **fields: str) -> None:
        """Fill in, choose or pick, whatever each field asks for."""
        kinds = {
            each.attrs.get("name"): each.attrs.get("type", each.tag)
            for each in self.main.all("input", "select", "textarea")
        }
        for name, value in fields.items():
            kind = kinds[name]
            if kind == "radio":
                self.choose(name, value)
            elif kind == "select":
                self.pick(name, value=value)
            else:
                self.fill(**{name: value})

    def tick_all(self) -> None:
        """Tick every box."""
        self.effort.choices += sum(each.attrs.get("type") == "checkbox" for each in self.main.all("input"))
        self.window.tick_all()

    def press(self, words: str, *, near: str = "") -> None:
        """Press a button or a link that begins with these words, in a section that says ``near``."""
        self.effort.presses += 1
        self.effort.forms += self.window.press(words, near=near)
        self._look()

    def send(self) -> None:
        """Send the form that was filled in."""
        self.effort.presses += 1
        self.effort.forms += 1
        self.window.send()
        self._look()

    def waits_for(self, words: str) -> None:
        """The page comes to say this."""
        assert self.window.comes(words), (words, self.path, self.main.words[:1500])

    def letters(self) -> list[str]:
        """The codes and keys shown on the page."""
        return [each.words for each in self.main.all(css="letters")]

    def prove_again(self, path: str) -> None:
        """Type a fresh code where the second factor is asked for once more."""
        if self.path == "/confirm/":
            self.fill(code=self.fresh_code())
            self.send()
            if self.path != path:
                self.window.open(path)

    def fresh_code(self) -> str:
        """A code of the app that was not used yet; waits for the next one if it must."""
        for _ in range(70):
            code = code_of(self.secret, time.time())
            if code not in self._codes:
                self._codes.add(code)
                return code
            time.sleep(0.5)
        raise AssertionError("no fresh code came")

    def _look(self) -> None:
        self.effort.pages += 1
        new = set(self.main.pieces_in_sight()) - self._read
        self._read |= new
        self.effort.words += sum(len(each.split()) for each in new)
