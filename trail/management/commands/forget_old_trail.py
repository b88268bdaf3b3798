from django.core.management.base import BaseCommand
from django.utils import timezone

from trail.actions import forget_old


class Command(BaseCommand):
    help = "Remove mail and form keys that are older than the register of personal data says."

    def handle(self, **options):
        removed = forget_old(now=timezone.now())
        self.stdout.write(f"{removed} rows removed")
