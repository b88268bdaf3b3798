"""Pages that tell about the portal itself, which anyone may read; and what cannot be read by us."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
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


def bad_request(request, exception):
    """Django's own reads the form again for a token, and stumbles over it for the second time."""
    return render(request, "400.html", status=400)
