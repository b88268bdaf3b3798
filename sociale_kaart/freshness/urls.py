from django.urls import path

from sociale_kaart.freshness.views import checks, link, reports

urlpatterns = [
    path("klopt-nog/<str:token>/", link.check_by_link, name="check_by_link"),
    path("klopt-nog/<str:token>/<slug:slug>/", link.check_correct, name="check_correct"),
    path("sociale-kaart/meldingen/", reports.my_reports, name="my_reports"),
    path("sociale-kaart/aanbod/<slug:slug>/melden/", reports.report_new, name="report_new"),
    path("sociale-kaart/beheer/meldingen/<uuid:pk>/", reports.report_detail, name="report_detail"),
    path("sociale-kaart/beheer/nakijken/<slug:slug>/", checks.check_service, name="check_service"),
]
