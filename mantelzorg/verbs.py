"""A verb changes something, as a whole or not at all. A verb that another one calls joins it.

Whatever is raised ends the outermost verb and undoes all of it, so within one a verb that was refused is never caught.
What a verb made or locked, nobody else can change before it ends: the verbs in it need not look again.
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import TypeVar

from django.db import models, transaction

Row = TypeVar("Row", bound=models.Model)
WAITING = "waiting"
_held: ContextVar[dict | None] = ContextVar("held", default=None)


def as_a_whole(do: Callable) -> Callable:
    """One transaction for the outermost verb; in a transaction that was there already, a savepoint."""

    @wraps(do)
    def in_one_transaction(*args, **kwargs):
        if _held.get() is not None:
            with transaction.atomic(savepoint=False):
                return do(*args, **kwargs)
        with transaction.atomic():
            token = _held.set({})
            try:
                result = do(*args, **kwargs)
                make_what_waits()
                return result
            finally:
                _held.reset(token)

    return in_one_transaction


def make_later(row: models.Model) -> None:
    """A row that nothing else in this verb asks for: it is made at the end of it, with its kind in one statement."""
    rows = _held.get()
    if rows is None:
        row.save(force_insert=True)
    else:
        rows.setdefault(WAITING, []).append(row)


def make_what_waits() -> None:
    """All that `make_later` put off, now: because the verb ends, or because what comes next stands in its way."""
    waiting = (_held.get() or {}).pop(WAITING, [])
    for kind in {type(row) for row in waiting}:
        kind.objects.bulk_create(row for row in waiting if type(row) is kind)


def hold(row: Row) -> Row:
    """This verb has just made or locked it, with all its own fields: to its end it stays as it is in memory."""
    rows = _held.get()
    if rows is not None:
        rows[type(row), row.pk] = row
    return row


def held(row: Row) -> Row | None:
    """The same row as this verb has it already, if it does."""
    rows = _held.get()
    return rows.get((type(row), row.pk)) if rows else None
