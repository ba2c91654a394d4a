"""What no single file can show: references between files, the ladder of levels, the guide's ceilings."""

from collections.abc import Iterator
from itertools import pairwise

from circlekeeper.foundation.playbook import merge
from circlekeeper.foundation.playbook.book import Playbook
from circlekeeper.foundation.playbook.durations import parse_duration
from circlekeeper.foundation.playbook.faults import Fault
from circlekeeper.foundation.playbook.schemas import Control, Overlay, Setting
from circlekeeper.foundation.playbook.words import LADDER, Gate, Level, Mode, SetBy

# RET1, RET2, RET3: the longest a roster lives at each step of the ladder. README: the longer end is the ceiling.
CEILING = {Level.LOW: "P3M", Level.MEDIUM: "P12M", Level.HIGH: "P90D"}


def faults(book: Playbook) -> Iterator[Fault]:
    """Every contradiction between files."""
    for control in book.controls.values():
        yield from _control(control)
    for setting in book.settings.values():
        yield from _setting(setting)
    yield from _retention(book)
    for overlay in book.overlays.values():
        yield from _overlay(book, overlay)
    yield from _references(book)


def _control(control: Control) -> Iterator[Fault]:
    file = f"controls/{control.id}.toml"
    for calmer, riskier in pairwise(LADDER):
        if control.mode.at(calmer).rank > control.mode.at(riskier).rank:
            yield Fault(file, f"mode.{riskier}", f"asks less than {calmer}")
    if any(control.mode.at(level).binds for level in Level) and any(
        check.gate is Gate.WATCH for check in control.check
    ):
        yield Fault(file, "mode", "is required somewhere, but a check closes no door")
    ids = [check.id for check in control.check]
    if len(set(ids)) != len(ids):
        yield Fault(file, "check", "two checks have the same id")
    for level in control.waiver.levels if control.waiver else ():
        if control.mode.at(level) is Mode.LOCKED:
            yield Fault(file, "waiver.levels", f"{level} is locked and cannot be waived")


def _setting(setting: Setting) -> Iterator[Fault]:
    file = f"settings/{setting.id}.toml"
    try:
        ranks = {level: merge.rank(setting, setting.value.at(level)).rank for level in Level}
    except ValueError as wrong:
        yield Fault(file, "value", str(wrong))
        return
    for calmer, riskier in pairwise(LADDER):
        if ranks[calmer] > ranks[riskier]:
            yield Fault(file, f"value.{riskier}", f"is looser than {calmer}")


def _retention(book: Playbook) -> Iterator[Fault]:
    for row in book.retention.values():
        file = f"retention/{row.id}.toml"
        if row.record != row.id:
            yield Fault(file, "class", "is the file's name")
        if not row.ceiling:
            continue
        for level, ceiling in CEILING.items():
            limit = merge.keep_rule(row.at(level)).limit
            if limit is None or limit.length > parse_duration(ceiling).length:
                yield Fault(file, f"{level}.limit", f"is above the guide's ceiling of {ceiling}")
        for level, who in ((Level.PROFESSIONAL, SetBy.ADVISER), (Level.EXPERIMENTAL, SetBy.PROJECT)):
            if row.at(level).set_by is not who:
                yield Fault(file, f"{level}.set_by", f"has no default; it is set by {who}")


def _overlay(book: Playbook, overlay: Overlay) -> Iterator[Fault]:
    for name in overlay.mode:
        yield from _overlay_mode(book, overlay, name)
    for name in overlay.settings:
        yield from _overlay_setting(book, overlay, name)
    for name in overlay.retention:
        yield from _overlay_period(book, overlay, name)


def _overlay_mode(book: Playbook, overlay: Overlay, name: str) -> Iterator[Fault]:
    file, key, mode = f"overlays/{overlay.id}.toml", f"mode.{name}", overlay.mode[name]
    if name not in book.controls:
        yield Fault(file, key, "there is no such control")
    elif mode is Mode.OFF:
        yield Fault(file, key, "an overlay may only tighten")
    elif any(overlay.mode_at(name, level).binds for level in Level) and any(
        check.gate is Gate.WATCH for check in book.controls[name].check
    ):
        yield Fault(file, key, "is required, but a check of it closes no door")
    for calmer, riskier in pairwise(LADDER):
        if overlay.mode_at(name, calmer).rank > overlay.mode_at(name, riskier).rank:
            yield Fault(file, f"{key}.{riskier}", f"asks less than {calmer}")


def _overlay_period(book: Playbook, overlay: Overlay, name: str) -> Iterator[Fault]:
    file, key, keep = f"overlays/{overlay.id}.toml", f"retention.{name}", overlay.retention[name].keep
    row = book.retention.get(name)
    if row is None:
        yield Fault(file, key, "there is no such record class")
    elif keep and all(own.length < keep.length for level in LADDER if (own := row.at(level).keep)):
        yield Fault(file, f"{key}.keep", "an overlay may only tighten")


def _overlay_setting(book: Playbook, overlay: Overlay, name: str) -> Iterator[Fault]:
    file, key = f"overlays/{overlay.id}.toml", f"settings.{name}"
    setting = book.settings.get(name)
    if setting is None:
        yield Fault(file, key, "there is no such setting")
        return
    try:
        loosest = min(merge.rank(setting, setting.value.at(level)).rank for level in Level)
        if merge.rank(setting, overlay.settings[name]).rank < loosest:
            yield Fault(file, key, "an overlay may only tighten")
    except ValueError as wrong:
        yield Fault(file, key, str(wrong))


def _references(book: Playbook) -> Iterator[Fault]:
    for clock in book.clocks.values():
        if clock.overlay and clock.overlay not in book.overlays:
            yield Fault(f"clocks/{clock.id}.toml", "overlay", "there is no such overlay")
    for number, question in enumerate(book.interview.question):
        if question.yes.overlay and question.yes.overlay not in book.overlays:
            yield Fault("interview.toml", f"question.{number}.yes.overlay", "there is no such overlay")
    scripts = {name for name, _ in book.scripts_by_language}
    for language, agreements in book.agreements_by_language.items():
        for norm in agreements.norms:
            if norm.script not in scripts:
                yield Fault(
                    f"agreements/{language}/texts.toml", f"norms.{norm.id}.script", "there is no such card"
                )
