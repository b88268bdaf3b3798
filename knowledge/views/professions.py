from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from knowledge.models import Profession


@require_safe
def profession_list(request):
    context = {
        "sheets": Profession.objects.sheets().for_list(),
        "roles": Profession.objects.roles().for_list(),
    }
    return render(request, "knowledge/profession_list.html", context)


@require_safe
def profession_detail(request, slug):
    profession = get_object_or_404(Profession.objects.for_page(), slug=slug)
    return render(request, "knowledge/profession_detail.html", {"profession": profession})
