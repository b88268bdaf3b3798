import os

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from referrals.demo.histories import make_histories
from referrals.demo.known_well import make_known_well
from referrals.demo.notes import make_local_notes
from referrals.demo.people import PEOPLE, make_people
from referrals.demo.work import make_directory_work


class Command(BaseCommand):
    help = "Make the demo region, its people, and invented caregivers and referrals, once. Never in production."

    def handle(self, *args, **options):
        if settings.PRODUCTION:
            raise CommandError("De demo hoort niet in productie.")
        call_command("load_demo_region", verbosity=0, stdout=self.stdout)
        password = os.environ.get("DEMO_PASSWORD") or "warm-verwijzen-2026"
        people = make_people(password)
        make_local_notes(people["consulent"])
        make_directory_work(people)
        referrals = make_histories(people)
        make_known_well(people)
        self.stdout.write(f"Demo: {len(PEOPLE)} personen, {referrals} verwijzingen.")
