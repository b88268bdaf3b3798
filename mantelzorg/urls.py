"""The table of contents: which room answers which address."""

from django.urls import include, path

urlpatterns = [
    path("", include("trail.urls")),
    path("", include("knowledge.urls")),
    path("", include("sociale_kaart.urls")),
    path("", include("accounts.urls")),
    path("", include("intake.urls")),
    path("", include("referrals.urls")),
    path("", include("overviews.urls")),
]
