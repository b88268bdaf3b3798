"""What comes after the feedback: what the sender watches for, her questions, and what the caregiver herself says."""

import django.db.models.deletion
import django.utils.timezone
import mantelzorg.ids
import mantelzorg.triggers
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_away_and_daily_news"),
        ("intake", "0018_recorded_by_a_link"),
        ("referrals", "0012_meetings"),
        ("sociale_kaart", "0010_answers_by_link"),
    ]

    operations = [
        migrations.AddField(
            model_name="referral",
            name="watch_for",
            field=models.TextField(
                blank=True, db_default="", default="", max_length=1000, verbose_name="waar de afzender op let"
            ),
        ),
        migrations.CreateModel(
            name="Experience",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("goed", "ja, heel goed"),
                            ("beetje", "ja, een beetje"),
                            ("nauwelijks", "nee, nauwelijks"),
                            ("zwaarder", "nee, het werd juist zwaarder"),
                            ("niet-gezegd", "wil zij niet zeggen"),
                        ],
                        max_length=12,
                        verbose_name="heeft dit haar geholpen",
                    ),
                ),
                ("words", models.TextField(blank=True, max_length=1000, verbose_name="in haar eigen woorden")),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "caregiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="experiences", to="intake.caregiver"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.membership"
                    ),
                ),
                (
                    "referral",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="experience", to="referrals.referral"
                    ),
                ),
            ],
            options={
                "verbose_name": "ervaring van de mantelzorger",
                "verbose_name_plural": "ervaringen van mantelzorgers",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ["goed", "beetje", "nauwelijks", "zwaarder", "niet-gezegd"])),
                        name="an_experience_is_one_of_the_answers",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Enquiry",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("words", models.TextField(max_length=500, verbose_name="vraag")),
                ("asked_at", models.DateTimeField(verbose_name="gevraagd op")),
                ("turn_on", models.DateField(verbose_name="antwoord tot en met")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "wacht op antwoord"),
                            ("beantwoord", "beantwoord"),
                            ("teruggenomen", "teruggenomen"),
                            ("vervallen", "vervallen"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="stand",
                    ),
                ),
                ("answer", models.TextField(blank=True, max_length=500, verbose_name="antwoord")),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="wie antwoordde",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="van wie",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sociale_kaart.organisation",
                        verbose_name="aan wie",
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="referrals.referral"
                    ),
                ),
            ],
            options={
                "verbose_name": "vraag na afloop",
                "verbose_name_plural": "vragen na afloop",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["organisation", "turn_on", "id"],
                        name="open_questions_by_their_day",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True), name="a_question_asks_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state", "open")),
                            models.Q(
                                ("ended_at__isnull", False), ("state__in", ["beantwoord", "teruggenomen", "vervallen"])
                            ),
                            _connector="OR",
                        ),
                        name="a_question_is_open_or_has_an_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "beantwoord"), models.Q(("answer", ""), _negated=True)),
                            models.Q(models.Q(("state", "beantwoord"), _negated=True), ("answer", "")),
                            _connector="OR",
                        ),
                        name="a_question_is_answered_in_words",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("referral",),
                        name="one_open_question_about_a_referral",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="enquiry",
            trigger=pgtrigger.compiler.Trigger(
                name="a_question_stays_as_it_was_asked",
                sql=mantelzorg.triggers.Unconditional(
                    condition='WHEN (OLD."referral_id" IS DISTINCT FROM (NEW."referral_id") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."words" IS DISTINCT FROM (NEW."words") OR OLD."asked_by_id" IS DISTINCT FROM (NEW."asked_by_id") OR OLD."asked_at" IS DISTINCT FROM (NEW."asked_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="339b91cf289214fc4a670d9052d5b728d05e748e",
                    operation="UPDATE",
                    pgid="pgtrigger_a_question_stays_as_it_was_asked_a5278",
                    table="referrals_enquiry",
                    when="BEFORE",
                ),
            ),
        ),
    ]
