"""The test database, as a production process is told about it."""

from urllib.parse import quote

from django.db import connection


def database_url(**other: str) -> str:
    """The test database and the application's account; or another NAME, USER and PASSWORD."""
    database = {**connection.settings_dict, **other}
    host = database["HOST"] or database["OPTIONS"].get("host", "localhost")
    who = quote(database["USER"], safe="") + (
        f":{quote(database['PASSWORD'], safe='')}" if database["PASSWORD"] else ""
    )
    port = f"&port={database['PORT']}" if database["PORT"] else ""
    return f"postgresql://{who}@/{quote(database['NAME'], safe='')}?host={quote(host)}{port}"
