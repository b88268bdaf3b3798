"""Who may open what: one table of every address, for anonymous and each of the cast, for GET and POST.

Somebody to whom a thing does not exist gets 404, never 403. `in` leads to the log-in page; `re` asks for her password
once more. A POST is sent empty: 200 is the form again (or a page that says why not), 302 is done. The things in the
second column are made in tests/lived_in.py; what there is to see on a page is for its own tests.
"""

import re
import uuid
from collections import Counter

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from tests.lived_in import ANONYMOUS, CAST, browser_of, cast_of, move_in, next_browser

COLUMNS = [ANONYMOUS, *CAST]

TABLE = """
#                                                                ano sen col rec r_c con coo beh log adm pom out
# Anybody
privacy                              -                     GET   200 200 200 200 200 200 200 200 200 200 200 200
privacy                              -                     POST  405 405 405 405 405 405 405 405 405 405 405 405
withdraw_by_code                     -                     GET   200 200 200 200 200 200 200 200 200 200 200 200
withdraw_by_code                     -                     POST  200 200 200 200 200 200 200 200 200 200 200 200
withdrawn_by_code                    -                     GET   200 200 200 200 200 200 200 200 200 200 200 200
withdrawn_by_code                    -                     POST  405 405 405 405 405 405 405 405 405 405 405 405
security_txt                         -                     GET   200 200 200 200 200 200 200 200 200 200 200 200
security_txt                         -                     POST  405 405 405 405 405 405 405 405 405 405 405 405
accessibility                        -                     GET   200 200 200 200 200 200 200 200 200 200 200 200
accessibility                        -                     POST  405 405 405 405 405 405 405 405 405 405 405 405
health                               -                     GET   200 200 200 200 200 200 200 200 200 200 200 200
health                               -                     POST  405 405 405 405 405 405 405 405 405 405 405 405
account_inactive                     -                     GET   200 200 200 200 200 200 200 200 200 200 200 200
account_inactive                     -                     POST  405 405 405 405 405 405 405 405 405 405 405 405
account_signup                       -                     GET   200 200 200 200 200 200 200 200 200 200 200 200
account_signup                       -                     POST  200 200 200 200 200 200 200 200 200 200 200 200
account_login                        -                     GET   200 302 302 302 302 302 302 302 302 302 302 302
account_login                        -                     POST  200 302 302 302 302 302 302 302 302 302 302 302
account_logout                       -                     GET   302 200 200 200 200 200 200 200 200 200 200 200
account_logout                       -                     POST  302 302 302 302 302 302 302 302 302 302 302 302
account_reset_password               -                     GET   200 200 200 200 200 200 200 200 200 200 200 200
account_reset_password               -                     POST  200 200 200 200 200 200 200 200 200 200 200 200
account_reset_password_done          -                     GET   200 200 200 200 200 200 200 200 200 200 200 200
account_reset_password_done          -                     POST  405 405 405 405 405 405 405 405 405 405 405 405
account_reset_password_from_key      reset_link            GET   200 200 200 200 200 200 200 200 200 200 200 200
account_reset_password_from_key      reset_link            POST  200 200 200 200 200 200 200 200 200 200 200 200
account_reset_password_from_key_done -                     GET   200 200 200 200 200 200 200 200 200 200 200 200
account_reset_password_from_key_done -                     POST  405 405 405 405 405 405 405 405 405 405 405 405
mfa_authenticate                     -                     GET   302 302 302 302 302 302 302 302 302 302 302 302
mfa_authenticate                     -                     POST  302 302 302 302 302 302 302 302 302 302 302 302
mfa_login_webauthn                   -                     GET   302 302 302 302 302 302 302 302 302 302 302 302
mfa_login_webauthn                   -                     POST  302 302 302 302 302 302 302 302 302 302 302 302
session_clock                        -                     GET   200 200 200 200 200 200 200 200 200 200 200 200
session_clock                        -                     POST  200 200 200 200 200 200 200 200 200 200 200 200
session_over                         -                     GET   405 405 405 405 405 405 405 405 405 405 405 405
session_over                         -                     POST  200 200 200 200 200 200 200 200 200 200 200 200
invitation_accept                    invitation_link       GET   200 200 200 200 200 200 200 200 200 200 200 200
invitation_accept                    invitation_link       POST  200 200 200 200 200 200 200 200 200 200 200 200
invitation_accept                    wrong_link            GET   410 410 410 410 410 410 410 410 410 410 410 410
invitation_accept                    wrong_link            POST  410 410 410 410 410 410 410 410 410 410 410 410
check_by_link                        check_link            GET   200 200 200 200 200 200 200 200 200 200 200 200
check_by_link                        check_link            POST  302 302 302 302 302 302 302 302 302 302 302 302
check_by_link                        wrong_check_link      GET   410 410 410 410 410 410 410 410 410 410 410 410
check_by_link                        wrong_check_link      POST  410 410 410 410 410 410 410 410 410 410 410 410
check_correct                        check_of_service      GET   200 200 200 200 200 200 200 200 200 200 200 200
check_correct                        check_of_service      POST  200 200 200 200 200 200 200 200 200 200 200 200
by_link                              receiver_link         GET   200 200 200 200 200 200 200 200 200 200 200 200
by_link                              receiver_link         POST  302 302 302 302 302 302 302 302 302 302 302 302
by_link                              wrong_receiver_link   GET   410 410 410 410 410 410 410 410 410 410 410 410
by_link                              wrong_receiver_link   POST  410 410 410 410 410 410 410 410 410 410 410 410
answer_by_link                       answer_link           GET   302 302 302 302 302 302 302 302 302 302 302 302
answer_by_link                       answer_link           POST  302 302 302 302 302 302 302 302 302 302 302 302
# Open data is off, unless the installation opens it: see tests/sociale_kaart/exchange/test_open_data.py
hsds                                 -                     GET  404 404 404 404 404 404 404 404 404 404 404 404
hsds                                 -                     POST 405 405 405 405 405 405 405 405 405 405 405 405
hsds_services                        -                     GET  404 404 404 404 404 404 404 404 404 404 404 404
hsds_services                        -                     POST 405 405 405 405 405 405 405 405 405 405 405 405
hsds_service                         nothing               GET  404 404 404 404 404 404 404 404 404 404 404 404
hsds_service                         nothing               POST 405 405 405 405 405 405 405 405 405 405 405 405
hsds_organizations                   -                     GET  404 404 404 404 404 404 404 404 404 404 404 404
hsds_organizations                   -                     POST 405 405 405 405 405 405 405 405 405 405 405 405
hsds_organization                    nothing               GET  404 404 404 404 404 404 404 404 404 404 404 404
hsds_organization                    nothing               POST 405 405 405 405 405 405 405 405 405 405 405 405
hsds_service_at_locations            -                     GET  404 404 404 404 404 404 404 404 404 404 404 404
hsds_service_at_locations            -                     POST 405 405 405 405 405 405 405 405 405 405 405 405
hsds_service_at_location             nothing               GET  404 404 404 404 404 404 404 404 404 404 404 404
hsds_service_at_location             nothing               POST 405 405 405 405 405 405 405 405 405 405 405 405
hsds_taxonomies                      -                     GET  404 404 404 404 404 404 404 404 404 404 404 404
hsds_taxonomies                      -                     POST 405 405 405 405 405 405 405 405 405 405 405 405
hsds_taxonomy                        nothing               GET  404 404 404 404 404 404 404 404 404 404 404 404
hsds_taxonomy                        nothing               POST 405 405 405 405 405 405 405 405 405 405 405 405
hsds_taxonomy_terms                  -                     GET  404 404 404 404 404 404 404 404 404 404 404 404
hsds_taxonomy_terms                  -                     POST 405 405 405 405 405 405 405 405 405 405 405 405
hsds_taxonomy_term                   nothing               GET  404 404 404 404 404 404 404 404 404 404 404 404
hsds_taxonomy_term                   nothing               POST 405 405 405 405 405 405 405 405 405 405 405 405

# Her own account
account_profile                      -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
account_profile                      -                     POST  in  200 200 200 200 200 200 200 200 200 200 200
acting_switch                        -                     GET   in  405 405 405 405 405 405 405 405 405 405 405
acting_switch                        -                     POST  in  404 404 404 404 404 404 404 404 404 404 404
session_list                         -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
session_list                         -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
session_end                          session               GET   in  405 405 405 405 405 405 405 405 405 405 405
session_end                          session               POST  in  404 302 404 404 404 404 404 404 404 404 404
session_end_others                   -                     GET   in  405 405 405 405 405 405 405 405 405 405 405
session_end_others                   -                     POST  in  302 302 302 302 302 302 302 302 302 302 302
form_resume                          -                     GET   in  302 302 302 302 302 302 302 302 302 302 302
form_resume                          -                     POST  in  302 302 302 302 302 302 302 302 302 302 302
mfa_setup                            -                     GET   in  302 302 302 302 302 302 302 302 302 302 302
mfa_setup                            -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
account_reauthenticate               -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
account_reauthenticate               -                     POST  in  200 200 200 200 200 200 200 200 200 200 200
account_change_password              -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
account_change_password              -                     POST  in  200 200 200 200 200 200 200 200 200 200 200
account_set_password                 -                     GET   in  302 302 302 302 302 302 302 302 302 302 302
account_set_password                 -                     POST  in  302 302 302 302 302 302 302 302 302 302 302
mfa_index                            -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
mfa_index                            -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
mfa_reauthenticate                   -                     GET   in  re  200 re  re  re  re  re  re  re  re  re
mfa_reauthenticate                   -                     POST  in  re  200 re  re  re  re  re  re  re  re  re
mfa_activate_totp                    -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
mfa_activate_totp                    -                     POST  in  200 200 200 200 200 200 200 200 200 200 200
mfa_deactivate_totp                  -                     GET   in  404 200 404 404 404 404 404 404 404 404 404
mfa_deactivate_totp                  -                     POST  in  404 302 404 404 404 404 404 404 404 404 404
mfa_view_recovery_codes              -                     GET   in  404 200 404 404 404 404 404 404 404 404 404
mfa_view_recovery_codes              -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
mfa_generate_recovery_codes          -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
mfa_generate_recovery_codes          -                     POST  in  200 302 200 200 200 200 200 200 200 200 200
mfa_list_webauthn                    -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
mfa_list_webauthn                    -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
mfa_add_webauthn                     -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
mfa_add_webauthn                     -                     POST  in  200 200 200 200 200 200 200 200 200 200 200
mfa_reauthenticate_webauthn          -                     GET   in  re  200 re  re  re  re  re  re  re  re  re
mfa_reauthenticate_webauthn          -                     POST  in  re  302 re  re  re  re  re  re  re  re  re
mfa_edit_webauthn                    passkey               GET   in  404 200 404 404 404 404 404 404 404 404 404
mfa_edit_webauthn                    passkey               POST  in  404 200 404 404 404 404 404 404 404 404 404
mfa_remove_webauthn                  passkey               GET   in  404 200 404 404 404 404 404 404 404 404 404
mfa_remove_webauthn                  passkey               POST  in  404 302 404 404 404 404 404 404 404 404 404

# Whoever has logged in: what help there is
vandaag                              -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
vandaag                              -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
knowledge                            -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
knowledge                            -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
profession_list                      -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
profession_list                      -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
profession_detail                    poh                   GET   in  200 200 200 200 200 200 200 200 200 200 200
profession_detail                    poh                   POST  in  405 405 405 405 405 405 405 405 405 405 405
profession_paper                     poh                   GET   in  200 200 200 200 200 200 200 200 200 200 200
profession_paper                     poh                   POST  in  405 405 405 405 405 405 405 405 405 405 405
phase_list                           -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
phase_list                           -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
phase_detail                         phase                 GET   in  200 200 200 200 200 200 200 200 200 200 200
phase_detail                         phase                 POST  in  405 405 405 405 405 405 405 405 405 405 405
theme_list                           -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
theme_list                           -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
theme_detail                         theme                 GET   in  200 200 200 200 200 200 200 200 200 200 200
theme_detail                         theme                 POST  in  405 405 405 405 405 405 405 405 405 405 405
support_list                         -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
support_list                         -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
support_detail                       support_kind          GET   in  200 200 200 200 200 200 200 200 200 200 200
support_detail                       support_kind          POST  in  405 405 405 405 405 405 405 405 405 405 405
story_list                           -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
story_list                           -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
story_detail                         story                 GET   in  200 200 200 200 200 200 200 200 200 200 200
story_detail                         story                 POST  in  405 405 405 405 405 405 405 405 405 405 405
work_card                            -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
work_card                            -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
national_list                        -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
national_list                        -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
tip_list                             -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
tip_list                             -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
conversation_detail                  conversation          GET   in  200 200 200 200 200 200 200 200 200 200 200
conversation_detail                  conversation          POST  in  405 405 405 405 405 405 405 405 405 405 405
instrument_list                      -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
instrument_list                      -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
instrument_detail                    instrument            GET   in  200 200 200 200 200 200 200 200 200 200 200
instrument_detail                    instrument            POST  in  405 405 405 405 405 405 405 405 405 405 405
financing_list                       -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
financing_list                       -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
search_everything                    -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
search_everything                    -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
service_search                       -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
service_search                       -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
service_compare                      -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
service_compare                      -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
service_map                          -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
service_map                          -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
saved_search_list                    -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
saved_search_list                    -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
saved_search_new                     -                     GET   in  302 302 302 302 302 302 302 302 302 302 302
saved_search_new                     -                     POST  in  302 302 302 302 302 302 302 302 302 302 302
saved_search_edit                    saved_search          GET   in  200 404 404 404 404 404 404 404 404 404 404
saved_search_edit                    saved_search          POST  in  200 404 404 404 404 404 404 404 404 404 404
saved_search_remove                  saved_search          GET   in  200 404 404 404 404 404 404 404 404 404 404
saved_search_remove                  saved_search          POST  in  302 404 404 404 404 404 404 404 404 404 404
service_detail                       service               GET   in  200 200 200 200 200 200 200 200 200 200 200
service_detail                       service               POST  in  405 405 405 405 405 405 405 405 405 405 405
service_detail                       unpublished_service   GET   in  404 404 404 404 200 404 404 404 200 404 404
service_detail                       unpublished_service   POST  in  405 405 405 405 405 405 405 405 405 405 405
service_confirm                      stale_service         GET   in  405 405 405 405 405 405 405 405 405 405 405
service_confirm                      stale_service         POST  in  403 403 403 403 302 403 403 403 302 403 403
service_confirm                      unpublished_service   GET   in  405 405 405 405 405 405 405 405 405 405 405
service_confirm                      unpublished_service   POST  in  404 404 404 404 302 404 404 404 302 404 404
organisation_detail                  organisation          GET   in  200 200 200 200 200 200 200 200 200 200 200
organisation_detail                  organisation          POST  in  405 405 405 405 405 405 405 405 405 405 405
report_new                           service               GET   in  200 200 200 200 200 200 200 200 200 200 200
report_new                           service               POST  in  200 200 200 200 200 200 200 200 200 200 200
report_new                           unpublished_service   GET   in  404 404 404 404 200 404 404 404 200 404 404
report_new                           unpublished_service   POST  in  404 404 404 404 200 404 404 404 200 404 404
my_reports                           -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
my_reports                           -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
report_detail                        report                GET   in  404 404 404 404 200 404 404 404 200 404 404
report_detail                        report                POST  in  404 404 404 404 200 404 404 404 200 404 404
report_detail                        handled_report        GET   in  404 404 404 404 200 404 404 404 200 404 404
report_detail                        handled_report        POST  in  404 404 404 404 200 404 404 404 200 404 404
check_service                        stale_service         GET   in  404 404 404 404 200 404 404 404 200 404 404
check_service                        stale_service         POST  in  404 404 404 404 200 404 404 404 200 404 404
import_list                          -                     GET   in  404 404 404 404 200 404 404 404 200 404 404
import_list                          -                     POST  in  404 404 404 404 200 404 404 404 200 404 404
import_help                          -                     GET   in  404 404 404 404 200 404 404 404 200 404 404
import_help                          -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
import_template                      csv                   GET   in  404 404 404 404 200 404 404 404 200 404 404
import_template                      csv                   POST  in  405 405 405 405 405 405 405 405 405 405 405
import_detail                        import                GET   in  404 404 404 404 200 404 404 404 200 404 404
import_detail                        import                POST  in  404 404 404 404 302 404 404 404 302 404 404
directory_export                     -                     GET   in  404 404 404 404 200 404 404 404 200 404 404
directory_export                     -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
answering_set_aside                  service               GET   in  405 405 405 405 405 405 405 405 405 405 405
answering_set_aside                  service               POST  in  403 403 403 403 302 403 403 403 302 403 403
directory_work                       -                     GET   in  404 404 404 404 200 404 404 404 200 404 404
directory_work                       -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
directory_keep                       -                     GET   in  404 404 404 404 200 404 404 404 200 404 404
directory_keep                       -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
service_new                          -                     GET   in  404 404 404 404 200 404 404 404 200 404 404
service_new                          -                     POST  in  404 404 404 404 200 404 404 404 200 404 404
service_edit                         service               GET   in  404 404 404 404 200 404 404 404 200 404 404
service_edit                         service               POST  in  404 404 404 404 200 404 404 404 200 404 404
service_edit                         unpublished_service   GET   in  404 404 404 404 200 404 404 404 200 404 404
service_edit                         unpublished_service   POST  in  404 404 404 404 200 404 404 404 200 404 404
service_status                       service_step          GET   in  404 404 404 404 200 404 404 404 200 404 404
service_status                       service_step          POST  in  404 404 404 404 302 404 404 404 302 404 404
service_history                      service               GET   in  404 404 404 404 200 404 404 404 200 404 404
service_history                      service               POST  in  405 405 405 405 405 405 405 405 405 405 405
service_contact_new                  service               GET   in  404 404 404 404 200 404 404 404 200 404 404
service_contact_new                  service               POST  in  404 404 404 404 200 404 404 404 200 404 404
kept_organisations                   -                     GET   in  404 404 404 404 200 404 404 404 200 404 404
kept_organisations                   -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
organisation_new                     -                     GET   in  404 404 404 404 200 404 404 404 200 404 404
organisation_new                     -                     POST  in  404 404 404 404 200 404 404 404 200 404 404
organisation_edit                    organisation          GET   in  404 404 404 404 200 404 404 404 200 404 404
organisation_edit                    organisation          POST  in  404 404 404 404 200 404 404 404 200 404 404
organisation_history                 organisation          GET   in  404 404 404 404 200 404 404 404 200 404 404
organisation_history                 organisation          POST  in  405 405 405 405 405 405 405 405 405 405 405
organisation_contact_new             organisation          GET   in  404 404 404 404 200 404 404 404 200 404 404
organisation_contact_new             organisation          POST  in  404 404 404 404 200 404 404 404 200 404 404
location_new                         organisation          GET   in  404 404 404 404 200 404 404 404 200 404 404
location_new                         organisation          POST  in  404 404 404 404 200 404 404 404 200 404 404
location_edit                        location              GET   in  404 404 404 404 200 404 404 404 200 404 404
location_edit                        location              POST  in  404 404 404 404 200 404 404 404 200 404 404
location_remove                      location              GET   in  404 404 404 404 200 404 404 404 200 404 404
location_remove                      location              POST  in  404 404 404 404 302 404 404 404 302 404 404
contact_edit                         contact               GET   in  404 404 404 404 200 404 404 404 200 404 404
contact_edit                         contact               POST  in  404 404 404 404 200 404 404 404 200 404 404
contact_remove                       contact               GET   in  404 404 404 404 200 404 404 404 200 404 404
contact_remove                       contact               POST  in  404 404 404 404 302 404 404 404 302 404 404
change_put_back                      change                GET   in  404 404 404 404 200 404 404 404 200 404 404
change_put_back                      change                POST  in  404 404 404 404 302 404 404 404 302 404 404
proposal_new                         service               GET   in  404 404 200 200 200 404 404 404 404 404 404
proposal_new                         service               POST  in  404 404 200 200 200 404 404 404 404 404 404
proposal_list                        -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
proposal_list                        -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
proposal_detail                      proposal              GET   in  404 404 200 200 200 404 404 404 200 404 404
proposal_detail                      proposal              POST  in  405 405 405 405 405 405 405 405 405 405 405
proposal_accept                      proposal              GET   in  405 405 405 405 405 405 405 405 405 405 405
proposal_accept                      proposal              POST  in  404 404 404 404 302 404 404 404 302 404 404
proposal_decline                     proposal              GET   in  405 405 405 405 405 405 405 405 405 405 405
proposal_decline                     proposal              POST  in  404 404 404 404 200 404 404 404 200 404 404
proposal_withdraw                    proposal              GET   in  405 405 405 405 405 405 405 405 405 405 405
proposal_withdraw                    proposal              POST  in  404 404 302 404 404 404 404 404 404 404 404
local_note_new                       -                     GET   in  404 404 404 404 302 404 404 404 404 404 404
local_note_new                       -                     POST  in  404 404 404 404 302 404 404 404 404 404 404
local_note_edit                      local_note            GET   in  404 404 404 404 200 404 404 404 404 404 404
local_note_edit                      local_note            POST  in  404 404 404 404 200 404 404 404 404 404 404
local_note_end                       local_note            GET   in  404 404 404 404 200 404 404 404 200 404 404
local_note_end                       local_note            POST  in  404 404 404 404 302 404 404 404 302 404 404
booklet_start                        -                     GET   in  302 302 302 302 302 302 302 302 302 200 302
booklet_start                        -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
booklet                              zaanstad              GET   in  200 200 200 200 200 200 200 200 200 200 404
booklet                              zaanstad              POST  in  302 302 302 302 302 302 302 302 302 302 404
booklet_paper                        zaanstad              GET   in  200 200 200 200 200 200 200 200 200 200 404
booklet_paper                        zaanstad              POST  in  405 405 405 405 405 405 405 405 405 405 405
who_is_who_start                     -                     GET   in  200 200 200 200 200 200 200 200 200 200 200
who_is_who_start                     -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
who_is_who                           zaanstad              GET   in  200 200 200 200 200 200 200 200 200 200 200
who_is_who                           zaanstad              POST  in  405 405 405 405 405 405 405 405 405 405 405
who_is_who_paper                     zaanstad              GET   in  200 200 200 200 200 200 200 200 200 200 200
who_is_who_paper                     zaanstad              POST  in  405 405 405 405 405 405 405 405 405 405 405

# The team of one organisation, and the installation
team                                 -                     GET   in  200 200 200 200 200 200 200 200 404 200 200
team                                 -                     POST  in  405 405 405 405 405 405 405 405 404 405 405
invitation_new                       -                     GET   in  404 404 404 404 404 404 200 404 404 404 404
invitation_new                       -                     POST  in  404 404 404 404 404 404 200 404 404 404 404
invitation_resend                    invitation            GET   in  404 404 404 404 404 404 405 404 404 404 404
invitation_resend                    invitation            POST  in  404 404 404 404 404 404 302 404 404 404 404
invitation_revoke                    invitation            GET   in  404 404 404 404 404 404 200 404 404 404 404
invitation_revoke                    invitation            POST  in  404 404 404 404 404 404 302 404 404 404 404
member_change                        colleague             GET   in  404 404 404 404 404 404 200 404 404 404 404
member_change                        colleague             POST  in  404 404 404 404 404 404 200 404 404 404 404
member_end                           colleague             GET   in  404 404 404 404 404 404 200 404 404 404 404
member_end                           colleague             POST  in  404 404 404 404 404 404 302 404 404 404 404
member_reset_step                    colleague             GET   in  404 404 404 404 404 404 200 404 404 404 404
member_reset_step                    colleague             POST  in  404 404 404 404 404 404 302 404 404 404 404
logbook                              -                     GET   in  404 404 404 404 404 404 404 200 404 404 404
logbook                              -                     POST  in  404 404 404 404 404 404 404 405 404 404 404
log_name                             log_line              GET   in  404 404 404 404 404 404 404 200 404 404 404
log_name                             log_line              POST  in  404 404 404 404 404 404 404 200 404 404 404
log_weeks                            -                     GET   in  404 404 404 404 404 404 404 200 404 404 404
log_weeks                            -                     POST  in  404 404 404 404 404 404 404 405 404 404 404
log_week                             last_week             GET   in  404 404 404 404 404 404 404 200 404 404 404
log_week                             last_week             POST  in  404 404 404 404 404 404 404 200 404 404 404
admin_organisations                  -                     GET   in  404 404 404 404 404 404 404 404 200 404 404
admin_organisations                  -                     POST  in  404 404 404 404 404 404 404 404 405 404 404
admin_organisation_new               -                     GET   in  404 404 404 404 404 404 404 404 200 404 404
admin_organisation_new               -                     POST  in  404 404 404 404 404 404 404 404 200 404 404
admin_organisation                   practice              GET   in  404 404 404 404 404 404 404 404 200 404 404
admin_organisation                   practice              POST  in  404 404 404 404 404 404 404 404 405 404 404
admin_organisation_change            practice              GET   in  404 404 404 404 404 404 404 404 200 404 404
admin_organisation_change            practice              POST  in  404 404 404 404 404 404 404 404 200 404 404
admin_beheerder_invite               practice              GET   in  404 404 404 404 404 404 404 404 200 404 404
admin_beheerder_invite               practice              POST  in  404 404 404 404 404 404 404 404 200 404 404
admin_invitation_resend              first_beheerder       GET   in  404 404 404 404 404 404 404 404 405 404 404
admin_invitation_resend              first_beheerder       POST  in  404 404 404 404 404 404 404 404 302 404 404
admin_invitation_revoke              first_beheerder       GET   in  404 404 404 404 404 404 404 404 405 404 404
admin_invitation_revoke              first_beheerder       POST  in  404 404 404 404 404 404 404 404 302 404 404
admin_municipality_link              practice              GET   in  404 404 404 404 404 404 404 404 200 404 404
admin_municipality_link              practice              POST  in  404 404 404 404 404 404 404 404 200 404 404
admin_municipality_unlink            practice_in_zaanstad  GET   in  404 404 404 404 404 404 404 404 405 404 404
admin_municipality_unlink            practice_in_zaanstad  POST  in  404 404 404 404 404 404 404 404 302 404 404
admin_service_link                   practice              GET   in  404 404 404 404 404 404 404 404 200 404 404
admin_service_link                   practice              POST  in  404 404 404 404 404 404 404 404 404 404 404
admin_appoint                        practice              GET   in  404 404 404 404 404 404 404 404 200 404 404
admin_appoint                        practice              POST  in  404 404 404 404 404 404 404 404 200 404 404
admin_appointment_end                appointment           GET   in  404 404 404 404 404 404 404 404 200 404 404
admin_appointment_end                appointment           POST  in  404 404 404 404 404 404 404 404 302 404 404
failed_mail                          -                     GET   in  404 404 404 404 404 404 404 404 200 404 404
failed_mail                          -                     POST  in  404 404 404 404 404 404 404 404 405 404 404
failed_mail_retry                    failed_mail           GET   in  404 404 404 404 404 404 404 404 405 404 404
failed_mail_retry                    failed_mail           POST  in  404 404 404 404 404 404 404 404 302 404 404
failed_mail_drop                     failed_mail           GET   in  404 404 404 404 404 404 404 404 405 404 404
failed_mail_drop                     failed_mail           POST  in  404 404 404 404 404 404 404 404 302 404 404

# Numbers
overview                             -                     GET   in  404 404 404 404 404 200 404 404 404 404 404
overview                             -                     POST  in  405 405 405 405 405 405 405 405 405 405 405
overview_paper                       -                     GET   in  404 404 404 404 404 200 404 404 404 404 404
overview_paper                       -                     POST  in  405 405 405 405 405 405 405 405 405 405 405

# A caregiver: only of her own organisation
caregiver_list                       -                     GET   in  200 200 200 200 200 404 404 404 404 200 200
caregiver_list                       -                     POST  in  302 302 302 302 302 404 404 404 404 302 302
caregiver_new                        -                     GET   in  200 200 200 200 200 404 404 404 404 200 200
caregiver_new                        -                     POST  in  200 200 200 200 200 404 404 404 404 200 200
caregiver_detail                     her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
caregiver_detail                     her                   POST  in  405 405 405 405 405 404 404 404 404 405 405
caregiver_timeline                   her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
caregiver_timeline                   her                   POST  in  405 405 405 405 405 404 404 404 404 405 405
reflection                           her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
reflection                           her                   POST  in  405 405 405 405 405 404 404 404 404 405 405
caregiver_insight                    her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
caregiver_insight                    her                   POST  in  405 405 405 405 405 404 404 404 404 405 405
caregiver_edit                       her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
caregiver_edit                       her                   POST  in  200 200 404 404 404 404 404 404 404 404 404
hand_over                            -                     GET   in  200 200 200 200 200 404 404 404 404 200 200
hand_over                            -                     POST  in  200 200 200 200 200 404 404 404 404 200 200
hand_over_for                        colleague             GET   in  200 200 404 404 404 404 404 404 404 404 404
hand_over_for                        colleague             POST  in  200 200 404 404 404 404 404 404 404 404 404
contact_requests                     -                     GET   in  200 200 200 200 200 404 404 404 404 200 200
contact_requests                     -                     POST  in  302 302 302 302 302 404 404 404 404 302 302
contact_request                      contact_request       GET   in  200 200 404 404 404 404 404 404 404 404 404
contact_request                      contact_request       POST  in  200 200 404 404 404 404 404 404 404 404 404
contact_request                      contact_answered      GET   in  200 200 404 404 404 404 404 404 404 404 404
caregiver_contact                    her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
caregiver_contact                    her                   POST  in  200 200 404 404 404 404 404 404 404 404 404
caregiver_contact                    her_known             GET   in  200 200 404 404 404 404 404 404 404 404 404
caregiver_phase                      her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
caregiver_phase                      her                   POST  in  200 200 404 404 404 404 404 404 404 404 404
caregiver_casemanager                her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
caregiver_casemanager                her                   POST  in  200 200 404 404 404 404 404 404 404 404 404
caregiver_burden                     her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
caregiver_burden                     her                   POST  in  200 200 404 404 404 404 404 404 404 404 404
overview_choose                      her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
overview_choose                      her                   POST  in  200 200 404 404 404 404 404 404 404 404 404
caregiver_overview                   her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
caregiver_overview                   her                   POST  in  405 405 405 405 405 405 405 405 405 405 405
caregiver_erase                      her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
caregiver_erase                      her                   POST  in  200 200 404 404 404 404 404 404 404 404 404
need_new                             her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
need_new                             her                   POST  in  200 200 404 404 404 404 404 404 404 404 404
need_edit                            need                  GET   in  200 200 404 404 404 404 404 404 404 404 404
need_edit                            need                  POST  in  200 200 404 404 404 404 404 404 404 404 404
need_offers                          need                  GET   in  200 200 404 404 404 404 404 404 404 404 404
need_offers                          need                  POST  in  405 405 405 405 405 404 404 404 404 405 405
need_offers                          carried_need          GET   in  200 200 404 404 404 404 404 404 404 404 404
need_offers                          carried_need          POST  in  405 405 405 405 405 404 404 404 404 405 405
need_offers                          closed_need           GET   in  200 200 404 404 404 404 404 404 404 404 404
need_offers                          closed_need           POST  in  405 405 405 405 405 404 404 404 404 405 405
need_close                           need                  GET   in  200 200 404 404 404 404 404 404 404 404 404
need_close                           need                  POST  in  200 200 404 404 404 404 404 404 404 404 404
need_close                           carried_need          GET   in  200 200 404 404 404 404 404 404 404 404 404
need_close                           carried_need          POST  in  200 200 404 404 404 404 404 404 404 404 404
need_close                           closed_need           GET   in  200 200 404 404 404 404 404 404 404 404 404
need_close                           closed_need           POST  in  200 200 404 404 404 404 404 404 404 404 404
need_plan                            need                  GET   in  200 200 404 404 404 404 404 404 404 404 404
need_plan                            need                  POST  in  200 200 404 404 404 404 404 404 404 404 404
need_reopen                          closed_need           GET   in  200 200 404 404 404 404 404 404 404 404 404
need_reopen                          closed_need           POST  in  302 302 404 404 404 404 404 404 404 404 404
involvement_new                      her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
involvement_new                      her                   POST  in  200 200 404 404 404 404 404 404 404 404 404
involvement_end                      sister                GET   in  200 200 404 404 404 404 404 404 404 404 404
involvement_end                      sister                POST  in  200 200 404 404 404 404 404 404 404 404 404
talk_list                            her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
talk_list                            her                   POST  in  405 405 405 405 405 404 404 404 404 405 405
talk_new                             her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
talk_new                             her                   POST  in  200 200 404 404 404 404 404 404 404 404 404
talk_detail                          talk                  GET   in  200 200 404 404 404 404 404 404 404 404 404
talk_detail                          talk                  POST  in  302 302 404 404 404 404 404 404 404 404 404
talk_edit                            talk                  GET   in  200 200 404 404 404 404 404 404 404 404 404
talk_edit                            talk                  POST  in  200 200 404 404 404 404 404 404 404 404 404
talk_remove                          talk                  GET   in  200 200 404 404 404 404 404 404 404 404 404
talk_remove                          talk                  POST  in  302 302 404 404 404 404 404 404 404 404 404
phase_journey                        her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
phase_journey                        her                   POST  in  405 405 405 405 405 404 404 404 404 405 405
phase_step_edit                      phase_step            GET   in  200 200 404 404 404 404 404 404 404 404 404
phase_step_edit                      phase_step            POST  in  200 200 404 404 404 404 404 404 404 404 404
phase_step_remove                    phase_step            GET   in  200 200 404 404 404 404 404 404 404 404 404
phase_step_remove                    phase_step            POST  in  302 302 404 404 404 404 404 404 404 404 404
network                              her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
network                              her                   POST  in  405 405 405 405 405 404 404 404 404 405 405
involvement_edit                     sister                GET   in  200 200 404 404 404 404 404 404 404 404 404
involvement_edit                     sister                POST  in  200 200 404 404 404 404 404 404 404 404 404
involvement_phone                    sister                GET   in  200 200 404 404 404 404 404 404 404 404 404
involvement_phone                    sister                POST  in  405 405 405 405 405 404 404 404 404 405 405
task_list                            her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
task_list                            her                   POST  in  200 200 404 404 404 404 404 404 404 404 404
task_print                           her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
task_print                           her                   POST  in  405 405 405 405 405 404 404 404 404 405 405
task_edit                            task                  GET   in  200 200 404 404 404 404 404 404 404 404 404
task_edit                            task                  POST  in  200 200 404 404 404 404 404 404 404 404 404
task_step                            task                  GET   in  405 405 405 405 405 404 404 404 404 405 405
task_step                            task                  POST  in  302 302 404 404 404 404 404 404 404 404 404
scenario_list                        her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
scenario_list                        her                   POST  in  405 405 405 405 405 404 404 404 404 405 405
scenario_edit                        her_crisis            GET   in  200 200 404 404 404 404 404 404 404 404 404
scenario_edit                        her_crisis            POST  in  200 200 404 404 404 404 404 404 404 404 404
scenario_print                       her_known             GET   in  200 200 404 404 404 404 404 404 404 404 404
scenario_print                       her_known             POST  in  405 405 405 405 405 404 404 404 404 405 405
licensed_list                        -                     GET   in  404 404 404 404 404 404 200 404 404 404 404
licensed_list                        -                     POST  in  404 404 404 404 404 404 405 404 404 404 404
licensed_load                        csi                   GET   in  404 404 404 404 404 404 200 404 404 404 404
licensed_load                        csi                   POST  in  404 404 404 404 404 404 200 404 404 404 404
licensed_remove                      csi                   GET   in  404 404 404 404 404 404 200 404 404 404 404
licensed_remove                      csi                   POST  in  404 404 404 404 404 404 302 404 404 404 404
screening_list                       her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
screening_list                       her                   POST  in  405 405 405 405 405 404 404 404 404 405 405
screening_history                    her_csi               GET   in  200 200 404 404 404 404 404 404 404 404 404
screening_history                    her_csi               POST  in  405 405 405 405 405 404 404 404 404 405 405
screening_new                        her_csi               GET   in  200 200 404 404 404 404 404 404 404 404 404
screening_new                        her_csi               POST  in  200 200 404 404 404 404 404 404 404 404 404
screening_detail                     screening             GET   in  200 200 404 404 404 404 404 404 404 404 404
screening_detail                     screening             POST  in  200 200 404 404 404 404 404 404 404 404 404
screening_take_back                  screening             GET   in  200 200 404 404 404 404 404 404 404 404 404
screening_take_back                  screening             POST  in  200 200 404 404 404 404 404 404 404 404 404
consent_withdraw                     consent               GET   in  200 200 404 404 404 404 404 404 404 404 404
consent_withdraw                     consent               POST  in  200 200 404 404 404 404 404 404 404 404 404
consent_narrow                       consent               GET   in  200 200 404 404 404 404 404 404 404 404 404
consent_narrow                       consent               POST  in  200 200 404 404 404 404 404 404 404 404 404
consent_withdraw_all                 her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
consent_withdraw_all                 her                   POST  in  200 200 404 404 404 404 404 404 404 404 404

# A mini-MDO: of the organisation that keeps her record, and of who is at the table; who said no finds that it is over
meeting_list                         her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
meeting_list                         her                   POST  in  405 405 405 405 405 404 404 404 404 405 405
meeting_new                          her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
meeting_new                          her                   POST  in  200 200 404 404 404 404 404 404 404 404 404
meeting_detail                       meeting               GET   in  200 200 200 404 404 404 404 404 404 200 404
meeting_detail                       meeting               POST  in  405 405 405 405 405 404 404 404 404 405 405
meeting_detail                       held_meeting          GET   in  200 200 200 404 404 404 404 404 404 200 404
meeting_detail                       held_meeting          POST  in  405 405 405 405 405 404 404 404 404 405 405
meeting_report                       meeting               GET   in  404 404 404 404 404 404 404 404 404 404 404
meeting_report                       meeting               POST  in  405 405 405 405 405 404 404 404 404 405 405
meeting_report                       held_meeting          GET   in  200 200 200 404 404 404 404 404 404 200 404
meeting_report                       held_meeting          POST  in  405 405 405 405 405 404 404 404 404 405 405
meeting_edit                         meeting               GET   in  200 200 404 404 404 404 404 404 404 404 404
meeting_edit                         meeting               POST  in  200 200 404 404 404 404 404 404 404 404 404
meeting_cancel                       meeting               GET   in  200 200 404 404 404 404 404 404 404 404 404
meeting_cancel                       meeting               POST  in  302 302 404 404 404 404 404 404 404 404 404
meeting_invite                       meeting               GET   in  200 200 404 404 404 404 404 404 404 404 404
meeting_invite                       meeting               POST  in  405 405 405 405 405 404 404 404 404 405 405
meeting_invite_one                   meeting_person        GET   in  200 200 404 404 404 404 404 404 404 404 404
meeting_invite_one                   meeting_person        POST  in  200 200 404 404 404 404 404 404 404 404 404
meeting_guest_off                    meeting_guest         GET   in  405 405 405 405 405 404 404 404 404 405 405
meeting_guest_off                    meeting_guest         POST  in  302 302 404 404 404 404 404 404 404 404 404
meeting_answer                       meeting               GET   in  200 200 200 404 404 404 404 404 404 200 404
meeting_answer                       meeting               POST  in  200 200 200 404 404 404 404 404 404 200 404
meeting_held                         meeting               GET   in  200 200 404 404 404 404 404 404 404 404 404
meeting_held                         meeting               POST  in  200 200 404 404 404 404 404 404 404 404 404
meeting_agreement_new                held_meeting          GET   in  200 200 404 404 404 404 404 404 404 404 404
meeting_agreement_new                held_meeting          POST  in  200 200 404 404 404 404 404 404 404 404 404
meeting_agreement                    agreement             GET   in  200 200 200 404 404 404 404 404 404 200 404
meeting_agreement                    agreement             POST  in  200 200 200 404 404 404 404 404 404 200 404
meeting_agreement_edit               agreement             GET   in  200 200 404 404 404 404 404 404 404 404 404
meeting_agreement_edit               agreement             POST  in  200 200 404 404 404 404 404 404 404 404 404
meeting_agreement_drop               agreement             GET   in  405 405 405 405 405 404 404 404 404 405 405
meeting_agreement_drop               agreement             POST  in  302 302 404 404 404 404 404 404 404 404 404

# A referral: of both sides, each its own part
absence                              -                     GET   in  200 200 200 200 200 404 404 404 404 200 200
absence                              -                     POST  in  200 200 200 200 200 404 404 404 404 200 200
absence_end                          absence               GET   in  405 405 405 405 405 404 404 404 404 405 405
absence_end                          absence               POST  in  302 404 404 404 404 404 404 404 404 404 404
terms                                -                     GET   in  404 404 404 404 404 404 200 404 404 404 404
terms                                -                     POST  in  404 404 404 404 404 404 200 404 404 404 404
referral_link_anew                   sent_by_link          GET   in  200 200 404 404 404 404 404 404 404 404 404
referral_link_anew                   sent_by_link          POST  in  302 302 404 404 404 404 404 404 404 404 404
referral_list                        -                     GET   in  200 200 200 200 200 404 404 404 404 200 200
referral_list                        -                     POST  in  405 405 405 405 405 404 404 404 404 405 405
referral_new                         her                   GET   in  200 200 404 404 404 404 404 404 404 404 404
referral_new                         her                   POST  in  200 200 404 404 404 404 404 404 404 404 404
referral_draft                       concept               GET   in  200 404 404 404 404 404 404 404 404 404 404
referral_draft                       concept               POST  in  200 404 404 404 404 404 404 404 404 404 404
referral_draft                       sent                  GET   in  302 302 404 404 404 404 404 404 404 404 404
referral_draft                       sent                  POST  in  302 302 404 404 404 404 404 404 404 404 404
referral_sent                        concept               GET   in  404 404 404 404 404 404 404 404 404 404 404
referral_sent                        concept               POST  in  405 405 405 405 405 405 405 405 405 405 405
referral_sent                        sent                  GET   in  200 200 404 404 404 404 404 404 404 404 404
referral_sent                        sent                  POST  in  405 405 405 405 405 405 405 405 405 405 405
referral_detail                      concept               GET   in  302 404 404 404 404 404 404 404 404 404 404
referral_detail                      concept               POST  in  405 405 405 405 405 404 404 404 404 405 405
referral_detail                      sent                  GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_detail                      sent                  POST  in  405 405 405 405 405 404 404 404 404 405 405
referral_detail                      accepted              GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_detail                      accepted              POST  in  405 405 405 405 405 404 404 404 404 405 405
referral_detail                      completed             GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_detail                      completed             POST  in  405 405 405 405 405 404 404 404 404 405 405
referral_detail                      declined              GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_detail                      declined              POST  in  405 405 405 405 405 404 404 404 404 405 405
referral_detail                      withdrawn             GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_detail                      withdrawn             POST  in  405 405 405 405 405 404 404 404 404 405 405
referral_detail                      sent_by_phone         GET   in  200 200 404 404 404 404 404 404 404 404 404
referral_detail                      sent_by_phone         POST  in  405 405 405 405 405 404 404 404 404 405 405
referral_letter                      concept               GET   in  404 404 404 404 404 404 404 404 404 404 404
referral_letter                      concept               POST  in  405 405 405 405 405 405 405 405 405 405 405
referral_letter                      sent                  GET   in  200 200 404 404 404 404 404 404 404 404 404
referral_letter                      sent                  POST  in  405 405 405 405 405 405 405 405 405 405 405
referral_letter                      accepted              GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_letter                      accepted              POST  in  405 405 405 405 405 405 405 405 405 405 405
referral_letter                      completed             GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_letter                      completed             POST  in  405 405 405 405 405 405 405 405 405 405 405
referral_letter                      withdrawn             GET   in  404 404 404 404 404 404 404 404 404 404 404
referral_letter                      withdrawn             POST  in  405 405 405 405 405 405 405 405 405 405 405
referral_letter                      sent_by_phone         GET   in  200 200 404 404 404 404 404 404 404 404 404
referral_letter                      sent_by_phone         POST  in  405 405 405 405 405 405 405 405 405 405 405
referral_accept                      sent                  GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_accept                      sent                  POST  in  200 200 302 302 302 404 404 404 404 404 404
referral_accept                      accepted              GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_accept                      accepted              POST  in  200 200 302 200 200 404 404 404 404 404 404
referral_accept                      sent_by_phone         GET   in  200 200 404 404 404 404 404 404 404 404 404
referral_accept                      sent_by_phone         POST  in  200 200 404 404 404 404 404 404 404 404 404
referral_decline                     sent                  GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_decline                     sent                  POST  in  200 200 200 200 200 404 404 404 404 404 404
referral_decline                     in_contact            GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_decline                     in_contact            POST  in  200 200 200 200 200 404 404 404 404 404 404
referral_decline                     sent_by_phone         GET   in  200 200 404 404 404 404 404 404 404 404 404
referral_decline                     sent_by_phone         POST  in  200 200 404 404 404 404 404 404 404 404 404
referral_log_call                    accepted              GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_log_call                    accepted              POST  in  200 200 200 200 200 404 404 404 404 404 404
referral_log_call                    sent                  GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_log_call                    sent                  POST  in  200 200 200 200 200 404 404 404 404 404 404
referral_log_call                    accepted_by_phone     GET   in  200 200 404 404 404 404 404 404 404 404 404
referral_log_call                    accepted_by_phone     POST  in  200 200 404 404 404 404 404 404 404 404 404
talk_propose                         accepted              GET   in  200 200 200 200 200 404 404 404 404 404 404
talk_propose                         accepted              POST  in  200 200 200 200 200 404 404 404 404 404 404
talk_propose                         proposed              GET   in  200 200 200 200 200 404 404 404 404 404 404
talk_propose                         proposed              POST  in  200 200 200 200 200 404 404 404 404 404 404
talk_propose                         planned               GET   in  200 200 200 200 200 404 404 404 404 404 404
talk_propose                         planned               POST  in  200 200 200 200 200 404 404 404 404 404 404
talk_choose                          proposed              GET   in  200 200 200 200 200 404 404 404 404 404 404
talk_choose                          proposed              POST  in  200 200 200 200 200 404 404 404 404 404 404
talk_choose                          planned               GET   in  200 200 200 200 200 404 404 404 404 404 404
talk_choose                          planned               POST  in  302 200 200 200 200 404 404 404 404 404 404
talk_take_back                       planned               GET   in  200 200 200 200 200 404 404 404 404 404 404
talk_take_back                       planned               POST  in  200 200 200 200 200 404 404 404 404 404 404
talk_take_back                       accepted              GET   in  200 200 200 200 200 404 404 404 404 404 404
talk_take_back                       accepted              POST  in  200 200 200 200 200 404 404 404 404 404 404
talk_call_off                        proposed              GET   in  200 200 200 200 200 404 404 404 404 404 404
talk_call_off                        proposed              POST  in  200 200 200 200 200 404 404 404 404 404 404
talk_call_off                        talked                GET   in  200 200 200 200 200 404 404 404 404 404 404
talk_call_off                        talked                POST  in  200 200 200 200 200 404 404 404 404 404 404
talk_not_held                        talked                GET   in  200 200 200 200 200 404 404 404 404 404 404
talk_not_held                        talked                POST  in  200 200 200 200 200 404 404 404 404 404 404
talk_not_held                        planned               GET   in  200 200 200 200 200 404 404 404 404 404 404
talk_not_held                        planned               POST  in  200 200 200 200 200 404 404 404 404 404 404
talk_file                            planned               GET   in  200 200 200 200 200 404 404 404 404 404 404
talk_file                            planned               POST  in  405 405 405 405 405 405 405 405 405 405 405
talk_file                            accepted              GET   in  404 404 404 404 404 404 404 404 404 404 404
talk_file                            accepted              POST  in  405 405 405 405 405 405 405 405 405 405 405
talk_propose                         accepted_by_phone     GET   in  200 200 404 404 404 404 404 404 404 404 404
talk_propose                         accepted_by_phone     POST  in  200 200 404 404 404 404 404 404 404 404 404
referral_contact                     accepted              GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_contact                     accepted              POST  in  200 200 302 302 302 404 404 404 404 404 404
referral_contact                     sent                  GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_contact                     sent                  POST  in  200 200 200 200 200 404 404 404 404 404 404
referral_contact                     accepted_by_phone     GET   in  200 200 404 404 404 404 404 404 404 404 404
referral_contact                     accepted_by_phone     POST  in  302 302 404 404 404 404 404 404 404 404 404
referral_give_up                     accepted              GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_give_up                     accepted              POST  in  200 200 200 200 200 404 404 404 404 404 404
referral_give_up                     accepted_by_phone     GET   in  200 200 404 404 404 404 404 404 404 404 404
referral_give_up                     accepted_by_phone     POST  in  200 200 404 404 404 404 404 404 404 404 404
referral_complete                    in_contact            GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_complete                    in_contact            POST  in  200 200 200 200 200 404 404 404 404 404 404
referral_complete                    accepted              GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_complete                    accepted              POST  in  200 200 200 200 200 404 404 404 404 404 404
referral_complete                    in_contact_by_phone   GET   in  200 200 404 404 404 404 404 404 404 404 404
referral_complete                    in_contact_by_phone   POST  in  200 200 404 404 404 404 404 404 404 404 404
referral_withdraw                    sent                  GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_withdraw                    sent                  POST  in  302 302 200 200 200 404 404 404 404 404 404
referral_withdraw                    completed             GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_withdraw                    completed             POST  in  200 200 200 200 200 404 404 404 404 404 404
consent_take_back                    accepted              GET   in  200 200 200 200 200 404 404 404 404 404 404
consent_take_back                    accepted              POST  in  200 200 200 200 200 404 404 404 404 404 404
consent_take_back                    declined              GET   in  200 200 200 200 200 404 404 404 404 404 404
consent_take_back                    declined              POST  in  200 200 200 200 200 404 404 404 404 404 404
referral_reopen                      completed             GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_reopen                      completed             POST  in  200 200 200 200 200 404 404 404 404 404 404
referral_reopen                      declined              GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_reopen                      declined              POST  in  200 200 200 200 200 404 404 404 404 404 404
referral_thank                       completed             GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_thank                       completed             POST  in  302 302 200 200 200 404 404 404 404 404 404
referral_ask                         completed             GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_ask                         completed             POST  in  302 200 200 200 200 404 404 404 404 404 404
referral_answer                      completed             GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_answer                      completed             POST  in  200 200 200 200 200 404 404 404 404 404 404
referral_take_back                   completed             GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_take_back                   completed             POST  in  302 302 200 200 200 404 404 404 404 404 404
referral_experience                  completed             GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_experience                  completed             POST  in  200 200 200 200 200 404 404 404 404 404 404
referral_add_need                    sent                  GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_add_need                    sent                  POST  in  200 200 200 200 200 404 404 404 404 404 404
referral_add_need                    completed             GET   in  200 200 200 200 200 404 404 404 404 404 404
referral_add_need                    completed             POST  in  200 200 200 200 200 404 404 404 404 404 404

# Overlegvragen of the practice to the steunpunt
question_list                        -                     GET   in  200 200 200 200 200 404 404 404 404 200 200
question_list                        -                     POST  in  405 405 405 405 405 404 404 404 404 405 405
question_new                         -                     GET   in  200 200 200 200 200 404 404 404 404 200 200
question_new                         -                     POST  in  200 200 200 200 200 404 404 404 404 200 200
question_detail                      question              GET   in  200 200 200 200 200 404 404 404 404 404 404
question_detail                      question              POST  in  405 405 405 405 405 404 404 404 404 405 405
question_detail                      answered_question     GET   in  200 200 200 200 200 404 404 404 404 404 404
question_detail                      answered_question     POST  in  405 405 405 405 405 404 404 404 404 405 405
question_detail                      declined_question     GET   in  200 200 200 200 200 404 404 404 404 404 404
question_detail                      declined_question     POST  in  405 405 405 405 405 404 404 404 404 405 405
question_detail                      closed_question       GET   in  200 200 200 200 200 404 404 404 404 404 404
question_detail                      closed_question       POST  in  405 405 405 405 405 404 404 404 404 405 405
question_detail                      withdrawn_question    GET   in  200 200 200 200 200 404 404 404 404 404 404
question_detail                      withdrawn_question    POST  in  405 405 405 405 405 404 404 404 404 405 405
question_answer                      question              GET   in  200 200 200 200 200 404 404 404 404 404 404
question_answer                      question              POST  in  200 200 200 200 200 404 404 404 404 404 404
question_answer                      answered_question     GET   in  200 200 200 200 200 404 404 404 404 404 404
question_answer                      answered_question     POST  in  200 200 200 200 200 404 404 404 404 404 404
question_hand_on                     question              GET   in  200 200 200 200 200 404 404 404 404 404 404
question_hand_on                     question              POST  in  200 200 200 200 200 404 404 404 404 404 404
question_hand_on                     closed_question       GET   in  200 200 200 200 200 404 404 404 404 404 404
question_hand_on                     closed_question       POST  in  200 200 200 200 200 404 404 404 404 404 404
question_decline                     question              GET   in  200 200 200 200 200 404 404 404 404 404 404
question_decline                     question              POST  in  200 200 200 200 200 404 404 404 404 404 404
question_decline                     withdrawn_question    GET   in  200 200 200 200 200 404 404 404 404 404 404
question_decline                     withdrawn_question    POST  in  200 200 200 200 200 404 404 404 404 404 404
question_ask_on                      answered_question     GET   in  200 200 200 200 200 404 404 404 404 404 404
question_ask_on                      answered_question     POST  in  200 200 200 200 200 404 404 404 404 404 404
question_ask_on                      question              GET   in  200 200 200 200 200 404 404 404 404 404 404
question_ask_on                      question              POST  in  200 200 200 200 200 404 404 404 404 404 404
question_close                       answered_question     GET   in  200 200 200 200 200 404 404 404 404 404 404
question_close                       answered_question     POST  in  302 302 200 200 200 404 404 404 404 404 404
question_close                       question              GET   in  200 200 200 200 200 404 404 404 404 404 404
question_close                       question              POST  in  200 200 200 200 200 404 404 404 404 404 404
question_close                       closed_question       GET   in  200 200 200 200 200 404 404 404 404 404 404
question_close                       closed_question       POST  in  302 200 200 200 200 404 404 404 404 404 404
question_withdraw                    question              GET   in  200 200 200 200 200 404 404 404 404 404 404
question_withdraw                    question              POST  in  302 302 200 200 200 404 404 404 404 404 404
question_withdraw                    closed_question       GET   in  200 200 200 200 200 404 404 404 404 404 404
question_withdraw                    closed_question       POST  in  200 200 200 200 200 404 404 404 404 404 404
"""

