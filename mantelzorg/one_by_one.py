"""What a job of the clock does to many things: each by itself, so that one that cannot be done keeps nobody waiting."""

from collections.abc import Callable, Iterable

from mantelzorg.refusal import Refused


def one_by_one(steps: Iterable[Callable[[], bool | int]]) -> int:
    """Take each step; returns how much was done. Who was just before the clock is no error. Raises ExceptionGroup,
    after the last step, with what else went wrong.
    """
    count, errors = 0, []
    for step in steps:
        try:
            count += step()
        except Refused:
            continue
        except Exception as error:
            errors.append(error)
    if errors:
        raise ExceptionGroup(f"{len(errors)} did not succeed, {count} did", errors)
    return count
