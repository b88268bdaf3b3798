from django.core.management.base import BaseCommand

from knowledge import schema


class Command(BaseCommand):
    help = "Writes knowledge/content/schema.json, with which an editor checks the content files while one types."
    requires_system_checks = ()

    def handle(self, **options):
        schema.FILE.write_text(schema.as_text(), encoding="utf-8")
        self.stdout.write(f"Geschreven: {schema.FILE}")
