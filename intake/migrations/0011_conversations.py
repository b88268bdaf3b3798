import django.db.models.deletion
import django.utils.timezone
import mantelzorg.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    """Talks with her, with the notes of each professional, and the day of the last one."""

    dependencies = [
        ("accounts", "0003_sessions"),
        ("intake", "0010_reading_of_a_score"),
        ("knowledge", "0004_sides_and_questions"),
        ("sociale_kaart", "0009_booklet"),
    ]

    operations = [
        migrations.CreateModel(
            name="Conversation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "held_on",
                    models.DateField(default=django.utils.timezone.localdate, verbose_name="dag van het gesprek"),
                ),
                (
                    "other_present",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("zonder", "zonder degene voor wie zij zorgt"),
                            ("met", "degene voor wie zij zorgt was erbij"),
                        ],
                        max_length=10,
                        verbose_name="was de ander erbij?",
                    ),
                ),
                ("sofa", models.CharField(blank=True, max_length=10, verbose_name="haar rol in dit gesprek (SOFA)")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "verbose_name": "gesprek",
                "verbose_name_plural": "gesprekken",
            },
        ),
        migrations.CreateModel(
            name="ConversationNote",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("subject", models.CharField(max_length=60, verbose_name="stap of thema")),
                ("text", models.TextField(blank=True, max_length=4000, verbose_name="notitie")),
                ("window", models.UUIDField()),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("logged_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "verbose_name": "notitie",
                "verbose_name_plural": "notities",
            },
        ),
        migrations.AddField(
            model_name="caregiver",
            name="last_spoken_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="laatste gesprek"),
        ),
        migrations.AddIndex(
            model_name="caregiver",
            index=models.Index(
                fields=["organisation", "last_spoken_on", "search_name", "id"], name="caregiver_by_last_spoken"
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="caregiver",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="conversations", to="intake.caregiver"
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="started_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.membership"
            ),
        ),
        migrations.AddField(
            model_name="conversationnote",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.membership"
            ),
        ),
        migrations.AddField(
            model_name="conversationnote",
            name="caregiver",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="intake.caregiver"
            ),
        ),
        migrations.AddField(
            model_name="conversationnote",
            name="conversation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="intake.conversation"
            ),
        ),
        migrations.AddField(
            model_name="conversationnote",
            name="need",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="intake.need",
                verbose_name="hulpvraag",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["caregiver", "-held_on", "-created_at", "-id"], name="talks_of_a_caregiver"),
        ),
        migrations.AddConstraint(
            model_name="conversationnote",
            constraint=models.UniqueConstraint(
                fields=("conversation", "author", "subject"), name="one_note_of_each_author_on_a_subject"
            ),
        ),
    ]
