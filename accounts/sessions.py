"""Sessions with an owner and two clocks: 15 minutes without doing anything, and 10 hours in all (settings SESSION_*).

The session engine of this portal: Django's own in the database, with our model. A session that ran out opens nothing,
but is remembered for a day, to say so on the log-in page; and in its first half day, to keep what she was typing
(`accounts.actions.keep_form`).
"""

import datetime
import re

from django.conf import settings
from django.contrib.auth import SESSION_KEY as LOGGED_IN_AS
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.utils import timezone

from mantelzorg.ids import uuid7

KEEPS_FORMS = datetime.timedelta(hours=12)  # a computer that was closed for the evening
NOTED_EVERY = datetime.timedelta(minutes=1)  # how precisely we know when she last did something


def ends_at(started: datetime.datetime, last_active: datetime.datetime) -> datetime.datetime:
    return min(last_active + settings.SESSION_IDLE, started + settings.SESSION_IN_ALL)


class SessionStore(DatabaseSessionStore):
    row = None  # as it stands in the database
    ran_out_for = None  # whose it was, when it came back too late
    may_keep = False  # and so soon after that she was still typing: later a cookie may be in other hands
    device = ""  # where she logs in

    @classmethod
    def get_model_class(cls):
        from accounts.models import Session

        return Session

    def _get_session_from_db(self):
        now = timezone.now()
        row = self.model.objects.filter(session_key=self.session_key).first()
        if row is not None and row.expire_date > now:
            self.row = row
            return row
        if row is not None and row.expire_date > now - self.model.REMEMBERED:
            self.ran_out_for = row.user_id
            self.may_keep = row.expire_date > now - KEEPS_FORMS
        self._session_key = None
        return None

    def create_model_instance(self, data):
        """The row to write. A new key is a new row; a new person (somebody logs in) starts both clocks."""
        key, user_id, now = self._get_or_create_session_key(), data.get(LOGGED_IN_AS), timezone.now()
        before = self.row
        goes_on = before is not None and user_id is not None and str(before.user_id) == user_id
        row = self.model(
            session_key=key,
            session_data=self.encode(data),
            user_id=user_id,
            public_id=before.public_id if goes_on and before.session_key == key else uuid7(),
            device=self.device or (before.device if goes_on else ""),
            started_at=before.started_at if goes_on else now,
            last_active_at=before.last_active_at if goes_on else now,
        )
        row.expire_date = ends_at(row.started_at, row.last_active_at)
        self.row = row
        return row

    def is_empty(self) -> bool:
        """A browser keeps the key of a session that ran out, so that what she types after that can be kept for her."""
        return super().is_empty() and self.ran_out_for is None

    def flush(self) -> None:
        super().flush()
        self.row = None

    def renew(self, now: datetime.datetime, *, at_once: bool = False) -> None:
        """She did something: the fifteen minutes begin anew. The ten hours do not."""
        self._get_session()
        if self.row is None or self.row.user_id is None:
            return
        if self.row.last_active_at > now - NOTED_EVERY and not at_once:
            return
        self.row.last_active_at = now
        self.row.expire_date = ends_at(self.row.started_at, now)
        self.model.objects.filter(pk=self.row.pk).update(last_active_at=now, expire_date=self.row.expire_date)

    def seconds_left(self, now: datetime.datetime) -> int:
        self._get_session()
        return max(0, int((self.row.expire_date - now).total_seconds())) if self.row is not None else 0

    @property
    def can_be_renewed(self) -> bool:
        """Not in its last minutes of all."""
        row = self.row
        return row is not None and row.expire_date < row.started_at + settings.SESSION_IN_ALL

    @classmethod
    def clear_expired(cls) -> None:
        cls.get_model_class().objects.forgettable(timezone.now()).delete()


BROWSERS = [
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS|Chromium", "Chrome"),
    ("Safari", "Safari"),
]
SYSTEMS = [
    ("iPhone", "een iPhone"),
    ("iPad", "een iPad"),
    ("Android", "een Android-toestel"),
    ("Windows", "Windows"),
    ("CrOS", "een Chromebook"),
    ("Macintosh|Mac OS", "een Mac"),
    ("Linux", "Linux"),
]


def device_in_words(user_agent: str) -> str:
    """`Firefox op Windows`: enough to know your own, and nothing by which others could follow you."""
    browser = next((name for pattern, name in BROWSERS if re.search(pattern, user_agent)), "Een browser")
    system = next((name for pattern, name in SYSTEMS if re.search(pattern, user_agent)), "")
    return f"{browser} op {system}" if system else browser
