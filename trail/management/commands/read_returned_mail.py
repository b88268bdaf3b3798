from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from trail.bounces import read_returned


class Command(BaseCommand):
    help = "Reads the mailbox in which mail comes back (BOUNCE_MAILBOX). The worker does it every hour."

    def handle(self, **options):
        if not settings.BOUNCE_MAILBOX:
            raise CommandError("BOUNCE_MAILBOX is not set: see docs/deployment.md.")
        self.stdout.write(f"{read_returned(now=timezone.now())} mails of ours came back.")
