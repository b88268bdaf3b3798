"""The table of contents: which room answers which address."""

from django.urls import include, path

from mantelzorg import views

handler400 = "mantelzorg.views.bad_request"

urlpatterns = [
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("privacy/", views.privacy, name="privacy"),
    path("toegankelijkheid/", views.accessibility, name="accessibility"),
    path("", include("trail.urls")),
    path("", include("knowledge.urls")),
    path("", include("sociale_kaart.urls")),
    path("", include("accounts.urls")),
    path("", include("intake.urls")),
    path("", include("referrals.urls")),
    path("", include("overviews.urls")),
]
