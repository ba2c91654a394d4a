"""What this room can say about how people come in."""

from django.utils.translation import gettext as _

from circlekeeper.areas.joining import rules
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.areas.safeguards.evidence import Evidence, Finding, Question, evidence

_ALLOWED = frozenset({"alias", "contact", "emergency", "access"})


@evidence("intake-minimal")
def only_the_minimum_is_asked(ask: Question) -> Finding:
    """REG3-REG5: the catalogue holds nothing beyond contact, emergency, access needs; each says why and who reads it."""
    beyond = [each for each in rules.CATALOGUE if each.name not in _ALLOWED or not (each.why and each.readers)]
    if beyond:
        return Finding.not_met(_("The joining form asks for more than is needed."))
    return Finding.met(_("The joining form asks for the least: a name to use, and what people choose to add."))


@evidence("alias-by-default")
def a_chosen_name_is_the_start(ask: Question) -> Finding:
    """REG1, HI1: people start from a chosen name; nothing asks for a legal one."""
    return Finding.met(_("People join under a name they choose."), evidence=Evidence.SELF_ENFORCED)


@evidence("vetting-decided")
def it_is_decided_how_people_come_in(ask: Question) -> Finding:
    """REG6, REG7, HI1: the way in is the one the level asks for, and enforced at each decision."""
    settings = safeguards.settings_for(ask.group_id)
    if settings.value("intake-path") and settings.number("deciders") >= 1:
        return Finding.met(_("Each application goes the way this level asks."), evidence=Evidence.SELF_ENFORCED)
    return Finding.unknown(_("It is not decided how people come in."))
