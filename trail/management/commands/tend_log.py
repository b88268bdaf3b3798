from django.core.management.base import BaseCommand
from django.utils import timezone

from trail.actions import tend_log


class Command(BaseCommand):
    help = "Makes the coming months of the access log and drops those of over five years ago. The worker does it daily."

    def handle(self, **options):
        made, dropped = tend_log(now=timezone.now())
        self.stdout.write(f"{made} months made, {dropped} dropped.")
