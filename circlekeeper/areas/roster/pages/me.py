"""A member's own page: in with the key, what comes next, out again."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import actions as agreements_do
from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.agreements.queries import JoiningTexts
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.roster import actions, ownpage, queries, rules, words
from circlekeeper.areas.roster.forms import AgreeForm, EnterForm
from circlekeeper.areas.roster.models import State
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import clock, playbook
from circlekeeper.foundation.accounts import memberdoor, nexts, throttle
from circlekeeper.foundation.accounts.who import Who
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.vault import kdf, memberkeys

HOME = "/me/"
# A key holds 128 random bits: this keeps the machine quick, and a thousand members behind one address may still come in.
_TRIES = "1500/10m/ip"


@page(needs=Permission.ANYONE, methods=("GET", "POST"))
def enter(request: HttpRequest) -> HttpResponse:
    """In with the member key. One answer for a wrong key, an unknown one and a forgotten one."""
    form = EnterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not throttle.allowed(request, action="roster.enter", rate=_TRIES):
            raise Refused(_("That was tried often. Wait ten minutes, then try again."))
        try:
            raw = memberkeys.parse_member_key(form.cleaned_data["key"])
            found = queries.by_key(raw)
        except memberkeys.NotAMemberKey:
            found = None
        if found is not None:
            # Without a fragment of its own the browser would keep the form's, and the address would speak of a problem.
            response = HttpResponseRedirect(nexts.wanted(request, HOME) + "#main")
            memberdoor.enter(response, found.id, found.group_id, raw, clock.now())
            return response
        form.add_error("key", _("This key does not fit. Look at it again, letter by letter."))
    return render(request, "roster/enter.html", {"form": form}, status=422 if form.errors else 200)


@page(needs=Permission.ANYONE, methods=("POST",))
def go_out(request: HttpRequest) -> HttpResponse:
    """Out again; the browser is asked to forget."""
    response = HttpResponseRedirect(reverse("roster-enter"))
    memberdoor.leave(request, response)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


@page(needs=Permission.OWN)
def home(request: HttpRequest) -> HttpResponse:
    """What comes next, and everything else one link away."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    own = queries.own_record(member_id=who.id, group_id=who.group_id, holder=who.member_key)
    lines = queries.who_opened(member_id=who.id, group_id=who.group_id, holder=who.member_key, now=now)
    shown = {
        "alias": own.alias,
        "state": own.facts.state,
        "due_on": own.facts.due_on,
        "slots": ownpage.slots(group_id=who.group_id, member_id=who.id, now=now),
        "norms": agreements.norms(who.group_id),
        "packet": who.group_id if agreements.current(who.group_id, "policy") else "",
        "waivers": _waivers(who.group_id, now),
        "to_agree": _to_agree(who.group_id, who.id, own.facts.state, now),
        "unseen": any(line.fresh for line in lines),
        "emergency": _emergency(own, now) if own.facts.is_active else "",
    }
    return render(request, "roster/home.html", shown)


def _emergency(own: queries.OwnRecord, now: datetime) -> str:
    today = now.astimezone(groups.group(own.facts.group_id).zone).date()
    return rules.emergency_standing(
        own.parts.get("emergency"), check_again_on=own.check_again.get("emergency"), today=today
    )


def _waivers(group_id: str, now: datetime) -> list[tuple[str, str]]:
    """What this group does not keep to for now, and until when (TEC9)."""
    known, zone = playbook.book().controls, groups.group(group_id).zone
    return [
        (_(known[each.control].title), words.day(each.expires_at, zone))
        for each in safeguards.waivers_shown(group_id, now)
        if each.control in known
    ]


def _to_agree(group_id: str, member_id: str, state: str, now: datetime) -> bool:
    """Whether something is to be read and answered before the next meeting."""
    if state == State.INVITED:
        return True
    if state not in (State.MEMBER, State.PAUSED):
        return False
    only = frozenset({member_id})
    return bool(
        agreements.still_to_sign(group_id=group_id, now=now, member_ids=only)
        or agreements.not_agreed(group_id=group_id, member_ids=only, now=now)
    )


@page(needs=Permission.OWN, methods=("GET", "POST"))
def agree(request: HttpRequest) -> HttpResponse:
    """Read and agree: someone who was brought along, or a member whose texts changed."""
    who = request.who  # type: ignore[attr-defined]
    texts = agreements.joining_texts(who.group_id)
    form = AgreeForm(request.POST or None, texts=texts)
    mark = _mark(who.member_key, texts)
    if request.method == "POST" and form.is_valid():
        try:
            if not throttle.same(request.POST.get("seen", ""), mark):
                raise Refused(_("These words changed while the page was open. Please read them first."))
            _agree(who, texts, form)
            return HttpResponseRedirect(HOME)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
    shown = {"form": form, "texts": texts, "group_id": who.group_id, "seen": mark}
    return render(request, "roster/agree.html", shown, status=422 if form.errors else 200)


def _mark(key: bytes, texts: JoiningTexts) -> str:
    """What only a page that showed exactly these words to this member can send back (POL4, CON1)."""
    shown = [texts.policy_sha256, texts.pledge.sha256, *(each.sha256 for each in texts.purposes)]
    return kdf.derive(key, "texts-seen", *(each.encode() for each in shown)).hex()


def _agree(who: Who, texts: JoiningTexts, form: AgreeForm) -> None:
    now, key, group_id = clock.now(), who.member_key or b"", who.group_id or ""
    own = queries.own_record(member_id=who.id, group_id=group_id, holder=key)
    signature = agreements_do.prepare_signature(
        group_id=group_id,
        sha256=texts.pledge.sha256,
        now=now,
        ticked=bool(form.cleaned_data.get("promise")),
        name=str(form.cleaned_data.get("signature") or ""),
        alias=own.alias,
        # The field asks for the legal name by that name; typing one is saying so.
        said_legal=texts.pledge.legal_name,
        holder=key,
    )
    actions.agree(
        by=who.id,
        group_id=group_id,
        policy_version=texts.policy_version,
        consents=form.consents(),
        signature=signature,
        now=now,
    )


@page(needs=Permission.OWN, methods=("POST",))
def pause(request: HttpRequest) -> HttpResponse:
    """Stay away for a while, or come back."""
    who = request.who  # type: ignore[attr-defined]
    do = {"pause": actions.pause, "resume": actions.resume}.get(request.POST.get("do", ""))
    if do is None:
        raise NotHere
    do(by=who.id, group_id=who.group_id, member_id=who.id, now=clock.now())
    return HttpResponseRedirect(HOME)
