"""Handing over a fixed contact person is a request: who is asked, and what she answered."""

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
    ]

    operations = [
        migrations.CreateModel(
            name="ContactRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("note", models.TextField(max_length=500, verbose_name="wat je collega moet weten")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("answer_on", models.DateField(editable=False, verbose_name="antwoord tot en met")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "gevraagd"),
                            ("aangenomen", "aangenomen"),
                            ("afgewezen", "niet aangenomen"),
                            ("teruggenomen", "teruggenomen"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="stand",
                    ),
                ),
                ("answered_at", models.DateTimeField(editable=False, null=True)),
                ("answer_note", models.TextField(blank=True, max_length=500, verbose_name="toelichting")),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.membership"
                    ),
                ),
                (
                    "asked_of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.membership"
                    ),
                ),
                (
                    "caregiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contact_requests",
                        to="intake.caregiver",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.membership"
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.membership"
                    ),
                ),
            ],
            options={
                "verbose_name": "vraag om het vaste aanspreekpunt te worden",
                "verbose_name_plural": "vragen om het vaste aanspreekpunt te worden",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["asked_of", "asked_at", "id"],
                        name="contact_asked",
                    ),
                    models.Index(fields=["contact", "answered_at"], name="contact_handed_over"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("caregiver",),
                        name="one_is_asked_at_a_time_to_be_the_contact",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("answered_by", None), ("state", "open")),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("state__in", ["aangenomen", "afgewezen", "teruggenomen"]),
                            ),
                            _connector="OR",
                        ),
                        name="an_open_request_has_no_answer_yet",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "afgewezen"), _negated=True),
                            models.Q(("answer_note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="who_will_not_be_the_contact_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("to", models.F("contact")), _negated=True),
                        name="nobody_hands_over_to_herself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("asked_of", models.F("to")),
                            models.Q(("asked_by", models.F("to")), ("asked_of", models.F("contact"))),
                            _connector="OR",
                        ),
                        name="the_new_or_the_old_contact_answers",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contactrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="an_answer_about_the_contact_stays",
                sql=mantelzorg.triggers.Unconditional(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{open:aangenomen,open:afgewezen,open:teruggenomen}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="f37384f19cb74fa50158cf11d15e311c4c386db5",
                    operation="UPDATE",
                    pgid="pgtrigger_an_answer_about_the_contact_stays_f7c87",
                    table="intake_contactrequest",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contactrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="what_was_asked_of_a_contact_stays",
                sql=mantelzorg.triggers.Unconditional(
                    condition='WHEN (OLD."caregiver_id" IS DISTINCT FROM (NEW."caregiver_id") OR OLD."contact_id" IS DISTINCT FROM (NEW."contact_id") OR OLD."to_id" IS DISTINCT FROM (NEW."to_id") OR OLD."asked_by_id" IS DISTINCT FROM (NEW."asked_by_id") OR OLD."asked_of_id" IS DISTINCT FROM (NEW."asked_of_id") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."asked_at" IS DISTINCT FROM (NEW."asked_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="bc9b1315bde8e1268e535e41d680fc16060eed54",
                    operation="UPDATE",
                    pgid="pgtrigger_what_was_asked_of_a_contact_stays_1f2e8",
                    table="intake_contactrequest",
                    when="BEFORE",
                ),
            ),
        ),
    ]
