"""How every form of the house is drawn."""

from django.forms.renderers import TemplatesSetting


class PlainForms(TemplatesSetting):
    """Draw forms and fields with our own templates; widgets stay Django's."""

    form_template_name = "web/components/fields.html"
    field_template_name = "web/components/field.html"
