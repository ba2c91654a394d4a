"""Every component on a page, for eyes, axe and rulers. Its addresses exist in tests only."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.urls import include, path
from django.utils.translation import gettext as _

from circlekeeper.foundation.errors import Refused
from circlekeeper.foundation.page import page
from circlekeeper.foundation.permissions import Permission
from circlekeeper.foundation.todo import Todo, Urgency

HERE = Path(__file__).parent


class Questions(forms.Form):
    """One of each kind of field."""

    why = {"alias": "So that the others have something to call you. It need not be your name."}

    alias = forms.CharField(label="What should we call you?", help_text="Two letters or more.", max_length=40)
    reach = forms.ChoiceField(
        label="How may we reach you?",
        choices=[("no", "Do not contact me, I come back by myself"), ("mail", "By e-mail"), ("text", "By text")],
        widget=forms.RadioSelect,
    )
    days = forms.MultipleChoiceField(
        label="When could you come?",
        choices=[("mon", "Monday evening"), ("sat", "Saturday morning")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    day = forms.DateField(label="From which day?", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    zone = forms.ChoiceField(label="Time zone", choices=[("Europe/Dublin", "Dublin"), ("UTC", "UTC")])
    more = forms.CharField(label="Anything that would help you", widget=forms.Textarea, required=False)
    agreed = forms.BooleanField(label="I keep what is said here to myself", help_text="You can leave at any time.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("alias") == "taken":
            raise forms.ValidationError("Somebody chose that name a moment ago.")
        return cleaned


class OneQuestion(forms.Form):
    """A page of one question."""

    one_question = True
    why = {"alias": "So that the others have something to call you. It need not be your name."}
    alias = forms.CharField(
        label="What should we call you?", help_text="A first name, a nickname, anything you like."
    )


TODOS = [
    Todo(
        "The link of tonight’s meeting does not work",
        "People would stand before a closed door.",
        "/x/",
        3,
        Urgency.HARM,
        datetime(2026, 11, 23, 18, 50, tzinfo=UTC),
    ),
    Todo(
        "Two people wait for an answer",
        "You promised an answer within three days.",
        "/y/",
        10,
        Urgency.TODAY,
        datetime(2026, 11, 24, 12, 0, tzinfo=UTC),
    ),
    Todo("Look over the helpline numbers", "An old number helps nobody.", "/z/", 1, Urgency.SOON),
]


def _draw(request: HttpRequest, name: str, status: int = 200, **words: Any) -> HttpResponse:
    template = engines["django"].from_string((HERE / f"{name}.html").read_text(encoding="utf-8"))
    return HttpResponse(template.render(words, request), status=status)


@page(needs=Permission.ANYONE, methods=("GET", "POST"))
def gallery(request: HttpRequest) -> HttpResponse:
    form = Questions(request.POST) if request.method == "POST" else Questions()
    if form.is_bound and form.is_valid():
        messages.success(request, "Saved.")
        return HttpResponseRedirect("/gallery/")
    rows = [
        [{"text": "Thursday circle", "url": "/gallery/"}, "26 November, 19:00", "8"],
        ["Walk", "28 November, 10:00", "4"],
    ]
    return _draw(
        request,
        "gallery",
        422 if form.errors else 200,
        form=form,
        todos=TODOS,
        rows=rows,
        headings=["Meeting", "Next", "People"],
        words=["river", "lantern", "quiet", "maple", "window", "stone", "garden", "paper", "harbour", "velvet"],
        live={"seconds": 5, "source": ""},
    )


@page(needs=Permission.ANYONE, methods=("GET", "POST"))
def question(request: HttpRequest) -> HttpResponse:
    form = OneQuestion(request.POST or None)
    return _draw(request, "question", 422 if form.errors else 200, form=form)


@page(needs=Permission.ANYONE)
def confirm(request: HttpRequest) -> HttpResponse:
    from django.shortcuts import render

    words = {
        "question": "Forget this person now?",
        "what": "Their page, their key and what they wrote are destroyed today.",
        "button": "Forget this person",
        "tone": "harm",
        "cancel_url": "/gallery/",
    }
    return render(request, "web/confirm.html", words)


@page(needs=Permission.ANYONE)
def refused(request: HttpRequest) -> HttpResponse:
    raise Refused(_("This meeting has no second host yet, so it cannot open."))


@page(needs=Permission.ANYONE)
def gone(request: HttpRequest) -> HttpResponse:
    raise Http404("secret detail")


@page(needs=Permission.ANYONE)
def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret detail")


@page(needs=Permission.ANYONE)
def busy(request: HttpRequest) -> HttpResponse:
    raise OperationalError("secret detail")


handler400 = "circlekeeper.web.errors.bad_request"
handler403 = "circlekeeper.web.errors.forbidden"
handler404 = "circlekeeper.web.errors.not_found"
handler500 = "circlekeeper.web.errors.broken"
urlpatterns = [
    path("", include("circlekeeper.web.urls")),
    path("gallery/", gallery),
    path("question/", question),
    path("confirm/", confirm),
    path("refused/", refused),
    path("gone/", gone),
    path("breaks/", breaks),
    path("busy/", busy),
]
