from django.core.management.commands.migrate import Command as DjangoCommand

from mantelzorg.rights.owner import as_owner


class Command(DjangoCommand):
    """Django's own, as the owner of the tables: the application owns none. `prepare` also puts the rights in force."""

    def handle(self, *args, **options):
        with as_owner():
            return super().handle(*args, **options)
