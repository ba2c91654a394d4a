"""One group on one page, and the people who keep it. These pages only gather what the rooms say."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.joining import queries as joining
from circlekeeper.areas.leaders import actions as leaders_do
from circlekeeper.areas.leaders import queries as leaders
from circlekeeper.areas.meetings import queries as meetings
from circlekeeper.areas.roster import queries as roster
from circlekeeper.areas.safeguards import queries as safeguards
from circlekeeper.foundation import clock, playbook
from circlekeeper.foundation.accounts import actions as accounts_do
from circlekeeper.foundation.accounts import queries as accounts
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import ROLE_WORDS, Permission, RoleName
from circlekeeper.foundation.vault import groupkeys
from circlekeeper.foundation.vault.groupkeys import ALL, Scope
from circlekeeper.foundation.vault.ring import NoGrant

INVITED = (RoleName.LEADER, RoleName.PRIVACY_LEAD, RoleName.FACILITATOR, RoleName.ACCESS_LEAD)
SCOPES = {
    RoleName.LEADER: ALL,
    RoleName.PRIVACY_LEAD: ALL,
    RoleName.FACILITATOR: frozenset({Scope.DOOR, Scope.EMERGENCY}),
    RoleName.ACCESS_LEAD: frozenset({Scope.ACCESS}),
}
_NO_KEYS = _("You do not hold these keys yourself. Ask someone who holds all keys of this group.")
_LAST_LEADER = _(
    "This is the only leader of the group. Ask someone else in as leader first; then this person can go."
)
_LAST_HOLDER = _(
    "Only this person holds all keys. Give them to someone else first, or nobody could open anything again."
)


class InviteForm(forms.Form):
    """Which part of the work someone is asked to carry."""

    role = forms.ChoiceField(
        label=_("What will this person do?"),
        choices=[(role.value, ROLE_WORDS[role]) for role in INVITED],
        widget=forms.RadioSelect,
    )


@page(needs=Permission.SIGNED_IN)
def index(request: HttpRequest) -> HttpResponse:
    """The groups this person keeps."""
    who = request.who  # type: ignore[attr-defined]
    mine = groups.groups(accounts.places_of(who.id))
    return render(request, "web/groups.html", {"groups": [_shown(each) for each in mine]})


def _shown(group: groups.GroupFacts) -> dict[str, Any]:
    level = playbook.book().levels.at(playbook.Level(group.level))
    return {"id": group.id, "name": group.public_name, "state": group.state, "level": level.title}


@page(needs=Permission.GROUP_SEE)
def home(request: HttpRequest, group_id: str) -> HttpResponse:
    """One group: may it open, what comes next, where things are."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    group = groups.group(group_id)
    where = safeguards.posture(group_id, now)
    shown = {
        "group": group,
        "level": _shown(group)["level"],
        "posture": where,
        "may_open": group.state == "draft" and where.may_open and who.can(Permission.GROUP_OPEN, group_id),
        "next": next(iter(meetings.coming(group_ids=[group_id], now=now, limit=1)), None),
        "people": len(accounts.people_with_role(group_id)),
        "members": roster.active_count(group_id),
        "asking": len(joining.waiting(group_id)) if who.can(Permission.JOINING_SEE, group_id) else 0,
        "may": {each.name.lower(): who.can(each, group_id) for each in Permission},
        "public_url": f"{settings.PUBLIC_URL}/g/{group_id}/",
    }
    return render(request, "web/group.html", shown)


@page(needs=Permission.PEOPLE_SEE)
def team(request: HttpRequest, group_id: str) -> HttpResponse:
    """Who keeps this group, and who holds its keys."""
    shown = {
        "group": groups.group(group_id),
        "people": _people(group_id),
        "invitations": [
            {"id": each.id, "role": ROLE_WORDS[each.role], "until": each.expires_at}
            for each in accounts.open_invitations(group_id, now=clock.now())
        ],
        "may_manage": request.who.can(Permission.PEOPLE_MANAGE, group_id),  # type: ignore[attr-defined]
        "may_change": request.who.can(Permission.KEYS_CHANGE, group_id),  # type: ignore[attr-defined]
        "own_id": request.who.id,  # type: ignore[attr-defined]
        "keys_due": bool(leaders.due_since([group_id])),
    }
    return render(request, "web/team.html", shown)


