import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import mantelzorg.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    """The questions of instruments that an organisation has a licence for."""

    dependencies = [
        ("accounts", "0003_sessions"),
        ("intake", "0016_note_to_task"),
        ("knowledge", "0005_counting"),
        ("sociale_kaart", "0009_booklet"),
    ]

    operations = [
        migrations.CreateModel(
            name="LicensedItems",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.CharField(max_length=120, verbose_name="versie")),
                (
                    "texts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=400), size=None, verbose_name="vragen"
                    ),
                ),
                ("loaded_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "instrument",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="knowledge.instrument",
                        verbose_name="meetinstrument",
                    ),
                ),
                (
                    "loaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.membership"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="sociale_kaart.organisation"
                    ),
                ),
            ],
            options={
                "verbose_name": "vragen met licentie",
                "verbose_name_plural": "vragen met licentie",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "instrument"), name="one_set_of_questions_of_an_instrument"
                    )
                ],
            },
        ),
    ]
