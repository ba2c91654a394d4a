"""The statement of readiness: made, read and printed."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circlekeeper.areas.groups import queries as groups
from circlekeeper.areas.safeguards import actions, queries
from circlekeeper.areas.safeguards.queries import Readiness
from circlekeeper.foundation import clock, playbook
from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.post import pdf
from circlekeeper.foundation.post.blocks import Bullets, Section, Table, Text

_OURS = frozenset({"csrfmiddlewaretoken"})


@page(needs=Permission.TRUST_SEE, methods=("GET", "POST"))
def readiness(request: HttpRequest, group_id: str) -> HttpResponse:
    """What a statement would say today, and those that were made. Whoever asks for more than counts is refused."""
    now = clock.now()
    if request.method == "POST":
        if request.POST.keys() - _OURS:
            raise Refused(_("A statement holds counts only. Names are never in it, whoever asks."))
        made = actions.state_readiness(by=request.who.id, group_id=group_id, now=now)  # type: ignore[attr-defined]
        return HttpResponseRedirect(reverse("safeguards:statement", args=[group_id, made]))
    shown = {
        "group": groups.group(group_id),
        "today": queries.readiness_now(group_id, now),
        "made": queries.statements(group_id),
    }
    return render(request, "safeguards/readiness.html", shown)


@page(needs=Permission.TRUST_SEE)
def statement(request: HttpRequest, group_id: str, statement_id: str) -> HttpResponse:
    """One statement, as it was made."""
    found = queries.statement(group_id=group_id, statement_id=statement_id)
    shown = {"group": groups.group(group_id), "said": found, "level": _level(found)}
    return render(request, "safeguards/statement.html", shown)


@page(needs=Permission.TRUST_SEE)
def statement_pdf(request: HttpRequest, group_id: str, statement_id: str) -> HttpResponse:
    """The same as one page to hand on."""
    found, facts = queries.statement(group_id=group_id, statement_id=statement_id), groups.group(group_id)
    intro = [facts.public_name, _level(found), date_format(found.made_at, "j F Y")]
    made = pdf.document(
        _sections(found), title=_("Readiness"), lang=get_language() or "en", intro=intro, foot=[_foot()]
    )
    headers = {"Content-Disposition": 'attachment; filename="readiness.pdf"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


def _sections(said: Readiness) -> list[Section]:
    headings = (_("What"), _("How many"))
    whole = Text(_("Everything that is asked for holds, or was set aside by two people."))
    open_points = Bullets(said.missing) if said.missing else whole
    return [
        Section(_("What is asked for, and what holds"), (Table(headings, said.standing),)),
        Section(_("Still to be done"), (open_points,)),
        Section(_("In numbers"), (Table(headings, said.counted),)),
    ]


def _level(said: Readiness) -> str:
    return str(playbook.book().levels.at(playbook.Level(said.level)).title)


def _foot() -> str:
    return _(
        "Counts only: a statement never holds a name, an address or a number of a person. It is no legal opinion."
    )
