"""Pages of a list by key, never by offset or by count: the five hundredth page costs what the first costs.

An address names the row at the edge of a page by its id and nothing else: no name in it, and what that row sorts by is
looked up again, inside the rows this person may see. A row that is gone leads to the first page. The pages of a search
that is a POST (what was typed is personal) are asked for in its body: their forms send `next_key` or `previous_key`.
"""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest

AFTER, BEFORE = "na", "voor"


@dataclass(frozen=True)
class Page:
    rows: list[Any] = field(default_factory=list)
    previous_url: str = ""
    next_url: str = ""
    previous_key: Any = ""
    next_key: Any = ""

    @property
    def is_only(self) -> bool:
        return not self.previous_key and not self.next_key


def keyset_page(request: HttpRequest, rows: QuerySet, *, order: tuple[str, ...], size: int = 20) -> Page:
    """The page that the address, or the body of a POST, asks for.

    `order` are fields without nulls, "-" for descending; the last is unique.

    >>> keyset_page(request, Organisation.objects.for_list(), order=("name", "pk"))
    """
    edge_id, backwards = _asked(request)
    edge = _values_at_edge(rows, order, edge_id) if edge_id else None
    backwards = backwards and edge is not None
    wanted = rows.order_by(*(_turned(order) if backwards else order))
    if edge is not None:
        wanted = wanted.filter(_beyond(_turned(order) if backwards else order, edge))
    found = list(wanted[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page()
    has_previous = more if backwards else edge is not None
    has_next = True if backwards else more
    previous_key = _key(found[0]) if has_previous else ""
    next_key = _key(found[-1]) if has_next else ""
    return Page(
        rows=found,
        previous_url=_address(request, BEFORE, previous_key),
        next_url=_address(request, AFTER, next_key),
        previous_key=previous_key,
        next_key=next_key,
    )


def _asked(request: HttpRequest) -> tuple[str, bool]:
    asked = request.POST if request.method == "POST" else request.GET
    if asked.get(BEFORE):
        return asked[BEFORE], True
    return asked.get(AFTER, ""), False


def _values_at_edge(rows: QuerySet, order: tuple[str, ...], edge_id: str) -> tuple | None:
    try:
        key = rows.model._meta.pk.to_python(edge_id)
    except ValidationError:  # whatever somebody typed there
        return None
    return rows.order_by().filter(pk=key).values_list(*(name.removeprefix("-") for name in order)).first()


def _turned(order: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in order)


def _beyond(order: tuple[str, ...], edge: tuple) -> Q:
    """Past the edge: later in the first field; or equal there and past it in the rest."""
    name, value = order[0], edge[0]
    field_name = name.removeprefix("-")
    strictly = Q(**{f"{field_name}__{'lt' if name.startswith('-') else 'gt'}": value})
    if len(order) == 1:
        return strictly
    # the bound on the first field alone is redundant, and lets the index begin at the right place
    loosely = Q(**{f"{field_name}__{'lte' if name.startswith('-') else 'gte'}": value})
    return loosely & (strictly | (Q(**{field_name: value}) & _beyond(order[1:], edge[1:])))


def _key(row) -> Any:
    return row["pk"] if isinstance(row, dict) else row.pk


def _address(request: HttpRequest, direction: str, key) -> str:
    if not key or request.method == "POST":
        return ""
    query = request.GET.copy()
    query.pop(AFTER, None)
    query.pop(BEFORE, None)
    query[direction] = key
    return f"{request.path}?{query.urlencode()}"
