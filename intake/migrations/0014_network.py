from django.db import migrations, models


class Migration(migrations.Migration):
    """How near somebody stands, and who keeps the overview."""

    dependencies = [
        ("accounts", "0003_sessions"),
        ("intake", "0013_phase_notes"),
        ("knowledge", "0004_sides_and_questions"),
        ("sociale_kaart", "0009_booklet"),
    ]

    operations = [
        migrations.AddField(
            model_name="involvement",
            name="circle",
            field=models.CharField(
                choices=[("dichtbij", "dichtbij"), ("regelmatig", "regelmatig"), ("op-afstand", "op afstand")],
                default="regelmatig",
                max_length=10,
                verbose_name="hoe dichtbij",
            ),
        ),
        migrations.AddField(
            model_name="involvement",
            name="regie",
            field=models.BooleanField(default=False, verbose_name="houdt de regie"),
        ),
        migrations.AddConstraint(
            model_name="involvement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on", None), ("regie", True)),
                fields=("caregiver",),
                name="one_at_a_time_keeps_the_overview",
            ),
        ),
    ]
