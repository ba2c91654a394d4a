"""The public group page, joining, and the code a member was told."""

from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from circlekeeper.areas.agreements import queries as agreements
from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.joining import actions, draft, queries
from circlekeeper.areas.joining.forms import AgreeForm, CodeForm, ContactForm, HelpForm, NameForm
from circlekeeper.areas.joining.pages.hints import notice as _notice
from circlekeeper.areas.joining.rules import ORDER, Step
from circlekeeper.foundation import clock, prepared, samesite
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.post import preview

Asked = agreements.JoiningTexts | bool | str


@page(needs=Permission.ANYONE)
def group(request: HttpRequest, group_id: str) -> HttpResponse:
    """What a passer-by may read: five facts. Sets no cookie and loads no script beyond leaving."""
    facts = queries.public_facts(group_id)
    return render(request, "joining/group.html", {"facts": facts, "group_id": group_id})


# The form acts for nobody who is signed in and carries an encrypted draft: it needs no cookie, and sets none.
@csrf_exempt
@page(needs=Permission.ANYONE, methods=("GET", "POST"))
def join(request: HttpRequest, group_id: str) -> HttpResponse:
    """Ask to join, on at most four short pages."""
    facts = groups.group(group_id)
    if facts.state == "draft":
        raise NotHere
    if not facts.is_open:
        return render(request, "joining/closed.html", {"group_id": group_id}, status=409)
    now = clock.now()
    if request.method == "POST" and not samesite.ours(request):
        raise PermissionDenied
    if request.method != "POST":
        # Whoever cannot be shown the texts at the end is told so before they write anything.
        agreements.joining_texts(group_id)
        return _show(request, group_id, draft.begin(now), Step.NAME)
    try:
        found = draft.unpack(request.POST.get("draft", ""), group_id, now)
    except draft.DraftGone:
        notice = _("This form was open too long, so nothing was kept. Please start again.")
        return _show(request, group_id, draft.begin(now), Step.NAME, notice=notice)
    if request.POST.get("do") == "back":
        return _back(request, group_id, found)
    return _answer(request, group_id, found)


def _back(request: HttpRequest, group_id: str, found: draft.Draft) -> HttpResponse:
    here = found.next_step()
    before = ORDER[max(0, ORDER.index(here) - 1)]
    # Ticks of consent are not carried about: each is given on the page that is sent.
    typed = {} if here is Step.AGREE else _typed(_form(here, group_id, _asked(here, group_id)), request)
    return _show(request, group_id, found.back_to(before, typed=typed), before)


def _typed(form: forms.Form, request: HttpRequest) -> dict[str, object]:
    """What was typed on a page one goes back from, cut to what its fields hold."""
    longest = {name: getattr(field, "max_length", None) or 40 for name, field in form.fields.items()}
    return {name: request.POST[name][: longest[name]] for name in form.fields if name in request.POST}


def _answer(request: HttpRequest, group_id: str, found: draft.Draft) -> HttpResponse:
    """Take the answers of the page that is due, whatever page they came from: no step can be skipped (POL4)."""
    step = found.next_step()
    if request.POST.get("step") != step.value:
        return _show(request, group_id, found, step, notice=_("Please go on from here."))
    form = _form(step, group_id, _asked(step, group_id), request.POST)
    if isinstance(form, AgreeForm) and found.shown != form.texts.sha256:
        notice = _("A text changed while this page was open. Please read it again.")
        return _show(request, group_id, found, step, notice=notice)
    if not form.is_valid():
        return _show(request, group_id, found, step, form=form)
    if isinstance(form, AgreeForm):
        return _finish(request, group_id, found, form)
    told = found.answered(step, _plain(form.cleaned_data))
    return _show(request, group_id, told, told.next_step(), notice=_notice(step, told))


def _plain(cleaned: dict[str, Any]) -> dict[str, object]:
    return {name: value.strftime("%H:%M") if isinstance(value, time) else value for name, value in cleaned.items()}


def _form(
    step: Step, group_id: str, asked: Asked, data: Any = None, initial: dict[str, object] | None = None
) -> forms.Form:
    if step is Step.NAME:
        return NameForm(data, initial=initial, legal_later=bool(asked))
    if step is Step.CONTACT:
        return ContactForm(
            data,
            initial=initial,
            path=str(asked),
            good_code=lambda code: queries.referral_open(group_id=group_id, code=code, now=clock.now()),
        )
    if step is Step.HELP:
        return HelpForm(
            data,
            initial=initial,
            needed=bool(asked),
            asked=queries.asked_fields(group_id),
        )
    return AgreeForm(data, texts=agreements.joining_texts(group_id))


def _asked(step: Step, group_id: str) -> Asked:
    """What the form of a page depends on in this group, beside what was typed."""
    if step is Step.NAME:
        return agreements.legal_name_needed(group_id)
    if step is Step.CONTACT:
        return queries.way(group_id).path
    if step is Step.HELP:
        return queries.emergency_needed(group_id)
    return agreements.joining_texts(group_id)


def _show(
    request: HttpRequest,
    group_id: str,
    found: draft.Draft,
    step: Step,
    *,
    form: forms.Form | None = None,
    notice: str = "",
) -> HttpResponse:
    asked = _asked(step, group_id)
    texts = asked if isinstance(asked, agreements.JoiningTexts) else None
    packed = draft.pack(found.showing(texts.sha256) if texts else found, group_id)
    initial = found.kept.get(step.value)

    def shown(holes: prepared.Holes) -> dict[str, Any]:
        return {
            "group_id": group_id,
            "form": form or _form(step, group_id, asked, initial=initial),
            "draft": holes["draft"],
            "step": step.value,
            "number": ORDER.index(step) + 1,
            "steps": len(ORDER),
            "notice": notice,
            "texts": texts,
            "needed": step is Step.HELP and bool(asked),
            "previews": preview.every(lang=get_language() or "en") if step is Step.CONTACT else [],
        }

    holes = {"draft": packed}
    if form is not None or initial:
        # What somebody typed is theirs: such a page is drawn for them alone.
        return render(request, "joining/join.html", shown(holes), status=422 if form is not None else 200)
    more = tuple(queries.asked_fields(group_id).items()) if step is Step.HELP else ()
    key = (group_id, step, texts.sha256 if texts else asked, more, notice)
    return prepared.show(request, "joining/join.html", key=key, context=shown, holes=holes)


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
    words = {f"word {at}": word for at, word in enumerate(made.words.split())}
    return prepared.show(
        request,
        "joining/welcome.html",
        key=(made.answer_by,),
        context=lambda holes: {
            "key": holes["key"],
            "words": [holes[name] for name in words],
            "answer_by": made.answer_by,
        },
        holes={"key": made.key} | words,
    )


@page(needs=Permission.OWN, methods=("GET", "POST"))
def code(request: HttpRequest) -> HttpResponse:
    """A member types the code they were told: that proves the way we reach them."""
    who = request.who  # type: ignore[attr-defined]
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.prove_contact(
                by=who.id, group_id=who.group_id, code=form.cleaned_data["code"], now=clock.now()
            )
            return HttpResponseRedirect("/me/")
        except Refused as refusal:
            form.add_error("code", refusal.sentence)
    return render(request, "joining/code.html", {"form": form}, status=422 if form.errors else 200)
