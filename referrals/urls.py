from django.urls import path

from referrals.views import passing_on

urlpatterns = [
    path("mantelzorgers/nieuw/", passing_on.caregiver_new, name="caregiver_new"),
    path("mantelzorgers/<uuid:pk>/verwijzen/", passing_on.referral_new, name="referral_new"),
    path("verwijzingen/<uuid:pk>/bewerken/", passing_on.referral_draft, name="referral_draft"),
    path("verwijzingen/<uuid:pk>/verstuurd/", passing_on.referral_sent, name="referral_sent"),
]
