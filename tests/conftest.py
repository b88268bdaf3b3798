"""The cast, introduced once, and the world they live in.

Zaanstad has a GP practice (De Zaan), a steunpunt mantelzorg and its municipality; from outside the region a ggz
prevention team offers the POM-gesprek; an unrelated practice in Groningen must see nothing of the others.

    sender             Petra, praktijkondersteuner of the practice: records caregivers and refers them
    colleague          Karim, nurse practitioner of the same practice
    beheerder          Els, who manages the practice's team; sees no caregivers
    logtoezicht        Ton, who reviews the practice's log
    receiver           Sanne, mantelzorgconsulent of the steunpunt, appointed nowhere
    receiver_colleague Joke, of the same steunpunt
    consulent          Fatima, mantelzorgconsulent of the steunpunt, appointed to Zaanstad
    coordinator        Bram, of the municipality, appointed to Zaanstad
    pom                Wim, prevention worker of the ggz team
    outsider           Geert, verwijzer of the unrelated practice
    functional_admin   Rita, of the installation; member of nothing

`client_of(person)` is a browser in which that person is logged in; `client` (pytest-django's) is anonymous.
Knowledge and geography are loaded once for the whole run.
"""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db.backends.signals import connection_created
from django.test import Client
from pytest_django.plugin import blocking_manager_key

from accounts.models import Role
from tests import database_roles, world
from tests.factories import log_in_fully, make_appointment, make_member, make_organisation, make_user, municipality


@pytest.fixture(scope="session")
def owner_of_the_test_database(django_db_modify_db_settings):
    """The owner makes the test database and takes it away; in between the tests connect as the application."""
    database_roles.make_roles()
    database_roles.be(settings.OWNER)


@pytest.fixture(scope="session")
def django_db_setup(owner_of_the_test_database, django_db_setup, django_db_blocker):
    """The test database, with what every installation starts from."""
    application = {"USER": database_roles.APP, "PASSWORD": settings.OWNER["PASSWORD"]}
    with django_db_blocker.unblock():
        for command in ("load_knowledge", "load_geography", "load_directory_lists"):
            call_command(command, verbosity=0)
        world.remember()
        database_roles.open_to_tests()
        database_roles.be(application)
    connection_created.connect(database_roles.rest)
    with pytest.MonkeyPatch.context() as patch:
        database_roles.install(patch)
        yield
    with django_db_blocker.unblock():
        database_roles.be(settings.OWNER)


def pytest_terminal_summary(terminalreporter):
    """What a test measured (`record_property("measured", ...)`) is said at the end, whichever process ran it."""
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, text in getattr(report, "user_properties", []):
                if name == "measured" and report.when == "call":
                    terminalreporter.write_line(text)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """A test with real transactions ends by emptying every table: put the world back for the next one."""
    result = yield
    marker = item.get_closest_marker("django_db")
    transactions = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    if nextitem is not None and (transactions or (marker and marker.kwargs.get("transaction"))):
        with item.config.stash[blocking_manager_key].unblock():
            world.restore_if_gone()
    return result


@pytest.fixture
def client_of():
    """`client_of(sender)` is her browser, fully logged in. Headers: `client_of(sender, HTTP_HX_REQUEST="true")`."""

    def log_in(user, **defaults) -> Client:
        client = Client(**defaults)
        log_in_fully(client, user)
        return client

    return log_in


# Where they work ----------------------------------------------------------------------------------------------------


@pytest.fixture
def zaanstad(db):
    return municipality("GM0479")


@pytest.fixture
def practice(db):
    return make_organisation("Huisartsenpraktijk De Zaan", kind="huisartsenpraktijk", municipalities=["GM0479"])


@pytest.fixture
def steunpunt(db):
    return make_organisation("Steunpunt Mantelzorg Zaanstad", kind="steunpunt", municipalities=["GM0479"])


@pytest.fixture
def gemeente(db):
    return make_organisation("Gemeente Zaanstad", kind="gemeente", municipalities=["GM0479"])


@pytest.fixture
def ggz_team(db):
    return make_organisation("Team Preventie GGZ Kennemerland", kind="ggz", municipalities=["GM0479", "GM0439"])


@pytest.fixture
def other_practice(db):
    return make_organisation("Huisartsenpraktijk Groningen", kind="huisartsenpraktijk", municipalities=["GM0014"])


# The cast -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def sender(practice):
    return make_member("Petra de Boer", practice, Role.VERWIJZER, profession="poh", phone="075 123 45 01")


@pytest.fixture
def colleague(practice):
    return make_member("Karim Haddad", practice, Role.VERWIJZER, profession="huisarts")


@pytest.fixture
def beheerder(practice):
    return make_member("Els Bakker", practice, Role.BEHEERDER, profession=None)


@pytest.fixture
def logtoezicht(practice):
    return make_member("Ton Visser", practice, Role.LOGTOEZICHT, profession=None)


@pytest.fixture
def receiver(steunpunt):
    return make_member("Sanne Smit", steunpunt, Role.CONSULENT, profession="mantelzorgconsulent")


@pytest.fixture
def receiver_colleague(steunpunt):
    return make_member("Joke Mulder", steunpunt, Role.VERWIJZER, profession="sociaal-werker")


@pytest.fixture
def consulent(steunpunt):
    person = make_member("Fatima Idrissi", steunpunt, Role.CONSULENT, profession="mantelzorgconsulent")
    make_appointment(person, Role.CONSULENT, "GM0479")
    return person


@pytest.fixture
def coordinator(gemeente):
    person = make_member("Bram Jansen", gemeente, Role.COORDINATOR, profession=None)
    make_appointment(person, Role.COORDINATOR, "GM0479")
    return person


@pytest.fixture
def pom(ggz_team):
    return make_member("Wim de Wit", ggz_team, Role.VERWIJZER, profession="preventiemedewerker-ggz")


@pytest.fixture
def outsider(other_practice):
    return make_member("Geert Hofstra", other_practice, Role.VERWIJZER, profession="poh")


@pytest.fixture
def functional_admin(db):
    return make_user("Rita Groen", is_functional_admin=True)
