import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from referrals.demo.people import SECRET, code_at


class Command(BaseCommand):
    help = "The six digits with which the people of the demo log in at this moment, after their password."

    def handle(self, *args, **options):
        if settings.PRODUCTION:
            raise CommandError("De demo hoort niet in productie.")
        now = time.time()
        self.stdout.write(f"{code_at(now)}   ({30 - int(now) % 30} seconds left; then {code_at(now + 30)})")
        self.stdout.write(f"Or put this key in an app for codes, once: {SECRET}")
