"""What is in force, what is out of date, and one next step; editing with a preview before anything is published."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import actions, queries, rules
from circlekeeper.areas.agreements.errors import NotPublished
from circlekeeper.areas.agreements.forms import TextForm
from circlekeeper.areas.agreements.pages.editors import KINDS, TITLES, Editor, editor
from circlekeeper.areas.groups import queries as groups
from circlekeeper.foundation import clock, playbook
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of text on the shelf."""

    slug: str
    title: str | Promise
    version: int
    missing: bool
    stale: bool


@page(needs=Permission.AGREEMENT_SEE)
def shelf(request: HttpRequest, group_id: str) -> HttpResponse:
    """Every text with its state; publishing all that waits is one button away."""
    wanted = queries.wanted(group_id)
    rows = []
    for slug, kind in KINDS.items():
        mine = [each for each in wanted if each.kind == kind]
        rows.append(
            Row(
                slug=slug,
                title=TITLES[slug],
                version=max((each.document.version for each in mine if each.document), default=0),
                missing=any(each.missing for each in mine),
                stale=any(each.stale for each in mine),
            )
        )
    waiting = [row for row in rows if row.missing or row.stale]
    shown = {
        "group": groups.group(group_id),
        "rows": rows,
        "waiting": waiting,
        "only_stale": bool(waiting) and all(row.stale and not row.missing for row in waiting),
        "only_policy": all(row.slug == "policy" for row in waiting),
        "kept": next(each.title for each in queries.defaults().kept if each.id == queries.kept(group_id)),
        "may_edit": request.who.can(Permission.AGREEMENT_EDIT, group_id),  # type: ignore[attr-defined]
        "cards": _cards(group_id),
        "may_open": request.who.can(Permission.ROSTER_OPEN, group_id),  # type: ignore[attr-defined]
        "may_see_people": request.who.can(Permission.ROSTER_SEE, group_id),  # type: ignore[attr-defined]
        "open_answers": len(queries.waiting(group_id=group_id, now=clock.now())),
    }
    return render(request, "agreements/shelf.html", shown)


def _cards(group_id: str) -> list[dict[str, object]]:
    """Each norm with the card that says what to do when it is broken (CON3)."""
    scripts = queries.norm_scripts(group_id)
    return [
        {"norm": norm.words, "script": playbook.book().script(scripts[norm.id])}
        for norm in queries.norm_texts(group_id)
    ]


@page(needs=Permission.AGREEMENT_EDIT, methods=("GET", "POST"))
def publish_all(request: HttpRequest, group_id: str) -> HttpResponse:
    """Ask once, then publish every text that waits, in the words it has."""
    back = reverse("agreements:shelf", args=[group_id])
    waiting = {each.kind for each in queries.wanted(group_id) if not each.settled}
    if request.method == "POST":
        if waiting:
            actions.publish_all(by=request.who.id, group_id=group_id, now=clock.now())  # type: ignore[attr-defined]
        return HttpResponseRedirect(back)
    names = ", ".join(str(TITLES[slug]) for slug, kind in KINDS.items() if kind in waiting)
    shown = {
        "question": _("Publish these texts?"),
        "what": names or _("Everything is published and up to date."),
        "undo": _(
            "Anyone can read them from then on. A published version stays as it is; you can publish a new one."
        ),
        "button": _("Publish"),
        "cancel_url": back,
    }
    return render(request, "web/confirm.html", shown)


@page(needs=Permission.AGREEMENT_EDIT, methods=("GET", "POST"))
def edit(request: HttpRequest, group_id: str, slug: str) -> HttpResponse:
    """Write, look at it as people will read it, then publish. What was typed is never lost."""
    groups.group(group_id)
    editing = editor(group_id, slug)
    if request.method != "POST":
        return _form(request, group_id, slug, editing, TextForm(words=editing.words, version=editing.version))
    form = TextForm(request.POST, words=editing.words, version=editing.version)
    if not form.is_valid():
        return _form(request, group_id, slug, editing, form)
    try:
        sections = editing.preview(form.words())
        if request.POST.get("step") == "publish":
            editing.publish(request.who.id, form.words(), _edition(form, editing), clock.now())  # type: ignore[attr-defined]
            return HttpResponseRedirect(reverse("agreements:shelf", args=[group_id]))
    except NotPublished as refusal:
        _explain(form, refusal)
        return _form(request, group_id, slug, editing, form)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _form(request, group_id, slug, editing, form)
    if request.POST.get("step") == "change":
        return _form(request, group_id, slug, editing, form)
    shown = {
        "group": groups.group(group_id),
        "slug": slug,
        "title": editing.title,
        "sections": sections,
        "form": form,
        "asks": form.cleaned_data.get("asks", ""),
        "note": form.cleaned_data.get("note", ""),
        "changes": rules.changes(queries.parts(editing.before), queries.parts(sections)) if editing.before else [],
        "reading": queries.reading(form.words().values()),
    }
    return render(request, "agreements/preview.html", shown)


def _edition(form: TextForm, editing: Editor) -> actions.Edition:
    given = form.cleaned_data
    # A set of consent texts has a version each; there the newest of them only marks that something was published before.
    after = None if editing.title == TITLES["consents"] else given["after"]
    return actions.Edition(material=given.get("asks") != "nobody", note=given.get("note", ""), after=after)


def _explain(form: TextForm, refusal: NotPublished) -> None:
    for name, sentence in refusal.faults:
        field = name if name in form.fields else None
        if field is None and len(form.names) == 1 and name:
            field = form.names[0]
        form.add_error(field, sentence)


def _form(request: HttpRequest, group_id: str, slug: str, editing: Editor, form: TextForm) -> HttpResponse:
    shown = {
        "group": groups.group(group_id),
        "slug": slug,
        "editing": editing,
        "form": form,
        "back": reverse("agreements:shelf", args=[group_id]),
        "limit": rules.STATEMENT_LIMIT - 1 if slug == "statement" else 0,
    }
    return render(request, "agreements/edit.html", shown, status=422 if form.errors else 200)
