from django.urls import path

from knowledge.views import library, phases, professions

urlpatterns = [
    path("kennis/", library.knowledge, name="knowledge"),
    path("beroepen/", professions.profession_list, name="profession_list"),
    path("beroepen/<slug:slug>/", professions.profession_detail, name="profession_detail"),
    path("fasen/", phases.phase_list, name="phase_list"),
    path("fasen/<slug:slug>/", phases.phase_detail, name="phase_detail"),
]
