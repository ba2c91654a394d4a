"""Answers to the controls of this room."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circlekeeper.areas.agreements import queries, rules, sources
from circlekeeper.areas.agreements.models import Kind
from circlekeeper.areas.safeguards.evidence import Evidence, Finding, Question, evidence


@evidence("policy-published")
def policy_says_what_we_do(ask: Question) -> Finding:
    """POL1: published, whole, plain, and made from what the software is set to do now."""
    found = queries.current(ask.group_id, Kind.POLICY)
    if found is None:
        return Finding.not_met(_("The privacy policy is not published yet."))
    if not queries.policy_is_current(ask.group_id):
        return Finding.not_met(_("The privacy policy is out of date: what you ask or keep has changed since."))
    return Finding.met(_("Version %(n)d is published and matches.") % {"n": found.version})


@evidence("norms-fixed-three")
def norms_are_published(ask: Question) -> Finding:
    """CON3: published, with the three fixed norms word for word."""
    found = queries.current(ask.group_id, Kind.NORMS)
    if found is None:
        return Finding.not_met(_("The norms are not published yet."))
    fixed = {norm.id: norm.words for norm in queries.defaults(found.locale).norms if norm.fixed}
    if rules.norm_faults(queries.norm_texts(ask.group_id), fixed=fixed):
        return Finding.not_met(_("The three fixed norms have changed in this version; publish the norms again."))
    return Finding.met(_("Version %(n)d is published with the three fixed norms.") % {"n": found.version})


@evidence("statement-under-200-words")
def statement_is_short_and_whole(ask: Question) -> Finding:
    """KIT1: four blocks, under 200 words."""
    found = queries.current(ask.group_id, Kind.STATEMENT)
    if found is None:
        return Finding.not_met(_("The confidentiality statement is not published yet."))
    words = queries.words_of(found.kind, found.body)
    if rules.statement_faults(words, found.locale):
        return Finding.not_met(_("The confidentiality statement lacks a part or is too long."))
    left = rules.words_left(words, found.locale)
    return Finding.met(_("Four parts, %(n)d words.") % {"n": rules.STATEMENT_LIMIT - left})


@evidence("consent-by-purpose")
def everyone_agreed_to_the_text_in_force(ask: Question) -> Finding:
    """CON1, CON2: every purpose has a text of its own, and every member agreed to what is needed."""
    missing = [each for each in queries.wanted(ask.group_id) if each.kind == Kind.CONSENT and each.missing]
    if missing:
        return Finding.not_met(_("The words of consent are not published yet."))
    members = sources.members(ask.group_id)
    waiting = queries.not_agreed(group_id=ask.group_id, member_ids=members, now=ask.now)
    return _answered(len(waiting), len(members), _("Everyone agreed, purpose by purpose."))


@evidence("pledge-signed")
def everyone_has_promised(ask: Question) -> Finding:
    """CNF1, CNF2: every member's promise is to the text in force, strong enough, and has not run out."""
    found = queries.current(ask.group_id, Kind.PLEDGE, queries.pledge_strength(ask.group_id))
    if found is None:
        return Finding.not_met(_("The promise is not published yet."))
    if queries.too_loose(ask.group_id, found):
        return Finding.not_met(
            _("The promise lets more be told outside than your level allows. Publish it again.")
        )
    members = sources.members(ask.group_id)
    waiting = queries.no_link(group_id=ask.group_id, now=ask.now, member_ids=members)
    return _answered(len(waiting), len(members), _("Everyone has signed."))


def _answered(waiting: int, members: int, everyone: str) -> Finding:
    """Who has not answered gets no personal link, and one given before is called back; so one silent member does not
    close the door for the rest. With nobody left who could come, it stays closed.
    """
    if not waiting:
        return Finding.met(everyone)
    if waiting == members:
        return Finding.not_met(_("Nobody has answered the text in force yet."))
    said = ngettext(
        "%(n)d member still has to answer and gets no link until then.",
        "%(n)d members still have to answer and get no link until then.",
        waiting,
    )
    return Finding.met(said % {"n": waiting}, evidence=Evidence.SELF_ENFORCED)
