"""Answers to controls about the foundation, which knows nothing of groups or controls itself."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.areas.safeguards.evidence import Finding, Question, evidence
from circlekeeper.areas.venues import queries as venues
from circlekeeper.foundation import ledger
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.permissions import RoleName
from circlekeeper.foundation.vault import groupkeys
from circlekeeper.web import help as help_now


@evidence("second-factor-for-staff")
def everyone_signs_in_with_two_steps(ask: Question) -> Finding:
    """TEC11: each person with a role here has a second factor now."""
    people = set(accounts.people_with_role(ask.group_id))
    without = len(people - accounts.with_factor(people))
    if without:
        return Finding.not_met(
            ngettext(
                "%(n)d person on the team signs in with one step only.",
                "%(n)d people on the team sign in with one step only.",
                without,
            )
            % {"n": without}
        )
    return Finding.met(_("Everyone on the team signs in with two steps."))


@evidence("two-key-holders")
def enough_people_hold_the_keys(ask: Question) -> Finding:
    """At least as many people as the level asks for hold the whole key."""
    needed = safeguards.settings_for(ask.group_id).number("key-holders")
    whole = sum(holder.whole for holder in groupkeys.holders(ask.group_id))
    if whole < needed:
        return Finding.not_met(
            _("%(has)d of %(needed)d people hold the keys. Ask someone in and give them keys.")
            % {"has": whole, "needed": needed}
        )
    return Finding.met(_("%(n)d people hold the keys.") % {"n": whole})


@evidence("recovery-kits-confirmed")
def each_holder_typed_their_kit_back(ask: Question) -> Finding:
    """Whoever holds the whole key has shown that their recovery kit exists on paper."""
    without = sum(holder.whole and not holder.kit_confirmed for holder in groupkeys.holders(ask.group_id))
    if without:
        return Finding.not_met(
            ngettext(
                "%(n)d key holder has not typed their recovery kit back.",
                "%(n)d key holders have not typed their recovery kits back.",
                without,
            )
            % {"n": without}
        )
    return Finding.met(_("Each key holder has typed their recovery kit back."))


@evidence("admins-capped")
def only_a_few_hold_all_powers(ask: Question) -> Finding:
    """TEC12: leaders and privacy leads are no more than the level allows."""
    cap = safeguards.settings_for(ask.group_id).number("admin-cap")
    holding = len(accounts.people_with_role(ask.group_id, RoleName.LEADER, RoleName.PRIVACY_LEAD))
    words = {"n": holding, "cap": cap}
    if holding > cap:
        return Finding.not_met(_("%(n)d people hold all powers; %(cap)d at most should.") % words)
    return Finding.met(_("%(n)d people hold all powers; %(cap)d at most may.") % words)


@evidence("access-log-verifies")
def the_log_is_whole(ask: Question) -> Finding:
    """DAT3: the newest signed state of the log is still part of it. The whole walk is `circlekeeper log verify`."""
    torn = ledger.rolled_back()
    if torn:
        return Finding.not_met(torn)
    return Finding.met(_("The log reaches at least as far as its last signed state."))


@evidence("help-numbers-in-date")
def the_help_page_can_be_relied_on(ask: Question) -> Finding:
    """FMT4, KIT9: each number of the group's country was compared with its source in time; without a country, each one.

    So was each number of the group's own plans. The country is the group's own, else the one this server is set to
    (``HELP_REGION``). A region such as ``US-WA`` counts as its country.
    """
    group = groups.group(ask.group_id)
    home = (group.region or str(getattr(settings, "HELP_REGION", ""))).partition("-")[0].upper()
    shown = help_now.regions(today=ask.now.astimezone(group.zone).date(), home=home)
    numbers = [each for region in shown if not home or region.code == home for each in region.numbers]
    if not numbers:
        return Finding.not_met(_("The Help page has no numbers for your country."))
    outdated = venues.outdated(ask.group_id, ask.now.astimezone(group.zone).date())
    if outdated:
        return Finding.not_met(
            ngettext(
                "The numbers of %(n)d plan of yours must be checked again.",
                "The numbers of %(n)d plans of yours must be checked again.",
                outdated,
            )
            % {"n": outdated}
        )
    old = sum(each.check_first for each in numbers)
    if old:
        return Finding.not_met(
            ngettext(
                "%(n)d number on the Help page must be checked again.",
                "%(n)d numbers on the Help page must be checked again.",
                old,
            )
            % {"n": old}
        )
    return Finding.met(_("Each number on the Help page was looked at in time."))
