"""The public group page, joining, and the code a member was told."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.joining import actions, draft, queries
from circlekeeper.areas.joining.forms import AgreeForm, CodeForm, ContactForm, HelpForm, NameForm
from circlekeeper.areas.joining.rules import ORDER, Step
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.ANYONE)
def group(request: HttpRequest, group_id: str) -> HttpResponse:
    """What a passer-by may read: five facts. Sets no cookie and loads no script beyond leaving."""
    facts = queries.public_facts(group_id)
    return render(request, "joining/group.html", {"facts": facts, "group_id": group_id})


@page(needs=Permission.ANYONE, methods=("GET", "POST"))
def join(request: HttpRequest, group_id: str) -> HttpResponse:
    """Ask to join, on at most four short pages."""
    if not groups.group(group_id).is_open:
        return render(request, "joining/closed.html", {"group_id": group_id}, status=409)
    now = clock.now()
    if request.method != "POST":
        return _show(request, group_id, draft.begin(now), Step.NAME)
    if request.FILES:
        raise Refused(_("We never take pictures, documents or other files here."))
    try:
        found = draft.unpack(request.POST.get("draft", ""), group_id, now)
    except draft.DraftGone:
        notice = _("This form was open too long, so nothing was kept. Please start again.")
        return _show(request, group_id, draft.begin(now), Step.NAME, notice=notice)
    if request.POST.get("do") == "back":
        return _back(request, group_id, found)
    return _answer(request, group_id, found)


def _back(request: HttpRequest, group_id: str, found: draft.Draft) -> HttpResponse:
    before = ORDER[max(0, ORDER.index(found.next_step()) - 1)]
    return _show(request, group_id, found.without(before), before, initial=found.answers.get(before.value))


def _answer(request: HttpRequest, group_id: str, found: draft.Draft) -> HttpResponse:
    """Take the answers of the page that is due, whatever page they came from: no step can be skipped (POL4)."""
    step = found.next_step()
    form = _form(step, group_id, request.POST)
    if request.POST.get("step") != step.value:
        return _show(request, group_id, found, step, notice=_("Please go on from here."))
    if not form.is_valid():
        return _show(request, group_id, found, step, form=form)
    if isinstance(form, AgreeForm):
        return _finish(request, group_id, found, form)
    told = found.answered(step, _plain(form.cleaned_data))
    return _show(request, group_id, told, told.next_step())


def _plain(cleaned: dict[str, Any]) -> dict[str, object]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in cleaned.items()}


def _form(step: Step, group_id: str, data: Any = None, initial: dict[str, object] | None = None) -> forms.Form:
    if step is Step.NAME:
        return NameForm(data, initial=initial)
    if step is Step.CONTACT:
        return ContactForm(data, initial=initial)
    if step is Step.HELP:
        return HelpForm(data, initial=initial, needed=queries.emergency_needed(group_id))
    return AgreeForm(data, initial=initial, texts=agreements.joining_texts(group_id))


def _show(
    request: HttpRequest,
    group_id: str,
    found: draft.Draft,
    step: Step,
    *,
    form: forms.Form | None = None,
    initial: dict[str, object] | None = None,
    notice: str = "",
) -> HttpResponse:
    shown = {
        "group_id": group_id,
        "form": form or _form(step, group_id, initial=initial),
        "draft": draft.pack(found, group_id),
        "step": step.value,
        "number": ORDER.index(step) + 1,
        "steps": len(ORDER),
        "notice": notice,
        "texts": agreements.joining_texts(group_id) if step is Step.AGREE else None,
    }
    return render(request, "joining/join.html", shown, status=422 if form is not None else 200)


def _finish(request: HttpRequest, group_id: str, found: draft.Draft, form: AgreeForm) -> HttpResponse:
    try:
        made = actions.apply(
            group_id=group_id,
            draft=found,
            form=form.cleaned_data,
            texts=form.texts,
            agreed=form.agreed(),
            now=clock.now(),
        )
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return _show(request, group_id, found, Step.AGREE, form=form)
    shown = {"key": made.key, "words": made.words.split(), "answer_by": made.answer_by, "group_id": group_id}
    return render(request, "joining/welcome.html", shown)


@page(needs=Permission.OWN, methods=("GET", "POST"))
def code(request: HttpRequest) -> HttpResponse:
    """A member types the code they were told: that proves the way we reach them."""
    who = request.who  # type: ignore[attr-defined]
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.prove_contact(
                by=who.id, group_id=who.group_id, code=form.cleaned_data["code"], now=clock.now()
            )
            return HttpResponseRedirect("/me/")
        except (Refused, NotHere) as refusal:
            form.add_error("code", getattr(refusal, "sentence", _("No code is waiting for you.")))
    return render(request, "joining/code.html", {"form": form}, status=422 if form.errors else 200)
