"""What the demo prints: addresses and sign-in details, as plain tables."""

from collections.abc import Iterable, Sequence

from circlekeeper.demo import seed
from circlekeeper.demo.cast import MEMBERS, PARTS
from circlekeeper.demo.child import Shown


def whole(groups: Iterable[Shown], *, address: str, folder: str, fresh: bool) -> str:
    """Everything somebody needs to look around."""
    known = list(groups)
    ids = {each.name: each.id for each in known}
    return "\n\n".join(
        [
            "An invented community. Do not write anything real into it.",
            _block(
                f"Those who host: {address}/sign-in/",
                ("name", "passphrase", "authenticator secret", "who they are"),
                [
                    (each.handle, seed.passphrase(each.handle), seed.app_secret(each.handle), each.shows)
                    for each in PARTS
                ],
            ),
            f"No authenticator app? The codes of this moment: circlekeeper demo --data {folder} --codes",
            _block(
                f"Members, with their key: {address}/me/",
                ("called", "member key", "in", "who they are"),
                [(each.alias, seed.member_key(each.alias), each.group, each.shows) for each in MEMBERS],
            ),
            _block(
                "Groups, as anyone sees them",
                ("group", "level", "state", "address"),
                [(each.name, each.level, each.state, _page(address, each)) for each in known],
            ),
            f"Anyone may ask to join: {address}/g/{ids[MEMBERS[1].group]}/join/",
            _end(folder, fresh),
        ]
    )


def codes(unix_seconds: float) -> str:
    """What each authenticator app shows at that moment."""
    rows = [(part.handle, seed.app_code(part.handle, unix_seconds)) for part in PARTS]
    return _table(("name", "code"), rows)


def _page(address: str, group: Shown) -> str:
    return "none while it is set up" if group.state == "draft" else f"{address}/g/{group.id}/"


def _end(folder: str, fresh: bool) -> str:
    again = f"circlekeeper demo --data {folder} --wipe removes it."
    if fresh:
        return again
    return "It was loaded before, and its times count from then. " + again


def _block(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return f"{title}\n\n{_table(heads, rows)}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]
    lines = [heads, ["-" * width for width in widths], *rows]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
