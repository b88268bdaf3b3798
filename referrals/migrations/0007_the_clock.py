"""What the clock said about a turn, how long an organisation takes, and who could not be reached by mail."""

import django.db.models.deletion
import django.utils.timezone
import mantelzorg.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_away_and_daily_news"),
        ("referrals", "0006_addresses_stay"),
        ("sociale_kaart", "0009_booklet"),
    ]

    operations = [
        migrations.AddField(
            model_name="referral",
            name="unreachable_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="OrganisationTerms",
            fields=[
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="referral_terms",
                        serialize=False,
                        to="sociale_kaart.organisation",
                    ),
                ),
                ("answer_days", models.PositiveSmallIntegerField(default=2, verbose_name="antwoorden binnen")),
                ("call_days", models.PositiveSmallIntegerField(default=5, verbose_name="bellen binnen")),
                ("feedback_days", models.PositiveSmallIntegerField(default=30, verbose_name="terugkoppelen binnen")),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="wie dit vaststelde",
                    ),
                ),
            ],
            options={
                "verbose_name": "termijnen van een organisatie",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer_days__range", (1, 5)),
                            ("call_days__range", (1, 15)),
                            ("feedback_days__range", (7, 60)),
                        ),
                        name="terms_are_such_that_nobody_waits_for_ever",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        verbose_name="waarover",
                        choices=[
                            ("ahead", "de datum is bijna daar"),
                            ("late", "de datum is voorbij"),
                            ("escalated", "de datum is al langer voorbij"),
                        ],
                        max_length=10,
                    ),
                ),
                ("turn_on", models.DateField(verbose_name="datum waarop iemand aan de beurt was")),
                ("at", models.DateTimeField()),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="referrals.referral"
                    ),
                ),
            ],
            options={
                "verbose_name": "herinnering",
                "constraints": [
                    models.UniqueConstraint(fields=("referral", "kind", "turn_on"), name="said_once_about_one_turn")
                ],
            },
        ),
    ]
