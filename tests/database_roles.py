"""The tests connect as the application does: a role that owns nothing and that row-level security holds.

Rows that a test starts from, and what it looks at afterwards, go round that: between two requests the thread of the
test has taken on the role `..._setup`, which exists for the tests alone. Whoever becomes a principal (a request, a
command, a job, `acting(member(sender))` in a test) drops it for that while, and is the application.
"""

import threading

from django.conf import settings
from django.db import connection
from psycopg import sql

from mantelzorg import principals
from mantelzorg.rights import roles
from mantelzorg.rights.enforcing import enforce
from trail.middleware import RequestTransactionMiddleware

APP, BACKUP = settings.DATABASES["default"]["USER"], settings.BACKUP["USER"]
SETUP = settings.OWNER["USER"].removesuffix("_owner") + "_setup"
AT_REST = object()


def make_roles() -> None:
    roles.make(database=connection.creation._get_test_db_name())
    names = {"setup": sql.Identifier(SETUP), "app": sql.Identifier(APP)}
    with roles.as_admin() as admin:
        if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [SETUP]).fetchone():
            admin.execute(sql.SQL("CREATE ROLE {setup} NOLOGIN BYPASSRLS").format(**names))
        admin.execute(sql.SQL("ALTER ROLE {app} NOINHERIT").format(**names))
        admin.execute(sql.SQL("GRANT {setup} TO {app}").format(**names))
        # to put the rows of a story in place in any order, without the triggers that keep the order
        admin.execute(sql.SQL("GRANT SET ON PARAMETER session_replication_role TO {setup}").format(**names))


def open_to_tests() -> None:
    """As the owner, in a test database: the declared rights, and all rights for who sets the stage."""
    enforce(app=APP, backup=BACKUP)
    setup = sql.Identifier(SETUP)
    with connection.cursor() as cursor:
        for schema in ("public", "world_aside"):
            for what in ("SCHEMA {schema}", "ALL TABLES IN SCHEMA {schema}", "ALL SEQUENCES IN SCHEMA {schema}"):
                statement = sql.SQL("GRANT ALL ON " + what + " TO {setup}")
                cursor.execute(statement.format(schema=sql.Identifier(schema), setup=setup))


def be(account: dict) -> None:
    """Connect as somebody else from now on."""
    connection.close()
    connection.settings_dict.update(account)


def rest(sender=None, connection=connection, **kwargs) -> None:
    """Of a new connection in a thread of the tests; those of the live server never rest."""
    is_server = "process_request_thread" in threading.current_thread().name
    if not is_server and connection.settings_dict["USER"] == APP:
        connection.connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(SETUP)))


def install(patch) -> None:
    """Between principals the thread of the tests rests; and after every request that it made itself."""
    really_set, really_get, really_call = principals._set, principals._get, RequestTransactionMiddleware.__call__

    def say(statement: str, **names) -> None:
        connection.connection.execute(sql.SQL(statement).format(**names))  # unseen by who counts queries

    def set_principal(principal) -> None:
        connection.ensure_connection()
        if principal is AT_REST:
            for name in ("user", "keeps", "member", "log_of", "admin", "link", "job", "subject", "step"):
                say(f"SELECT set_config('mantelzorg.{name}', '', true)")
            say("SET LOCAL ROLE {role}", role=sql.Identifier(SETUP))
        else:
            say("SET LOCAL ROLE NONE")
            really_set(principal)

    def get_principal():
        connection.ensure_connection()
        (role,) = connection.connection.execute("SELECT current_user").fetchone()
        return AT_REST if role == SETUP else really_get()

    def call(middleware, request):
        nested = connection.in_atomic_block
        response = really_call(middleware, request)
        if nested and threading.current_thread() is threading.main_thread() and not connection.needs_rollback:
            set_principal(AT_REST)
        return response

    patch.setattr(principals, "_set", set_principal)
    patch.setattr(principals, "_get", get_principal)
    patch.setattr(RequestTransactionMiddleware, "__call__", call)


def walk_round(patch) -> None:
    """From here on requests and jobs are made as the role of who sets the stage, which no policy holds."""
    set_principal = principals._set

    def keep_role(principal) -> None:
        set_principal(principal)
        if principal is not AT_REST:
            connection.connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(SETUP)))

    patch.setattr(principals, "_set", keep_role)
