import sys

from django.core.management.base import BaseCommand
from django.utils import timezone

from trail.actions import verify_log


class Command(BaseCommand):
    help = (
        "Compares the access log with its digests. Names each day that is not as it was, and then ends with status 1."
    )

    def handle(self, **options):
        compared, findings = verify_log(now=timezone.now())
        for finding in findings:
            self.stdout.write(str(finding))
        if findings:
            self.stdout.write(f"NOT AS IT WAS: {compared} days compared, {len(findings)} things wrong.")
            sys.exit(1)
        self.stdout.write(f"The access log is as it was: {compared} days compared.")
