"""How far long work is, told while it is done: nobody else sees what a transaction has not finished."""

import logging
import time

from django.db import DatabaseError, connection
from psycopg import sql

logger = logging.getLogger(__name__)

TELL_EVERY = 1.0  # seconds


class Progress:
    """Tells it at most once a second, over a connection of its own. Telling never stops the work."""

    def __init__(self, job):
        self.job = job
        self.total = 0
        self.last = time.monotonic()
        self.aside = None

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_) -> None:
        if self.aside is not None:
            self.aside.close()

    def __call__(self, done: int) -> None:
        if time.monotonic() < self.last + TELL_EVERY:
            return
        self.last = time.monotonic()
        self.tell(done=done, total=self.total)

    def tell(self, **columns) -> None:
        """Now, whatever was told before."""
        written = sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in columns)
        update = sql.SQL("UPDATE {} SET {} WHERE id = %s").format(sql.Identifier(self.job._meta.db_table), written)
        try:
            self.aside = self.aside or connection.copy()
            with self.aside.cursor() as cursor:
                cursor.execute(update, [*columns.values(), self.job.pk])
        except DatabaseError as error:
            logger.warning("How far %s is could not be told: %s", self.job.pk, error)
