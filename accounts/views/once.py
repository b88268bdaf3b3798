"""A form that makes something makes it once, however often it arrives."""

import uuid
from collections.abc import Callable

from mantelzorg.forms import digest
from trail.actions import do_once


def make_once(request, form, make: Callable, *about: str, **arguments) -> uuid.UUID:
    """What `make` made of what was typed, by the person who asks; at a second arrival what it made the first time.

    `about` says what else the address names. Raises Refused, also when other words come back under the same key.
    """
    typed = {name: value for name, value in form.cleaned_data.items() if name != "form_key"}
    return do_once(
        key=form.cleaned_data["form_key"],
        verb=make.__name__,
        by=request.user,
        digest=digest(form, *about),
        do=lambda: make(by=request.user, **(typed | arguments)).pk,
    )
