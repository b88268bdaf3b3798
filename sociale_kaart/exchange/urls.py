from django.urls import path, re_path

from sociale_kaart.exchange import views

urlpatterns = [
    path("sociale-kaart/beheer/import/", views.import_list, name="import_list"),
    path("sociale-kaart/beheer/import/uitleg/", views.import_help, name="import_help"),
    re_path(
        r"^sociale-kaart/beheer/import/sjabloon\.(?P<kind>csv|xlsx)$", views.import_template, name="import_template"
    ),
    path("sociale-kaart/beheer/import/<uuid:pk>/", views.import_detail, name="import_detail"),
    path("sociale-kaart/beheer/export/", views.export, name="directory_export"),
]
