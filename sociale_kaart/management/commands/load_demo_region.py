from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sociale_kaart.demo.files import RegionMistake
from sociale_kaart.demo.loading import load_region


class Command(BaseCommand):
    help = (
        "Make the demo region, Zaanstreek-Waterland with invented contact details, once. What exists already is left "
        "as it is, also when somebody changed it."
    )

    def handle(self, *args, **options):
        if settings.PRODUCTION:
            raise CommandError("The demo region is invented, and does not belong in a production database.")
        try:
            self.stdout.write(str(load_region()))
        except RegionMistake as mistake:
            raise CommandError(f"Nothing was made. {mistake}") from mistake
