"""Reading what a person reads: the words of a page, and the mails that are about to go out."""

import html
import re

from trail.mail import compose
from trail.models import AccessLogEntry, OutboxMessage

ENGLISH = set(
    re.findall(
        r"\w+",
        """the your you and with please sign password security key keys authenticator authentication recovery add remove
        edit email address again new old required invalid incorrect expired submit cancel confirm continue forgot
        change not this that are have has been use used using enable enabled disable""",
    )
)

NAMES = "Microsoft Authenticator|Google Authenticator"


def words_of(response) -> str:
    """The visible words of a page, without markup, scripts and addresses."""
    page = response.content.decode()
    page = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", page, flags=re.S)
    page = re.sub(r'<input type="hidden"[^>]*>', " ", page)  # a random token may hold any word
    shown = " ".join(re.findall(r'(?:title|aria-label|placeholder|alt|value)="([^"]*)"', page))
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))) + " " + html.unescape(shown)


def english_in(response) -> set[str]:
    words = set(re.findall(r"[a-z]+", re.sub(NAMES, " ", words_of(response)).lower()))
    return words & ENGLISH


def mails(to: str = "") -> list:
    """The mails in the outbox as they will be sent, oldest first."""
    messages = OutboxMessage.objects.order_by("created_at", "pk")
    return [compose(message) for message in messages if not to or message.to == to]


def link_in(mail) -> str:
    """The path of the link in a mail."""
    return re.search(r"https?://[^/\s]+(/\S+)", mail.body)[1]


def log(event: str) -> list[AccessLogEntry]:
    return list(AccessLogEntry.objects.filter(event=event).order_by("pk"))
