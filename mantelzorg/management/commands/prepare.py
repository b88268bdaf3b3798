import time
from io import StringIO

from django.core.management import call_command
from django.core.management.base import BaseCommand

STEPS = [
    ("migrate", "the tables"),
    ("load_knowledge", "what the portal knows: professions, phases, forms of support"),
    ("load_geography", "municipalities and postcodes"),
    ("load_directory_lists", "target groups and languages"),
    ("refresh_search", "what search knows of every service"),
]
DEMO = ("make_demo", "the demo region, its people and their referrals")


def options_of(command: str) -> dict:
    return {"interactive": False} if command == "migrate" else {}


class Command(BaseCommand):
    help = "Brings the database up to date with this version: tables, knowledge, geography. Safe to repeat."

    def add_arguments(self, parser):
        parser.add_argument("--demo", action="store_true", help="Also make the demo region, once.")

    def handle(self, *, demo: bool, **options):
        for command, what in [*STEPS, DEMO] if demo else STEPS:
            self.stdout.write(f"  {what} ...", ending="")
            self.stdout.flush()
            started = time.monotonic()
            call_command(command, verbosity=0, stdout=StringIO(), **options_of(command))
            self.stdout.write(f" {time.monotonic() - started:.1f} s")
