"""A word about what was just written, on the page after it: nothing is kept yet, and Back leads there. Never a refusal."""

from django.utils.translation import gettext as _

from circlekeeper.areas.joining.draft import Draft
from circlekeeper.areas.joining.rules import Step
from circlekeeper.areas.roster import rules as roster
from circlekeeper.areas.roster.rules import AliasWarning, TooMuch

# Here a name, or something about health, is just what was asked for.
_NAMES_ASKED = frozenset({"area", "number", "person", "reach"})
_HEALTH_ASKED = _NAMES_ASKED | {"extra-health"}


def notice(step: Step, told: Draft) -> str:
    """What to think over before going on; empty as a rule."""
    if step is Step.HELP:
        return _too_much(told)
    alias = str(told.answers[Step.NAME]["alias"])
    contact = told.answers.get(Step.CONTACT, {})
    mail = str(contact.get("address") or "") if contact.get("channel") == "mail" else ""
    found = roster.alias_warnings(alias, mail=mail)
    if step is Step.NAME and AliasWarning.FULL_NAME in found:
        return _(
            "The name you chose looks like a full name. If it is yours, you may want to go back and change it."
        )
    if step is Step.CONTACT and AliasWarning.MAIL_STEM in found:
        return _("The name you chose is part of your mail address. Go back if you would rather use another one.")
    return ""


def _too_much(told: Draft) -> str:
    """A diagnosis, or somebody else's name, where neither was asked for (REG4)."""
    answers = {name: each for name, each in told.answers[Step.HELP].items() if isinstance(each, str) and each}
    found = {(name, what) for name, each in answers.items() for what in roster.too_much(each)}
    health = any(what is TooMuch.DIAGNOSIS and name not in _HEALTH_ASKED for name, what in found)
    person = any(what is TooMuch.SOMEONE_ELSE and name not in _NAMES_ASKED for name, what in found)
    said = []
    if health:
        said.append(
            _(
                "What you wrote may name an illness. We need not know it: what helps you is enough. Go back to change it."
            )
        )
    if person:
        said.append(
            _(
                "What you wrote may name somebody else. They cannot say yes to that here. Go back to leave the name out."
            )
        )
    return " ".join(said)
