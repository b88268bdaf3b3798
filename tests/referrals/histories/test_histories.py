"""Random histories: whatever people do, in whatever order, nobody falls between two desks.

300 of them in `make test`; `make histories` plays 10,000, or as many as `COUNT` says. A history that fails is named by
its seed: `HISTORY=1234 .venv/bin/python -m pytest tests/referrals/histories` plays that one alone.
"""

import os
from collections import Counter

import pytest
from django.db import transaction

from tests.referrals.histories.history import EVERYTHING, History, Region
from tests.referrals.histories.promises import check

STEPS = 40
COUNT = int(os.environ.get("HISTORIES", "300"))
AT_ONCE = 150  # in one test, with one region made for all of them
ALONE = os.environ.get("HISTORY")
SEEDS = [int(ALONE)] if ALONE else range(COUNT)


def play(region: Region, seed: int, done: Counter, *, steps: int = STEPS) -> None:
    """One history, which leaves nothing behind. What fails says which it was."""
    with transaction.atomic():
        try:
            History(region, seed, done).play(steps, check)
        except Exception as error:
            error.add_note(f"history {seed}")
            raise
        finally:
            transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("first", SEEDS[::AT_ONCE])
def test_no_history_leaves_a_caregiver_between_two_desks(first):
    done, region = Counter(), Region()
    seeds = range(first, min(first + AT_ONCE, COUNT)) if ALONE is None else [first]
    for seed in seeds:
        play(region, seed, done)
    if len(seeds) == AT_ONCE:
        assert EVERYTHING - set(+done) == set(), f"no history got as far as this: {done}"
