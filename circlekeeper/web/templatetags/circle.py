"""``{% load circle %}``: the few words our templates need beyond Django's."""

from collections.abc import Sequence
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon from the sprite. It says nothing to a screen reader, so words must stand beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static("web/icons.svg"),
        name,
    )


@register.filter
def why(field: BoundField) -> str:
    """The reason for asking, from the form's ``why = {field name: sentence}``; empty when there is none."""
    reasons: dict[str, str] = getattr(field.form, "why", {})
    return reasons.get(field.name, "")


@register.filter
def anchor(field: BoundField) -> str:
    """The id a link to this field must name: groups of ticks have none of their own, so their first tick."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def is_tick(field: BoundField) -> bool:
    """Whether the field is one single tick box, whose words stand after it."""
    return getattr(field.field.widget, "input_type", "") == "checkbox" and not field.use_fieldset


@register.filter
def beside(row: Sequence[Any], headings: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Each cell of a row with the heading of its column."""
    return list(zip(row, headings, strict=True))


@register.filter
def cell_text(cell: Any) -> Any:
    """The words of a table cell, which is either the words or ``{"text", "url"}``."""
    return cell["text"] if isinstance(cell, dict) else cell


@register.filter
def cell_url(cell: Any) -> str:
    """Where a table cell leads; empty when nowhere."""
    return str(cell.get("url", "")) if isinstance(cell, dict) else ""


@register.filter
def plain_errors(field: BoundField) -> list[str]:
    """The field's errors; Django's "This field is required." becomes words for a person."""
    bare = str(forms.Field.default_error_messages["required"])
    words = _("Please tick this to go on.") if is_tick(field) else _("Please answer this.")
    return [words if error == bare else str(error) for error in field.errors]
