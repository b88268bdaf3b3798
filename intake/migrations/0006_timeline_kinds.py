from django.db import migrations, models

KINDS = [
    ("gegevens", "gegevens"),
    ("hulpvraag", "hulpvraag"),
    ("fase", "fase"),
    ("zwaarte", "hoe zwaar het is"),
    ("toestemming", "toestemming"),
    ("betrokkenen", "betrokkenen"),
    ("verwijzing", "verwijzing"),
    ("meting", "meting"),
]


class Migration(migrations.Migration):
    """A line in her timeline may be about a measurement."""

    dependencies = [("intake", "0005_casemanager")]

    operations = [
        migrations.AlterField("timelineevent", "kind", models.CharField("soort", max_length=20, choices=KINDS)),
    ]
