"""Mail that comes back. A mail server that took a mail may find out later that nobody has that address, and writes so
to the sender of it: those letters are read here, from the mailbox that `BOUNCE_MAILBOX` names.

Which mail of ours it was, says the Message-ID that the letter quotes; whether it is for good, says flufl.bounce, which
knows the many ways in which servers write (RFC 3464 and before). What is no such letter stays in the mailbox, unread
by us a second time; a holiday answer and "later perhaps" change nothing.
"""

import datetime
import email
import logging
import mailbox
import re
import uuid
from collections.abc import Iterator
from email.message import Message
from urllib.parse import unquote, urlsplit

from django.conf import settings
from flufl.bounce import all_failures
from imap_tools import AND, MailBox, MailMessageFlags

from trail.actions import note_returned_mail

logger = logging.getLogger(__name__)

OUR_ID = re.compile(rb"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@([^>\s]+)>")
REASON = "Teruggekomen: het adres bestaat niet of neemt geen mail aan."
SECONDS = 20  # so long we wait for the mailbox
AT_MOST = 500  # letters in one hour


def read_returned(*, now: datetime.datetime) -> int:
    """Read the mailbox, if there is one, and note what came back for good. Returns how many mails of ours that were.

    A letter is put aside after what it says was written down: killed in between, it is read again, and changes nothing.
    """
    return sum(_note(letter, now) for letter in _letters()) if settings.BOUNCE_MAILBOX else 0


def _note(letter: bytes, now: datetime.datetime) -> bool:
    message_id = returned(letter)
    return message_id is not None and note_returned_mail(message_id=message_id, reason=REASON, now=now)


def returned(letter: bytes) -> uuid.UUID | None:
    """Which mail of ours this letter says will never arrive; None when it says nothing of the kind."""
    message = email.message_from_bytes(letter)
    if not _is_for_good(message):
        return None
    host = (urlsplit(settings.PUBLIC_URL).hostname or "").encode()
    ours = {uuid.UUID(found.decode()) for found, where in OUR_ID.findall(letter) if where == host}
    return ours.pop() if len(ours) == 1 else None


def _is_for_good(message: Message) -> bool:
    """A letter that nobody can make sense of says nothing, and must not keep the others from being read."""
    try:
        _, permanent = all_failures(message)
    except Exception:
        logger.warning("A letter in the mailbox for returned mail could not be read.", exc_info=True)
        return False
    return bool(permanent)


def _letters() -> Iterator[bytes]:
    where = urlsplit(settings.BOUNCE_MAILBOX)
    return _in_directory(where.path) if where.scheme == "maildir" else _over_imap(where)


def _in_directory(path: str) -> Iterator[bytes]:
    """A Maildir: `maildir:/var/mail/portaal`."""
    box = mailbox.Maildir(path, create=False)
    for key in list(box.keys())[:AT_MOST]:
        letter = box[key]
        if letter.get_subdir() == "cur" and "S" in letter.get_flags():
            continue
        yield letter.as_bytes()
        letter.set_subdir("cur")
        letter.add_flag("S")
        box[key] = letter


def _over_imap(where) -> Iterator[bytes]:
    """`imaps://name:password@host/INBOX`, percent-encoded where needed."""
    box = MailBox(where.hostname, where.port or 993, timeout=SECONDS)
    folder = unquote(where.path.strip("/")) or "INBOX"
    with box.login(unquote(where.username or ""), unquote(where.password or ""), initial_folder=folder):
        for letter in list(box.fetch(AND(seen=False), mark_seen=False, limit=AT_MOST)):
            yield letter.obj.as_bytes()
            box.flag(letter.uid, MailMessageFlags.SEEN, True)
