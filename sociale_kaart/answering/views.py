"""Setting a hint of the work list aside."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from mantelzorg.refusal import Refused
from sociale_kaart import work_list
from sociale_kaart.answering import actions
from sociale_kaart.models import Service


@require_POST
def answering_set_aside(request: HttpRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(Service.objects.for_user(request.user), slug=slug)
    try:
        actions.set_aside(service=service, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "Dit staat een maand niet op je werklijst.")
    return redirect(work_list.address_of(request.POST.get("toon", "")))
