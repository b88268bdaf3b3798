import django.db.models.deletion
import django.utils.timezone
import mantelzorg.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sociale_kaart", "0008_searching"),
    ]

    operations = [
        migrations.CreateModel(
            name="Booklet",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("wacht", "wordt gemaakt"), ("klaar", "klaar"), ("mislukt", "niet gelukt")],
                        default="wacht",
                        max_length=10,
                    ),
                ),
                ("message", models.TextField(blank=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("services", models.PositiveIntegerField(default=0, verbose_name="hoeveel aanbod")),
                ("pages", models.PositiveIntegerField(default=0, verbose_name="bladzijden")),
                ("size", models.PositiveIntegerField(default=0, verbose_name="grootte")),
                ("seconds", models.FloatField(default=0)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("made_at", models.DateTimeField(blank=True, null=True)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="booklets",
                        to="sociale_kaart.municipality",
                    ),
                ),
            ],
            options={
                "verbose_name": "boekje",
                "verbose_name_plural": "boekjes",
                "ordering": ["-asked_at"],
            },
        ),
        migrations.CreateModel(
            name="BookletFile",
            fields=[
                (
                    "booklet",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="file",
                        serialize=False,
                        to="sociale_kaart.booklet",
                    ),
                ),
                ("content", models.BinaryField(verbose_name="inhoud van het boekje")),
            ],
            options={
                "verbose_name": "inhoud van een boekje",
                "verbose_name_plural": "inhoud van boekjes",
            },
        ),
        migrations.AddIndex(
            model_name="booklet",
            index=models.Index(condition=models.Q(("state", "wacht")), fields=["asked_at"], name="booklet_that_waits"),
        ),
        migrations.AddIndex(
            model_name="booklet",
            index=models.Index(fields=["municipality", "-asked_at", "-id"], name="booklet_by_municipality"),
        ),
        migrations.AddConstraint(
            model_name="booklet",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "wacht")),
                fields=("municipality",),
                name="of_a_municipality_one_booklet_is_made_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="booklet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("made_at__isnull", False), models.Q(("state", "klaar"), _negated=True), _connector="OR"
                ),
                name="a_booklet_that_is_done_was_made_some_day",
            ),
        ),
    ]
