"""The three roles and their database, made by an administrator of PostgreSQL. For the demo, the tests and the
benchmarks; an installation makes them itself (docs/deployment.md).
"""

from dataclasses import dataclass

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

PASSWORD = "only-for-the-demo-and-the-tests"  # noqa: S105 (such a server listens to this computer only)


@dataclass(frozen=True)
class Roles:
    """The names of the roles of one installation."""

    owner: str
    app: str
    backup: str

    @classmethod
    def of(cls, name: str) -> "Roles":
        return cls(f"{name}_owner", f"{name}_app", f"{name}_backup")


def make(roles: Roles, *, database: str = "") -> None:
    """The roles, and the database (if it exists) in the hands of their owner, as far as it is not so yet.

    Asks for `settings.DATABASE_ADMIN`, who may make roles, also one that walks round row-level security for the backup.
    """
    with as_admin() as admin:
        for role, rights in ((roles.owner, "CREATEDB"), (roles.app, "NOCREATEDB"), (roles.backup, "BYPASSRLS")):
            if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} " + rights)
                admin.execute(statement.format(sql.Identifier(role), sql.Literal(PASSWORD)))
        if database:
            owner = admin.execute(
                "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [database]
            ).fetchone()
            if owner is None or owner == (roles.owner,):
                return
            statement = sql.SQL("ALTER DATABASE {} OWNER TO {}")
            admin.execute(statement.format(sql.Identifier(database), sql.Identifier(roles.owner)))
    if database:
        with as_admin(database) as admin:  # what an earlier version made there
            admin.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(roles.owner)))
            admin.execute(sql.SQL(HAND_OVER).format(owner=sql.Identifier(roles.owner), name=sql.Literal(roles.owner)))


def as_admin(database: str = "postgres") -> psycopg.Connection:
    """A connection of the administrator's. Each statement is a transaction of its own."""
    ours = connections["default"]
    wrapper = type(ours)({**ours.settings_dict, **settings.DATABASE_ADMIN, "NAME": database}, alias="default")
    parameters = wrapper.get_connection_params()
    wanted = ("dbname", "user", "password", "host", "port")
    return psycopg.connect(**{key: parameters[key] for key in wanted if key in parameters}, autocommit=True)


HAND_OVER = """
DO $$
DECLARE thing record;
BEGIN
  FOR thing IN
    SELECT format('ALTER TABLE %I.%I OWNER TO {owner}', schemaname, tablename) AS statement
      FROM pg_tables WHERE schemaname = 'public' AND tableowner <> {name}
    UNION ALL
    SELECT format('ALTER FUNCTION %s OWNER TO {owner}', p.oid::regprocedure)
      FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND pg_get_userbyid(p.proowner) <> {name}
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  LOOP
    EXECUTE thing.statement;
  END LOOP;
END $$
"""
