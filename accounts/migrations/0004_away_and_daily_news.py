"""Who is away, and who stands in for her; news by mail once a day."""

import django.db.models.deletion
import django.utils.timezone
import mantelzorg.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_sessions"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="news_daily",
            field=models.BooleanField(db_default=False, default=False, verbose_name="nieuws één keer per dag"),
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("first_day", models.DateField(verbose_name="eerste dag")),
                ("last_day", models.DateField(verbose_name="laatste dag")),
                ("ended_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to="accounts.membership",
                        verbose_name="wie is afwezig",
                    ),
                ),
                (
                    "stand_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="wie neemt waar",
                    ),
                ),
            ],
            options={
                "verbose_name": "afwezigheid",
                "indexes": [
                    models.Index(condition=models.Q(("ended_at", None)), fields=["last_day"], name="absences_not_over")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))),
                        name="who_is_away_comes_back_later",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stand_in", models.F("membership")), _negated=True),
                        name="nobody_stands_in_for_herself",
                    ),
                ],
            },
        ),
    ]
