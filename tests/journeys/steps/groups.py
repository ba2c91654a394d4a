"""From an empty list of groups to an open one."""

from tests.journeys.steps import accounts
from tests.journeys.steps.person import Person

SURVIVORS = frozenset({"found", "lose", "trauma", "survivors"})


def new_group(
    leader: Person,
    *,
    public_name: str = "Thursday circle",
    about: str = "An hour for ourselves.",
    purpose: str = "survivors",
    yes: frozenset[str] = SURVIVORS,
    level: str = "High",
) -> str:
    """The seven steps; returns the group's id."""
    leader.go("/new-group/")
    leader.send()
    leader.fill(public_name=public_name, about=about)
    leader.pick("purpose", value=purpose)
    leader.pick("time_zone", value="Europe/Berlin")
    leader.send()
    for _ in range(3):
        asked = {each.attrs["name"] for each in leader.main.all("input") if each.attrs.get("type") == "radio"}
        for name in sorted(asked):
            leader.choose(name, "yes" if name in yes else "no")
        leader.send()
    leader.sees(level)
    leader.send()
    for _ in range(2):
        leader.tick_all()
        leader.send()
    assert "/safety/" in leader.path, (leader.path, leader.main.words[:600])
    return leader.path.split("/", 3)[2]


def bring_in(
    leader: Person, helper: Person, group_id: str, handle: str = "ben", role: str = "privacy_lead"
) -> None:
    """Invite someone, who makes an account; give them the keys after the four words were compared."""
    leader.go(f"/groups/{group_id}/team/invite/")
    leader.choose("role", role)
    leader.send()
    address, code = leader.letters()
    accounts.accept_invitation(helper, address, code, handle)
    leader.go(f"/groups/{group_id}/team/")
    leader.press("Give keys")
    leader.prove_again(leader.path)
    leader.press("The words match")


def publish(leader: Person, group_id: str) -> None:
    """Publish every agreement as the playbook wrote it."""
    leader.go(f"/groups/{group_id}/agreements/publish/")
    leader.send()


def give_word(leader: Person, group_id: str) -> int:
    """Say of each thing that only a person can know that it is so; returns how many there were."""
    leader.go(f"/groups/{group_id}/safety/confirm/")
    lists = list(leader.main.all("select"))
    for each in lists:
        first = next(option for option in each.all("option") if option.attrs.get("value"))
        leader.pick(each.attrs["name"], value=first.attrs["value"])
    leader.send()
    return len(lists)


def open_group(leader: Person, group_id: str) -> None:
    """Open it, and see that its page takes people in."""
    leader.go(f"/groups/{group_id}/safety/open/")
    leader.send()
    leader.go(f"/g/{group_id}/")
    leader.sees("Ask to join")
