"""One service to look at again: who is asked, what was answered, and the choice who asks."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from mantelzorg.refusal import Refused
from sociale_kaart import permissions
from sociale_kaart.freshness import actions, check_page
from sociale_kaart.freshness.forms import MailForm
from sociale_kaart.models import Service


@require_http_methods(["GET", "HEAD", "POST"])
def check_service(request: HttpRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(Service.objects.kept_by(request.user).for_page(), slug=slug)
    choice = check_page.choice_for(service)
    chosen = request.POST if request.method == "POST" and "choice" in request.POST else None
    form = MailForm(chosen, organisation=service.organisation.name, initial={"choice": choice})
    if request.method == "POST" and "vraag" in request.POST:
        try:
            actions.ask_by_hand(service=service, by=request.user)
            messages.success(request, "De vraag gaat per mail naar de aanbieder.")
        except Refused as refusal:
            messages.info(request, refusal.sentence)
        return redirect("check_service", slug)
    if form.is_valid():
        try:
            actions.mail_about(service=service, by=request.user, **form.cleaned_data)
        except PermissionDenied:
            form.add_error("choice", "Dit mag alleen wie de hele organisatie bijhoudt.")
        else:
            messages.success(request, "Bewaard.")
            return redirect("check_service", slug)
    context = check_page.of_service(service) | {
        "service": service,
        "form": form,
        "may_confirm": permissions.may_maintain_service(request.user, service),
    }
    return render(request, "sociale_kaart/freshness/check_service.html", context)
