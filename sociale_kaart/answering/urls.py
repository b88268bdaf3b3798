from django.urls import path

from sociale_kaart.answering import views

urlpatterns = [
    path("sociale-kaart/beheer/antwoorden/<slug:slug>/opzij/", views.answering_set_aside, name="answering_set_aside"),
]
