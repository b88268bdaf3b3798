"""Moments to speak with her together."""

import django.contrib.postgres.fields
import django.db.models.deletion
import mantelzorg.ids
import mantelzorg.triggers
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_away_and_daily_news"),
        ("referrals", "0010_questions"),
        ("sociale_kaart", "0010_answers_by_link"),
    ]

    operations = [
        migrations.CreateModel(
            name="JointTalk",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("sender", "afzender"), ("receiver", "ontvanger")],
                        max_length=10,
                        verbose_name="wie stelde voor",
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                (
                    "moments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateTimeField(), size=None, verbose_name="voorgestelde momenten"
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("bij-haar", "bij de mantelzorger"),
                            ("video", "met beeldbellen"),
                            ("bij-afzender", "bij de afzender"),
                            ("bij-ontvanger", "bij de ontvanger"),
                        ],
                        max_length=20,
                        verbose_name="waar",
                    ),
                ),
                ("planned_for", models.DateTimeField(null=True, verbose_name="afgesproken moment")),
                (
                    "asked_side",
                    models.CharField(choices=[("sender", "afzender"), ("receiver", "ontvanger")], max_length=10),
                ),
                ("asked_on", models.DateField()),
                (
                    "asked_organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sociale_kaart.organisation"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                (
                    "referral",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="joint_talk", to="referrals.referral"
                    ),
                ),
            ],
            options={
                "verbose_name": "moment om samen te spreken",
                "indexes": [models.Index(fields=["asked_organisation", "asked_on", "id"], name="talks_that_ask")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("moments__len__range", (1, 3))), name="one_to_three_moments_are_proposed"
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="jointtalk",
            trigger=pgtrigger.compiler.Trigger(
                name="the_moment_is_one_that_was_proposed",
                sql=mantelzorg.triggers.Unconditional(
                    condition="WHEN (NOT NEW.planned_for = ANY (NEW.moments))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot insert or update rows from % table', TG_TABLE_NAME;",
                    hash="83910e2445ed946095455dde475b39278bddc51f",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_the_moment_is_one_that_was_proposed_d1182",
                    table="referrals_jointtalk",
                    when="BEFORE",
                ),
            ),
        ),
    ]
