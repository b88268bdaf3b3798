from django.urls import path

from knowledge.views import library, papers, phases, professions

urlpatterns = [
    path("kennis/", library.knowledge, name="knowledge"),
    path("beroepen/", professions.profession_list, name="profession_list"),
    path("beroepen/<slug:slug>/", professions.profession_detail, name="profession_detail"),
    path("beroepen/<slug:slug>/blad.pdf", papers.profession_paper, name="profession_paper"),
    path("fasen/", phases.phase_list, name="phase_list"),
    path("fasen/<slug:slug>/", phases.phase_detail, name="phase_detail"),
]
