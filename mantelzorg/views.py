"""Pages that tell about the portal itself, which anyone may read; and what cannot be read by us."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mantelzorg.privacy import register_of_personal_data


@login_not_required
@require_safe
def privacy(request):
    return render(request, "pages/privacy.html", {"register": register_of_personal_data()})


@login_not_required
@require_safe
def accessibility(request):
    return render(request, "pages/accessibility.html")


@login_not_required
@require_safe
def security_txt(request):
    """RFC 9116: where to tell about a leak. It is good for half a year from the first of this month."""
    first = timezone.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    lines = {
        "Contact": settings.SECURITY_CONTACT,
        "Expires": (first + timedelta(days=183)).isoformat(),
        "Preferred-Languages": "nl, en",
        "Canonical": f"{settings.PUBLIC_URL}{request.path}",
    }
    text = "".join(f"{name}: {value}\n" for name, value in lines.items())
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def bad_request(request, exception):
    """Django's own reads the form again for a token, and stumbles over it for the second time."""
    return render(request, "400.html", status=400)
