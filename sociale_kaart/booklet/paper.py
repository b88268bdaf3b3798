"""The booklet as a PDF, in three parts: cover and contents, all services by kind, and the phases with the index.

The services are laid out first. After that every page number is known, and the other parts are laid out with them.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mantelzorg.pdf import InParts
from sociale_kaart.booklet.contents import Booklet

FRONT = "sociale_kaart/papers/booklet/front.html"
KINDS = "sociale_kaart/papers/booklet/kinds.html"
BACK = "sociale_kaart/papers/booklet/back.html"


def make(booklet: Booklet, told: Callable[[], None]) -> tuple[bytes, int]:
    """The paper and how many pages it has. `told` hears of each page that is laid out."""
    context = {"booklet": booklet}
    paper = InParts(told)
    with _nothing_swept_up():
        before = len(paper.lay_out(FRONT, context).pages)  # as many as it will have with its numbers
        kinds = paper.lay_out(KINDS, context, first_page=before + 1)
        booklet.number(paper.numbers)
        back = paper.lay_out(BACK, context, first_page=before + len(kinds.pages) + 1)
        booklet.number(paper.numbers)
        parts = [paper.lay_out(FRONT, context), kinds, back]
        return paper.join(parts), sum(len(part.pages) for part in parts)


@contextmanager
def _nothing_swept_up() -> Iterator[None]:
    """Looking for garbage among the millions of things that make a page takes a fifth of the time, and finds none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
