"""Puts the declared grants and policies into force, as the owner; and compares them with what the database says."""

import hashlib
from collections.abc import Iterator

from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from psycopg import sql

from mantelzorg.rights.grants import GRANTS
from mantelzorg.rights.policies import FUNCTIONS, POLICIES, WITHDRAW_WITH_CODE, Policy

HOW_TO_MAKE_ROLES = "docs/deployment.md says how to make the three roles."


@transaction.atomic
def enforce(*, app: str, backup: str) -> None:
    """Make the rights of the roles `app` and `backup` exactly what is declared. Safe to repeat; one transaction.

    Raises ImproperlyConfigured when a role does not exist or could walk round row-level security.
    """
    with connection.cursor() as cursor:
        _check_roles(cursor, app, backup)
        for statement in _statements(cursor, app, backup):
            cursor.execute(statement)


def _check_roles(cursor, app: str, backup: str) -> None:
    cursor.execute(
        "SELECT rolname, rolsuper, rolbypassrls, pg_has_role(rolname, current_user, 'MEMBER') "
        "FROM pg_roles WHERE rolname IN (%s, %s)",
        [app, backup],
    )
    roles = {name: rights for name, *rights in cursor.fetchall()}
    for name in (app, backup):
        if name not in roles:
            raise ImproperlyConfigured(f"The database has no role {name}. {HOW_TO_MAKE_ROLES}")
    superuser, bypass, is_owner = roles[app]
    if superuser or bypass or is_owner:
        raise ImproperlyConfigured(
            f"The application connects as {app}, which could walk round row-level security: it may be no superuser, "
            f"have no BYPASSRLS, and not be the owner of the tables. {HOW_TO_MAKE_ROLES}"
        )


def _statements(cursor, app: str, backup: str) -> Iterator[sql.Composed]:
    roles = {"app": sql.Identifier(app), "backup": sql.Identifier(backup)}

    def say(text: str, **names) -> sql.Composed:
        return sql.SQL(text).format(**roles, **names)

    yield say("REVOKE CREATE ON SCHEMA public FROM PUBLIC, {app}, {backup}")
    database = sql.Identifier(connection.settings_dict["NAME"])
    yield say("REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {app}, {backup}", database=database)
    yield say("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {app}, {backup}")
    yield say("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {app}, {backup}")
    yield say("GRANT USAGE ON SCHEMA public TO {app}, {backup}")
    yield say("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {backup}")
    yield say("GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {backup}")
    yield say("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {backup}")  # months to come
    there = set(tables(cursor))
    for table, rights in GRANTS.items():
        if rights and table in there:
            yield say("GRANT " + ", ".join(rights) + " ON {table} TO {app}", table=sql.Identifier(table))
    for signature, body in FUNCTIONS.items():
        yield sql.SQL(f"CREATE OR REPLACE FUNCTION public.{signature} LANGUAGE plpgsql STABLE AS $body${body}$body$")
    yield say("DROP FUNCTION IF EXISTS public.withdraw_with_code(text)")  # as it was before one could name a receiver
    yield sql.SQL(WITHDRAW_WITH_CODE)
    yield say("REVOKE EXECUTE ON FUNCTION public.withdraw_with_code FROM PUBLIC")
    yield say("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {app}, {backup}")
    yield say("REVOKE EXECUTE ON FUNCTION public.trail_make_log_month FROM PUBLIC, {app}, {backup}")  # of any month
    for table, policies in POLICIES.items():
        yield from _row_security(cursor, table, policies)


def _row_security(cursor, table: str, policies: list[Policy]) -> Iterator[sql.Composed]:
    name = sql.Identifier(table)
    yield sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(name)
    yield sql.SQL("ALTER TABLE {} FORCE ROW LEVEL SECURITY").format(name)
    cursor.execute("SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = %s", [table])
    for (old,) in cursor.fetchall():
        yield sql.SQL("DROP POLICY {} ON {}").format(sql.Identifier(old), name)
    for policy in policies:
        text = f"CREATE POLICY {{}} ON {{}} FOR {policy.command}"
        text += f" USING ({policy.using})" if policy.using else ""
        text += f" WITH CHECK ({policy.check})" if policy.check else ""
        yield sql.SQL(text).format(sql.Identifier(policy.name), name)
        cursor.execute(POLICIES_THERE)
        made_of = next(made_of for *key, _, made_of in cursor.fetchall() if key == [table, policy.name])
        mark = sql.SQL("COMMENT ON POLICY {} ON {} IS {}")
        yield mark.format(sql.Identifier(policy.name), name, sql.Literal(f"{fingerprint(policy)} {made_of}"))


POLICIES_THERE = """
    SELECT polrelid::regclass::text, polname, obj_description(oid, 'pg_policy'),
           md5(concat_ws('|', polcmd, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)))
      FROM pg_policy
     WHERE polrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
"""


def fingerprint(policy: Policy) -> str:
    """Kept with the policy in the database, next to that of what PostgreSQL made of it: so a check can see that it is
    the declared one, and that nobody altered it since.
    """
    return hashlib.sha256(repr(policy).encode()).hexdigest()


def tables(cursor) -> list[str]:
    """Every table and view of ours, without the monthly parts of a table."""
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
        "AND relkind IN ('r', 'p', 'v', 'm') AND NOT relispartition ORDER BY relname"
    )
    return [name for (name,) in cursor.fetchall()]


def differences(*, app: str) -> list[str]:
    """Where the database is not as declared, in words; empty when it is."""
    found = []
    with connection.cursor() as cursor:
        for table in tables(cursor):
            if table not in GRANTS:
                found.append(f"{table}: no grants are declared")
                continue
            cursor.execute(
                "SELECT right_name FROM unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE','REFERENCES',"
                "'TRIGGER']) AS right_name WHERE has_table_privilege(%s, %s::regclass, right_name)",
                [app, f'public."{table}"'],
            )
            given = {name for (name,) in cursor.fetchall()}
            if given != set(GRANTS[table]):
                found.append(f"{table}: granted {sorted(given)}, declared {sorted(GRANTS[table])}")
        cursor.execute(
            "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class "
            "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition"
        )
        for table, forced in cursor.fetchall():
            if forced != (table in POLICIES):
                found.append(f"{table}: row-level security is {'on' if forced else 'off'}")
        cursor.execute(POLICIES_THERE)
        there = {
            (table, name): mark and mark.removesuffix(f" {made_of}") for table, name, mark, made_of in cursor.fetchall()
        }
        declared = {
            (table, policy.name): fingerprint(policy) for table, all_of in POLICIES.items() for policy in all_of
        }
        for key in sorted(there.keys() | declared.keys()):
            if key not in declared or there.get(key) != declared[key]:
                found.append(f"{key[0]}: policy {key[1]} is not as declared")
        found += _changed_functions(cursor)
    return found


def _changed_functions(cursor) -> Iterator[str]:
    """The functions that policies call, and the one for a withdrawal code, word by word."""
    cursor.execute("SELECT proname, prosrc, prosecdef FROM pg_proc WHERE pronamespace = 'public'::regnamespace")
    there = {name: (source, definer) for name, source, definer in cursor.fetchall()}
    declared = {signature.partition("(")[0]: (body, False) for signature, body in FUNCTIONS.items()}
    declared["withdraw_with_code"] = (WITHDRAW_WITH_CODE.split("$body$")[1], True)
    for name, is_declared in declared.items():
        if there.get(name) != is_declared:
            yield f"function {name} is not as declared"
