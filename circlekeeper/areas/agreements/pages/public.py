"""The texts as anyone may read them: no account, no cookie, nothing from elsewhere (POL3, KIT2, CON5)."""

from collections.abc import Sequence
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from circlekeeper.areas.agreements import paper, queries
from circlekeeper.areas.agreements.models import Kind
from circlekeeper.areas.agreements.queries import DocumentFacts
from circlekeeper.areas.groups import queries as groups
from circlekeeper.foundation.errors import NotHere
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.post import pdf
from circlekeeper.foundation.post.blocks import Bullets, Section, Text


@page(needs=Permission.ANYONE)
def policy(request: HttpRequest, group_id: str) -> HttpResponse:
    """The privacy policy in force."""
    return _text(request, _in_force(group_id, Kind.POLICY), file="policy-file")


@page(needs=Permission.ANYONE)
def policy_file(request: HttpRequest, group_id: str) -> HttpResponse:
    """The same as a PDF."""
    del request
    return _file(_in_force(group_id, Kind.POLICY), "policy.pdf")


@page(needs=Permission.ANYONE)
def norms(request: HttpRequest, group_id: str) -> HttpResponse:
    """The norms in force."""
    return _text(request, _in_force(group_id, Kind.NORMS))


@page(needs=Permission.ANYONE)
def statement(request: HttpRequest, group_id: str) -> HttpResponse:
    """The confidentiality statement in force."""
    return _text(request, _in_force(group_id, Kind.STATEMENT), file="statement-file")


@page(needs=Permission.ANYONE)
def statement_file(request: HttpRequest, group_id: str) -> HttpResponse:
    """The same as a PDF."""
    del request
    return _file(_in_force(group_id, Kind.STATEMENT), "statement.pdf")


@page(needs=Permission.ANYONE)
def packet(request: HttpRequest, group_id: str) -> HttpResponse:
    """Everything a new member may want to read, in one place (CON5)."""
    shown = {
        "title": _("To read and keep"),
        "sections": _packet(group_id),
        "foot": (),
        "file": reverse("agreements:packet-file", args=[group_id]),
    }
    return render(request, "agreements/text.html", shown)


@page(needs=Permission.ANYONE)
def packet_file(request: HttpRequest, group_id: str) -> HttpResponse:
    """The same as a PDF."""
    del request
    made = _printed(_packet(group_id), _("To read and keep"), get_language() or "en", ())
    return _answer(made, "packet.pdf")


def _packet(group_id: str) -> tuple[Section, ...]:
    texts = [_in_force(group_id, kind) for kind in (Kind.NORMS, Kind.STATEMENT, Kind.POLICY)]
    turn = Section(
        _("Where to turn"),
        (
            Bullets(
                (
                    _("Something is not right here: tell a facilitator, or someone else who keeps this group."),
                    _("You need help now: %(url)s") % {"url": settings.PUBLIC_URL + reverse("web:help-now")},
                    _("Somebody may look at your phone or computer: %(url)s")
                    % {"url": settings.PUBLIC_URL + reverse("web:leaving")},
                    _("What we hold about you, and who opened it: %(url)s")
                    % {"url": f"{settings.PUBLIC_URL}/me/"},
                )
            ),
        ),
    )
    norms_text, *rest = texts
    return (
        Section(_title(norms_text.kind), tuple(block for part in norms_text.sections for block in part.blocks)),
        turn,
        *(section for text in rest for section in (Section(_title(text.kind), _marks(text)), *text.sections)),
    )


def _marks(found: DocumentFacts) -> tuple[Text, ...]:
    return tuple(Text(line) for line in _foot(found))


def _in_force(group_id: str, kind: str) -> DocumentFacts:
    groups.group(group_id)
    found = queries.current(group_id, kind, locale=(get_language() or "en").partition("-")[0])
    if found is None:
        raise NotHere
    return found


def _text(request: HttpRequest, found: DocumentFacts, *, file: str = "") -> HttpResponse:
    shown = {
        "title": _title(found.kind),
        "sections": found.sections,
        "foot": _foot(found),
        "note": found.change_note,
        "changes": queries.change_of(found),
        "lang": found.locale,
        "file": reverse(f"agreements:{file}", args=[found.group_id]) if file else "",
    }
    return render(request, "agreements/text.html", shown)


def _title(kind: str) -> str:
    return {
        Kind.POLICY: _("Privacy"),
        Kind.NORMS: _("What we keep to"),
        Kind.STATEMENT: _("What is kept private"),
    }[Kind(kind)]


def _foot(found: DocumentFacts) -> tuple[str, ...]:
    return paper.foot(version=found.version, published_at=found.published_at, mark=found.mark)


def _file(found: DocumentFacts, name: str) -> HttpResponse:
    return _answer(_kept(found.id, get_language() or "en"), name)


@lru_cache(maxsize=64)
def _kept(document_id: str, language: str) -> bytes:
    """A version never changes, so its PDF is made once."""
    found = queries.document(document_id)
    with override(language):
        return _printed(found.sections, _title(found.kind), found.locale, _foot(found))


def _printed(sections: Sequence[Section], title: str, lang: str, foot: Sequence[str]) -> bytes:
    return pdf.document(sections, title=title, lang=lang, foot=foot)


def _answer(made: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(made, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
