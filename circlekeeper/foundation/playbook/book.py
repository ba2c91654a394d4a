"""The whole playbook in memory, and the questions asked of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from circlekeeper.foundation.playbook import merge
from circlekeeper.foundation.playbook.prose import Agreements, Script
from circlekeeper.foundation.playbook.schemas import (
    Agenda,
    Clock,
    Control,
    Interview,
    LevelCard,
    Overlay,
    PerLevel,
    Retention,
    Setting,
)
from circlekeeper.foundation.playbook.words import Level

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Playbook:
    """Everything in ``content``, checked. ``version`` changes whenever a file does."""

    version: str
    controls: Mapping[str, Control]
    settings: Mapping[str, Setting]
    retention: Mapping[str, Retention]
    overlays: Mapping[str, Overlay]
    clocks: Mapping[str, Clock]
    levels: PerLevel[LevelCard]
    agenda: PerLevel[Agenda]
    interview: Interview
    agreements_by_language: Mapping[str, Agreements]
    scripts_by_language: Mapping[tuple[str, str], Script]

    def level_answer(self, level: Level) -> merge.Answer:
        """What a level asks by itself."""
        return merge.Answer(
            modes={name: control.mode.at(level) for name, control in self.controls.items()},
            settings={name: merge.rank(row, row.value.at(level)) for name, row in self.settings.items()},
            retention={name: merge.keep_rule(row.at(level)) for name, row in self.retention.items()},
        )

    def answer(self, level: Level, overlays: Iterable[str] = ()) -> merge.Answer:
        """What a group of this level under these overlays must do: strictest mode, shortest time.

        :raises KeyError: an overlay does not exist.
        """
        chosen = [self.overlays[name] for name in sorted(set(overlays))]
        return merge.join_all(
            [
                self.level_answer(level),
                *(self.level_answer(overlay.as_level) for overlay in chosen if overlay.as_level),
                *(merge.overlay_answer(overlay, level, self.settings) for overlay in chosen),
            ]
        )

    def strictest(self) -> merge.Answer:
        """Every level and overlay at once: how to act when a group's own answer cannot be read (TIP1)."""
        return merge.join_all(self.answer(level, self.overlays) for level in Level)

    def agreements(self, language: str = ENGLISH) -> Agreements:
        """Default texts in a language, else in English."""
        return self.agreements_by_language.get(language) or self.agreements_by_language[ENGLISH]

    def script(self, name: str, language: str = ENGLISH) -> Script:
        """A card in a language, else in English.

        :raises KeyError: there is no such card.
        """
        found = self.scripts_by_language.get((name, language))
        return found or self.scripts_by_language[name, ENGLISH]

    def scripts(self, language: str = ENGLISH) -> tuple[Script, ...]:
        """Every card, sorted by id."""
        return tuple(
            self.script(name, language) for name in sorted({name for name, _ in self.scripts_by_language})
        )
