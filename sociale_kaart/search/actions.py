"""What can be done with a question that somebody keeps, and telling her what is new."""

import datetime
from dataclasses import replace

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from mantelzorg.refusal import Refused
from sociale_kaart.models import SavedSearch, Service
from sociale_kaart.models.saved_search import LIMIT
from sociale_kaart.saved_list import query_of
from sociale_kaart.search.query import find_exactly
from trail.actions import enqueue_mail

DAY = datetime.timedelta(days=1)
NEW_AT_ONCE = 500  # of so many new services the newest are looked at: after an import there can be thousands


@transaction.atomic
def save_search(
    *, name: str, question: dict[str, str], wants_mail: bool, by, now: datetime.datetime | None = None
) -> SavedSearch:
    """Keep a question: what was filled in on the search form, by the name of the field."""
    hers = list(SavedSearch.objects.of(by).select_for_update())
    if len(hers) >= LIMIT:
        raise Refused(f"Je bewaart er al {LIMIT}. Haal er eerst een weg.")
    _check_name(name, hers)
    now = now or timezone.now()
    search = SavedSearch(user_id=by.pk, name=name, question=question, wants_mail=wants_mail, made_at=now, looked_at=now)
    search.save(force_insert=True)
    return search


@transaction.atomic
def change_search(
    *, search: SavedSearch, name: str, wants_mail: bool, by, now: datetime.datetime | None = None
) -> SavedSearch:
    """Another name, or no mail any more. Who wants mail again is told of what is new from now on."""
    hers = {each.pk: each for each in SavedSearch.objects.of(by).select_for_update()}
    search = hers.pop(search.pk)
    _check_name(name, hers.values())
    if wants_mail and not search.wants_mail:
        search.looked_at = now or timezone.now()
    search.name, search.wants_mail = name, wants_mail
    search.save(update_fields=["name", "wants_mail", "looked_at"])
    return search


def remove_search(*, search: SavedSearch, by) -> None:
    SavedSearch.objects.of(by).filter(pk=search.pk).delete()


def tell_news(*, now: datetime.datetime) -> int:
    """Who keeps a question and wants to know, gets one mail a day at most. Returns how many mails."""
    return sum(_tell(user, now) for user in SavedSearch.objects.people_due(now - DAY))


def forget_searches(*, now: datetime.datetime) -> int:
    """Of who no longer has an account, or works nowhere any more."""
    return SavedSearch.objects.of_ended_accounts().delete()[0]


@transaction.atomic
def _tell(user, now: datetime.datetime) -> bool:
    is_news = False
    searches = [each for each in SavedSearch.objects.of(user).select_for_update() if each.wants_mail]
    if any(each.mailed_at and each.mailed_at > now - DAY for each in searches):
        return False  # another worker was first
    for search in searches:
        found = _new_for(search, user, now)
        search.looked_at = now
        if found:
            is_news, search.found, search.mailed_at = True, found, now
        search.save(update_fields=["looked_at", "found", "mailed_at"])
    if is_news:
        context = {"path": reverse("saved_search_list")}
        enqueue_mail(template="saved_search_news", to=user.email, context=context, about=user)
    return is_news


def _new_for(search: SavedSearch, user, now: datetime.datetime) -> list:
    """What came on the card since she was last told, and fits."""
    new = Service.objects.published_between(search.looked_at, now)[:NEW_AT_ONCE]
    query = query_of(search, user) if new else None
    if query is None:
        return []
    return [hit.id for hit in find_exactly(replace(query, only=tuple(new)), timezone.localdate(now)).hits]


def _check_name(name: str, others) -> None:
    if any(each.name == name for each in others):
        raise Refused("Zo heet al een andere zoekvraag van jou. Kies een andere naam.", field="name")
