import logging
import math
import signal
import threading
import time

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone
from django.utils.module_loading import import_string

from mantelzorg import principals
from trail.actions import beat, send_next
from trail.clock import strike
from trail.models import Heartbeat

logger = logging.getLogger(__name__)

PAUSE = 2  # seconds between two looks at an empty outbox
HOUR = 3600  # seconds between two turns of what happens by itself (settings.EVERY_HOUR)


class Command(BaseCommand):
    help = "Sends the mail that waits and does what happens by itself, until it is told to stop (SIGTERM, Ctrl-C)."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="Send what is due now, then stop.")

    def handle(self, *, once: bool, **options):
        self.stopping = False
        self.last_hour = -math.inf
        self.at_work = threading.Thread()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)  # the mail in hand is finished first
        while not self.stopping:
            if self.take_a_turn():
                continue
            if once:
                break
            self.rest()
        if once and self.at_work.ident:
            self.at_work.join()

    def stop(self, *_) -> None:
        self.stopping = True

    def take_a_turn(self) -> bool:
        """Returns whether there was a mail to send."""
        close_old_connections()
        try:
            beat(name=Heartbeat.OUTBOX_WORKER, now=timezone.now())
            self.do_what_happens_by_itself()
            self.take_up_work()
            with principals.acting(principals.job("mail")):
                return send_next(now=timezone.now()) is not None
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The database does not answer; the worker tries again: %s", error)
            connection.close()
            return False

    def do_what_happens_by_itself(self) -> None:
        """What does not succeed is no reason to keep the mail or the rest waiting; it is tried again in an hour."""
        if time.monotonic() < self.last_hour + HOUR:
            return
        self.last_hour = time.monotonic()
        strike(now=timezone.now())

    def take_up_work(self) -> None:
        """Long work, such as an import, goes beside the mail. It is all or nothing: told to stop, it is let go of."""
        if self.at_work.is_alive():
            return
        for name in settings.EVERY_TURN:
            if (work := import_string(name)()) is not None:
                self.at_work = threading.Thread(target=on_a_connection_of_its_own, args=[work], daemon=True)
                self.at_work.start()
                return

    def rest(self) -> None:
        until = time.monotonic() + PAUSE
        while not self.stopping and time.monotonic() < until:
            time.sleep(0.1)


def on_a_connection_of_its_own(work) -> None:
    try:
        work()
    except Exception:
        logger.exception("Work that was taken up did not succeed")
    finally:
        connection.close()
