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
                return do(*args, **kwargs)
            finally:
                _held.reset(token)

    return in_one_transaction


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