def _people(group_id: str) -> list[dict[str, Any]]:
    """Each person once, with every role they hold and what they can open."""
    roles = accounts.roles_in(group_id)
    handles = accounts.handles({role.person_id for role in roles})
    holders = {holder.person_id: holder for holder in groupkeys.holders(group_id)}
    return [
        {
            "id": person_id,
            "handle": handles.get(person_id, ""),
            "roles": [ROLE_WORDS[role.role] for role in roles if role.person_id == person_id],
            "waits": person_id not in holders,
            "whole": person_id in holders and holders[person_id].whole,
            "kit": person_id in holders and holders[person_id].kit_confirmed,
        }
        for person_id in dict.fromkeys(role.person_id for role in roles)
    ]


@page(needs=Permission.PEOPLE_MANAGE, methods=("GET", "POST"), step_up=True)
def invite(request: HttpRequest, group_id: str) -> HttpResponse:
    """Ask someone in: an address and a code to hand over in two different ways."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    back = reverse("groups:team", args=[group_id])
    if request.method == "POST" and form.is_valid():
        try:
            made = accounts_do.invite(
                by=request.who.id,  # type: ignore[attr-defined]
                place=group_id,
                role=RoleName(form.cleaned_data["role"]),
                cap=safeguards.settings_for(group_id).number("admin-cap"),
                now=clock.now(),
            )
            shown = {"made": made, "url": settings.PUBLIC_URL + made.path, "back": back}
            return render(request, "web/invited.html", shown)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
    shown = {"form": form, "back": back}
    return render(request, "web/invite.html", shown, status=422 if form.errors else 200)


@page(needs=Permission.PEOPLE_MANAGE, methods=("POST",))
def uninvite(request: HttpRequest, group_id: str, invitation_id: str) -> HttpResponse:
    """Take an invitation back that nobody has finished."""
    by = request.who.id  # type: ignore[attr-defined]
    accounts_do.withdraw_invitation(by=by, invitation_id=invitation_id, place=group_id, now=clock.now())
    return HttpResponseRedirect(reverse("groups:team", args=[group_id]))


@page(needs=Permission.KEYS_CHANGE, methods=("GET", "POST"), keys=True, step_up=True)
def give_keys(request: HttpRequest, group_id: str, person_id: str) -> HttpResponse:
    """Give keys to someone who has accepted, after comparing four words by voice."""
    who = request.who  # type: ignore[attr-defined]
    back = reverse("groups:team", args=[group_id])
    held = accounts.roles_of(person_id).get(group_id)
    if not held:
        raise NotHere
    if request.method == "POST":
        scopes = frozenset(scope for role in held for scope in SCOPES[role])
        try:
            accounts_do.grant_keys(
                by=who.id, ring=who.ring, person_id=person_id, place=group_id, scopes=scopes, now=clock.now()
            )
        except NoGrant:
            raise Refused(str(_NO_KEYS)) from None
        return HttpResponseRedirect(back)
    shown = {
        "handle": accounts.handles([person_id]).get(person_id, ""),
        "words": accounts.four_words(person_id).split(),
        "back": back,
    }
    return render(request, "web/give_keys.html", shown)


@page(needs=Permission.PEOPLE_MANAGE, methods=("GET", "POST"), step_up=True)
def leaves(request: HttpRequest, group_id: str, person_id: str) -> HttpResponse:
    """Someone leaves the team: roles and keys end now. Never the last leader, never the last who holds all keys."""
    roles = [role for role in accounts.roles_in(group_id) if role.person_id == person_id]
    if not roles:
        raise NotHere
    back = reverse("groups:team", args=[group_id])
    stays = _why_they_stay(group_id, person_id, roles)
    if request.method == "POST":
        if stays:
            raise Refused(stays)
        by, held_keys = request.who.id, _holds_keys(group_id, person_id)  # type: ignore[attr-defined]
        leaders_do.part(by=by, group_id=group_id, person_id=person_id, now=clock.now())
        # Whoever ends their own part may open no page of the group any more.
        if by == person_id:
            return HttpResponseRedirect("/")
        return HttpResponseRedirect(reverse("leaders:keys", args=[group_id]) if held_keys else back)
    shown = {
        "handle": accounts.handles([person_id]).get(person_id, ""),
        "stays": stays,
        "back": back,
    }
    return render(request, "web/leaves.html", shown)


def _holds_keys(group_id: str, person_id: str) -> bool:
    return any(holder.person_id == person_id for holder in groupkeys.holders(group_id))


def _why_they_stay(group_id: str, person_id: str, roles: Sequence[accounts.RoleFacts]) -> str:
    if any(accounts.is_last(role) for role in roles):
        return str(_LAST_LEADER)
    whole = {holder.person_id for holder in groupkeys.holders(group_id) if holder.whole}
    return str(_LAST_HOLDER) if whole == {person_id} else ""
