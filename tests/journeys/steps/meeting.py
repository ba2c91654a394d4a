"""One meeting, from planning it to the last one out."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.journeys.steps.person import Person

BERLIN = ZoneInfo("Europe/Berlin")


def plan(leader: Person, group_id: str, *, address: str = "", minutes_ahead: int = 30) -> None:
    """Plan one meeting soon: in a room, or online behind the link ``address``."""
    starts = (datetime.now(UTC) + timedelta(minutes=minutes_ahead)).astimezone(BERLIN)
    leader.go(f"/groups/{group_id}/meetings/plan/")
    leader.choose("format", "online" if address else "in_person")
    if address:
        leader.pick("provider_name", value="outside-link")
        leader.fill(address=address)
    leader.fill(first_on=starts.date().isoformat(), local_time=starts.strftime("%H:%M"), minutes="90")
    leader.pick("every", value="week")
    leader.send()
    assert leader.path == f"/groups/{group_id}/meetings/", leader.main.words[:800]


def cockpit_of(leader: Person, group_id: str) -> str:
    """The address of the next meeting."""
    path = f"/groups/{group_id}/meetings/"
    leader.go(path)
    return next(each.attrs["href"] for section in leader.main.all("h2") for each in section.all("a"))


def prepare(leader: Person, helpers: dict[str, Person], cockpit: str) -> None:
    """Do what stands before the doors; ``helpers`` are host and co-host by their handles. Asking oneself is a yes."""
    leader.go(cockpit)
    leader.press("Make personal links")
    leader.press("Test the waiting room now")
    leader.go(cockpit + "recording/")
    leader.choose("seen", "off")
    leader.send()
    for (handle, person), part in zip(helpers.items(), ("host", "cohost"), strict=True):
        person.go(cockpit.partition("meetings/")[0] + "agreements/people/you/")
        person.choose("bound", "pledge")
        person.choose("mandated", "no")
        person.send()
        leader.go(cockpit + "people/")
        leader.pick("person_id", label=handle)
        leader.pick("part", value=part)
        leader.send()
        if person is not leader:
            person.go(cockpit)
            person.press("I will be there")
    leader.go(cockpit)
    leader.sees("Everything is in place.")


def open_doors(leader: Person, cockpit: str) -> None:
    """Open them; the opening card is read aloud."""
    leader.go(cockpit)
    leader.press("Open the doors")
    leader.press("I have read it aloud")


def own_page(member: Person, key: str) -> None:
    """A member comes to their page with their key."""
    member.go("/me/enter/")
    member.fill(key=key)
    member.send()
    assert member.path == "/me/", member.main.words[:600]


def ask_for_door(member: Person) -> str:
    """From their own page to their door; returns its address."""
    member.go("/me/")
    member.press("Go to my door")
    assert member.path.startswith("/m/"), member.main.words[:600]
    return member.path


def come(member: Person) -> None:
    """Come to the waiting room."""
    member.press("Come to the waiting room")
    member.sees("You are in the waiting room")


def let_in(leader: Person, cockpit: str) -> None:
    """Let the first one in who waits."""
    leader.go(cockpit)
    leader.press("Let in")


def lock(leader: Person, cockpit: str) -> None:
    """Lock the doors."""
    leader.go(cockpit)
    leader.press("Lock")


def close(leader: Person, cockpit: str) -> None:
    """Everyone is out."""
    leader.go(cockpit)
    leader.press("Everyone is out")


def leave_group(member: Person) -> None:
    """A member leaves."""
    member.go("/me/leave/")
    member.tick_all()
    member.send()
