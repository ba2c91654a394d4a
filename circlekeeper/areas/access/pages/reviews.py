"""Rules that hurt, for those who write the rules."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from circlekeeper.areas.access import actions, queries
from circlekeeper.areas.access.forms import RULE_WORDS, VerdictForm
from circlekeeper.areas.access.rules import RuleKind
from circlekeeper.areas.agreements.errors import NotPublished
from circlekeeper.areas.groups import queries as groups
from circlekeeper.foundation import clock
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@page(needs=Permission.AGREEMENT_EDIT)
def rules(request: HttpRequest, group_id: str) -> HttpResponse:
    """What waits for an answer, each with its day, and what became of others."""
    shown = {
        "group_id": group_id,
        "group": groups.group(group_id),
        "waiting": [(each, RULE_WORDS[RuleKind(each.kind)]) for each in _open(group_id)],
        "decided": queries.decided_reviews(group_id),
    }
    return render(request, "access/rules.html", shown)


def _open(group_id: str) -> list[queries.ReviewFacts]:
    return queries.open_reviews([group_id]).get(group_id, [])


@page(needs=Permission.AGREEMENT_EDIT, methods=("GET", "POST"), keys=True)
def rule(request: HttpRequest, group_id: str, review_id: str) -> HttpResponse:
    """Read what somebody said, and decide: change the rule, or say why it stays."""
    who, now = request.who, clock.now()  # type: ignore[attr-defined]
    found = queries.open_review(group_id, review_id)
    back = reverse("access:rules", args=[group_id])
    form = VerdictForm(request.POST if request.method == "POST" else None, parts=_parts(group_id, found.kind))
    if request.method == "POST" and form.is_valid():
        about: dict[str, Any] = {"by": who.id, "ring": who.ring, "group_id": group_id, "review_id": review_id}
        said = form.cleaned_data
        try:
            if said["verdict"] == "change":
                actions.change_rule(part=said["part"], words=said["words"], note=said["note"], now=now, **about)
            else:
                actions.keep_rule(note=said["note"], now=now, **about)
            return HttpResponseRedirect(back)
        except NotPublished as refusal:
            form.add_error("words", [sentence for _field, sentence in refusal.faults] or refusal.sentence)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
    words = queries.review_words(by=who.id, about=review_id, group_id=group_id, ring=who.ring, now=now)
    shown = {"found": found, "words": words, "form": form, "back": back, "about": RULE_WORDS[RuleKind(found.kind)]}
    return render(request, "access/rule.html", shown, status=422 if form.errors else 200)


def _parts(group_id: str, kind: str) -> list[tuple[str, str]]:
    known = [(each.id, each.words) for each in queries.parts(group_id, kind)]
    return known if kind == RuleKind.POLICY else [("", _("A new one")), *known]
