"""A job of the clock does each thing by itself."""

from functools import partial

import pytest

from mantelzorg.one_by_one import one_by_one
from mantelzorg.refusal import Refused


def fails(error):
    raise error


def test_what_cannot_be_done_keeps_nobody_waiting():
    done = []
    steps = [partial(fails, ValueError("dit lukt niet")), lambda: done.append("the second") or True]
    with pytest.raises(ExceptionGroup, match="1 did not succeed, 1 did") as raised:
        one_by_one(steps)
    assert done == ["the second"]
    assert [str(error) for error in raised.value.exceptions] == ["dit lukt niet"]


def test_somebody_who_was_just_before_the_clock_is_no_error():
    assert one_by_one([partial(fails, Refused("Zij nam hem al aan.")), lambda: True, lambda: False]) == 1
