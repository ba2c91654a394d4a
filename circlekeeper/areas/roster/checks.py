"""What the roster can say about itself."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.roster import queries
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.areas.safeguards.evidence import Evidence, Finding, Question, evidence
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.vault import groupkeys


@evidence("roster-sealed")
def every_record_is_sealed(ask: Question) -> Finding:
    """REG2, DAT1: the group has keys, and each name and contact stands in a sealed compartment apart from the other."""
    try:
        groupkeys.current_version(ask.group_id)
    except NotHere:
        return Finding.not_met(_("This group has no keys yet."))
    open_ones = len(queries.unsealed_ids(ask.group_id))
    if open_ones:
        return Finding.not_met(
            ngettext("%(n)d record is not sealed.", "%(n)d records are not sealed.", open_ones) % {"n": open_ones}
        )
    return Finding.met(_("Every record is sealed, names apart from contacts."), evidence=Evidence.SELF_ENFORCED)


@evidence("emergency-records")
def everyone_has_an_emergency_record(ask: Question) -> Finding:
    """KIT9, FAQ2a: how many are missing; never who."""
    if safeguards.settings_for(ask.group_id).value("emergency-record") == "optional":
        return Finding.met(_("Emergency records are up to each member here."))
    today = ask.now.astimezone(groups.group(ask.group_id).zone).date()
    missing = len(queries.emergency_missing(group_id=ask.group_id, on=today))
    if missing:
        return Finding.not_met(ngettext("%(n)d missing.", "%(n)d missing.", missing) % {"n": missing})
    return Finding.met(_("Everyone has an emergency record that is in date."))
