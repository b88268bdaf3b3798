import datetime

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import mantelzorg.ids

# Search rows that are there already know when they were checked; `prepare` fills in the rest.
CHECKED = """
    UPDATE sociale_kaart_searchrow SET checked_on = service.checked_on
    FROM sociale_kaart_service service WHERE service.id = service_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("sociale_kaart", "0007_freshness"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="searchrow", name="search_row_by_anything"),
        migrations.AddField(
            model_name="searchrow",
            name="checked_on",
            field=models.DateField(default=datetime.date(2000, 1, 1)),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="searchrow",
            name="places",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=4), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="searchrow",
            name="traits",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), default=list, size=None
            ),
        ),
        migrations.AddField(model_name="searchword", name="weight", field=models.FloatField(default=3)),
        migrations.RunSQL(CHECKED, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="searchrow",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False,
                fields=["document", "municipalities", "kinds", "phases", "target_groups", "traits", "places"],
                name="search_row_by_anything",
            ),
        ),
        migrations.AddIndex(
            model_name="searchrow",
            index=models.Index(fields=["-checked_on", "-service"], name="search_row_by_check"),
        ),
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=60, verbose_name="naam")),
                ("question", models.JSONField(default=dict, verbose_name="zoekvraag")),
                ("wants_mail", models.BooleanField(default=True, verbose_name="mail bij iets nieuws")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="bewaard op")),
                ("looked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="bijgehouden tot")),
                ("mailed_at", models.DateTimeField(blank=True, null=True, verbose_name="laatste mail")),
                (
                    "found",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="nieuw gevonden",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_searches",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="van",
                    ),
                ),
            ],
            options={
                "verbose_name": "bewaarde zoekvraag",
                "verbose_name_plural": "bewaarde zoekvragen",
                "ordering": ["name"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("wants_mail", True)), fields=["looked_at"], name="searches_to_look_at"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="a_saved_search_has_a_name"
                    ),
                    models.UniqueConstraint(fields=("user", "name"), name="her_saved_searches_have_different_names"),
                ],
            },
        ),
    ]
