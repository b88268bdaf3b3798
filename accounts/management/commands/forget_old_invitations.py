from django.core.management.base import BaseCommand

from accounts.actions import forget_old_invitations


class Command(BaseCommand):
    help = "Delete invitations that were answered, revoked or expired more than 30 days ago. Safe to repeat."

    def handle(self, *args, verbosity, **options):
        deleted = forget_old_invitations()
        if verbosity:
            self.stdout.write(f"{deleted} oude uitnodigingen verwijderd.")
