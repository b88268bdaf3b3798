"""Own pages, and those of allauth that we want: no sign-up, no e-mail addresses to manage, no social log-in."""

from allauth.account import views as account
from allauth.mfa.base.views import IndexView
from allauth.mfa.webauthn.views import EditWebAuthnView, ListWebAuthnView
from django.urls import include, path, re_path
from django.views.decorators.http import require_http_methods

from accounts.views import invitations, logbook, mail, organisations, profile, sessions, signing_in, team

allauth_urls = [
    path("account/login/", account.LoginView.as_view(), name="account_login"),
    path("account/logout/", account.LogoutView.as_view(), name="account_logout"),
    path("account/gesloten/", account.AccountInactiveView.as_view(), name="account_inactive"),
    path("account/signup/", signing_in.signup_closed, name="account_signup"),
    path("account/reauthenticate/", account.ReauthenticateView.as_view(), name="account_reauthenticate"),
    path("account/password/change/", account.PasswordChangeView.as_view(), name="account_change_password"),
    path("account/password/set/", account.PasswordSetView.as_view(), name="account_set_password"),
    path("account/password/reset/", account.PasswordResetView.as_view(), name="account_reset_password"),
    path("account/password/reset/done/", account.PasswordResetDoneView.as_view(), name="account_reset_password_done"),
    re_path(
        r"^account/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        require_http_methods(["GET", "HEAD", "POST"])(account.PasswordResetFromKeyView.as_view()),
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/reset/key/done/",
        account.PasswordResetFromKeyDoneView.as_view(),
        name="account_reset_password_from_key_done",
    ),
    path("account/2fa/", IndexView.as_view(), name="mfa_index"),
    path("account/2fa/instellen/", signing_in.setup, name="mfa_setup"),
    path("account/2fa/authenticate/", signing_in.Authenticate.as_view(), name="mfa_authenticate"),
    path("account/2fa/reauthenticate/", signing_in.Reauthenticate.as_view(), name="mfa_reauthenticate"),
    path("account/2fa/totp/activate/", signing_in.ActivateApp.as_view(), name="mfa_activate_totp"),
    path("account/2fa/totp/deactivate/", signing_in.DeactivateApp.as_view(), name="mfa_deactivate_totp"),
    path("account/2fa/recovery-codes/", signing_in.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path(
        "account/2fa/recovery-codes/generate/", signing_in.GenerateCodes.as_view(), name="mfa_generate_recovery_codes"
    ),
    path("account/2fa/webauthn/", ListWebAuthnView.as_view(), name="mfa_list_webauthn"),
    path("account/2fa/webauthn/add/", signing_in.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("account/2fa/webauthn/login/", signing_in.LoginByPasskey.as_view(), name="mfa_login_webauthn"),
    path(
        "account/2fa/webauthn/reauthenticate/",
        signing_in.ReauthenticateByPasskey.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/2fa/webauthn/keys/<int:pk>/edit/", EditWebAuthnView.as_view(), name="mfa_edit_webauthn"),
    path("account/2fa/webauthn/keys/<int:pk>/remove/", signing_in.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
]

organisation_urls = [
    path("", organisations.admin_organisations, name="admin_organisations"),
    path("nieuw/", organisations.admin_organisation_new, name="admin_organisation_new"),
    path("<slug:slug>/", organisations.admin_organisation, name="admin_organisation"),
    path("<slug:slug>/wijzigen/", organisations.admin_organisation_change, name="admin_organisation_change"),
    path("<slug:slug>/beheerder/", organisations.admin_beheerder_invite, name="admin_beheerder_invite"),
    path(
        "<slug:slug>/uitnodigingen/<uuid:invitation_id>/opnieuw/",
        organisations.admin_invitation_resend,
        name="admin_invitation_resend",
    ),
    path(
        "<slug:slug>/uitnodigingen/<uuid:invitation_id>/intrekken/",
        organisations.admin_invitation_revoke,
        name="admin_invitation_revoke",
    ),
    path("<slug:slug>/gemeenten/", organisations.admin_municipality_link, name="admin_municipality_link"),
    path(
        "<slug:slug>/gemeenten/<slug:code>/ontkoppelen/",
        organisations.admin_municipality_unlink,
        name="admin_municipality_unlink",
    ),
    path("<slug:slug>/aanbod/", organisations.admin_service_link, name="admin_service_link"),
    path("<slug:slug>/aanstellen/", organisations.admin_appoint, name="admin_appoint"),
    path(
        "<slug:slug>/aanstellingen/<int:appointment_id>/beeindigen/",
        organisations.admin_appointment_end,
        name="admin_appointment_end",
    ),
]

urlpatterns = [
    path("account/", profile.profile, name="account_profile"),
    path("account/organisatie/", profile.acting_switch, name="acting_switch"),
    path("account/sessies/", sessions.session_list, name="session_list"),
    path("account/sessies/andere/beeindigen/", sessions.session_end_others, name="session_end_others"),
    path("account/sessies/<uuid:public_id>/beeindigen/", sessions.session_end, name="session_end"),
    path("account/sessie/", sessions.session_clock, name="session_clock"),
    path("account/sessie/voorbij/", sessions.session_over, name="session_over"),
    path("account/verder/", sessions.form_resume, name="form_resume"),
    *allauth_urls,
    path("uitnodiging/<uuid:invitation_id>/<str:token>/", invitations.invitation_accept, name="invitation_accept"),
    path("team/", team.team, name="team"),
    path("team/uitnodigen/", team.invitation_new, name="invitation_new"),
    path("team/uitnodigingen/<uuid:invitation_id>/opnieuw/", team.invitation_resend, name="invitation_resend"),
    path("team/uitnodigingen/<uuid:invitation_id>/intrekken/", team.invitation_revoke, name="invitation_revoke"),
    path("team/<uuid:membership_id>/rollen/", team.member_change, name="member_change"),
    path("team/<uuid:membership_id>/beeindigen/", team.member_end, name="member_end"),
    path("team/<uuid:membership_id>/tweede-stap/", team.member_reset_step, name="member_reset_step"),
    path("team/logboek/", logbook.logbook, name="logbook"),
    path("team/logboek/<int:pk>/naam/", logbook.log_name, name="log_name"),
    path("team/logboek/week/", logbook.log_weeks, name="log_weeks"),
    path("team/logboek/week/<int:year>/<int:number>/", logbook.log_week, name="log_week"),
    path("beheer/organisaties/", include(organisation_urls)),
    path("beheer/mail/", mail.failed_mail, name="failed_mail"),
    path("beheer/mail/<uuid:message_id>/opnieuw/", mail.failed_mail_retry, name="failed_mail_retry"),
    path("beheer/mail/<uuid:message_id>/weggooien/", mail.failed_mail_drop, name="failed_mail_drop"),
]
