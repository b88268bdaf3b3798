"""What the pages about caregivers are tested with."""

from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from trail.models import AccessLogEntry


@pytest.fixture
def counted():
    """`counted(client, address)`: how many queries that page takes. Asked twice: the first fills what is kept."""

    def count(client, address: str, **kwargs) -> int:
        client.get(address, **kwargs)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address, **kwargs).status_code == 200
        return len([query for query in queries if "SAVEPOINT" not in query["sql"]])

    return count


@pytest.fixture
def looks():
    """`looks(user, event="view")`: what the access log says that she did."""

    def rows(user, **facts):
        return AccessLogEntry.objects.filter(user_id=user.pk, **facts)

    return rows


def words(response) -> str:
    """What a page says, on one line."""
    return " ".join(unescape(strip_tags(response.content.decode().replace("<", " <"))).split())
