import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Facts of her situation that may all stay open."""

    dependencies = [
        ("accounts", "0003_sessions"),
        ("intake", "0011_conversations"),
        ("knowledge", "0004_sides_and_questions"),
        ("sociale_kaart", "0009_booklet"),
    ]

    operations = [
        migrations.AddField(
            model_name="caregiver",
            name="interpreter",
            field=models.BooleanField(default=False, verbose_name="tolk nodig"),
        ),
        migrations.AddField(
            model_name="caregiver",
            name="language",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sociale_kaart.language",
                verbose_name="taal",
            ),
        ),
        migrations.AddField(
            model_name="caregiver",
            name="lives_together",
            field=models.CharField(
                blank=True,
                choices=[("ja", "ja"), ("nee", "nee")],
                max_length=5,
                verbose_name="woont samen met de ander",
            ),
        ),
        migrations.AddField(
            model_name="caregiver",
            name="other_carers",
            field=models.CharField(blank=True, max_length=200, verbose_name="wie er nog meer zorgt"),
        ),
        migrations.AddField(
            model_name="caregiver",
            name="works",
            field=models.CharField(
                blank=True, choices=[("ja", "ja"), ("nee", "nee")], max_length=5, verbose_name="heeft betaald werk"
            ),
        ),
        migrations.AddField(
            model_name="caregiver",
            name="young_adult",
            field=models.BooleanField(default=False, verbose_name="16 tot en met 24 jaar"),
        ),
        migrations.AddConstraint(
            model_name="caregiver",
            constraint=models.CheckConstraint(
                condition=models.Q(("under_16", True), ("young_adult", True), _negated=True),
                name="a_caregiver_has_one_age",
            ),
        ),
    ]
