from django.urls import include, path

from sociale_kaart.views import compare, everything, local_notes, map, saved_searches, services, who_is_who, work_list

urlpatterns = [
    path("", include("sociale_kaart.exchange.urls")),
    path("", include("sociale_kaart.editing.urls")),
    path("", include("sociale_kaart.freshness.urls")),
    path("", include("sociale_kaart.booklet.urls")),
    path("", include("sociale_kaart.answering.urls")),
    path("zoeken/", everything.search_everything, name="search_everything"),
    path("sociale-kaart/", services.service_search, name="service_search"),
    path("sociale-kaart/vergelijken/", compare.service_compare, name="service_compare"),
    path("sociale-kaart/kaart/", map.service_map, name="service_map"),
    path("sociale-kaart/bewaard/", saved_searches.saved_search_list, name="saved_search_list"),
    path("sociale-kaart/bewaard/nieuw/", saved_searches.saved_search_new, name="saved_search_new"),
    path("sociale-kaart/bewaard/<uuid:pk>/", saved_searches.saved_search_edit, name="saved_search_edit"),
    path("sociale-kaart/bewaard/<uuid:pk>/weghalen/", saved_searches.saved_search_remove, name="saved_search_remove"),
    path("sociale-kaart/aanbod/<slug:slug>/", services.service_detail, name="service_detail"),
    path("sociale-kaart/aanbod/<slug:slug>/klopt-nog/", services.service_confirm, name="service_confirm"),
    path("sociale-kaart/organisaties/<slug:slug>/", services.organisation_detail, name="organisation_detail"),
    path("sociale-kaart/aanvullingen/nieuw/", local_notes.local_note_new, name="local_note_new"),
    path("sociale-kaart/aanvullingen/<uuid:pk>/", local_notes.local_note_edit, name="local_note_edit"),
    path("sociale-kaart/aanvullingen/<uuid:pk>/weghalen/", local_notes.local_note_end, name="local_note_end"),
    path("sociale-kaart/beheer/werklijst/", work_list.directory_work, name="directory_work"),
    path("wie-is-wie/", who_is_who.start, name="who_is_who_start"),
    path("wie-is-wie/<slug:slug>/", who_is_who.page, name="who_is_who"),
    path("wie-is-wie/<slug:slug>/poster.pdf", who_is_who.poster, name="who_is_who_paper"),
]
