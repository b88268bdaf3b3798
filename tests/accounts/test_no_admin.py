"""Django's own admin is not there: see docs/adr/0016-no-admin.md."""

from django.apps import apps
from django.urls import get_resolver


def test_there_is_no_admin_for_anybody(client, client_of, functional_admin, beheerder):
    assert not apps.is_installed("django.contrib.admin")
    assert "admin" not in get_resolver().namespace_dict
    for browser in (client, client_of(functional_admin), client_of(beheerder)):
        for address in ("/admin/", "/admin/login/", "/admin/accounts/user/"):
            assert browser.get(address).status_code == browser.post(address).status_code == 404
