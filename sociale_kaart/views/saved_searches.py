"""The questions somebody keeps: see them, keep one more, give it another name, stop the mail, take it away."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from mantelzorg import carried
from mantelzorg.forms import digest, refuse
from mantelzorg.refusal import Refused
from sociale_kaart import saved_list
from sociale_kaart.forms import SavedSearchForm, SearchForm
from sociale_kaart.models import SavedSearch
from sociale_kaart.models.saved_search import LIMIT
from sociale_kaart.search import actions
from sociale_kaart.search.choices import choices_for
from trail.actions import do_once, record_denied

ASK_AND_DO = ["GET", "HEAD", "POST"]


@require_safe
def saved_search_list(request: HttpRequest) -> HttpResponse:
    rows = saved_list.for_template(list(SavedSearch.objects.of(request.user)), request.user)
    return render(request, "sociale_kaart/saved_searches.html", {"rows": rows, "limit": LIMIT})


@require_http_methods(ASK_AND_DO)
def saved_search_new(request: HttpRequest) -> HttpResponse:
    """The address says what is asked, as on the search page."""
    choices = choices_for(request.user, chosen_municipality=carried.carried_municipality(request))
    asked = SearchForm(request.GET, choices=choices, caregiver=carried.carried_caregiver(request))
    if not asked.is_valid() or not asked.is_a_question:
        messages.info(request, "Zoek eerst op de sociale kaart. Daarna kun je de zoekvraag bewaren.")
        return redirect(carried.onward(request, "service_search"))
    form = SavedSearchForm(request.POST or None, initial={"name": saved_list.name_of(asked)})
    question = saved_list.question_of(asked)
    if form.is_valid():
        try:
            do_once(
                key=form.cleaned_data["form_key"],
                verb="save_search",
                by=request.user,
                digest=digest(form, question),
                do=lambda: actions.save_search(question=question, by=request.user, **form.details()).pk,
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Bewaard.")
            return redirect("saved_search_list")
    context = {
        "form": form,
        "answers": list(asked.answers().values()),
        "has_words": bool(question.get("q")),
        "back_url": f"{reverse('service_search')}?{asked.address()}",
        "back_label": "Terug naar de resultaten",
    }
    return render(request, "sociale_kaart/saved_search_form.html", context)


@require_http_methods(ASK_AND_DO)
def saved_search_edit(request: HttpRequest, pk) -> HttpResponse:
    search = _hers(request, pk)
    form = SavedSearchForm(request.POST or None, initial={"name": search.name, "wants_mail": search.wants_mail})
    if form.is_valid():
        try:
            actions.change_search(search=search, by=request.user, **form.details())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Bewaard.")
            return redirect("saved_search_list")
    context = {"form": form, "search": search, "back_url": reverse("saved_search_list"), "back_label": "Bewaard"}
    return render(request, "sociale_kaart/saved_search_form.html", context)


@require_http_methods(ASK_AND_DO)
def saved_search_remove(request: HttpRequest, pk) -> HttpResponse:
    search = _hers(request, pk)
    if request.method == "POST":
        actions.remove_search(search=search, by=request.user)
        messages.success(request, "De zoekvraag is weggehaald. Je krijgt er geen mail meer over.")
        return redirect("saved_search_list")
    context = {
        "title": "Zoekvraag weghalen?",
        "text": f"“{search.name}” wordt niet langer bewaard. Je krijgt er geen mail meer over.",
        "button": "Haal weg",
        "danger": True,
        "back_url": reverse("saved_search_list"),
        "back_label": "Bewaarde zoekvragen",
    }
    return render(request, "components/confirm.html", context)


def _hers(request: HttpRequest, pk) -> SavedSearch:
    search = SavedSearch.objects.of(request.user).with_key(pk)
    if search is None:
        record_denied(by=request.user, page=request.resolver_match.view_name, model=SavedSearch, key=pk)
        raise Http404
    return search
