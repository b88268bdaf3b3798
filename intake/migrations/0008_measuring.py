import django.db.models.deletion
import django.utils.timezone
import mantelzorg.ids
from django.db import migrations, models


# Her answers of before had no history: the one that is known begins it. The owner is held by the policies too; a
# function of a job that may read every caregiver lets it through.
BEGIN_HISTORY = """
    SELECT set_config('mantelzorg.job', 'klok', true);
    INSERT INTO intake_burdenanswer (id, caregiver_id, burden, "on", recorded_by_id, created_at)
        SELECT gen_random_uuid(), id, burden, burden_on, fixed_contact_id, changed_at
        FROM intake_caregiver WHERE burden IS NOT NULL
    ON CONFLICT (caregiver_id, "on") DO NOTHING;
    SELECT set_config('mantelzorg.job', '', true);
"""


class Migration(migrations.Migration):
    """Her own answers as a history, and measurements."""

    dependencies = [
        ("accounts", "0003_sessions"),
        ("intake", "0007_finding"),
        ("knowledge", "0004_sides_and_questions"),
    ]

    operations = [
        migrations.CreateModel(
            name="BurdenAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("burden", models.PositiveSmallIntegerField(verbose_name="hoe zwaar is het nu, van 0 tot 10")),
                ("on", models.DateField(verbose_name="gevraagd op")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "caregiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="burden_answers",
                        to="intake.caregiver",
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
                "verbose_name": "antwoord op hoe zwaar het is",
                "constraints": [
                    models.UniqueConstraint(fields=("caregiver", "on"), name="one_answer_a_day_to_how_heavy_it_is"),
                    models.CheckConstraint(
                        condition=models.Q(("burden__gte", 0), ("burden__lte", 10)), name="an_answer_is_from_0_to_10"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Screening",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.CharField(max_length=120, verbose_name="gebruikte versie")),
                ("taken_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="afgenomen op")),
                ("total", models.PositiveSmallIntegerField(verbose_name="score")),
                ("answers", models.JSONField(blank=True, default=dict, verbose_name="punten per onderdeel")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="toelichting")),
                ("agreed", models.TextField(blank=True, max_length=1000, verbose_name="wat is er afgesproken")),
                ("agreed_at", models.DateTimeField(blank=True, null=True, verbose_name="afgesproken op")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("taken_back_at", models.DateTimeField(blank=True, null=True, verbose_name="ingetrokken op")),
                ("taken_back_why", models.CharField(blank=True, max_length=200, verbose_name="waarom ingetrokken")),
                (
                    "caregiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="screenings", to="intake.caregiver"
                    ),
                ),
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
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.membership"
                    ),
                ),
                (
                    "taken_back_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
            ],
            options={
                "verbose_name": "meting",
                "verbose_name_plural": "metingen",
                "indexes": [models.Index(fields=["caregiver", "-taken_on", "-id"], name="screenings_of_a_caregiver")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agreed", ""), ("agreed_at", None)),
                            models.Q(models.Q(("agreed", ""), _negated=True), ("agreed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="what_was_agreed_has_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("taken_back_at", None), ("taken_back_by", None), ("taken_back_why", "")),
                            models.Q(
                                ("taken_back_at__isnull", False),
                                ("taken_back_by__isnull", False),
                                models.Q(("taken_back_why", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_screening_is_taken_back_by_somebody_for_a_reason",
                    ),
                ],
            },
        ),
        migrations.RunSQL(BEGIN_HISTORY, migrations.RunSQL.noop),
    ]
