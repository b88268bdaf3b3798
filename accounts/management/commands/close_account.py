from django.core.management.base import BaseCommand, CommandError

from accounts.actions import close_account
from accounts.models import User
from mantelzorg.refusal import Refused


class Command(BaseCommand):
    help = (
        "Close somebody's account: logged out everywhere at once, out of every organisation. Her name stays in the log."
    )

    def add_arguments(self, parser):
        parser.add_argument("email")

    def handle(self, *args, email, **options):
        user = User.objects.with_email(email)
        if user is None:
            raise CommandError(f"Er is geen account met het adres {email}.")
        try:
            close_account(user=user, by=None)
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"Het account van {user.name} is gesloten.")
