"""What happens by itself: every job of settings.EVERY_HOUR, in that order. The worker does it every hour.

Each job is safe to repeat, to run late and to kill half-way, and each thing it does is a transaction of its own; so two
clocks at once do nothing twice, and nothing holds a lock over all of it.
"""

import datetime
import logging

from django.conf import settings
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)


def strike(*, now: datetime.datetime) -> list[str]:
    """Do what is due. What does not succeed is no reason to keep the rest waiting; the names of that come back."""
    failed = []
    for name in settings.EVERY_HOUR:
        try:
            import_string(name)(now=now)
        except Exception:
            logger.exception("%s did not succeed", name)
            failed.append(name)
    return failed
