"""Promise 1 on a real machine: databases and their logs, the service's own log, temporary files, mail, PDFs, a copy.

Handles of people who sign in are in clear on purpose (they choose them, they are no member's, and a sign-in must find them);
so are the public texts of a group. ``MUST_BE_THERE`` holds both, so that a sweep that finds nothing at all fails.
"""

import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Handler

from tests.journeys import machine
from tests.journeys.steps import accounts, groups, joining, meeting
from tests.journeys.steps.person import Person
from tests.journeys.steps.plain import PlainWindow
from tests.promises import sweep

CANARIES = {
    "alias": "Quillfeather",
    "contact address": "zephyrine.marlow@post.example",
    "emergency place": "Tanglebrookshire",
    "emergency person": "Octavienne Pumblewick",
    "emergency reach": "004915255501234",
    "what helps": "a lamp of heliotrope glass",
    "signature": "Isolde Vantongeren",
    "reason for a look": "she rang twice from Ostrowgate",
    "outside link": "meet.example.org/velvet-sparrow-77",
    "imported name": "Thessaly Okonjowitz",
    "imported mail": "okonjowitz@list.example",
    "left out of the list": "lives behind the Karamell bakery",
    "leader's passphrase": "walnut ferry seventeen lanterns",
    "mistyped handle": "zorrillaquist",
    "mistyped passphrase": "parsnip overture eleven gondolas",
    "mistyped key": "qqqq-wwww-zzzz-xxxx-yyyy-vvvv-uu",
    "mistyped address": "hornbeamwick",
    "extra field": "umbellifer-unasked",
}
MUST_BE_THERE = {"handle": "adalheidis", "public text": "An hour under the marigolds"}
FIRST_BYTES = b"SQLite format 3\0"


@dataclass(slots=True)
class Mailbox:
    """Where the machine's mail goes."""

    port: int
    letters: list[bytes] = field(default_factory=list)


