"""Many rows at once: COPY, with the model's own defaults for what is not given.

Check and unique constraints are the database's and hold for every row. Foreign keys are checked afterwards, each with
one query over the whole table, where the role may switch the check per row off; otherwise per row.
"""

from collections.abc import Iterable
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models.fields import NOT_PROVIDED
from psycopg import sql

ROOMS = ("accounts", "sociale_kaart", "intake", "referrals", "trail")


class Table:
    """Rows for one model, kept until `write`. `names` are the fields that every row gives, by attname."""

    def __init__(self, model: type[models.Model], *names: str):
        fields = {field.attname: field for field in model._meta.concrete_fields}
        rest = [
            field
            for attname, field in fields.items()
            if attname not in names and not isinstance(field, models.AutoField) and field.db_default is NOT_PROVIDED
        ]
        if any(field.primary_key for field in rest):
            raise ValueError(f"Every row of {model.__name__} needs a key.")
        columns = [*(fields[name].column for name in names), *(field.column for field in rest)]
        self._copy = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(model._meta.db_table), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        self._constants = tuple(field.get_default() for field in rest)
        self._rows: list[tuple] = []
        self.written = 0

    def add(self, *values) -> None:
        self._rows.append(values)

    def write(self) -> None:
        if not self._rows:
            return
        with connection.cursor() as cursor, cursor.copy(self._copy) as copy:
            for row in self._rows:
                copy.write_row(row + self._constants)
        self.written += len(self._rows)
        self._rows.clear()


@contextmanager
def foreign_keys_checked_at_the_end():
    """One transaction in which rows may come in any order; it ends with an error when one points nowhere."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
        may_switch = cursor.fetchone()[0]
        if may_switch:
            cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        for table, column, target in _foreign_keys():
            refuse_dangling(table, column, target)
        if may_switch:
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")


@contextmanager
def index_made_afterwards(name: str):
    """Rows are written without this index, and it is made anew from all of them: many times as fast for GIN.

    The tests, which make few rows and own no index, write with it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef, pg_has_role(tableowner, 'USAGE') FROM pg_indexes JOIN pg_tables USING (schemaname, "
            "tablename) WHERE schemaname = current_schema AND indexname = %s",
            [name],
        )
        definition, is_owner = cursor.fetchone()
        if not is_owner:
            yield
            return
        cursor.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        yield
        cursor.execute(definition)


def _foreign_keys() -> Iterable[tuple[str, str, type[models.Model]]]:
    for label in ROOMS:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            for field in model._meta.concrete_fields:
                if field.remote_field is not None:
                    yield model._meta.db_table, field.column, field.remote_field.model


def refuse_dangling(table: str, column: str, target: type[models.Model]) -> None:
    query = sql.SQL(
        "SELECT count(*) FROM {table} checked WHERE checked.{column} IS NOT NULL"
        " AND NOT EXISTS (SELECT FROM {target} WHERE {target}.{key} = checked.{column})"
    ).format(
        table=sql.Identifier(table),
        column=sql.Identifier(column),
        target=sql.Identifier(target._meta.db_table),
        key=sql.Identifier(target._meta.pk.column),
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        if dangling := cursor.fetchone()[0]:
            raise ValueError(f"{dangling} rows of {table} point nowhere by {column}.")
