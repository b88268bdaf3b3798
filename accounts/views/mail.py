"""Mail that did not arrive, for the functional admin: somebody has to see it. Not to whom, and never what about."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import may_administer, only
from mantelzorg.pagination import keyset_page
from mantelzorg.refusal import Refused
from trail import actions
from trail.models import OutboxMessage

functional_admin_only = only(may_administer)


@functional_admin_only
@require_safe
def failed_mail(request):
    page = keyset_page(request, OutboxMessage.objects.failed(), order=("-failed_at", "-pk"))
    return render(request, "accounts/failed_mail.html", {"page": page})


@functional_admin_only
@require_POST
def failed_mail_retry(request, message_id):
    return _do(request, actions.retry_mail, message_id, "De mail staat weer klaar en gaat zo de deur uit.")


@functional_admin_only
@require_POST
def failed_mail_drop(request, message_id):
    return _do(request, actions.drop_mail, message_id, "De mail is weggegooid.")


def _do(request, act, message_id, done: str):
    try:
        act(message_id=message_id, by=request.user)
    except Refused as refusal:
        messages.info(request, refusal.sentence)
    else:
        messages.success(request, done)
    return redirect("failed_mail")
