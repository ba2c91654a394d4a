"""What this room can say about how people come in."""

from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.joining import queries, rules
from circlekeeper.areas.joining.forms import ContactForm, HelpForm, NameForm
from circlekeeper.areas.safeguards.evidence import Evidence, Finding, Question, evidence

# Every field of the pages, and the part of the catalogue it belongs to.
_BELONGS = {
    "alias": {"alias"},
    "contact": {"says", "channel", "address", "start", "end", "voicemail", "remind", "referral"},
    "emergency": {"area", "number", "person", "reach", "knows", "naming"},
    "access": {"access"},
}


@evidence("intake-minimal")
def only_the_minimum_is_asked(ask: Question) -> Finding:
    """REG3-REG5: no page asks for anything outside the catalogue; each part of that says why and who reads it."""
    del ask
    allowed = {name for each in rules.CATALOGUE for name in _BELONGS.get(each.name, set())}
    asked = {name for form in (NameForm, ContactForm, HelpForm) for name in form.base_fields}
    nameless = [each for each in rules.CATALOGUE if each.name not in _BELONGS or not (each.why and each.readers)]
    if asked - allowed or nameless:
        return Finding.not_met(_("The joining form asks for more than is needed."))
    return Finding.met(_("The joining form asks for the least: a name to use, and what people choose to add."))


@evidence("alias-by-default")
def a_chosen_name_is_the_start(ask: Question) -> Finding:
    """REG1, HI1: people start from a chosen name; where a promise needs a legal one, that stands sealed beneath it."""
    if agreements.legal_name_needed(ask.group_id):
        said = _("People join under a name they choose. Their legal name stands sealed under their promise.")
        return Finding.met(said, evidence=Evidence.SELF_ENFORCED)
    return Finding.met(_("People join under a name they choose."), evidence=Evidence.SELF_ENFORCED)


@evidence("vetting-decided")
def it_is_decided_how_people_come_in(ask: Question) -> Finding:
    """REG6, REG7, HI1: decided with the level or since, and looked at again in time; enforced at each decision."""
    way = queries.way(ask.group_id)
    if way.decided_at is None:
        return Finding.unknown(_("It is not decided how people come in."))
    if queries.to_review([ask.group_id], ask.now):
        return Finding.unknown(_("The day you set for looking again at how people come in is past."))
    return Finding.met(_("Each application goes the way you decided."), checked_at=way.decided_at)
