from django.urls import path

from sociale_kaart import views

urlpatterns = [
    path("sociale-kaart/", views.service_search, name="service_search"),
    path("sociale-kaart/aanbod/<slug:slug>/", views.service_detail, name="service_detail"),
    path("sociale-kaart/aanbod/<slug:slug>/klopt-nog/", views.service_confirm, name="service_confirm"),
    path("sociale-kaart/organisaties/<slug:slug>/", views.organisation_detail, name="organisation_detail"),
]
