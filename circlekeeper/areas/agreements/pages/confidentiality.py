"""Choosing what may be told outside: look at the promise it makes first, then publish (CNF1)."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import actions, paper, queries, rules
from circlekeeper.areas.agreements.actions import bodies
from circlekeeper.areas.agreements.forms import KeptForm
from circlekeeper.areas.agreements.models import Kind
from circlekeeper.areas.groups import queries as groups
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.post.blocks import Section

ENGLISH = "en"


@page(needs=Permission.AGREEMENT_EDIT, methods=("GET", "POST"))
def choose(request: HttpRequest, group_id: str) -> HttpResponse:
    """Choose, look at the promise as people will read it, then publish; everyone is asked again."""
    groups.group(group_id)
    allowed = queries.kept_allowed(group_id)
    kinds = [each for each in queries.defaults().kept if each.id in allowed]
    choices = [(each.id, f"{each.title}. {each.about}") for each in kinds]
    form = KeptForm(request.POST or None, choices=choices, chosen=queries.kept(group_id))
    if request.method != "POST" or not form.is_valid() or request.POST.get("step") == "change":
        return _form(request, group_id, form)
    kept, note = form.cleaned_data["kept"], form.cleaned_data["note"]
    if request.POST.get("step") == "publish":
        try:
            edition = actions.Edition(note=note)
            by = request.who.id  # type: ignore[attr-defined]
            actions.choose_kept(by=by, group_id=group_id, kept=kept, edition=edition, now=clock.now())
            return HttpResponseRedirect(reverse("agreements:shelf", args=[group_id]))
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            return _form(request, group_id, form)
    sections, before = (
        _promise(group_id, kept),
        queries.current(group_id, Kind.PLEDGE, queries.pledge_strength(group_id)),
    )
    shown = {
        "sections": sections,
        "form": form,
        "asks": "everyone",
        "note": note,
        "changes": rules.changes(queries.parts(before.sections), queries.parts(sections)) if before else [],
        "change": _("Choose something else"),
    }
    return render(request, "agreements/preview.html", shown)


def _promise(group_id: str, kept: str) -> tuple[Section, ...]:
    strength = queries.pledge_strength(group_id)
    words = queries.default_pledge(strength, kept=kept).words
    return paper.sections(Kind.PLEDGE, bodies.pledge(strength=strength, words=words, locale=ENGLISH, kept=kept))


def _form(request: HttpRequest, group_id: str, form: KeptForm) -> HttpResponse:
    shown = {"form": form, "back": reverse("agreements:shelf", args=[group_id])}
    return render(request, "agreements/kept.html", shown, status=422 if form.errors else 200)
