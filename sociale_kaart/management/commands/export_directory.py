from pathlib import Path

from django.core.management.base import BaseCommand

from sociale_kaart.exchange import exporting
from sociale_kaart.models import Service


class Command(BaseCommand):
    help = "Writes the published sociale kaart to a file, however large: what a page does up to EXPORT_MAX_SERVICES."

    def add_arguments(self, parser):
        parser.add_argument("format", choices=sorted(exporting.CONTENT_TYPES))
        parser.add_argument("path", type=Path)
        parser.add_argument("--everything", action="store_true", help="Also drafts, and contacts that are not public.")

    def handle(self, *, format: str, path: Path, everything: bool, **options):
        services = Service.objects.all() if everything else Service.objects.published()
        with path.open("wb") as file:
            exporting.write(format, services, file, for_own_use=everything)
        self.stdout.write(f"{services.count()} services in {path}")
