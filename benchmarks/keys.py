"""UUIDv7 of a given moment from a given source of chance: the same keys, in the same order, in every run."""

import datetime
import random
from collections.abc import Callable


def keys_from(source: random.Random) -> Callable[[datetime.datetime], str]:
    bits = source.getrandbits

    def key(at: datetime.datetime) -> str:
        return f"{int(at.timestamp() * 1000):012x}7{bits(12):03x}{8 | bits(2):x}{bits(60):015x}"

    return key
