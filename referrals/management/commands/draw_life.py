from django.core.management.base import BaseCommand

from referrals.drawing import life_in_markdown


class Command(BaseCommand):
    help = "Print docs/referral-life.md, drawn from the table in referrals/transitions.py."

    def handle(self, *args, **options):
        self.stdout.write(life_in_markdown(), ending="")
