from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Forms render through our own templates in templates/django/forms/."""

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field.html"
