"""An appointment as an iCalendar file (RFC 5545), to take into one's own calendar.

Calendars are synchronised to phones and open to colleagues, so nothing in it says who it is about or with whom: only
that the portal has an appointment then. The moment is written in UTC, which is one moment wherever it is read.
"""

import datetime
import uuid
from email.utils import parseaddr

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vText

NAME = "afspraak.ics"
PUBLISH, CANCEL = "PUBLISH", "CANCEL"


def calendar_file(
    *, uid: str | uuid.UUID, starts_at: str, minutes: int, where: str, path: str = "", cancelled: bool = False, stamp
) -> str:
    """The text of the file. `starts_at` is in ISO format, as a waiting mail keeps it; `stamp` is when it was written.
    One that is cancelled takes the earlier one with the same `uid` out of the calendar again.
    """
    start = datetime.datetime.fromisoformat(starts_at).astimezone(datetime.UTC)
    event = Event()
    event.add("uid", f"{uid}@{_host()}")
    event.add("dtstamp", stamp.astimezone(datetime.UTC))
    event.add("dtstart", start)
    event.add("dtend", start + datetime.timedelta(minutes=minutes))
    event.add("summary", f"Afspraak via {settings.SITE_NAME}")
    event.add("location", where)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("sequence", 1 if cancelled else 0)
    event.add("organizer", _portal())
    if path:
        event.add("url", f"{settings.PUBLIC_URL}{path}")
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//NL")
    calendar.add("version", "2.0")
    calendar.add("method", CANCEL if cancelled else PUBLISH)
    calendar.add_component(event)
    return calendar.to_ical().decode()


def _host() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"


def _portal() -> vCalAddress:
    """A cancellation has to name who organises it: the portal itself, and nobody by name."""
    organizer = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organizer.params["CN"] = vText(settings.SITE_NAME)
    return organizer
