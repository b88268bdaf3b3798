"""A form on top of what others do meanwhile: it carries what stood there when it was opened.

What stood there travels with the form, signed, so that "changed by her" and "changed by somebody else" are told apart
field by field, however long the form stood open. What she typed is never thrown away.
"""

from typing import Any

from django.core import signing
from django.forms import Field
from django.http import QueryDict

from mantelzorg import forms
from sociale_kaart.editing.merging import Conflict, Values

SALT = "sociale_kaart.editing"
TAKE_THEIRS = "overnemen"  # names of what she leaves as the other made it


class CardForm(forms.Form):
    """Fields of a form are names of plain values, unless `parts` says of which value a field is a part."""

    was = forms.CharField(widget=forms.HiddenInput, required=False)
    parts: dict[str, str] = {}  # field of the form: name of the plain value

    def __init__(self, data: QueryDict | None = None, *, about: str, stands: Values | None = None, **kwargs):
        """`about` is what it is the form of, `stands` how that stands now; nothing when it is new."""
        self.about = about
        self.conflict: Conflict | None = None
        self.base = (self._carried(data) if data is not None else stands) or {}
        self.left: set[str] = set(data.getlist(TAKE_THEIRS)) if data is not None else set()
        super().__init__(data, **kwargs)
        self.prepare(stands or self.base)
        self.base = {name: value for name, value in self.base.items() if name in self.names()}
        self.initial = self.shown(self.base or stands or {}) | (kwargs.get("initial") or {})
        self.initial["was"] = self.seal(self.base)
        for name in self.left & set(self.base):
            self._put(name, self.shown(self.base))

    def prepare(self, stands: Values) -> None:
        """Fill in what can be chosen."""

    def shown(self, values: Values) -> dict[str, Any]:
        """Plain values as the fields show them."""
        return {name: values[name] for name in self.fields if name in values}

    def value_of(self, name: str) -> Any:
        """The plain value that was typed under this name."""
        return self.cleaned_data[name]

    def names(self) -> list[str]:
        """The plain values this form is about."""
        asked = [self.parts.get(name, name) for name in self.fields if name not in self.no_values]
        return list(dict.fromkeys(name for name in asked if name))

    no_values: tuple[str, ...] = ("was", "form_key")

    def mine(self) -> Values:
        """What she means to stand there: where she changed nothing, exactly what she found."""
        found = {}
        for name in self.names():
            untouched = name in self.base and (name in self.left or not self._touched(name))
            found[name] = self.base[name] if untouched else self.value_of(name)
        return found

    def show_conflict(self, conflict: Conflict) -> None:
        """Beside what she typed, what somebody else made of it; and fields she left alone become as they stand now."""
        self.conflict = conflict
        self.base = {name: conflict.theirs.get(name) for name in self.names()}
        self.data = self.data.copy()
        self.data[self.add_prefix("was")] = self.seal(self.base)
        for name in conflict.merged.taken:
            self._put(name, self.shown(conflict.theirs))
        self.add_error(None, conflict.sentence)

    def show_mistakes(self, mistakes: dict[str, list[str]]) -> None:
        """What the verb found, at the field it is about."""
        for name, sentences in mistakes.items():
            field = next((field for field in self.fields if self.parts.get(field, field) == name), None)
            self.add_error(field, sentences)

    def seal(self, values: Values) -> str:
        return signing.dumps(values, salt=f"{SALT}.{self.about}", compress=True) if values else ""

    def _carried(self, data: QueryDict) -> Values:
        """What stood there when she began. Without it, everything that differs is asked."""
        try:
            return signing.loads(data.get("was", ""), salt=f"{SALT}.{self.about}")
        except signing.BadSignature:
            return {}

    def _touched(self, name: str) -> bool:
        return any(
            _typed(field, self[part].data) != _typed(field, field.prepare_value(self[part].initial))
            for part, field in self.fields.items()
            if part not in self.no_values and self.parts.get(part, part) == name
        )

    def _put(self, name: str, shown: dict[str, Any]) -> None:
        self.data = self.data.copy()
        for part, field in self.fields.items():
            if part in self.no_values or self.parts.get(part, part) != name:
                continue
            value, key = field.prepare_value(shown.get(part)), self.add_prefix(part)
            if isinstance(value, list | tuple):
                self.data.setlist(key, [str(one) for one in value])
            elif isinstance(value, bool):
                self.data.pop(key, None)
                if value:
                    self.data[key] = "on"
            else:
                self.data[key] = "" if value is None else str(value)


def _typed(field: Field, value: Any) -> Any:
    """As the browser sends it, so that what nobody touched is the same as what was shown."""
    if isinstance(value, list | tuple | set):
        return sorted(map(str, value))
    if isinstance(field, forms.BooleanField):
        return bool(value) and value not in ("False", "false", "off")
    if isinstance(field, forms.MultipleChoiceField):
        return []
    return "" if value is None else str(value).replace("\r\n", "\n").strip()
