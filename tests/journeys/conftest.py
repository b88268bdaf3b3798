import os
from unittest import mock

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core.management.commands import flush
from django.core.servers.basehttp import ServerHandler

from accounts.models import User
from scripts.programs import find_chromium
from sociale_kaart.actions import refresh_search
from tests.factories import PASSWORD, make_organisation, make_service
from tests.journeys.under_way import UnderWay
from tests.journeys.window import Window

APP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # the secret of everybody's app for codes
TALK, STAY = "Gesprek met de mantelzorgconsulent", "Koffie met een luisteraar"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    chromium = find_chromium()
    if chromium is None:
        pytest.fail("There is no Chromium for the journeys: `make test` installs it, or says what to type.")
    quiet = ["--disable-background-networking", "--disable-component-update", "--no-first-run"]
    if os.geteuid() == 0:
        quiet.append("--no-sandbox")
    return browser_type_launch_args | {"executable_path": chromium, "args": quiet}


@pytest.fixture(scope="session", autouse=True)
def the_css_is_built():
    if not (settings.BASE_DIR / "static" / "build" / "portaal.css").exists():
        pytest.fail("The css is not built: run .venv/bin/python frontend/build.py, as `make test` does.")


@pytest.fixture
def window(browser, live_server, under_way):
    """`window(sender)` is her browser, logged in by the form; `window()` is somebody's who is not."""
    opened = []

    def open_one(user: User | None = None, **options) -> Window:
        opened.append(Window(browser, live_server.url, **options))
        if user is not None:
            user.set_password(PASSWORD)
            user.save()
            if not user.authenticator_set.exists():
                TOTP.activate(user, APP)
                RecoveryCodes.activate(user)
            opened[-1].log_in(user.email)
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()
    under_way.wait_for_none()


@pytest.fixture(scope="session")
def under_way():
    """How many requests the live server is answering, to wait until that is none.

    A request that came in after the last look can still get in the way of emptying the tables; that is then done again.
    """
    requests = UnderWay()
    answering = mock.patch.object(ServerHandler, "run", requests.counted(ServerHandler.run))
    emptying = mock.patch.object(flush.Command, "handle", requests.tried_again(flush.Command.handle))
    with answering, emptying:
        yield requests


@pytest.fixture
def talk(steunpunt):
    steunpunt.email = "steunpunt@voorbeeld.example"
    steunpunt.save()
    service = make_service(steunpunt, TALK, kinds=["gesprek-mantelzorgconsulent"], call_within_days=3)
    refresh_search()
    return service


@pytest.fixture
def coffee():
    buurtkamer = make_organisation("Buurtkamer De Brug", uses_portal=False, phone="075 555 01 23")
    service = make_service(buurtkamer, STAY, kinds=["gesprek-mantelzorgconsulent"])
    refresh_search()
    return service
