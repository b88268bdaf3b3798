from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from trail.clock import strike


class Command(BaseCommand):
    help = "Does what happens by itself and is due now, once. The worker does it every hour; to repeat it is no harm."

    def handle(self, **options):
        failed = strike(now=timezone.now())
        if failed:
            raise CommandError(f"Did not succeed, and is tried again the next time: {', '.join(failed)}")
        self.stdout.write("Everything that was due was done.")
