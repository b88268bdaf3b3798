from django.urls import path

from intake.views import changes, insight, journey, measuring, needs, pages, people, reflection, talking

urlpatterns = [
    path("mantelzorgers/", pages.caregiver_list, name="caregiver_list"),
    path("mantelzorgers/<uuid:pk>/", pages.caregiver_detail, name="caregiver_detail"),
    path("mantelzorgers/<uuid:pk>/tijdlijn/", pages.caregiver_timeline, name="caregiver_timeline"),
    path("mantelzorgers/<uuid:pk>/reflectie/", reflection.reflection, name="reflection"),
    path("mantelzorgers/<uuid:pk>/inzage/", insight.caregiver_insight, name="caregiver_insight"),
    path("mantelzorgers/<uuid:pk>/wijzigen/", changes.caregiver_edit, name="caregiver_edit"),
    path("mantelzorgers/<uuid:pk>/fase/", changes.caregiver_phase, name="caregiver_phase"),
    path("mantelzorgers/<uuid:pk>/fasen/", journey.phase_journey, name="phase_journey"),
    path("mantelzorgers/fasen/<uuid:pk>/wijzigen/", journey.phase_step_edit, name="phase_step_edit"),
    path("mantelzorgers/fasen/<uuid:pk>/weghalen/", journey.phase_step_remove, name="phase_step_remove"),
    path("mantelzorgers/<uuid:pk>/casemanager/", changes.caregiver_casemanager, name="caregiver_casemanager"),
    path("mantelzorgers/<uuid:pk>/zwaarte/", changes.caregiver_burden, name="caregiver_burden"),
    path("mantelzorgers/<uuid:pk>/hulpvragen/nieuw/", needs.need_new, name="need_new"),
    path("hulpvragen/<uuid:pk>/wijzigen/", needs.need_edit, name="need_edit"),
    path("mantelzorgers/<uuid:pk>/betrokkenen/nieuw/", people.involvement_new, name="involvement_new"),
    path("mantelzorgers/<uuid:pk>/gesprekken/", talking.talk_list, name="talk_list"),
    path("mantelzorgers/<uuid:pk>/gesprekken/nieuw/", talking.talk_new, name="talk_new"),
    path("mantelzorgers/gesprekken/<uuid:pk>/", talking.talk_detail, name="talk_detail"),
    path("mantelzorgers/gesprekken/<uuid:pk>/wijzigen/", talking.talk_edit, name="talk_edit"),
    path("mantelzorgers/gesprekken/<uuid:pk>/weghalen/", talking.talk_remove, name="talk_remove"),
    path("mantelzorgers/<uuid:pk>/metingen/", measuring.screening_list, name="screening_list"),
    path("mantelzorgers/<uuid:pk>/metingen/nieuw/<slug:slug>/", measuring.screening_new, name="screening_new"),
    path("mantelzorgers/<uuid:pk>/metingen/alle/<slug:slug>/", measuring.screening_history, name="screening_history"),
    path("metingen/<uuid:pk>/", measuring.screening_detail, name="screening_detail"),
    path("metingen/<uuid:pk>/intrekken/", measuring.screening_take_back, name="screening_take_back"),
    path("betrokkenen/<uuid:pk>/beeindigen/", people.involvement_end, name="involvement_end"),
]
