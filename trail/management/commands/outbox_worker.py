import logging
import math
import signal
import time

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone

from mantelzorg import principals
from trail.actions import beat, digest_log, send_next, tend_log
from trail.digests import BrokenChain
from trail.models import Heartbeat

logger = logging.getLogger(__name__)

PAUSE = 2  # seconds between two looks at an empty outbox
TENDING = 3600  # seconds between two looks whether the log needs something: once a day it does


class Command(BaseCommand):
    help = "Sends the mail that waits and tends the access log, until it is told to stop (SIGTERM, Ctrl-C)."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="Send what is due now, then stop.")

    def handle(self, *, once: bool, **options):
        self.stopping = False
        self.tended = -math.inf
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)  # the mail in hand is finished first
        while not self.stopping:
            if self.take_a_turn():
                continue
            if once:
                break
            self.rest()

    def stop(self, *_) -> None:
        self.stopping = True

    def take_a_turn(self) -> bool:
        """Returns whether there was a mail to send."""
        close_old_connections()
        try:
            beat(name=Heartbeat.OUTBOX_WORKER, now=timezone.now())
            self.tend_the_log()
            with principals.acting(principals.job("mail")):
                return send_next(now=timezone.now()) is not None
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The database does not answer; the worker tries again: %s", error)
            connection.close()
            return False

    def tend_the_log(self) -> None:
        """What cannot be done to the log is no reason to keep the mail waiting; it is tried again within the hour."""
        if time.monotonic() < self.tended + TENDING:
            return
        self.tended = time.monotonic()
        for act in (tend_log, digest_log):
            try:
                act(now=timezone.now())
            except (DatabaseError, BrokenChain, OSError) as error:
                logger.error("%s did not succeed: %s", act.__name__, error)

    def rest(self) -> None:
        until = time.monotonic() + PAUSE
        while not self.stopping and time.monotonic() < until:
            time.sleep(0.1)
