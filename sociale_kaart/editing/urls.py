from django.urls import path

from sociale_kaart.editing.views import history, lists, organisations, proposals, services

KEEP = "sociale-kaart/beheer/"

urlpatterns = [
    path(KEEP, lists.directory_keep, name="directory_keep"),
    path(f"{KEEP}nieuw-aanbod/", services.service_new, name="service_new"),
    path(f"{KEEP}aanbod/<slug:slug>/", services.service_edit, name="service_edit"),
    path(f"{KEEP}aanbod/<slug:slug>/stand/<slug:step>/", services.service_status, name="service_status"),
    path(f"{KEEP}aanbod/<slug:slug>/geschiedenis/", history.service_history, name="service_history"),
    path(f"{KEEP}aanbod/<slug:slug>/voorstel/", proposals.proposal_new, name="proposal_new"),
    path(
        f"{KEEP}aanbod/<slug:slug>/contacten/nieuw/",
        organisations.contact_new,
        {"of": "aanbod"},
        name="service_contact_new",
    ),
    path(f"{KEEP}organisaties/", lists.kept_organisations, name="kept_organisations"),
    path(f"{KEEP}nieuwe-organisatie/", organisations.organisation_new, name="organisation_new"),
    path(f"{KEEP}organisaties/<slug:slug>/", organisations.organisation_edit, name="organisation_edit"),
    path(f"{KEEP}organisaties/<slug:slug>/geschiedenis/", history.organisation_history, name="organisation_history"),
    path(f"{KEEP}organisaties/<slug:slug>/locaties/nieuw/", organisations.location_new, name="location_new"),
    path(
        f"{KEEP}organisaties/<slug:slug>/contacten/nieuw/",
        organisations.contact_new,
        {"of": "organisatie"},
        name="organisation_contact_new",
    ),
    path(f"{KEEP}locaties/<uuid:pk>/", organisations.location_edit, name="location_edit"),
    path(f"{KEEP}locaties/<uuid:pk>/weghalen/", organisations.location_remove, name="location_remove"),
    path(f"{KEEP}contacten/<uuid:pk>/", organisations.contact_edit, name="contact_edit"),
    path(f"{KEEP}contacten/<uuid:pk>/weghalen/", organisations.contact_remove, name="contact_remove"),
    path(f"{KEEP}wijzigingen/<uuid:pk>/terugzetten/", history.change_put_back, name="change_put_back"),
    path(f"{KEEP}voorstellen/", proposals.proposal_list, name="proposal_list"),
    path(f"{KEEP}voorstellen/<uuid:pk>/", proposals.proposal_detail, name="proposal_detail"),
    path(f"{KEEP}voorstellen/<uuid:pk>/overnemen/", proposals.proposal_accept, name="proposal_accept"),
    path(f"{KEEP}voorstellen/<uuid:pk>/afwijzen/", proposals.proposal_decline, name="proposal_decline"),
    path(f"{KEEP}voorstellen/<uuid:pk>/intrekken/", proposals.proposal_withdraw, name="proposal_withdraw"),
]
