import time
from collections.abc import Callable
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from mantelzorg.rights import roles
from mantelzorg.rights.enforcing import enforce
from mantelzorg.rights.owner import as_owner

STEPS = [
    ("migrate", "the tables"),
    ("tend_log", "the months of the access log"),
    ("load_knowledge", "what the portal knows: professions, phases, forms of support"),
    ("load_geography", "municipalities and postcodes"),
    ("load_directory_lists", "target groups and languages"),
    ("refresh_search", "what search knows of every service"),
]
DEMO_STEPS = [("load_demo_region", "the organisations and services of the demo region")]
DEMO = ("make_demo", "the people of the demo and their referrals")


def options_of(command: str) -> dict:
    return {"interactive": False} if command == "migrate" else {}


class Command(BaseCommand):
    help = "Brings the database up to date with this version: tables, knowledge, geography. Safe to repeat."

    def add_arguments(self, parser):
        parser.add_argument("--demo", action="store_true", help="Also make the demo region, once.")

    def handle(self, *, demo: bool, **options):
        database = connection.settings_dict
        if settings.DATABASE_ADMIN:
            self.do("the roles of the database", roles.make, database=database["NAME"])
        with as_owner():
            for command, what in [*STEPS, *DEMO_STEPS] if demo else STEPS:
                self.call(command, what)
            self.do(
                "who may do what", enforce, app=settings.DATABASES["default"]["USER"], backup=settings.BACKUP["USER"]
            )
        if demo:  # as the application: its people go through the same doors as everybody
            self.call(*DEMO)

    def call(self, command: str, what: str) -> None:
        self.do(what, call_command, command, verbosity=0, stdout=StringIO(), **options_of(command))

    def do(self, what: str, action: Callable, *args, **kwargs) -> None:
        self.stdout.write(f"  {what} ...", ending="")
        self.stdout.flush()
        started = time.monotonic()
        action(*args, **kwargs)
        self.stdout.write(f" {time.monotonic() - started:.1f} s")
