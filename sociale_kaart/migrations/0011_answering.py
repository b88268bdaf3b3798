"""How a service usually answers: what may be shown of it."""

import django.db.models.deletion
import mantelzorg.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sociale_kaart", "0010_answers_by_link"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Answering",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("in_time_of_ten", models.PositiveSmallIntegerField(verbose_name="antwoordt op tijd, van de tien")),
                ("accepted_of_ten", models.PositiveSmallIntegerField(null=True, verbose_name="neemt aan, van de tien")),
                ("is_late", models.BooleanField(verbose_name="antwoordt vaak laat")),
                ("declines_often", models.BooleanField(verbose_name="neemt vaak niet aan")),
                ("counted_on", models.DateField(verbose_name="geteld op")),
                ("set_aside_until", models.DateField(null=True, verbose_name="opzij gezet tot")),
                (
                    "service",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answering",
                        to="sociale_kaart.service",
                        verbose_name="aanbod",
                    ),
                ),
                (
                    "set_aside_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="opzij gezet door",
                    ),
                ),
            ],
            options={
                "verbose_name": "hoe een aanbod antwoordt",
                "verbose_name_plural": "hoe aanbod antwoordt",
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_late", True), ("declines_often", True), _connector="OR"),
                        fields=["service"],
                        name="answers_with_a_hint",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("in_time_of_ten__range", (1, 9)),
                            models.Q(("accepted_of_ten", None), ("accepted_of_ten__range", (1, 9)), _connector="OR"),
                        ),
                        name="what_is_shown_of_answers_is_rounded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("declines_often", False), ("accepted_of_ten__isnull", False), _connector="OR"
                        ),
                        name="who_declines_often_is_known_to_accept_some",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("set_aside_by", None), ("set_aside_until", None)),
                            models.Q(("set_aside_by__isnull", False), ("set_aside_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="somebody_set_it_aside_until_a_day",
                    ),
                ],
            },
        ),
    ]
