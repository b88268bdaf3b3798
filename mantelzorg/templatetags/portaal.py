"""The portal's own tags. They are built in: no template has to load them."""

from django import template
from django.conf import settings
from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.template.loader import get_template
from django.utils.html import format_html, format_html_join

from mantelzorg import carried
from mantelzorg.icons import ICONS, icon_svg
from mantelzorg.navigation import NOBODY_IS_NAMED, navigation

register = template.Library()

BADGE_KINDS = {"neutral", "active", "safe", "warning", "danger"}
ALERT_ICONS = {"info": "info", "ok": "check", "warning": "alert", "error": "alert"}
MESSAGE_ALERTS = {"success": "ok", "warning": "warning", "error": "error"}


@register.simple_tag
def theme() -> str:
    return settings.THEME


@register.simple_tag
def portal_name() -> str:
    """For pages that are made without a context, as the page for a server error is."""
    return settings.SITE_NAME


@register.simple_tag(takes_context=True)
def onward(context, name: str, *args, **query: str) -> str:
    """As {% url %}, and takes along for which caregiver and in which municipality somebody is looking."""
    return carried.onward(context.get("request"), name, *args, **query)


@register.simple_tag(takes_context=True)
def along(context) -> str:
    """What {% onward %} takes along, for the addresses of many rows: made once, put behind each."""
    return carried.along(context.get("request"))


@register.simple_tag(takes_context=True)
def carried_fields(context, *names: str) -> str:
    """The same in a form that leads to another page or back to this one; `names`: only these."""
    found = carried.carried(context["request"]) if context.get("request") else {}
    fields = [(name, value) for name, value in found.items() if not names or name in names]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', fields)


@register.inclusion_tag("components/looking_for.html", takes_context=True)
def looking_for(context) -> dict:
    """Above a page that somebody reads for one caregiver: the way back to her."""
    request = context.get("request")
    caregiver = carried.carried_caregiver(request) if request else ""
    return {"caregiver": caregiver, "here": request.path if request else ""}


@register.simple_tag
def icon(name: str) -> str:
    if name not in ICONS:
        raise template.TemplateSyntaxError(f"There is no icon {name!r}; see mantelzorg/icons.py.")
    return icon_svg(name)


@register.simple_tag
def badge(text: str, kind: str = "neutral") -> str:
    """A state, in words and in a colour. Cheap enough for rows."""
    if kind not in BADGE_KINDS:
        raise template.TemplateSyntaxError(f"A badge has no kind {kind!r}; one of {', '.join(sorted(BADGE_KINDS))}.")
    return format_html('<span class="utrecht-status-badge utrecht-status-badge--{}">{}</span>', kind, text)


@register.simple_block_tag
def alert(content: str, kind: str = "info", heading: str = "") -> str:
    return get_template("components/alert.html").render(
        {"content": content, "kind": kind, "heading": heading, "icon": ALERT_ICONS[kind]}
    )


@register.simple_block_tag
def empty_state(content: str, title: str, icon: str = "") -> str:
    return get_template("components/empty_state.html").render({"content": content, "title": title, "icon": icon})


@register.simple_block_tag
def page_header(
    content: str, title: str, lead: str = "", eyebrow: str = "", back_url: str = "", back_label: str = ""
) -> str:
    return get_template("components/page_header.html").render(
        {
            "actions": content if content.strip() else "",
            "title": title,
            "lead": lead,
            "eyebrow": eyebrow,
            "back_url": back_url,
            "back_label": back_label,
        }
    )


@register.inclusion_tag("components/navigation.html", takes_context=True)
def site_navigation(context) -> dict:
    request = context.get("request")
    user = getattr(request, "user", None)
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "links": navigation(request) if request else [],
        "has_search_box": request is not None and request.path.startswith(NOBODY_IS_NAMED),
        "user": user,
        "person": user if user is not None and user.is_authenticated else None,
        "site_name": settings.SITE_NAME,
        "is_demo": context.get("is_demo"),
    }


@register.inclusion_tag("components/messages.html", takes_context=True)
def message_alerts(context) -> dict:
    return {"messages": messages_as_alerts(context.get("messages") or [])}


def messages_as_alerts(messages) -> list[dict]:
    return [
        {"text": message, "kind": kind, "icon": ALERT_ICONS[kind]}
        for message in messages
        for kind in [MESSAGE_ALERTS.get(message.level_tag, "info")]
    ]


# Forms --------------------------------------------------------------------------------------------------------------


def forms_in(value) -> list[BaseForm]:
    if isinstance(value, BaseForm):
        return [value] if value.is_bound else []
    if isinstance(value, BaseFormSet):
        return [form for form in value.forms if form.is_bound] if value.is_bound else []
    return []


@register.simple_tag(takes_context=True)
def error_prefix(context) -> str:
    """ "Fout: " in front of the title of a page on which some form did not pass."""
    values = context.flatten().values()
    wrong = any(form.errors for value in values for form in forms_in(value))
    return "Fout: " if wrong or context.get("has_errors") else ""


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms) -> dict:
    """What is wrong in these forms and formsets, each with a link to its field."""
    problems = []
    for value in forms:
        if isinstance(value, BaseFormSet) and value.is_bound:
            problems += [{"href": "", "label": "", "message": message} for message in value.non_form_errors()]
        for form in forms_in(value):
            problems += problems_of(form)
    return {"problems": problems}


def problems_of(form: BaseForm) -> list[dict]:
    problems = [{"href": "", "label": "", "message": message} for message in form.non_field_errors()]
    for field in form:
        href = "" if field.is_hidden or not field.auto_id else f"#{first_control(field)}"
        label = "" if field.is_hidden else with_colon(field.label)
        problems += [{"href": href, "label": label, "message": message} for message in field.errors]
    return problems


def with_colon(label: str) -> str:
    return label if label.endswith(("?", ":")) else f"{label}:"


def first_control(field) -> str:
    """The id of the first thing to fill in: a group of choices has it on its first option."""
    if field.id_for_label or not field.use_fieldset:
        return field.id_for_label or field.auto_id
    options = (option.data.get("attrs", {}).get("id") for option in field.subwidgets)  # numbered twice in a group
    return next((option for option in options if option and option != field.auto_id), f"{field.auto_id}_0")


# Charts -------------------------------------------------------------------------------------------------------------


def draw(chart, pdf: bool, table: bool) -> str:
    return get_template(chart.template).render({"chart": chart.drawing(pdf=pdf), "pdf": pdf, "table": table})


@register.simple_tag
def chart(chart, pdf: bool = False, table: bool = True) -> str:
    """A picture of numbers, with the same numbers in a table. `pdf=True`: measures that a PDF can use."""
    return draw(chart, pdf, table)


register.simple_tag(chart, name="bar_chart")
register.simple_tag(chart, name="stacked_bar_chart")
register.simple_tag(chart, name="line_chart")
