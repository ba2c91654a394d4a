"""Forms of the safeguards room."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from circlekeeper.areas.safeguards.models import LevelReason, WaiverReason
from circlekeeper.foundation import clock, playbook
from circlekeeper.foundation.playbook import Level, Proof
from circlekeeper.foundation.playbook.schemas import AskedQuestion, Check

PROOF_WORDS = {
    Proof.SEEN: _("I looked myself"),
    Proof.TESTED: _("I tried it out"),
    Proof.DOCUMENT: _("I have it in writing"),
    Proof.ADVISER: _("An adviser said so"),
    Proof.TRAINING: _("The team was trained in it"),
}
LEVEL_REASON_WORDS = {
    LevelReason.MEMBERS: _("Other people take part now"),
    LevelReason.PURPOSE: _("The group is about something else now"),
    LevelReason.WAY: _("We meet in another way now"),
    LevelReason.ADVISER: _("Our adviser said so"),
    LevelReason.CAUTION: _("To be safer"),
}
WAIVER_REASON_WORDS = {
    WaiverReason.BEING_FIXED: _("It is being put right"),
    WaiverReason.SERVICE_DOWN: _("The service we need for it is down"),
    WaiverReason.PERSON_AWAY: _("The person who does it is away"),
    WaiverReason.HARMS_MEMBERS: _("Keeping to it would harm a member"),
    WaiverReason.ADVISER: _("Our adviser said so"),
}
PURPOSES = (
    ("wellness", _("Wellness")),
    ("caregiving", _("Caring for someone")),
    ("parenting", _("Parents")),
    ("illness", _("Living with an illness")),
    ("bereavement", _("Loss and grief")),
    ("recovery", _("Recovery")),
    ("survivors", _("After violence or a crime")),
    ("other", _("Something else")),
)


def level_choices() -> list[tuple[str, str]]:
    """The five levels with one sentence each."""
    cards = playbook.book().levels
    return [(level, f"{gettext(cards.at(level).title)}: {gettext(cards.at(level).about)}") for level in Level]


class WordForm(forms.Form):
    """One person's word for one check."""

    def __init__(self, check: Check, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sure"] = forms.BooleanField(label=gettext(check.say or ""))
        self.fields["proof"] = forms.ChoiceField(
            label=_("How do you know?"),
            choices=[(proof, PROOF_WORDS[proof]) for proof in check.proofs],
            widget=forms.RadioSelect,
        )


class ManyWordsForm(forms.Form):
    """Words for several checks at once; what is left alone is not said."""

    def __init__(self, checks: list[tuple[str, Check]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for control, check in checks:
            self.fields[f"{control}/{check.id}"] = forms.ChoiceField(
                label=gettext(check.say or ""),
                choices=[("", _("Not yet")), *((proof, PROOF_WORDS[proof]) for proof in check.proofs)],
                required=False,
            )


class WaiverForm(forms.Form):
    """Setting a control aside for a time."""

    reason = forms.ChoiceField(
        label=_("Why?"), choices=list(WAIVER_REASON_WORDS.items()), widget=forms.RadioSelect
    )
    until = forms.DateField(label=_("Until the end of which day?"), widget=forms.DateInput(attrs={"type": "date"}))

    def until_moment(self, zone: ZoneInfo) -> datetime:
        """The end of the chosen day where the group is."""
        day: date = self.cleaned_data["until"]
        return datetime(day.year, day.month, day.day, 23, 59, tzinfo=zone)


class LevelForm(forms.Form):
    """Another level. The reasons to be careful follow from the answers (``AnswersForm``)."""

    level = forms.ChoiceField(label=_("Level"), widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label=_("Why are you changing it?"), choices=list(LEVEL_REASON_WORDS.items()), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = level_choices()  # type: ignore[attr-defined]


class PeriodForm(forms.Form):
    """How long one kind of record is kept."""

    UNITS = (("D", _("days")), ("M", _("months")), ("Y", _("years")))

    amount = forms.IntegerField(label=_("How long?"), min_value=1, max_value=400)
    unit = forms.ChoiceField(label=_("Counted in"), choices=UNITS)
    answered_by = forms.ChoiceField(label=_("Who decided it?"), widget=forms.RadioSelect)

    def __init__(self, who: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {"group": _("We did"), "adviser": _("Our adviser"), "project": _("The project's plan")}
        self.fields["answered_by"].choices = [(each, words[each]) for each in who]  # type: ignore[attr-defined]

    @property
    def keep(self) -> str:
        """The period as an ISO 8601 duration."""
        return f"P{self.cleaned_data['amount']}{self.cleaned_data['unit']}"


class NameForm(forms.Form):
    """Step 1: what a passer-by may read."""

    why = {"public_name": _("Members may see it on a shared screen, so it should tell a stranger little.")}

    public_name = forms.CharField(
        label=_("What is the group called?"),
        help_text=_("A name that says little, such as Thursday circle."),
        max_length=80,
    )
    about = forms.CharField(
        label=_("What is it, in a sentence or two?"),
        help_text=_("People read this before they ask to join."),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    purpose = forms.ChoiceField(
        label=_("Which comes closest?"), help_text=_("Only the team sees this."), choices=PURPOSES
    )
    time_zone = forms.ChoiceField(label=_("Which clock does the group go by?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(zone for zone in clock.time_zones() if "/" in zone and not zone.startswith("Etc/"))
        self.fields["time_zone"].choices = [("", _("Choose")), *((zone, zone) for zone in zones), ("UTC", "UTC")]  # type: ignore[attr-defined]


class InterviewForm(forms.Form):
    """Steps 2 to 4: plain questions; not knowing counts as yes (WHY3)."""

    ANSWERS = (("yes", _("Yes")), ("no", _("No")), ("dont-know", _("I do not know")))

    def __init__(self, questions: list[AskedQuestion], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in questions:
            self.fields[question.id] = forms.ChoiceField(
                label=gettext(question.ask),
                help_text=gettext(question.help),
                choices=self.ANSWERS,
                widget=forms.RadioSelect,
            )


class AnswersForm(InterviewForm):
    """All questions again, later, with the reason for answering anew."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(list(playbook.book().interview.question), *args, **kwargs)
        self.fields["reason"] = forms.ChoiceField(
            label=_("Why are you changing it?"),
            choices=list(LEVEL_REASON_WORDS.items()),
            widget=forms.RadioSelect,
        )

    @property
    def answers(self) -> dict[str, str]:
        """The answers without the reason."""
        return {name: given for name, given in self.cleaned_data.items() if name != "reason"}


class AdviserForm(forms.Form):
    """Who advised, when, and what they said in a sentence; sealed."""

    why = {"name": _("It is sealed. Only people who hold the keys of this group can read it.")}

    name = forms.CharField(label=_("Who advised you?"), max_length=120)
    given_on = forms.DateField(label=_("On which day?"), widget=forms.DateInput(attrs={"type": "date"}))
    sentence = forms.CharField(
        label=_("What did they say, in one sentence?"),
        help_text=_("For example: keep what you wrote; tell people within 60 days. Write nothing about members."),
        max_length=300,
    )


class ChosenLevelForm(forms.Form):
    """Step 5: the suggested level, or a stricter one."""

    level = forms.ChoiceField(label=_("Which level will you take?"), widget=forms.RadioSelect)

    def __init__(self, allowed: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [choice for choice in level_choices() if choice[0] in allowed]
        self.fields["level"].choices = choices  # type: ignore[attr-defined]


class SeenForm(forms.Form):
    """A step that only has to be read."""
