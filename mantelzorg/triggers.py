"""Triggers that hold for everyone who writes, in whatever way: django-pgtrigger's, without its way round.

django-pgtrigger lets a session name the triggers that it does not want to hear of (`pgtrigger.ignore`). Any session can
set that variable, so these do not listen to it; only the owner of a table can switch them off.
"""

from pgtrigger import FSM, Delete, F, Insert, Protect, Q, ReadOnly, Update, compiler
from pgtrigger import Condition as InSQL

__all__ = ["Delete", "F", "Follows", "InSQL", "Insert", "Q", "ReadsOnly", "Refuses", "Update"]


class Unconditional(compiler.UpsertTriggerSql):
    """Migrations name this class: the text below must not change, make a new class instead."""

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}()
            RETURNS TRIGGER AS $$
                {declare}
                BEGIN
                    {func}
                END;
            $$ LANGUAGE plpgsql;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid}
                {when} {operation} ON {table}
                {timing}
                {referencing}
                FOR EACH {level} {condition}
                EXECUTE PROCEDURE {execute};

            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class ForEveryone:
    def compile(self, model) -> compiler.Trigger:
        compiled = super().compile(model)
        return compiler.Trigger(name=compiled.name, sql=Unconditional(**compiled.sql.kwargs))


class Follows(ForEveryone, FSM):
    """A field that changes only in the given steps."""


class ReadsOnly(ForEveryone, ReadOnly):
    """Columns that never change once they are written."""


class Refuses(ForEveryone, Protect):
    """Rows that meet the condition may not be written so."""
