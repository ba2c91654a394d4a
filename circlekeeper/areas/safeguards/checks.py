"""What this room itself can say."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.safeguards import queries
from circlekeeper.areas.safeguards.evidence import Finding, Question, evidence
from circlekeeper.foundation import playbook


@evidence("level-decided")
def a_level_was_decided(ask: Question) -> Finding:
    """LVL0: the level in force is one that somebody decided."""
    facts, history = groups.group(ask.group_id), queries.level_history(ask.group_id)
    if not history or (history[0].level, history[0].overlays) != (facts.level, facts.overlays):
        return Finding.not_met(_("Nobody has decided the level this group has now."))
    return Finding.met(_("The level was decided, and it is written down by whom."))


@evidence("level-looked-at-again")
def the_level_was_looked_at_since_the_rules_changed(ask: Question) -> Finding:
    """LVL0: the group pins the version of the rules it was decided under; newer rules apply at once, but are to be seen."""
    if groups.group(ask.group_id).playbook_version != playbook.book().version:
        return Finding.not_met(_("The rules of this level have changed since you chose it. Look at what is new."))
    return Finding.met(_("The level was chosen under the rules in force."))


@evidence("waivers-in-date")
def no_exception_has_run_out(ask: Question) -> Finding:
    """TEC9: an exception past its date no longer counts, and somebody has to look at it."""
    over = sum(
        waiver.approved_at is not None and waiver.expires_at <= ask.now
        for waiver in queries.open_waivers(ask.group_id)
    )
    if over:
        return Finding.not_met(
            ngettext("%(n)d exception has run out.", "%(n)d exceptions have run out.", over) % {"n": over}
        )
    return Finding.met(_("No exception has run out."))


@evidence("retention-set")
def every_period_has_an_answer(ask: Question) -> Finding:
    """DAT5, RET4: each class of record has a period; an adviser or a project gave it where the guide leaves it to them."""
    missing = len(queries.unset_periods(ask.group_id))
    if missing:
        return Finding.not_met(
            ngettext(
                "%(n)d kind of record has no period yet. Your adviser or your project has to give it.",
                "%(n)d kinds of record have no period yet. Your adviser or your project has to give them.",
                missing,
            )
            % {"n": missing}
        )
    return Finding.met(_("Each kind of record has its period."))