class _Keep(Handler):
    def __init__(self, box: Mailbox) -> None:
        super().__init__()
        self._box = box

    def handle_message(self, message: object) -> None:
        self._box.letters.append(bytes(message))  # type: ignore[call-overload]


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox(machine.free_port())
    controller = Controller(_Keep(box), hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture
def house(tmp_path: Path, mailbox: Mailbox) -> Iterator[machine.Machine]:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    told = {
        "TMPDIR": str(temporary),
        "EMAIL_URL": f"smtp://127.0.0.1:{mailbox.port}",
        "PYTHONWARNINGS": "default",
    }
    with machine.running(tmp_path / "data", told) as running:
        yield running


def test_dat3_no_word_that_was_entrusted_is_anywhere_on_the_machine(
    house: machine.Machine, mailbox: Mailbox, tmp_path: Path
) -> None:
    secrets, files = _play(house)
    _write_a_letter(house)
    canaries = CANARIES | secrets
    copy = _copies(house, tmp_path)

    found = sweep.in_files(canaries, [house.data, tmp_path / "temporary", copy])
    found += sweep.in_bytes(canaries, house.log.read_bytes() + house.said.encode(), "log")
    found += sweep.in_bytes(canaries, b"".join(mailbox.letters), "mail")
    for name, held in files.items():
        found += sweep.in_pdf(canaries, held, name)

    # Mail has to say where it goes, and nothing else.
    assert len(mailbox.letters) == 2  # the answer to the application, and the one written for this sweep
    assert found == [("contact address", "mail")]
    in_clear = {name for name, _ in sweep.in_files(MUST_BE_THERE, [house.data, copy])}
    assert in_clear == set(MUST_BE_THERE)
    _every_medium_is_really_searched(house, mailbox, tmp_path, next(iter(files.values())))


def _play(house: machine.Machine) -> tuple[dict[str, str], dict[str, bytes]]:
    """The story; returns the secrets that came into being on the way, and the PDFs anybody may read."""

    def sit() -> Person:
        return Person(PlainWindow(house.url))

    leader, helper, visitor = sit(), sit(), sit()
    kit = accounts.set_up_place(
        leader, house.said, MUST_BE_THERE["handle"], passphrase=CANARIES["leader's passphrase"]
    )
    group_id = groups.new_group(leader, about=MUST_BE_THERE["public text"])
    groups.bring_in(leader, helper, group_id)
    meeting.plan(leader, group_id, address="https://" + CANARIES["outside link"])
    groups.publish(leader, group_id)
    groups.give_word(leader, group_id)
    groups.open_group(leader, group_id)
    key = joining.ask_to_join(
        visitor,
        group_id,
        CANARIES["alias"],
        contact={"says": "yes", "channel": "mail", "address": CANARIES["contact address"]},
        help_with={
            "area": CANARIES["emergency place"],
            "person": CANARIES["emergency person"],
            "reach": CANARIES["emergency reach"],
            "access": CANARIES["what helps"],
        },
        signature=CANARIES["signature"],
    )
    joining.decide(leader, helper, group_id)
    _import(leader, group_id)
    _open_a_record(leader, group_id)
    door = _meet(leader, helper, sit(), group_id, key)
    _mistype(sit(), group_id)
    secrets = {
        "app secret": leader.secret,
        "recovery kit": kit,
        "member key": key,
        "member key without dashes": key.replace("-", ""),
        "personal link": door.split("/")[2],
        "session cookie": _cookies(leader)["ck_session"],
    }
    window = visitor.window
    assert isinstance(window, PlainWindow)
    papers = {name: window.fetch(f"/g/{group_id}/{name}/{name}.pdf") for name in ("policy", "statement", "packet")}
    return secrets, papers


def _cookies(person: Person) -> dict[str, str]:
    assert isinstance(person.window, PlainWindow)
    return person.window.cookies


def _import(leader: Person, group_id: str) -> None:
    """A list with a column too many is brought in; a second one is left lying half-way."""
    rows = f"Name,Email,Notes\n{CANARIES['imported name']},{CANARIES['imported mail']},{CANARIES['left out of the list']}\n"
    for half_way in (False, True):
        leader.go(f"/groups/{group_id}/people/import/")
        leader.window.attach("file", "list.csv", rows.encode())
        leader.send()
        leader.sees("What comes along?")
        names = next(each for each in leader.main.all("select") if "Name" in _label_of(leader, each.attrs["id"]))
        leader.pick(names.attrs["name"], value="name")
        leader.press("Look at it")
        leader.sees(CANARIES["imported name"])
        if not half_way:
            leader.press("Bring them in")


def _label_of(person: Person, field_id: str) -> str:
    return next((each.words for each in person.main.all("label") if each.attrs.get("for") == field_id), "")


def _open_a_record(leader: Person, group_id: str) -> None:
    """Someone opens an emergency contact with a reason, and reads it."""
    path = f"/groups/{group_id}/people/"
    leader.go(path)
    links = [each for each in leader.main.all("a") if CANARIES["alias"] in each.words]
    leader.go(links[0].attrs["href"] + "emergency/")
    leader.answer(reason="danger", sentence=CANARIES["reason for a look"])
    leader.send()
    leader.sees(CANARIES["emergency person"])


def _meet(leader: Person, helper: Person, member: Person, group_id: str, key: str) -> str:
    cockpit = meeting.cockpit_of(leader, group_id)
    meeting.prepare(leader, {MUST_BE_THERE["handle"]: leader, "ben": helper}, cockpit)
    meeting.open_doors(leader, cockpit)
    meeting.own_page(member, key)
    door = meeting.ask_for_door(member)
    meeting.come(member)
    meeting.let_in(leader, cockpit)
    member.waits_for("You can go in")
    member.press("Go in")
    assert CANARIES["outside link"] in member.window.elsewhere[-1]
    return door


def _mistype(somebody: Person, group_id: str) -> None:
    """What people type where it does not belong is not kept either."""
    somebody.go("/sign-in/")
    somebody.fill(login=CANARIES["mistyped handle"], password=CANARIES["mistyped passphrase"])
    somebody.send()
    somebody.go("/me/enter/")
    somebody.fill(key=CANARIES["mistyped key"])
    somebody.send()
    somebody.go(f"/{CANARIES['mistyped address']}/?q={CANARIES['mistyped address']}")
    assert somebody.window.status() == 404
    window = somebody.window
    assert isinstance(window, PlainWindow)
    window.open(f"/g/{group_id}/join/")
    form = next(window.main.all("form"))
    window.post(form, {"alias": CANARIES["alias"], "diagnosis": CANARIES["extra field"]})
    assert window.status() == 200


_LETTER = """
import django
django.setup()
from circlekeeper.foundation import clock, guard
from circlekeeper.foundation.post import outbox
from circlekeeper.foundation.post.contact import SafeContact, Says
outbox.install(lambda reach_id: True)
now = clock.now()
soon = now.replace(year=now.year + 2).date().isoformat()
word = SafeContact(
    says=Says.YES, channel="mail", address={address!r}, said_on=now.date().isoformat(), check_again_on=soon
)
with guard.outside_action("a letter for the sweep"):
    outbox.queue(reach_id="one", contact=word, now=now)
    outbox.queue(reach_id="one", contact=word, now=now.replace(year=now.year + 1))
outbox.send_due(now)
"""


def _write_a_letter(house: machine.Machine) -> None:
    """One letter goes out, one waits in the outbox."""
    house.python(_LETTER.format(address=CANARIES["contact address"]))


def _copies(house: machine.Machine, tmp_path: Path) -> Path:
    """What a backup of the main database holds."""
    copy = tmp_path / "copy"
    copy.mkdir()
    main = house.data / "circlekeeper.sqlite3"
    assert main.read_bytes().startswith(FIRST_BYTES)
    with closing(sqlite3.connect(main)) as source, closing(sqlite3.connect(copy / "main")) as target:
        source.backup(target)
        names = {name for (name,) in source.execute("SELECT name FROM sqlite_master")}
    assert "circlekeeper_cache" in names
    assert (house.data / "shred.sqlite3").read_bytes().startswith(FIRST_BYTES)
    assert list(house.data.glob("*-wal"))
    return copy


def _every_medium_is_really_searched(
    house: machine.Machine, mailbox: Mailbox, tmp_path: Path, paper: bytes
) -> None:
    """The same words, planted in clear in each place, are found in each place."""
    from pypdf import PdfReader, PdfWriter

    word = CANARIES["alias"]
    (tmp_path / "temporary" / "left-behind").write_bytes(word.encode("utf-16-le"))
    with house.log.open("a") as log:
        log.write(f"admitted {word}\n")
    mailbox.letters.append(b"Subject: " + word.encode().hex().encode())
    with closing(sqlite3.connect(house.data / "circlekeeper.sqlite3")) as database:
        database.execute("INSERT INTO circlekeeper_cache VALUES (?, ?, ?)", ("k", word, "2030-01-01 00:00:00"))
        database.commit()
    document = PdfWriter(clone_from=PdfReader(io.BytesIO(paper)))
    document.add_metadata({"/Author": word})
    out = io.BytesIO(b"")
    document.write(out)

    where = {place for _, place in sweep.in_files(CANARIES, [house.data, tmp_path / "temporary"])}
    assert {"left-behind", "circlekeeper.sqlite3-wal"} <= where
    assert sweep.in_bytes(CANARIES, house.log.read_bytes(), "log")
    assert ("alias", "mail") in sweep.in_bytes(CANARIES, b"".join(mailbox.letters), "mail")
    assert ("alias", "paper, metadata") in sweep.in_pdf(CANARIES, out.getvalue(), "paper")
