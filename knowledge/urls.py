from django.urls import path

from knowledge.views import (
    conversations,
    financing,
    instruments,
    library,
    papers,
    phases,
    professions,
    stories,
    support,
    themes,
    work_card,
)

urlpatterns = [
    path("kennis/", library.knowledge, name="knowledge"),
    path("beroepen/", professions.profession_list, name="profession_list"),
    path("beroepen/<slug:slug>/", professions.profession_detail, name="profession_detail"),
    path("beroepen/<slug:slug>/blad.pdf", papers.profession_paper, name="profession_paper"),
    path("fasen/", phases.phase_list, name="phase_list"),
    path("fasen/<slug:slug>/", phases.phase_detail, name="phase_detail"),
    path("themas/", themes.theme_list, name="theme_list"),
    path("themas/<slug:slug>/", themes.theme_detail, name="theme_detail"),
    path("ondersteuning/", support.support_list, name="support_list"),
    path("ondersteuning/<slug:slug>/", support.support_detail, name="support_detail"),
    path("verhalen/", stories.story_list, name="story_list"),
    path("verhalen/<slug:slug>/", stories.story_detail, name="story_detail"),
    path("werkkaart/", work_card.work_card, name="work_card"),
    path("landelijk/", library.national_list, name="national_list"),
    path("tips/", library.tip_list, name="tip_list"),
    path("gesprekken/<slug:slug>/", conversations.conversation_detail, name="conversation_detail"),
    path("meetinstrumenten/", instruments.instrument_list, name="instrument_list"),
    path("meetinstrumenten/<slug:slug>/", instruments.instrument_detail, name="instrument_detail"),
    path("financiering/", financing.financing_list, name="financing_list"),
]
