from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from knowledge import papers
from knowledge.models import Profession
from mantelzorg.carried import carried_municipality
from mantelzorg.pdf import pdf_response


@require_safe
def profession_paper(request, slug):
    profession = get_object_or_404(Profession.objects.for_page(), slug=slug)
    return pdf_response(
        "knowledge/papers/profession.html",
        papers.sheet_of(profession, request.user.area(carried_municipality(request))),
        filename=f"{slug}.pdf",
        pages=papers.PAGES[profession.kind],
        otherwise=papers.OTHERWISE,
    )
