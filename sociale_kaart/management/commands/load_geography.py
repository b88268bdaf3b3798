from django.core.management.base import BaseCommand, CommandError

from sociale_kaart import fixed_tables


class Command(BaseCommand):
    help = "Load the municipalities and postcodes of the Netherlands from the project's files. Safe to repeat."

    def handle(self, *args, **options):
        try:
            for changes in fixed_tables.load_geography():
                self.stdout.write(str(changes))
        except fixed_tables.FileMistake as mistake:
            raise CommandError(f"Nothing was loaded. {mistake}") from mistake
