"""The list of caregivers: who is on it, in which order, and what a row says.

What is typed to find somebody is personal: it comes in the body of a POST and never stands in an address. An address
holds the order, what the list is narrowed to (her own, a phase, whose turn it is) and the id at the edge of a page.
"""

import datetime
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Membership
from intake import burden, turns
from intake.forms import HEAVY_FROM, NotSpoken, Order, SearchForm, Whose
from intake.models import Caregiver, Need, SituationKind, Turn, what_she_asks
from mantelzorg import forms
from mantelzorg.dates import day_in_words, days_late
from mantelzorg.pagination import Page

SITUATION_IN_SHORT = {
    SituationKind.DEMENTIA: "Dementie",
    SituationKind.MENTAL: "Psychisch",
    SituationKind.ADDICTION: "Verslaving",
    SituationKind.PHYSICAL: "Lichamelijk",
    SituationKind.INTELLECTUAL: "Verstandelijk",
    SituationKind.BRAIN_INJURY: "Hersenletsel",
    SituationKind.OLD_AGE: "Ouderdom",
    SituationKind.OTHER: "Anders",
    SituationKind.NOT_SAID: "Zegt zij liever niet",
}


@dataclass(frozen=True)
class ListChoice:
    """What was asked for. `text` and `contact` were typed, and name somebody: they never stand in an address."""

    text: str = ""
    contact: str = ""
    order: str = Order.NAME
    whose: str = Whose.ALL
    phase: str = ""
    turn: str = ""
    heavy_from: str = ""
    not_spoken: str = ""

    @classmethod
    def asked(cls, form: SearchForm) -> "ListChoice":
        """What was asked for; what cannot be asked for, is not asked."""
        asked = form.initial if not form.is_bound else form.cleaned_data if form.is_valid() else {}
        order = asked.get("volgorde", "")
        return cls(
            text=asked.get("zoek", "").strip(),
            contact=asked.get("contact", "").strip(),
            order=order if order in Order.values else Order.NAME,
            whose=_one_of(asked.get("van"), Whose.values),
            phase=forms.slug_or_nothing(asked.get("fase")),
            turn=_one_of(asked.get("beurt"), Turn.values),
            heavy_from=_one_of(asked.get("vanaf"), [value for value, _ in HEAVY_FROM]),
            not_spoken=_one_of(asked.get("gesprek"), NotSpoken.values),
        )

    def rows(self, user, today: datetime.date):
        rows = Caregiver.objects.for_user(user).for_list().annotate(asks=what_she_asks())
        if self.is_heaviest_first:
            rows = rows.by_burden()
        if self.text:
            rows = rows.named(self.text)
        if self.contact:
            rows = rows.of_contacts(Membership.objects.named_like(user, self.contact))
        if self.phase:
            rows = rows.in_phase(self.phase)
        if self.heavy_from:
            rows = rows.heavy_from(int(self.heavy_from))
        if self.not_spoken == NotSpoken.NEVER:
            rows = rows.never_spoken()
        elif self.not_spoken:
            rows = rows.not_spoken_since(today - datetime.timedelta(weeks=int(self.not_spoken)))
        if self.turn:
            rows = rows.who_ask(Need.objects.turn_of(user, whose=self.turn, today=today))
        return rows.of_fixed_contact(user.acting) if self.is_mine else rows

    @property
    def keys(self) -> tuple[str, ...]:
        return ("-heaviness", "search_name", "pk") if self.is_heaviest_first else ("search_name", "pk")

    @property
    def is_heaviest_first(self) -> bool:
        return self.order == Order.HEAVIEST

    @property
    def is_mine(self) -> bool:
        return self.whose == Whose.MINE

    @property
    def is_typed(self) -> bool:
        return bool(self.text or self.contact)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.is_typed or self.phase or self.turn or self.heavy_from or self.not_spoken)

    @property
    def sent_along(self) -> dict[str, str]:
        """By the names of the form, what was asked: for the pages of a search."""
        asked = {"zoek": self.text, "contact": self.contact} | self._in_address
        return {name: value for name, value in asked.items() if value}

    @property
    def filters(self) -> tuple[str, ...]:
        """The names of what was asked, for the access log."""
        return tuple(self.sent_along)

    @property
    def _in_address(self) -> dict[str, str]:
        return {
            "volgorde": self.order if self.order != Order.NAME else "",
            "van": self.whose,
            "fase": self.phase,
            "beurt": self.turn,
            "vanaf": self.heavy_from,
            "gesprek": self.not_spoken,
        }

    @property
    def address(self) -> str:
        return _address(self._in_address)

    @property
    def more_address(self) -> str:
        """The same list, with all that it can be narrowed by."""
        return _address(self._in_address | {"meer": "ja"})


def _address(asked: dict[str, str]) -> str:
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('caregiver_list')}{'?' if query else ''}{query}"


def _one_of(value, values) -> str:
    return value if value in values else ""


def how_many(page: Page) -> str:
    """What stands above the rows. Nobody counts them all: that there is a next page says enough."""
    count = len(page.rows)
    if page.is_only:
        return "1 mantelzorger" if count == 1 else f"{count} mantelzorgers"
    if not page.previous_key:
        return f"1 tot en met {count} van veel"
    return f"{count} van veel" if page.next_key else f"De laatste {count}"


def line_of(row: dict, user, today: datetime.date, address: str) -> dict:
    """One row, in words. `address` is that of a caregiver's page, up to her id."""
    asks = row["asks"]
    line = {
        "url": f"{address}{row['pk']}/",
        "name": row["name"],
        "municipality": row["municipality__name"],
        "situation": _situation(row),
        "burden": burden.in_words(row["burden"]),
        "colour": burden.colour(row["burden"]),
        "contact": "Jij" if row["fixed_contact"] == user.acting.pk else row["fixed_contact__user__name"],
    }
    return line | _most_pressing(asks, user, today) if asks else line


def lines_of(rows: list[dict], user, today: datetime.date) -> list[dict]:
    address = reverse("caregiver_list")
    return [line_of(row, user, today, address) for row in rows]


def _situation(row: dict) -> str:
    situation = SITUATION_IN_SHORT[SituationKind(row["situation_kind"])]
    return f"{situation}, fase {row['phase__number']}" if row["phase__number"] else situation


def _most_pressing(asks: list[dict], user, today: datetime.date) -> dict:
    first = asks[0]
    until = datetime.date.fromisoformat(first["turn_on"])
    return {
        "kind": first["kind"] or "Nog samen uitzoeken",
        "more": f"en nog {len(asks) - 1}" if len(asks) > 1 else "",
        "turn": f"{turns.who_in_short(user, **first['turn'])}, tot en met {day_in_words(until)}",
        "late": days_late(until, today),
    }
