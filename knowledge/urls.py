from django.urls import path

from knowledge import views

urlpatterns = [
    path("beroepen/", views.profession_list, name="profession_list"),
    path("beroepen/<slug:slug>/", views.profession_detail, name="profession_detail"),
    path("fasen/", views.phase_list, name="phase_list"),
    path("fasen/<slug:slug>/", views.phase_detail, name="phase_detail"),
]
