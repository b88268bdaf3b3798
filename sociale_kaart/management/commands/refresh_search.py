from django.core.management.base import BaseCommand

from sociale_kaart import actions


class Command(BaseCommand):
    help = (
        "Make search know every published service as it is now. Needed after load_knowledge changed synonyms or names."
    )

    def handle(self, *args, **options):
        self.stdout.write(f"{actions.refresh_search()} services can be found")
