"""Accounts of the people who lead and help."""

from urllib.parse import urlsplit

from tests.journeys.steps.person import Person

PASSPHRASE = "walnut ferry seventeen lanterns"


def set_up_place(leader: Person, sentence: str, handle: str, *, passphrase: str = PASSPHRASE) -> str:
    """From the sentence that ``make run`` prints to the first account; returns the recovery kit."""
    leader.go("/")
    leader.fill(code=sentence.rpartition(" ")[2].strip().rstrip("."))
    leader.send()
    return make_account(leader, handle, passphrase=passphrase)


def make_account(person: Person, handle: str, *, passphrase: str = PASSPHRASE) -> str:
    """A name, a passphrase, an app, spare codes, the recovery kit typed back; returns the kit."""
    person.fill(handle=handle, new=passphrase, again=passphrase)
    person.send()
    person.press("Use an app")
    person.secret = "".join(person.letters()[0].split())
    person.fill(code=person.fresh_code())
    person.send()
    person.press("I have them on paper")
    person.press("Show my twelve words")
    kit = " ".join(each.words for each in next(person.main.all(css="words")).all("li"))
    person.press("I have them on paper")
    person.fill(words=kit)
    person.send()
    assert person.path == "/account/ready/", (person.path, person.main.words[:600])
    return kit


def accept_invitation(helper: Person, address: str, code: str, handle: str) -> None:
    """Someone who was invited makes an account of their own."""
    helper.go(urlsplit(address).path)
    helper.fill(code=code)
    helper.send()
    make_account(helper, handle)
