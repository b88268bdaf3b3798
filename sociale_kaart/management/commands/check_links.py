from django.core.management.base import BaseCommand, CommandError

from sociale_kaart import link_check

NO_NETWORK = (
    "Geen enkel adres gaf antwoord. Waarschijnlijk is er geen verbinding met het internet. Er is niets veranderd."
)


class Command(BaseCommand):
    help = (
        "Ask every link of the knowledge pages and the sociale kaart whether it still works, and keep what was found."
    )

    def handle(self, *args, **options):
        report = link_check.run()
        if report is None:
            raise CommandError(NO_NETWORK)
        self.stdout.writelines(f"{line}\n" for line in report.lines())
