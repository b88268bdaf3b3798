"""The three roles, made by an administrator of PostgreSQL: in the demo, the tests and the benchmarks always, in an
installation when `prepare` is given one (ADMIN_DATABASE_URL). See docs/deployment.md.
"""

import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from psycopg import sql


def make(*, database: str = "") -> None:
    """The roles, and the database (if it exists) in the hands of their owner, as far as it is not so yet.

    Asks for `settings.DATABASE_ADMIN`, who may make roles, also one that walks round row-level security for the backup.
    """
    app = {key: settings.DATABASES["default"][key] for key in ("USER", "PASSWORD")}
    owner_rights = "NOCREATEDB" if settings.PRODUCTION else "CREATEDB"  # the tests make databases
    wanted = ((settings.OWNER, owner_rights), (app, "NOCREATEDB"), (settings.BACKUP, "NOCREATEDB BYPASSRLS"))
    if not all(account and account["USER"] and account["PASSWORD"] for account, _ in wanted):
        raise ImproperlyConfigured("To make the roles, set OWNER_DATABASE_URL, DATABASE_URL and BACKUP_PASSWORD.")
    owner = settings.OWNER["USER"]
    with as_admin() as admin:
        for account, rights in wanted:
            if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [account["USER"]]).fetchone():
                statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} " + rights)
                admin.execute(statement.format(sql.Identifier(account["USER"]), sql.Literal(account["PASSWORD"])))
        if not database:
            return
        asked = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s"
        if admin.execute(asked, [database]).fetchone() in (None, (owner,)):
            return
        statement = sql.SQL("ALTER DATABASE {} OWNER TO {}")
        admin.execute(statement.format(sql.Identifier(database), sql.Identifier(owner)))
    with as_admin(database) as admin:  # what an earlier version made there
        admin.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(owner)))
        admin.execute(sql.SQL(HAND_OVER).format(owner=sql.Identifier(owner), name=sql.Literal(owner)))


def as_admin(database: str = "postgres") -> psycopg.Connection:
    """A connection of the administrator's. Each statement is a transaction of its own."""
    ours = connections["default"]
    wrapper = type(ours)({**ours.settings_dict, **settings.DATABASE_ADMIN, "NAME": database}, alias="default")
    parameters = wrapper.get_connection_params()
    wanted = ("dbname", "user", "password", "host", "port")
    admin = psycopg.connect(**{key: parameters[key] for key in wanted if key in parameters}, autocommit=True)
    admin.execute("SELECT pg_advisory_lock(hashtext('mantelzorg roles'))")  # one at a time, until it is closed
    return admin


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
