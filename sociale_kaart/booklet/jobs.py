"""The worker's part: making a booklet, one at a time in the whole installation.

Nothing of it is kept before all of it is made. Whoever pulls the plug leaves it as it was asked, and the next turn
begins anew; what pulls the plug every time is given up after a few attempts.
"""

import logging
import time
from collections.abc import Callable
from itertools import count

from django.db import connection
from django.utils import timezone

from mantelzorg import principals
from sociale_kaart.booklet import contents, paper
from sociale_kaart.models import Booklet, BookletFile
from sociale_kaart.progress import Progress

logger = logging.getLogger(__name__)

State = Booklet.State
LOCK = 7_205_060  # of the one booklet at a time
ATTEMPTS = 3
SERVICES_ON_A_PAGE = 3.4  # as measured; only for saying how far it is
LAYING_OUT = 75  # of the time, in percent; the rest is writing the file, of which nothing is heard
OUR_MISTAKE = "Er ging iets mis bij ons. Probeer het opnieuw; lukt het weer niet, laat het de beheerder dan weten."
EMPTY = "Er staat geen aanbod meer op de sociale kaart van {}."


def work_to_do() -> Callable[[], None] | None:
    """What the worker can take up now: a look that costs next to nothing when there is nothing."""
    return make_next if Booklet.objects.to_do().exists() else None


def make_next() -> bool:
    """Make what was asked first; an import gets its turn between two. Returns whether there was one to make."""
    job = None
    try:
        with principals.acting(principals.job("boekje")):
            if not _is_ours():
                return False
            job = Booklet.objects.to_do().select_related("municipality").first()
            if job is None:
                return False
            with Progress(job) as progress:
                _make(job, progress)
        return True
    except Exception:
        if job is None:
            raise
        logger.exception("Booklet %s did not succeed", job.pk)
        Booklet.objects.filter(pk=job.pk, state=State.WAITING).update(state=State.FAILED, message=OUR_MISTAKE)
    return True


def _is_ours() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return cursor.fetchone()[0]


def _make(job: Booklet, progress: Progress) -> None:
    started = time.monotonic()
    if job.attempts >= ATTEMPTS:
        job.state, job.message = State.FAILED, OUR_MISTAKE
        job.save()
        return
    job.attempts += 1
    progress.tell(attempts=job.attempts, done=0, total=0)
    booklet = contents.of(job.municipality)
    if booklet.is_empty:
        job.state, job.message = State.FAILED, EMPTY.format(job.municipality)
        job.save()
        return
    progress.total = int(booklet.count / SERVICES_ON_A_PAGE * 100 / LAYING_OUT) + 1
    pages = count(1)

    def told() -> None:
        progress(next(pages))
        _stay_connected()

    content, job.pages = paper.make(booklet, told)
    BookletFile.objects.update_or_create(booklet=job, defaults={"content": content})
    job.state, job.message, job.made_at = State.DONE, "", timezone.now()
    job.services, job.size, job.seconds = booklet.count, len(content), round(time.monotonic() - started, 1)
    job.save()


def _stay_connected() -> None:
    """A transaction in which nothing happens for long is ended by the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
