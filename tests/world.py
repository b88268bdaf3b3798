"""The rows every installation starts from (knowledge, geography), kept aside so that they can be put back fast.

Tests with real transactions end with TRUNCATE of every table. Loading everything anew takes seconds; copying the rows
back inside the database takes a fraction of one.
"""

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

ASIDE = "world_aside"
OURS = ("knowledge", "sociale_kaart")


def _tables() -> list[str]:
    models = [model for label in OURS for model in apps.get_app_config(label).get_models(include_auto_created=True)]
    return sorted({model._meta.db_table for model in models})


def remember() -> None:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {ASIDE} CASCADE")
        cursor.execute(f"CREATE SCHEMA {ASIDE}")
        for table in _tables():
            cursor.execute(f"CREATE TABLE {ASIDE}.{quote(table)} AS TABLE {quote(table)}")


def restore_if_gone() -> None:
    municipality = apps.get_model("sociale_kaart", "Municipality")
    if municipality.objects.exists():
        return
    quote = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # in any order
        for table in _tables():
            cursor.execute(f"INSERT INTO {quote(table)} SELECT * FROM {ASIDE}.{quote(table)}")
        models = [model for label in OURS for model in apps.get_app_config(label).get_models(include_auto_created=True)]
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
