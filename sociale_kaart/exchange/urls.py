from django.urls import path, re_path

from sociale_kaart.exchange import api, views

urlpatterns = [
    path("sociale-kaart/beheer/import/", views.import_list, name="import_list"),
    path("sociale-kaart/beheer/import/uitleg/", views.import_help, name="import_help"),
    re_path(
        r"^sociale-kaart/beheer/import/sjabloon\.(?P<kind>csv|xlsx)$", views.import_template, name="import_template"
    ),
    path("sociale-kaart/beheer/import/<uuid:pk>/", views.import_detail, name="import_detail"),
    path("sociale-kaart/beheer/export/", views.export, name="directory_export"),
    path("api/hsds/", api.root, name="hsds"),
    path("api/hsds/services", api.services, name="hsds_services"),
    path("api/hsds/services/<uuid:pk>", api.service, name="hsds_service"),
    path("api/hsds/organizations", api.organizations, name="hsds_organizations"),
    path("api/hsds/organizations/<uuid:pk>", api.organization, name="hsds_organization"),
    path("api/hsds/service_at_locations", api.service_at_locations, name="hsds_service_at_locations"),
    path("api/hsds/service_at_locations/<uuid:pk>", api.service_at_location, name="hsds_service_at_location"),
    path("api/hsds/taxonomies", api.taxonomies, name="hsds_taxonomies"),
    path("api/hsds/taxonomies/<uuid:pk>", api.taxonomy, name="hsds_taxonomy"),
    path("api/hsds/taxonomy_terms", api.taxonomy_terms, name="hsds_taxonomy_terms"),
    path("api/hsds/taxonomy_terms/<uuid:pk>", api.taxonomy_term, name="hsds_taxonomy_term"),
]
