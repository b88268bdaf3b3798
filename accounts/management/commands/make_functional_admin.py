from django.core.management.base import BaseCommand

from accounts.actions import make_functional_admin


class Command(BaseCommand):
    help = "Give somebody the pages of the functioneel beheerder; a mail lets her choose a password."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("name")

    def handle(self, *args, email, name, **options):
        user = make_functional_admin(email=email, name=name)
        self.stdout.write(f"{user.name} is functioneel beheerder. De mail gaat naar {user.email}.")
