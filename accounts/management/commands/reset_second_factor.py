from django.core.management.base import BaseCommand, CommandError

from accounts.actions import reset_second_factor
from accounts.models import User


class Command(BaseCommand):
    help = "For somebody who lost her telephone and her recovery codes: she sets up a new second step when she logs in."

    def add_arguments(self, parser):
        parser.add_argument("email")

    def handle(self, *args, email, **options):
        user = User.objects.with_email(email)
        if user is None:
            raise CommandError(f"Er is geen account met het adres {email}.")
        reset_second_factor(user=user, by=None)
        self.stdout.write(f"{user.name} stelt bij het inloggen een nieuwe tweede stap in. Zij kreeg er een mail over.")
