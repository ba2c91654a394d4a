"""Setting up a group in seven steps that can be left and taken up again."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.safeguards import actions, forms, queries, rules
from circlekeeper.areas.safeguards.queries import DraftFacts
from circlekeeper.foundation import clock, playbook
from circlekeeper.foundation.errors import NotHere, Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission

LAST = 7
TITLES = {
    1: _("The name people see"),
    2: _("Who comes"),
    3: _("Where people live, and who pays"),
    4: _("How you meet"),
    5: _("How careful you need to be"),
    6: _("How long you keep things"),
    7: _("Look it over"),
}
_QUESTIONS = {2: "people", 3: "place", 4: "way"}
_SETTING_WORDS = ("key-holders", "hosts", "deciders", "answer-days")


@page(needs=Permission.SIGNED_IN, methods=("GET", "POST"))
def begin(request: HttpRequest) -> HttpResponse:
    """Begin, or go on with a draft."""
    who = request.who.id  # type: ignore[attr-defined]
    if request.method == "POST":
        draft_id = actions.begin_draft(by=who, now=clock.now())
        return HttpResponseRedirect(reverse("safeguards:new-group-step", args=[draft_id, 1]))
    return render(request, "safeguards/new_group.html", {"drafts": queries.drafts_of(who), "titles": TITLES})


@page(needs=Permission.SIGNED_IN, methods=("GET", "POST"), keys=True)
def step(request: HttpRequest, draft_id: str, step: int) -> HttpResponse:
    """One step: a few questions, kept when answered. Steps ahead stay closed until the ones before are answered."""
    who = request.who.id  # type: ignore[attr-defined]
    draft = queries.draft(person_id=who, draft_id=draft_id)
    if not 1 <= step <= LAST:
        raise NotHere
    if step > draft.step:
        return HttpResponseRedirect(reverse("safeguards:new-group-step", args=[draft_id, draft.step]))
    form = _form(draft, step, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return HttpResponseRedirect(_go_on(who, draft, step, form))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
    shown: dict[str, Any] = {
        "draft": draft,
        "step": step,
        "of": LAST,
        "title": TITLES[step],
        "form": form,
        "back": reverse("safeguards:new-group-step", args=[draft_id, step - 1]) if step > 1 else "",
    }
    shown |= _beside(draft, step)
    return render(request, "safeguards/new_group_step.html", shown, status=422 if form.errors else 200)


def _form(draft: DraftFacts, step: int, given: Any) -> django_forms.Form:
    if step == 1:
        return forms.NameForm(given, initial=draft.answers)
    if step in _QUESTIONS:
        return forms.InterviewForm(_questions(_QUESTIONS[step]), given, initial=draft.answers)
    if step == 5:
        suggested = _suggestion(draft).level
        allowed = [level for level in playbook.Level if _allowed(suggested, level)]
        return forms.ChosenLevelForm(allowed, given, initial={"level": suggested} | draft.answers)
    return forms.SeenForm(given)


def _go_on(who: str, draft: DraftFacts, step: int, form: django_forms.Form) -> str:
    now = clock.now()
    if step < LAST:
        answers = {name: str(value) for name, value in form.cleaned_data.items()}
        actions.save_draft(by=who, draft_id=draft.id, step=step, answers=answers, now=now)
        return reverse("safeguards:new-group-step", args=[draft.id, step + 1])
    group_id = actions.finish_draft(
        by=who,
        draft_id=draft.id,
        public_name=draft.answers["public_name"],
        about=draft.answers["about"],
        purpose=draft.answers["purpose"],
        time_zone=draft.answers["time_zone"],
        level=_level(draft),
        suggestion=_suggestion(draft),
        now=now,
    )
    return reverse("safeguards:posture", args=[group_id])


def _beside(draft: DraftFacts, step: int) -> dict[str, Any]:
    show: dict[int, Callable[[DraftFacts], dict[str, Any]]] = {5: _the_level, 6: _the_periods, 7: _the_whole}
    return show[step](draft) if step in show else {}


def _the_level(draft: DraftFacts) -> dict[str, Any]:
    suggestion = _suggestion(draft)
    levels = playbook.book().levels
    return {
        "suggestion": suggestion,
        "suggested": levels.at(playbook.Level(suggestion.level)),
        "cards": [levels.at(level) for level in playbook.Level if _allowed(suggestion.level, level)],
    }


def _the_periods(draft: DraftFacts) -> dict[str, Any]:
    book, answer = playbook.book(), _answer(draft)
    return {"periods": [(book.retention[name], rule) for name, rule in answer.retention.items()]}


def _the_whole(draft: DraftFacts) -> dict[str, Any]:
    book, answer, suggestion = playbook.book(), _answer(draft), _suggestion(draft)
    asked = [book.controls[name] for name, mode in answer.modes.items() if mode.binds]
    return {
        "name": draft.answers["public_name"],
        "card": book.levels.at(playbook.Level(_level(draft))),
        "overlays": [book.overlays[name] for name in sorted(suggestion.overlays)],
        "asked": asked,
        "settings": [(book.settings[name].title, answer.value(name)) for name in _SETTING_WORDS],
    }


def _questions(kind: str) -> list[Any]:
    return [question for question in playbook.book().interview.question if question.step == kind]


def _suggestion(draft: DraftFacts) -> rules.Suggestion:
    return queries.suggestion(draft.answers)


def _allowed(suggested: str, level: str) -> bool:
    return level == suggested or rules.climbs(before=suggested, after=level)


def _level(draft: DraftFacts) -> str:
    chosen, suggested = draft.answers.get("level", ""), _suggestion(draft).level
    return chosen if _allowed(suggested, chosen) else suggested


def _answer(draft: DraftFacts) -> playbook.Answer:
    return playbook.book().answer(playbook.Level(_level(draft)), _suggestion(draft).overlays)
