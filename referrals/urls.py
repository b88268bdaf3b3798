from django.urls import path

from referrals.linked import views as linked
from referrals.views import answers, matching, needs, papers, passing_on, referrals, today, withdrawing, work

urlpatterns = [
    path("", today.vandaag, name="vandaag"),
    path("antwoord/<str:token>/", linked.by_link, name="by_link"),
    path("antwoord/<str:token>/<slug:what>/", linked.answer_by_link, name="answer_by_link"),
    path("verwijzingen/<uuid:pk>/link-opnieuw/", referrals.referral_link_anew, name="referral_link_anew"),
    path("afwezig/", work.absence, name="absence"),
    path("afwezig/<uuid:pk>/terug/", work.absence_end, name="absence_end"),
    path("team/termijnen/", work.terms, name="terms"),
    path("mantelzorgers/nieuw/", passing_on.caregiver_new, name="caregiver_new"),
    path("mantelzorgers/<uuid:pk>/verwijzen/", passing_on.referral_new, name="referral_new"),
    path("verwijzingen/<uuid:pk>/bewerken/", passing_on.referral_draft, name="referral_draft"),
    path("verwijzingen/<uuid:pk>/verstuurd/", passing_on.referral_sent, name="referral_sent"),
    path("verwijzingen/<uuid:pk>/brief.pdf", papers.referral_letter, name="referral_letter"),
    path("mantelzorgers/<uuid:pk>/overzicht/", papers.overview_choose, name="overview_choose"),
    path("mantelzorgers/<uuid:pk>/overzicht.pdf", papers.caregiver_overview, name="caregiver_overview"),
    path(
        "mantelzorgers/<uuid:pk>/toestemmingen/intrekken/",
        withdrawing.consent_withdraw_all,
        name="consent_withdraw_all",
    ),
    path("mantelzorgers/<uuid:pk>/wissen/", withdrawing.caregiver_erase, name="caregiver_erase"),
    path("toestemmingen/<uuid:pk>/intrekken/", withdrawing.consent_withdraw, name="consent_withdraw"),
    path("toestemmingen/<uuid:pk>/beperken/", withdrawing.consent_narrow, name="consent_narrow"),
    path("hulpvragen/<uuid:pk>/aanbod/", matching.need_offers, name="need_offers"),
    path("hulpvragen/<uuid:pk>/afsluiten/", needs.need_close, name="need_close"),
    path("hulpvragen/<uuid:pk>/plannen/", needs.need_plan, name="need_plan"),
    path("hulpvragen/<uuid:pk>/heropenen/", needs.need_reopen, name="need_reopen"),
    path("verwijzingen/", referrals.referral_list, name="referral_list"),
    path("verwijzingen/<uuid:pk>/", referrals.referral_detail, name="referral_detail"),
    path("verwijzingen/<uuid:pk>/aannemen/", answers.referral_accept, name="referral_accept"),
    path("verwijzingen/<uuid:pk>/afwijzen/", answers.referral_decline, name="referral_decline"),
    path("verwijzingen/<uuid:pk>/bellen/", answers.referral_log_call, name="referral_log_call"),
    path("verwijzingen/<uuid:pk>/contact/", answers.referral_contact, name="referral_contact"),
    path("verwijzingen/<uuid:pk>/niet-bereikt/", answers.referral_give_up, name="referral_give_up"),
    path("verwijzingen/<uuid:pk>/afronden/", answers.referral_complete, name="referral_complete"),
    path("verwijzingen/<uuid:pk>/intrekken/", answers.referral_withdraw, name="referral_withdraw"),
    path("verwijzingen/<uuid:pk>/heropenen/", answers.referral_reopen, name="referral_reopen"),
    path("verwijzingen/<uuid:pk>/vraag-toevoegen/", needs.referral_add_need, name="referral_add_need"),
]
