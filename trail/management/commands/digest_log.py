from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from trail.actions import digest_log
from trail.digests import BrokenChain


class Command(BaseCommand):
    help = "Writes a digest of the access log for every day that is over and has none yet. The worker does it daily."

    def handle(self, **options):
        try:
            written = digest_log(now=timezone.now())
        except (BrokenChain, OSError) as error:
            raise CommandError(f"No digest was written. {error}") from error
        for digest in written:
            self.stdout.write(f"{digest.day}: {digest.rows} rows, {digest.path}")
        self.stdout.write(f"{len(written)} digests written.")
