from django.core.management.base import BaseCommand

from accounts.actions import forget_old_sessions


class Command(BaseCommand):
    help = "Delete sessions that ran out more than a day ago, and forms nobody came back for. Safe to repeat."

    def handle(self, *args, verbosity, **options):
        deleted = forget_old_sessions()
        if verbosity:
            self.stdout.write(f"{deleted} oude sessies en formulieren verwijderd.")
