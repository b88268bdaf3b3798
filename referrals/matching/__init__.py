"""Which services fit what she asks, near her, with why each fits and what does not.

- `groups`: for whom a service is meant, and whether that is her.
- `weighing`: how well a service fits, from facts alone: the lines to show and the rank are one and the same.
- `cards`: a service as a sender weighs it, in lines that are ready to show.
- `words`: which kinds of support her own words may be about.
- `reading`: what there is to weigh: the cards of passing on, and what is offered for one need.
"""

from referrals.matching.cards import Card, to_arrange
from referrals.matching.groups import About, about_her
from referrals.matching.reading import THINKS_ALONG, NeedOffers, Suggestions, offers_for, suggest

__all__ = [
    "THINKS_ALONG",
    "About",
    "Card",
    "NeedOffers",
    "Suggestions",
    "about_her",
    "offers_for",
    "suggest",
    "to_arrange",
]
