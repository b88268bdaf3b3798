"""What changed, by whom and when, side by side; and putting one change back."""

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from mantelzorg.dates import moment_in_words
from mantelzorg.pagination import keyset_page
from mantelzorg.refusal import Refused
from sociale_kaart.editing import putting_back
from sociale_kaart.editing.views import ASK_AND_DO, her_organisation, her_service, not_hers, who
from sociale_kaart.editing.words import Words
from sociale_kaart.models import Change, Organisation, Service

SALT = "sociale_kaart.putting_back"


@require_safe
def service_history(request: HttpRequest, slug: str) -> HttpResponse:
    service = her_service(request, slug)
    return _history(request, Change.objects.of_service(service), service, reverse("service_edit", args=[slug]))


@require_safe
def organisation_history(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = her_organisation(request, slug)
    changes = Change.objects.of_organisation(organisation)
    return _history(request, changes, organisation, reverse("organisation_edit", args=[slug]))


def _history(request: HttpRequest, changes, thing: Service | Organisation, back_url: str) -> HttpResponse:
    page = keyset_page(request, changes.for_list(), order=("-at", "-pk"), size=12)
    words = Words(side for change in page.rows for side in (change.before, change.after))
    context = {
        "thing": thing,
        "title": getattr(thing, "title", thing.name),
        "rows": [_row(change, words) for change in page.rows],
        "page": page,
        "back_url": back_url,
    }
    return render(request, "sociale_kaart/editing/history.html", context)


def _row(change: Change, words: Words) -> dict:
    return {
        "what": change.get_what_display().capitalize(),
        "when": moment_in_words(change.at),
        "by": who(change),
        "sides": words.sides(change.before, change.after, change.thing),
        "url": reverse("change_put_back", args=[change.pk]) if putting_back.keys_of(change) else "",
    }


@require_http_methods(ASK_AND_DO)
def change_put_back(request: HttpRequest, pk) -> HttpResponse:
    change = Change.objects.with_key(pk)
    target = putting_back.target_of(change) if change else None
    model = Service if isinstance(target, Service) else Organisation
    if target is None or model.objects.kept_by(request.user).at(target.slug) is None:
        not_hers(request, Change, pk)
    back_url = reverse("service_history" if model is Service else "organisation_history", args=[target.slug])
    mistake = ""
    if request.method == "POST":
        try:
            putting_back.put_back(change=change, by=request.user, seen=_seen(request, change))
        except Refused as refusal:
            mistake = refusal.sentence
        else:
            messages.success(request, "Teruggezet. Ook dit staat in de geschiedenis.")
            return redirect(back_url)
    now = putting_back.stands_now(change)
    wanted = putting_back.wanted_of(change, now)
    stands = {name: now.get(name) for name in wanted}
    words = Words([stands, wanted])
    since = [name for name in putting_back.changed_since(change, now) if name in wanted]
    context = {
        "change": change,
        "what": change.get_what_display(),
        "when": moment_in_words(change.at),
        "by": who(change),
        "name": getattr(target, "title", target.name),
        "sides": words.sides(stands, wanted, change.thing),
        "since": [words.label(name, change.thing, wanted[name], now.get(name)) for name in since],
        "seen": signing.dumps(stands, salt=f"{SALT}.{change.pk}", compress=True),
        "mistake": mistake,
        "back_url": back_url,
    }
    return render(request, "sociale_kaart/editing/put_back.html", context)


def _seen(request: HttpRequest, change: Change) -> dict:
    """How it stood on the page she looked at."""
    try:
        return signing.loads(request.POST.get("seen", ""), salt=f"{SALT}.{change.pk}")
    except signing.BadSignature:
        return {}
