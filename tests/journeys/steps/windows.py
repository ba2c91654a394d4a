"""What a person looks through and presses in."""

from typing import Protocol


class Window(Protocol):
    """One browser with its own cookies. Names are form fields' names; words are what stands on a button or a link."""

    @property
    def path(self) -> str:
        """Where it stands: the path, without the site."""

    @property
    def elsewhere(self) -> list[str]:
        """Addresses of other sites it was sent to or asked to load."""

    def open(self, path: str) -> None:
        """Open an address of the site."""

    def html(self) -> str:
        """The page as it stands."""

    def status(self) -> int:
        """The status of the last page that was opened by address."""

    def fill(self, name: str, value: str) -> None:
        """Type into a field."""

    def choose(self, name: str, value: str) -> None:
        """Choose one of several buttons."""

    def pick(self, name: str, *, value: str = "", label: str = "") -> None:
        """Pick from a list, by value or by the words shown."""

    def tick_all(self) -> None:
        """Tick every box."""

    def attach(self, name: str, file: str, held: bytes) -> None:
        """Choose a file."""

    def press(self, words: str, *, near: str = "") -> bool:
        """Press the first button or link that begins with these words; says whether it sent a form.

        ``near``: only in a section of the page that says this.

        :raises LookupError: there is none.
        """

    def send(self) -> None:
        """Press the button of the form that was filled in last, else of the first form."""

    def comes(self, words: str) -> bool:
        """Wait, as this kind of window can, until the page says this; gives up after some seconds."""
