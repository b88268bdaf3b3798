"""What the live server is still answering. A page asks things just before it is closed; the tables are emptied after
every test, and each of the two would then wait for the other.
"""

import functools
import threading

from django.core.management.base import CommandError

LONGEST = 30  # seconds


class UnderWay:
    def __init__(self):
        self.count = 0
        self.changed = threading.Condition()

    def counted(self, answer):
        """`answer`, which answers one request, counted as long as it takes, however it ends."""

        @functools.wraps(answer)
        def counting(*args, **kwargs):
            self._add(1)
            try:
                return answer(*args, **kwargs)
            finally:
                self._add(-1)

        return counting

    def _add(self, number: int) -> None:
        with self.changed:
            self.count += number
            self.changed.notify_all()

    def wait_for_none(self) -> None:
        with self.changed:
            ended = self.changed.wait_for(lambda: self.count == 0, timeout=LONGEST)
            assert ended, "A request of the browser did not end."

    def tried_again(self, do):
        """`do`, that is done once more when a command fails and the server has come to rest."""

        @functools.wraps(do)
        def trying(*args, **kwargs):
            try:
                return do(*args, **kwargs)
            except CommandError:
                self.wait_for_none()
                return do(*args, **kwargs)

        return trying
