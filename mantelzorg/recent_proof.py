"""The step before an export: who logged in some time ago shows again that it is her, and gets what she asked for."""

import time
from functools import wraps
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse


def proved_recently(request: HttpRequest) -> bool:
    """She logged in, or showed again who she is, at most ACCOUNT_REAUTHENTICATION_TIMEOUT seconds ago."""
    records = get_authentication_records(request, request.user) if request.user.is_authenticated else []
    latest = max((record["at"] for record in records), default=0)
    return time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def show_again(request: HttpRequest) -> HttpResponse:
    """To the page where she does, and from there back to this address."""
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.get_full_path()})}")


def recently_authenticated(view):
    """For an export, which is fetched by GET. Below a check of rights: a stranger to the page learns nothing by it."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        return view(request, *args, **kwargs) if proved_recently(request) else show_again(request)

    return wrapper
