import django.db.models.deletion
import django.utils.timezone
import mantelzorg.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    """Her tasks, and what was thought of for now, for later and for a crisis."""

    dependencies = [
        ("accounts", "0003_sessions"),
        ("intake", "0014_network"),
    ]

    operations = [
        migrations.CreateModel(
            name="Scenario",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "moment",
                    models.CharField(
                        choices=[("nu", "nu"), ("straks", "straks"), ("crisis", "crisis")],
                        max_length=10,
                        verbose_name="voor wanneer",
                    ),
                ),
                ("green", models.TextField(blank=True, max_length=600, verbose_name="groen: het gaat")),
                ("orange", models.TextField(blank=True, max_length=600, verbose_name="oranje: let op")),
                ("red", models.TextField(blank=True, max_length=600, verbose_name="rood: nu iets doen")),
                ("agreements", models.TextField(blank=True, max_length=1000, verbose_name="wat we afspraken")),
                ("who_does_what", models.TextField(blank=True, max_length=1000, verbose_name="wie doet wat")),
                ("numbers", models.TextField(blank=True, max_length=600, verbose_name="wie je belt")),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "caregiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="scenarios", to="intake.caregiver"
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.membership"
                    ),
                ),
            ],
            options={
                "verbose_name": "scenario van een mantelzorger",
                "verbose_name_plural": "scenario's van een mantelzorger",
                "constraints": [
                    models.UniqueConstraint(fields=("caregiver", "moment"), name="one_scenario_for_each_moment")
                ],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("what", models.CharField(max_length=200, verbose_name="wat zij doet")),
                (
                    "wish",
                    models.CharField(
                        choices=[("houden", "houden"), ("delen", "delen"), ("overdragen", "overdragen")],
                        default="houden",
                        max_length=12,
                        verbose_name="wat zij ermee wil",
                    ),
                ),
                ("to", models.CharField(blank=True, max_length=120, verbose_name="met of aan wie")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="doet zij niet meer sinds")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "caregiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tasks", to="intake.caregiver"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.membership"
                    ),
                ),
            ],
            options={
                "verbose_name": "taak",
                "verbose_name_plural": "taken",
                "indexes": [models.Index(fields=["caregiver", "created_at", "id"], name="tasks_of_a_caregiver")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("what", ""), _negated=True), name="a_task_is_something")
                ],
            },
        ),
    ]
