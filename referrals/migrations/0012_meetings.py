"""Mini-MDOs: the meeting, who is invited, what is shared with each of them, and what is agreed."""

import django.contrib.postgres.fields
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
        ("intake", "0020_meetings"),
        ("referrals", "0011_together"),
        ("sociale_kaart", "0010_answers_by_link"),
    ]

    operations = [
        migrations.CreateModel(
            name="MeetingGuest",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("gevraagd", "nog geen antwoord"),
                            ("ja", "doet mee"),
                            ("nee", "kan niet meedoen"),
                            ("eraf", "hoeft niet meer mee te doen"),
                            ("geen-toestemming", "toestemming ingetrokken"),
                        ],
                        default="gevraagd",
                        max_length=20,
                        verbose_name="doet zij mee",
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "deelnemer aan een mini-MDO",
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("starts_at", models.DateTimeField(verbose_name="wanneer")),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("telefonisch", "telefonisch"),
                            ("video", "met beeldbellen"),
                            ("op-bezoek", "bij een van ons"),
                        ],
                        max_length=20,
                        verbose_name="hoe",
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="waar")),
                ("question", models.CharField(max_length=200, verbose_name="vraag voor het overleg")),
                (
                    "points",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="punten om te bespreken",
                    ),
                ),
                ("conclusion", models.TextField(blank=True, max_length=500, verbose_name="conclusie")),
                (
                    "state",
                    models.CharField(
                        choices=[("gepland", "gepland"), ("gehouden", "gehouden"), ("afgezegd", "afgezegd")],
                        default="gepland",
                        max_length=10,
                    ),
                ),
                ("held_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "caregiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="meetings", to="intake.caregiver"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sociale_kaart.organisation"
                    ),
                ),
                (
                    "organiser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.membership"
                    ),
                ),
            ],
            options={
                "verbose_name": "mini-MDO",
            },
        ),
        migrations.CreateModel(
            name="MeetingAgreement",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("what", models.CharField(max_length=200, verbose_name="wat")),
                ("before", models.DateField(verbose_name="vóór wanneer")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "nog te doen"), ("gedaan", "gedaan"), ("terug", "lukt niet")],
                        default="open",
                        max_length=10,
                        verbose_name="hoe staat het",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="waarom het niet lukt")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="agreements", to="referrals.meeting"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="wie",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.membership"
                    ),
                ),
                (
                    "steward",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sociale_kaart.organisation"
                    ),
                ),
            ],
            options={
                "verbose_name": "afspraak uit een mini-MDO",
                "verbose_name_plural": "afspraken uit een mini-MDO",
            },
        ),
        migrations.CreateModel(
            name="MeetingShare",
            fields=[
                (
                    "guest",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="share",
                        serialize=False,
                        to="referrals.meetingguest",
                    ),
                ),
                ("her_name", models.CharField(max_length=200, verbose_name="haar naam of voornaam")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="wat de deelnemer erbij schreef")),
                ("is_open", models.BooleanField(default=True)),
            ],
            options={
                "verbose_name": "wat een deelnemer aan een mini-MDO ziet",
            },
        ),
        migrations.AddField(
            model_name="meetingguest",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="guests", to="referrals.meeting"
            ),
        ),
        migrations.AddField(
            model_name="meetingguest",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invited_to",
                to="accounts.membership",
                verbose_name="wie is uitgenodigd",
            ),
        ),
        migrations.AddField(
            model_name="meetingguest",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sociale_kaart.organisation",
                verbose_name="organisatie",
            ),
        ),
        migrations.AddField(
            model_name="meetingguest",
            name="steward",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sociale_kaart.organisation"
            ),
        ),
        migrations.AddIndex(
            model_name="meeting",
            index=models.Index(fields=["caregiver", "-starts_at"], name="meetings_of_a_caregiver"),
        ),
        migrations.AddIndex(
            model_name="meeting",
            index=models.Index(
                condition=models.Q(("state", "gepland")), fields=["organiser", "starts_at"], name="meetings_to_write_up"
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("question", ""), _negated=True), name="a_meeting_has_a_question"
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("points__len__lte", 5)), name="a_meeting_has_five_points_at_most"
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("held_at__isnull", False), ("state", "gehouden")),
                    models.Q(models.Q(("state", "gehouden"), _negated=True), ("held_at", None)),
                    _connector="OR",
                ),
                name="a_meeting_that_was_held_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "gehouden"), ("conclusion", ""), _connector="OR"),
                name="a_conclusion_is_of_what_was_held",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="meeting",
            trigger=pgtrigger.compiler.Trigger(
                name="a_meeting_that_is_over_stays",
                sql=mantelzorg.triggers.Unconditional(
                    condition="WHEN (OLD.state <> 'gepland' AND (OLD.state, OLD.starts_at, OLD.how, OLD.place, OLD.question, OLD.points, OLD.conclusion) IS DISTINCT FROM (NEW.state, NEW.starts_at, NEW.how, NEW.place, NEW.question, NEW.points, NEW.conclusion))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="c100f0c7c066dcfc62792c54f56949a50102ddad",
                    operation="UPDATE",
                    pgid="pgtrigger_a_meeting_that_is_over_stays_3b070",
                    table="referrals_meeting",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="meeting",
            trigger=pgtrigger.compiler.Trigger(
                name="a_meeting_stays_about_her",
                sql=mantelzorg.triggers.Unconditional(
                    condition='WHEN (OLD."caregiver_id" IS DISTINCT FROM (NEW."caregiver_id") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="a847abca71ae7e72c5f0c38511e8174c5e10650c",
                    operation="UPDATE",
                    pgid="pgtrigger_a_meeting_stays_about_her_85a1e",
                    table="referrals_meeting",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="meetingagreement",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["member", "before"], name="agreements_to_keep"
            ),
        ),
        migrations.AddIndex(
            model_name="meetingagreement",
            index=models.Index(
                condition=models.Q(("state", "terug")), fields=["steward", "before"], name="agreements_that_came_back"
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingagreement",
            constraint=models.UniqueConstraint(fields=("meeting", "position"), name="agreements_have_their_own_place"),
        ),
        migrations.AddConstraint(
            model_name="meetingagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("position__gte", 1), ("position__lte", 10)), name="ten_agreements_are_enough"
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("what", ""), _negated=True), name="an_agreement_is_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "terug"), _negated=True), models.Q(("note", ""), _negated=True), _connector="OR"
                ),
                name="what_cannot_be_done_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingagreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at__isnull", False), ("state", "gedaan")),
                    models.Q(models.Q(("state", "gedaan"), _negated=True), ("done_at", None)),
                    _connector="OR",
                ),
                name="what_is_done_says_when",
            ),
        ),
        migrations.AddField(
            model_name="meetingshare",
            name="consent",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="meeting_shares",
                to="intake.consent",
            ),
        ),
        migrations.AddField(
            model_name="meetingshare",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="shares", to="referrals.meeting"
            ),
        ),
        migrations.AddField(
            model_name="meetingshare",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.membership",
                verbose_name="met wie gedeeld",
            ),
        ),
        migrations.AddField(
            model_name="meetingshare",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sociale_kaart.organisation",
                verbose_name="organisatie",
            ),
        ),
        migrations.AddField(
            model_name="meetingshare",
            name="steward",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sociale_kaart.organisation"
            ),
        ),
        migrations.AddIndex(
            model_name="meetingguest",
            index=models.Index(condition=models.Q(("state", "gevraagd")), fields=["member"], name="meetings_to_answer"),
        ),
        migrations.AddConstraint(
            model_name="meetingguest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["gevraagd", "ja"])),
                fields=("meeting", "member"),
                name="somebody_has_one_chair_at_a_meeting",
            ),
        ),
        migrations.AddIndex(
            model_name="meetingshare",
            index=models.Index(fields=["meeting", "member"], name="shares_of_a_meeting"),
        ),
        migrations.AddConstraint(
            model_name="meetingshare",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("consent", None), ("organisation", models.F("steward"))),
                    models.Q(
                        models.Q(("organisation", models.F("steward")), _negated=True), ("consent__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="who_is_of_another_organisation_comes_with_consent",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="meetingshare",
            trigger=pgtrigger.compiler.Trigger(
                name="a_share_stays_with_whom_it_is_for",
                sql=mantelzorg.triggers.Unconditional(
                    condition='WHEN (OLD."meeting_id" IS DISTINCT FROM (NEW."meeting_id") OR OLD."steward_id" IS DISTINCT FROM (NEW."steward_id") OR OLD."member_id" IS DISTINCT FROM (NEW."member_id") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."consent_id" IS DISTINCT FROM (NEW."consent_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="8213e066535a76f7dc8cb81ca9ac867ef3b63e42",
                    operation="UPDATE",
                    pgid="pgtrigger_a_share_stays_with_whom_it_is_for_c0f5f",
                    table="referrals_meetingshare",
                    when="BEFORE",
                ),
            ),
        ),
    ]
