from django.urls import path

from trail import views

urlpatterns = [
    path("gezond/", views.health, name="health"),
]
