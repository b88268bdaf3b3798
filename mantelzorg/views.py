"""Pages that tell about the portal itself. Anyone may read them."""

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
