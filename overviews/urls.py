from django.urls import path

from overviews import views

urlpatterns = [
    path("overzichten/", views.overview, name="overview"),
    path("overzichten/overzicht.pdf", views.overview_paper, name="overview_paper"),
]
