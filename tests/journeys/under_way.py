"""What the live server is still answering. A page asks things just before it is closed; the tables are emptied after
every test, and each of the two would then wait for the other.
"""

import functools
import threading

from django.core.management.base import CommandError

from tests.database_roles import IN_THE_SERVER

LONGEST = 30  # seconds


class UnderWay:
    def __init__(self):
        self.count = 0
        self.changed = threading.Condition()

    def one_more(self, **kwargs) -> None:
        self._add(1)

    def one_less(self, **kwargs) -> None:
        self._add(-1)

    def _add(self, number: int) -> None:
        if IN_THE_SERVER in threading.current_thread().name:
            with self.changed:
                self.count += number
                self.changed.notify_all()

    def wait_for_none(self) -> None:
        with self.changed:
            ended = self.changed.wait_for(lambda: self.count == 0, timeout=LONGEST)
            assert ended, "A request of the browser did not end."

    def before_a_second_time(self, do):
        """`do`, that tries once more when a command fails and the server has come to rest."""

        @functools.wraps(do)
        def twice(*args, **kwargs):
            try:
                return do(*args, **kwargs)
            except CommandError:
                self.wait_for_none()
                return do(*args, **kwargs)

        return twice
