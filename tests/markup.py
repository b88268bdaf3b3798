"""What a page offers (links, forms, buttons), and what is wrong with its markup.

Strict where a browser forgives: a tag that is not closed, an id that is there twice, a control that nobody can name.
"""

import datetime
import html
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import urlsplit

from django.utils import timezone

from tests.factories import PASSWORD

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
CLOSES_A_PARAGRAPH = {
    *("address", "article", "aside", "blockquote", "details", "dialog", "div", "dl", "fieldset", "figure", "footer"),
    *("form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table"),
    "ul",
}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
NEEDS_NO_LABEL = {"hidden", "submit", "button", "image", "reset"}
REFERENCES = ("aria-describedby", "aria-labelledby", "aria-controls", "aria-owns", "for", "headers", "list", "form")
KEEPS_ITS_LINE_ENDS = {"textarea", "pre"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""
    form: "Form | None" = None

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def __str__(self) -> str:
        said = " ".join(f'{name}="{self.get(name)}"' for name in ("id", "name", "href", "type") if self.get(name))
        return f"<{self.tag} {said}>".replace(" >", ">")


@dataclass
class Control(Element):
    options: list[Element] = field(default_factory=list)
    labelled: bool = False

    @property
    def type(self) -> str:
        return self.get("type", "text").lower() if self.tag == "input" else self.tag


@dataclass
class Form(Element):
    controls: list[Control] = field(default_factory=list)
    buttons: list[Element] = field(default_factory=list)

    @property
    def method(self) -> str:
        return self.get("method", "get").lower()

    def as_it_stands(self) -> dict[str, list[str]]:
        """What a browser sends when nothing is filled in."""
        data: dict[str, list[str]] = {}
        for control in self.controls:
            for value in _as_it_stands(control):
                data.setdefault(control.get("name"), []).append(value)
        return data

    def filled_in(self, choice: int) -> dict[str, list[str]]:
        """Everything filled in with something plausible; `choice` says which of several: 0 the first, -1 the last."""
        data: dict[str, list[str]] = {}
        radios: dict[str, list[str]] = {}
        for control in self.controls:
            name = control.get("name")
            if control.type == "radio":
                radios.setdefault(name, []).append(control.get("value", "on"))
                continue
            for value in _filled_in(control, choice):
                data.setdefault(name, []).append(value)
        return data | {name: [values[choice]] for name, values in radios.items()}


def _as_it_stands(control: Control) -> list[str]:
    if control.type in ("checkbox", "radio"):
        return [control.get("value", "on")] if "checked" in control.attributes else []
    if control.type == "select":
        chosen = [option for option in control.options if "selected" in option.attributes]
        chosen = chosen or ([] if "multiple" in control.attributes else control.options[:1])
        return [option.get("value", option.text) for option in chosen]
    return [control.text if control.type == "textarea" else control.get("value")]


def _filled_in(control: Control, choice: int) -> list[str]:
    now, name = timezone.localtime(), control.get("name")
    if control.type == "hidden":
        return [control.get("value")]
    if control.type == "checkbox":
        return [control.get("value", "on")]
    if control.type == "select":
        real = [value for option in control.options if (value := option.get("value", option.text))]
        return [real[choice]] if real else [""]
    plausible = {
        "email": "nieuw@voorbeeld.example",
        "tel": "06 12345678",
        "date": now.date().isoformat(),
        "datetime-local": (now - datetime.timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"),
        "number": "3",
        "password": PASSWORD,
        "textarea": "Zij slaapt slecht en wil met iemand praten.\r\nHet liefst snel.",
    }
    if control.type in plausible:
        return [plausible[control.type]]
    if "postcode" in name:
        return ["1506 AB"]
    if control.get("inputmode") == "numeric":
        return ["3"]
    return [control.get("value") or "Wandelen met Anja"]


class Page(HTMLParser):
    """A page, read from top to bottom. `problems` are sentences."""

    def __init__(self, text: str, *, is_piece: bool = False):
        super().__init__(convert_charrefs=True)
        self.is_piece = is_piece
        self.links: list[Element] = []
        self.forms: list[Form] = []
        self.controls: list[Control] = []
        self.problems: list[str] = []
        self.headings: list[Element] = []
        self.assets: list[str] = []
        self.htmx: list[Element] = []
        self.title = ""
        self.words: list[str] = []
        self._ids: Counter = Counter()
        self._label_for: set[str] = set()
        self._references: list[tuple[Element, str, str]] = []
        self._fragments: list[tuple[Element, str]] = []
        self._open: list[Element] = []
        self._named: list[Element] = []
        self._no_form: list[Control | Element] = []
        self.feed(text)
        self.close()
        self._conclude()

    # Reading ----------------------------------------------------------------------------------------------------------

    def handle_decl(self, decl):
        if decl.lower() != "doctype html":
            self._wrong(f"<!{decl}>")

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        element = self._element(tag, {name: value or "" for name, value in attrs})
        if len(names) != len(set(names)):
            self._wrong(f"{element} has the same attribute twice")
        if tag in CLOSES_A_PARAGRAPH and any(parent.tag == "p" for parent in self._open):
            self._wrong(f"{element} cannot be in a paragraph")
        self._look_at(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag):
        if tag in VOID:
            self._wrong(f"</{tag}>")
        elif not self._open or self._open[-1].tag != tag:
            self._wrong(f"</{tag}> closes {self._open[-1] if self._open else 'nothing'}")
            if any(parent.tag == tag for parent in self._open):
                while self._open.pop().tag != tag:
                    pass
        else:
            self._open.pop()

    def handle_data(self, data):
        if self._inside("script", "style", "template"):
            return
        if data.strip():
            self.words.append(data)
        for parent in self._open:
            parent.text += data
        if self._inside("title") and not self._inside("svg"):
            self.title += data

    def _element(self, tag, attributes) -> Element:
        kind = {"form": Form, "input": Control, "select": Control, "textarea": Control}.get(tag, Element)
        return kind(tag, attributes)

    def _inside(self, *tags) -> Element | None:
        return next((parent for parent in reversed(self._open) if parent.tag in tags), None)

    def _wrong(self, sentence: str) -> None:
        self.problems.append(sentence)

    # Judging ----------------------------------------------------------------------------------------------------------

    def _look_at(self, element: Element) -> None:
        if "id" in element.attributes:
            self._ids[element.get("id")] += 1
        for name in element.attributes:
            if name == "style" or name.startswith(("on", "hx-")):
                self._wrong(f"{element} has the attribute {name}")
        for name in REFERENCES:
            if name in element.attributes:
                self._references.append((element, name, element.get(name)))
        for name in ("data-hx-target", "data-hx-include", "data-hx-indicator"):
            if (target := element.get(name)).startswith("#"):
                self._references.append((element, name, target[1:]))
        if any(f"data-hx-{method}" in element.attributes for method in ("get", "post")):
            element.form = element if element.tag == "form" else self._inside("form")
            self.htmx.append(element)
        look = getattr(self, f"_look_at_{element.tag}", None)
        if element.tag in HEADINGS:
            self.headings.append(element)
        if look:
            look(element)

    def _look_at_a(self, link) -> None:
        if self._inside("svg"):
            return
        href = link.get("href")
        if href in ("", "#") or href.startswith("javascript:"):
            self._wrong(f"{link} leads nowhere")
        if self._inside("a", "button", "label", "summary"):
            self._wrong(f"{link} is inside another thing to click on")
        if urlsplit(href).scheme in ("http", "https") and "noopener" not in link.get("rel") and link.get("target"):
            self._wrong(f"{link} opens elsewhere without rel=noopener")
        self.links.append(link)
        self._named.append(link)
        self._fragments.append((link, href))

    def _look_at_form(self, form) -> None:
        if self._inside("form"):
            self._wrong(f"{form} is inside another form")
        self.forms.append(form)

    def _look_at_input(self, control) -> None:
        if control.type in ("submit", "button", "image", "reset"):
            return self._look_at_button(control)
        control.labelled = bool(self._inside("label"))
        self.controls.append(control)
        form = self._inside("form")
        if "form" in control.attributes:
            self._no_form.append(control)
        elif form is not None:
            form.controls.append(control)

    _look_at_select = _look_at_textarea = _look_at_input

    def _look_at_option(self, option) -> None:
        if select := self._inside("select"):  # or it is a suggestion of a datalist
            select.options.append(option)

    def _look_at_button(self, button) -> None:
        if self._inside("a", "button", "label"):
            self._wrong(f"{button} is inside another thing to click on")
        self._named.append(button)
        form = self._inside("form")
        if button.get("type", "submit") == "submit":
            if form is not None:
                form.buttons.append(button)
            elif "form" in button.attributes:
                self._no_form.append(button)
            elif not {"data-hx-get", "data-hx-post"} & set(button.attributes):
                self._wrong(f"{button} belongs to no form")

    def _look_at_label(self, label) -> None:
        self._label_for.add(label.get("for"))

    def _look_at_script(self, script) -> None:
        if script.get("src"):
            self.assets.append(script.get("src"))
        elif script.get("type") != "application/json":
            self._wrong("a script in the page")

    def _look_at_style(self, style) -> None:
        self._wrong("a style in the page")

    def _look_at_link(self, link) -> None:
        self.assets.append(link.get("href"))

    def _look_at_img(self, image) -> None:
        if "alt" not in image.attributes:
            self._wrong(f"{image} has no alt")
        self.assets.append(image.get("src"))

    def _look_at_html(self, root) -> None:
        if root.get("lang") != "nl":
            self._wrong("the page does not say that it is Dutch")

    # When all was read ------------------------------------------------------------------------------------------------

    def _conclude(self) -> None:
        for element in self._open:
            self._wrong(f"{element} is not closed")
        for name, count in self._ids.items():
            if count > 1 or not name or " " in name:
                self._wrong(f'id="{name}" is there {count} times')
        self._give_to_their_forms()
        for control in self.controls:
            named = control.labelled or control.get("id") in self._label_for or control.get("aria-label")
            if control.type not in NEEDS_NO_LABEL and not named and not control.get("aria-labelledby"):
                self._wrong(f"{control} has no label")
        for element in self._named:
            if not (element.text.strip() or element.get("aria-label") or element.get("value")):
                self._wrong(f"{element} has no name")
        for form in self.forms:
            if form.method == "post" and "csrfmiddlewaretoken" not in [one.get("name") for one in form.controls]:
                self._wrong(f"{form} to {form.get('action')} has no token")
        if not self.is_piece:
            self._conclude_page()

    def _give_to_their_forms(self) -> None:
        forms = {form.get("id"): form for form in self.forms}
        for element in self._no_form:
            if form := forms.get(element.get("form")):
                (form.controls if isinstance(element, Control) else form.buttons).append(element)

    def _conclude_page(self) -> None:
        """What a piece of a page cannot say of itself: it refers to what stands around it."""
        for element, name, value in self._references:
            for one in value.split():
                if one not in self._ids:
                    self._wrong(f"{element} names {one} in {name}, which is not there")
        for element, href in self._fragments:
            if href.startswith("#") and href[1:] not in self._ids:
                self._wrong(f"{element} leads to nothing on this page")
        levels = [int(heading.tag[1]) for heading in self.headings]
        if levels.count(1) != 1:
            self._wrong(f"{levels.count(1)} h1's")
        for before, after in pairwise(levels):
            if after > before + 1:
                self._wrong(f"from h{before} to h{after}")
        if not self.title.strip() or self.title.strip().startswith("–"):
            self._wrong("no title")
        for heading in self.headings:
            if not heading.text.strip():
                self._wrong(f"{heading} is empty")

    @property
    def anchors(self) -> set[str]:
        """What a link can lead to on this page."""
        return set(self._ids)

    @property
    def text(self) -> str:
        return html.unescape(" ".join(" ".join(self.words).split()))
