"""The list of caregivers: who is on it, in which order, and what a row says.

What is typed to find somebody is personal: it comes in the body of a POST and never stands in an address. An address
holds the order, whether only her own are shown, and the id at the edge of a page.
"""

import datetime
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from intake import burden, turns
from intake.forms import Order, SearchForm, Whose
from intake.models import Caregiver, SituationKind, what_she_asks
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
    text: str = ""
    order: str = Order.NAME
    whose: str = Whose.ALL

    @classmethod
    def asked(cls, form: SearchForm) -> "ListChoice":
        """What was asked for; what cannot be asked for, is not asked."""
        asked = form.initial if not form.is_bound else form.cleaned_data if form.is_valid() else {}
        order, whose = asked.get("volgorde", ""), asked.get("van", "")
        return cls(
            text=asked.get("zoek", "").strip(),
            order=order if order in Order.values else Order.NAME,
            whose=whose if whose in Whose.values else Whose.ALL,
        )

    def rows(self, user):
        rows = Caregiver.objects.for_user(user).for_list().annotate(asks=what_she_asks())
        if self.is_heaviest_first:
            rows = rows.by_burden()
        if self.text:
            rows = rows.named(self.text)
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
    def filters(self) -> tuple[str, ...]:
        """The names of what was asked, for the access log."""
        return (
            *(["zoek"] if self.text else []),
            *(["volgorde"] if self.is_heaviest_first else []),
            *(["van"] if self.is_mine else []),
        )

    @property
    def address(self) -> str:
        asked = {"volgorde": self.order if self.is_heaviest_first else "", "van": self.whose if self.is_mine else ""}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{reverse('caregiver_list')}{'?' if query else ''}{query}"


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
