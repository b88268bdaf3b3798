from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def knowledge(request):
    return render(request, "knowledge/knowledge.html")
