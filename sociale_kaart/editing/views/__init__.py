"""Pages of who keeps the sociale kaart, and of who proposes a change of her own card."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest

from mantelzorg.forms import digest, refuse
from mantelzorg.refusal import Refused
from sociale_kaart import permissions
from sociale_kaart.editing.merging import Clash, Conflict
from sociale_kaart.editing.words import Words
from sociale_kaart.models import Change, Municipality, Organisation, Service
from trail.actions import do_once, record_denied

ASK_AND_DO = ["GET", "HEAD", "POST"]


def keeper(request: HttpRequest) -> None:
    """Who keeps no sociale kaart finds nothing here."""
    if not permissions.keeps_the_directory(request.user):
        not_hers(request)


def not_hers(request: HttpRequest, model=None, key="") -> None:
    if model is None:
        record_denied(by=request.user, page=request.resolver_match.view_name)
    else:
        record_denied(by=request.user, page=request.resolver_match.view_name, model=model, key=key)
    raise Http404


def her_service(request: HttpRequest, slug: str) -> Service:
    service = Service.objects.kept_by(request.user).select_related("organisation").at(slug)
    if service is None:
        not_hers(request, Service, slug)
    return service


def her_organisation(request: HttpRequest, slug: str) -> Organisation:
    organisation = Organisation.objects.kept_by(request.user).at(slug)
    if organisation is None:
        not_hers(request, Organisation, slug)
    return organisation


def own_codes(user) -> list[str]:
    """Codes of the municipalities she keeps, by name; none for the functional admin, who keeps all."""
    if user.is_functional_admin:
        return []
    return list(Municipality.objects.maintained_by(user).values_list("pk", flat=True))


def saved(request: HttpRequest, form, save: Callable[[], object]) -> bool:
    """Do what the form asks. What cannot be, stands in the form, with all that was typed."""
    if not form.is_valid():
        return False
    try:
        save()
    except Conflict as conflict:
        form.show_conflict(conflict)
    except Refused as refusal:
        form.show_mistakes({refusal.field or "": [refusal.sentence]})
    except ValidationError as mistake:
        form.show_mistakes(mistake.message_dict)
    else:
        return True
    return False


def made(request: HttpRequest, form, verb: str, make: Callable[[], object], *about) -> bool:
    """The same for what is new: sent twice it is made once."""
    if not form.is_valid():
        return False
    try:
        do_once(
            key=form.cleaned_data["form_key"],
            verb=verb,
            by=request.user,
            digest=digest(form, *about),
            do=lambda: make().pk,
        )
    except Refused as refusal:
        refuse(form, refusal)
    except ValidationError as mistake:
        refuse(form, Refused("Dit kan zo nog niet. Kijk hieronder."))
        form.show_mistakes(mistake.message_dict)
    except PermissionDenied:
        refuse(form, Refused("Kies minstens één gemeente waarvan jij de sociale kaart bijhoudt."))
    else:
        return True
    return False


def tell(request: HttpRequest, sentence: str, taken: list[str] | None = None) -> None:
    """What was saved; and what a colleague changed meanwhile, of which she saw the old words in her form."""
    messages.success(request, sentence)
    if taken:
        words = Words([])
        names = ", ".join(dict.fromkeys(words.label(name) for name in taken))
        messages.info(request, f"Een collega wijzigde intussen ook: {names}. Dat is gebleven.")


def clashes_of(form, changes) -> list[dict]:
    """For each field that two people changed: what it was, what the other made of it and who, what she typed."""
    if form.conflict is None:
        return []
    found: list[Clash] = form.conflict.merged.clashes
    words = Words([{clash.name: value} for clash in found for value in (clash.base, clash.mine, clash.theirs)])
    newest = list(changes.for_list()[:30])
    return [
        {
            "name": clash.name,
            "label": words.label(clash.name).capitalize(),
            "was": words.of(clash.name, clash.base),
            "theirs": words.of(clash.name, clash.theirs),
            "mine": words.of(clash.name, clash.mine),
            "by": next((who(change) for change in newest if clash.name in change.after), "Een collega"),
        }
        for clash in found
    ]


def who(change: Change) -> str:
    """Who did it, with for whom when it was somebody else's idea."""
    if change.by is None:
        return change.said_by or "Onbekend"
    return f"{change.by.name} ({change.said_by})" if change.said_by else change.by.name