ROWS = [line.split() for line in TABLE.splitlines() if line and not line.startswith("#")]
LOG_IN, PASSWORD_AGAIN = "/account/login/?next=", "/account/reauthenticate/"


def addresses(resolver=None) -> list[str]:
    """The names of all addresses there are."""
    names = []
    for pattern in (resolver or get_resolver()).url_patterns:
        names += addresses(pattern) if hasattr(pattern, "url_patterns") else [pattern.name]
    return names


def test_every_address_has_its_rows():
    named = addresses()
    assert None not in named
    assert [name for name, count in Counter(named).items() if count > 1] == []
    asked = {(name, method) for name, _, method, *_ in ROWS}
    assert {(name, method) for name in named for method in ("GET", "POST")} == asked
    assert [row for row in ROWS if len(row) != 3 + len(COLUMNS)] == []
    assert [row[:3] for row in ROWS if [other[:3] for other in ROWS].count(row[:3]) > 1] == []


def answer_of(response) -> str:
    """The status, or where a redirect leads when that is what the table is about."""
    if response.status_code == 302 and response.url.startswith(LOG_IN):
        return "in"
    if response.status_code == 302 and response.url.startswith(PASSWORD_AGAIN):
        return "re"
    return str(response.status_code)


@pytest.mark.parametrize("who", COLUMNS)
def test_what_each_of_the_cast_may_open(who, request, db):
    cast = cast_of(request)
    things = move_in(cast)
    browser = browser_of(getattr(cast, who, None))
    surprises = []
    for name, thing, method, *cells in ROWS:
        expected = cells[COLUMNS.index(who)]
        path = reverse(name, kwargs=things[thing])
        with transaction.atomic():
            found = answer_of(next_browser(browser).generic(method, path))
            transaction.set_rollback(True)
        if found != expected:
            surprises.append(f"{name} {thing} {method}: {found} instead of {expected}")
    assert not surprises, "\n".join(surprises)


