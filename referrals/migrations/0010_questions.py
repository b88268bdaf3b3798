"""Overlegvragen: a question to a professional elsewhere, without a name."""

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
        ("knowledge", "0005_counting"),
        ("referrals", "0009_without_file"),
        ("sociale_kaart", "0010_answers_by_link"),
    ]

    operations = [
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("subject", models.CharField(max_length=80, verbose_name="onderwerp van een overlegvraag")),
                (
                    "situation_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("dementie", "dementie of een vermoeden daarvan"),
                            ("psychisch", "psychische problemen"),
                            ("verslaving", "verslaving"),
                            ("lichamelijk", "lichamelijke ziekte of beperking"),
                            ("verstandelijk", "verstandelijke beperking"),
                            ("nah", "niet-aangeboren hersenletsel"),
                            ("ouderdom", "ouderdom"),
                            ("anders", "iets anders"),
                            ("zegt-liever-niet", "zegt zij liever niet"),
                        ],
                        max_length=20,
                        verbose_name="wat er speelt",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "wacht op antwoord"),
                            ("answered", "beantwoord"),
                            ("declined", "niet de juiste"),
                            ("closed", "klaar"),
                            ("withdrawn", "teruggehaald"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("turn_on", models.DateField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "asker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="wie het vraagt",
                    ),
                ),
                (
                    "asker_organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sociale_kaart.organisation"
                    ),
                ),
                (
                    "phase",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="knowledge.phase"
                    ),
                ),
                (
                    "profession",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="knowledge.profession",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="aan wie het is gevraagd",
                    ),
                ),
                (
                    "receiver_organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sociale_kaart.organisation"
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="knowledge.theme"
                    ),
                ),
                (
                    "turn_member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="wie aan zet is",
                    ),
                ),
                (
                    "turn_organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sociale_kaart.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "overlegvraag",
            },
        ),
        migrations.CreateModel(
            name="QuestionReminder",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("late", "de datum is voorbij"), ("call", "bel even")],
                        max_length=10,
                        verbose_name="waarover",
                    ),
                ),
                ("turn_on", models.DateField(verbose_name="datum waarop iemand aan de beurt was")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="referrals.question"
                    ),
                ),
            ],
            options={
                "verbose_name": "herinnering aan een overlegvraag",
            },
        ),
        migrations.CreateModel(
            name="QuestionStep",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("at", models.DateTimeField()),
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("ask", "vragen"),
                            ("answer", "antwoorden"),
                            ("hand_on", "doorgeven aan een collega"),
                            ("decline", "afwijzen"),
                            ("ask_on", "doorvragen"),
                            ("close", "afronden"),
                            ("lapse", "vanzelf afronden"),
                            ("withdraw", "terughalen"),
                        ],
                        max_length=10,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField()),
                ("text", models.TextField(blank=True, verbose_name="tekst van een overlegvraag of antwoord")),
                ("elsewhere", models.CharField(blank=True, max_length=200, verbose_name="waar een vraag beter past")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="wie dit deed",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sociale_kaart.organisation",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="referrals.question"
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="aan wie",
                    ),
                ),
            ],
            options={
                "verbose_name": "stap van een overlegvraag",
            },
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(
                condition=models.Q(("ended_at", None)),
                fields=["turn_organisation", "turn_on", "id"],
                name="question_turns",
            ),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(fields=["asker_organisation", "-changed_at", "-id"], name="questions_asked"),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(fields=["receiver_organisation", "-changed_at", "-id"], name="questions_received"),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(condition=models.Q(("ended_at", None)), fields=["turn_on"], name="questions_by_turn"),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ended_at", None),
                        ("state__in", ("asked", "answered", "declined")),
                        ("turn_on__isnull", False),
                        ("turn_organisation__isnull", False),
                    ),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("state__in", ("closed", "withdrawn")),
                        ("turn_member", None),
                        ("turn_on", None),
                        ("turn_organisation", None),
                    ),
                    _connector="OR",
                ),
                name="an_open_question_is_somebodys_turn",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "asked"), _negated=True),
                    ("turn_organisation", models.F("receiver_organisation")),
                    _connector="OR",
                ),
                name="who_was_asked_has_the_turn_until_she_answers",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("answered", "declined")), _negated=True),
                    ("turn_organisation", models.F("asker_organisation")),
                    _connector="OR",
                ),
                name="who_asked_has_the_turn_after_the_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("asker_organisation", models.F("receiver_organisation")), _negated=True),
                name="a_question_goes_to_another_organisation",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("subject", ""), _negated=True), ("state", "withdrawn"), _connector="OR"),
                name="a_question_has_a_subject",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), _negated=True),
                    models.Q(("phase", None), ("situation_kind", ""), ("subject", ""), ("theme", None)),
                    _connector="OR",
                ),
                name="what_was_taken_back_says_nothing",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("round__gte", 1)), name="a_question_was_asked_at_least_once"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="question",
            trigger=pgtrigger.compiler.Trigger(
                name="a_question_follows_the_table",
                sql=mantelzorg.triggers.Unconditional(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{answered:asked,answered:closed,answered:withdrawn,asked:answered,asked:declined,asked:withdrawn,declined:closed,declined:withdrawn}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="8697ef4bc3b579cefe9204ab0a40709cac281d49",
                    operation="UPDATE",
                    pgid="pgtrigger_a_question_follows_the_table_425c6",
                    table="referrals_question",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="question",
            trigger=pgtrigger.compiler.Trigger(
                name="a_question_begins_as_asked",
                sql=mantelzorg.triggers.Unconditional(
                    condition="WHEN (NOT (NEW.\"state\" = 'asked'))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                    hash="671d5878299b3995b057b364c207b09898e4adaf",
                    operation="INSERT",
                    pgid="pgtrigger_a_question_begins_as_asked_b316f",
                    table="referrals_question",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="question",
            trigger=pgtrigger.compiler.Trigger(
                name="a_question_keeps_its_address",
                sql=mantelzorg.triggers.Unconditional(
                    condition='WHEN (OLD."asker_organisation_id" IS DISTINCT FROM (NEW."asker_organisation_id") OR OLD."asker_id" IS DISTINCT FROM (NEW."asker_id") OR OLD."receiver_organisation_id" IS DISTINCT FROM (NEW."receiver_organisation_id") OR OLD."profession_id" IS DISTINCT FROM (NEW."profession_id") OR OLD."asked_at" IS DISTINCT FROM (NEW."asked_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="759c3fb80f0ae310a75f52117301e3c7c515f93a",
                    operation="UPDATE",
                    pgid="pgtrigger_a_question_keeps_its_address_b01f1",
                    table="referrals_question",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="questionreminder",
            constraint=models.UniqueConstraint(
                fields=("question", "kind", "turn_on"), name="said_once_about_one_turn_of_a_question"
            ),
        ),
        migrations.AddIndex(
            model_name="questionstep",
            index=models.Index(fields=["question", "at"], name="steps_of_a_question"),
        ),
        migrations.AddConstraint(
            model_name="questionstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("verb__in", ["answer", "decline"])),
                fields=("question", "round"),
                name="a_question_gets_one_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="questionstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by", None), ("organisation", None), ("verb", "lapse")),
                    models.Q(
                        ("by__isnull", False),
                        ("organisation__isnull", False),
                        models.Q(("verb", "lapse"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="only_the_clock_does_nameless_steps_of_a_question",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="questionstep",
            trigger=pgtrigger.compiler.Trigger(
                name="a_step_of_a_question_stays_as_it_was",
                sql=mantelzorg.triggers.Unconditional(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."question_id" IS DISTINCT FROM (NEW."question_id") OR OLD."at" IS DISTINCT FROM (NEW."at") OR OLD."verb" IS DISTINCT FROM (NEW."verb") OR OLD."round" IS DISTINCT FROM (NEW."round") OR OLD."by_id" IS DISTINCT FROM (NEW."by_id") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."to_id" IS DISTINCT FROM (NEW."to_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="1d4ef397c116934d56c258e3da05aa0821c059f6",
                    operation="UPDATE",
                    pgid="pgtrigger_a_step_of_a_question_stays_as_it_was_97475",
                    table="referrals_questionstep",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="questionstep",
            trigger=pgtrigger.compiler.Trigger(
                name="the_words_of_a_question_are_only_erased",
                sql=mantelzorg.triggers.Unconditional(
                    condition="WHEN (NEW.text <> '' AND NEW.text IS DISTINCT FROM OLD.text OR NEW.elsewhere <> '' AND NEW.elsewhere IS DISTINCT FROM OLD.elsewhere)",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="67cc15d6c856cfa99a3dca1763c53fe51b5eaff6",
                    operation="UPDATE",
                    pgid="pgtrigger_the_words_of_a_question_are_only_erased_39c51",
                    table="referrals_questionstep",
                    when="BEFORE",
                ),
            ),
        ),
    ]
