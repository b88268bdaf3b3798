"""Databases of our own: made, copied and dropped here. One that we did not make is never touched."""

import datetime
import hashlib
import os
import re
from collections.abc import Iterable
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
from psycopg import sql

NAME = os.environ.get("BENCH_DB", "mantelzorg_bench")
MARK = "made by benchmarks, which drop it again"
PROJECT = Path(__file__).resolve().parent.parent


class NotOurs(Exception):
    """A database by that name exists and was not made here, or the name is not one for a benchmark."""


def check_name(name: str = NAME) -> None:
    """Before anything is made. The demo's database is refused by name, any other by the mark it does not carry."""
    if not re.fullmatch(r"[a-z0-9_]*bench[a-z0-9_]*", name):
        raise NotOurs(f"BENCH_DB={name}: the name of the benchmark's database must contain 'bench'. Nothing was done.")
    if name == settings.MAINTENANCE_DATABASE:
        raise NotOurs(f"{name} is the database of DATABASE_URL itself; the benchmark needs one of its own.")


def _parameters(name: str) -> dict:
    return {**settings.DATABASES["default"], "NAME": name}


def open_database(name: str, *, as_admin: bool = False) -> DatabaseWrapper:
    """A connection of Django's to one of our databases; `use` makes it the one everything goes through.

    Measured as the application, which row-level security holds; made and looked at by the administrator.
    """
    who = settings.DATABASE_ADMIN if as_admin else {}
    wrapper = DatabaseWrapper({**connections["default"].settings_dict, **_parameters(name), **who}, alias="default")
    use(wrapper)  # Django asks the current connection something whenever it makes one
    wrapper.ensure_connection()
    return wrapper


def use(wrapper: DatabaseWrapper) -> None:
    connections["default"] = wrapper


def _maintenance() -> psycopg.Connection:
    wrapper = DatabaseWrapper(
        {
            **connections["default"].settings_dict,
            **_parameters(settings.MAINTENANCE_DATABASE),
            **settings.DATABASE_ADMIN,
        },
        alias="default",
    )
    parameters = wrapper.get_connection_params()
    return psycopg.connect(
        **{key: parameters[key] for key in ("dbname", "user", "password", "host", "port") if key in parameters},
        autocommit=True,
    )


def _mark_of(connection, name: str) -> str | None:
    """The mark of an existing database ('' when it has none); None when there is no such database."""
    row = connection.execute(
        "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = %s", [name]
    ).fetchone()
    return row[0] if row else None


def drop(name: str) -> None:
    with _maintenance() as connection:
        mark = _mark_of(connection, name)
        if mark is None:
            return
        if not mark.startswith(MARK):
            raise NotOurs(f"The database {name} was not made by a benchmark: it stays. Choose another name (BENCH_DB).")
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def make(name: str, *, like: str = "template1") -> None:
    """An empty database, or a copy of another of ours (to which nobody may be connected)."""
    check_name(name)
    drop(name)
    with _maintenance() as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(like)))
        connection.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(f"{MARK} {_recipe()}"))
        )


def _recipe() -> str:
    """What the data were made from: the day, the tables and the code in this folder."""
    sources = sorted([*PROJECT.glob("*/migrations/*.py"), *(PROJECT / "benchmarks").glob("*.py")])
    recipe = hashlib.sha256(str(datetime.date.today()).encode())
    for source in sources:
        if source.stem in ("cases", "copying", "directory", "keys") or source.parent.name == "migrations":
            recipe.update(source.read_bytes())
    return recipe.hexdigest()[:16]


def all_kept(names: Iterable[str]) -> bool:
    """Whether an earlier run of today left all of them, made the same way."""
    with _maintenance() as connection:
        return all(_mark_of(connection, name) == f"{MARK} {_recipe()}" for name in names)


def settle() -> None:
    """Fresh statistics, and what was written is on disk: no background work while we measure."""
    with connections["default"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT pg_has_role('pg_checkpoint', 'USAGE')")  # a superuser has every role
        if cursor.fetchone()[0]:
            cursor.execute("CHECKPOINT")


def size_in_mb() -> float:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database()) / 1048576.0")
        return float(cursor.fetchone()[0])