@pytest.mark.parametrize("who", ["sender", "coordinator", "beheerder", "functional_admin"])
def test_no_address_takes_what_it_does_not_know(who, request, db):
    """A page that only shows, or only takes a form, says so to any other method."""
    cast = cast_of(request)
    things = move_in(cast)
    browser = browser_of(getattr(cast, who))
    answers = {
        (name, method): answer_of(next_browser(browser).generic(method, reverse(name, kwargs=things[thing])))
        for name, thing in {(name, thing) for name, thing, *_ in ROWS}
        for method in ("DELETE", "PATCH")
    }
    assert {what: answer for what, answer in answers.items() if answer not in ("302", "404", "405", "410", "re")} == {}


# The second step -----------------------------------------------------------------------------------------------------

# What somebody can open who has typed her password and nothing else: setting up, and leaving.
FOR_SETTING_UP = {"mfa_setup", "mfa_activate_totp", "mfa_add_webauthn"}
FOR_ANYBODY = {"account_logout", "session_clock", "session_over", "health", "privacy", "accessibility"}
TO_PROVE_IT = {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}


@pytest.mark.parametrize("who", ["sender", "functional_admin"])
@pytest.mark.parametrize("has_one", [False, True])
def test_a_password_alone_opens_nothing_but_the_second_step(who, has_one, request, db):
    """Every address and method; also with a session that did not show the second step she has."""
    cast = cast_of(request)
    things = move_in(cast)
    person = getattr(cast, who)
    person.authenticator_set.all().delete()
    if has_one:
        TOTP.activate(person, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    browser = Client(raise_request_exception=False)
    browser.force_login(person)
    leads_to = "/account/2fa/reauthenticate/" if has_one else "/account/2fa/instellen/"
    is_open = FOR_ANYBODY | TO_PROVE_IT | (set() if has_one else FOR_SETTING_UP | {"account_reauthenticate"})
    surprises = []
    for name, thing, method, *_ in ROWS:
        with transaction.atomic():
            response = next_browser(browser).generic(method, reverse(name, kwargs=things[thing]))
            transaction.set_rollback(True)
        if (getattr(response, "url", "") == leads_to) == (name in is_open) and name not in TO_PROVE_IT:
            surprises.append(f"{name} {thing} {method}: {response.status_code} {getattr(response, 'url', '')}")
    assert not surprises, "\n".join(surprises)


def test_who_logs_in_comes_where_she_was_going(client, db):
    response = client.get("/verwijzingen/?lijst=ontvangen")
    assert response.url == "/account/login/?next=/verwijzingen/%3Flijst%3Dontvangen"


def test_a_stranger_cannot_tell_what_exists_from_what_does_not(request, db):
    """The page that says "not found" is the same, word for word."""
    cast = cast_of(request)
    things = move_in(cast)
    browser = browser_of(cast.outsider)
    pages = {(name, thing) for name, thing, method, *cells in ROWS if method == "GET" and cells[-1] == "404"}
    about_people = sorted(page for page in pages if isinstance(things[page[1]].get("pk"), uuid.UUID))
    assert len(about_people) > 30
    for name, thing in about_people:
        said = set()
        for which in (thing, "nothing"):
            response = browser.get(reverse(name, kwargs=things[thing] | things[which]))
            said.add((response.status_code, re.sub(r'value="\w{64}"', "", response.content.decode())))
        assert len(said) == 1, f"{name} {thing}"
