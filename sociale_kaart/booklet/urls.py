from django.urls import path

from sociale_kaart.booklet import views

urlpatterns = [
    path("sociale-kaart/boekje/", views.start, name="booklet_start"),
    path("sociale-kaart/boekje/<slug:slug>/", views.booklet, name="booklet"),
    path("sociale-kaart/boekje/<slug:slug>/boekje.pdf", views.paper, name="booklet_paper"),
]
