from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from knowledge.actions import load_knowledge
from knowledge.loading import CONTENT, ContentError


class Command(BaseCommand):
    help = "Makes the tables say what the files in knowledge/content/ say. Safe to repeat; all of it or nothing."

    def add_arguments(self, parser):
        parser.add_argument("--folder", type=Path, default=CONTENT, help="other content files than our own")
        parser.add_argument("--all", action="store_true", help="compare with the tables even if no file changed")

    def handle(self, *args, folder, all, verbosity, **options):
        try:
            report = load_knowledge(folder=folder, everything=all)
        except ContentError as error:
            raise CommandError(f"Er is niets geladen. Dit klopt nog niet:\n{error}") from error
        if verbosity:
            self.stdout.write(str(report))
