from django.db import migrations, models

KINDS = [
    ("gegevens", "gegevens"),
    ("gesprek", "gesprek"),
    ("hulpvraag", "hulpvraag"),
    ("fase", "fase"),
    ("zwaarte", "hoe zwaar het is"),
    ("meting", "meting"),
    ("toestemming", "toestemming"),
    ("betrokkenen", "betrokkenen"),
    ("taak", "taken"),
    ("scenario", "plannen voor als het verandert"),
    ("verwijzing", "verwijzing"),
]


class Migration(migrations.Migration):
    """A line in her timeline may be about a talk, a task or a plan."""

    dependencies = [("intake", "0008_measuring")]

    operations = [
        migrations.AlterField("timelineevent", "kind", models.CharField("soort", max_length=20, choices=KINDS)),
    ]
