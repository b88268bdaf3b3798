"""Sessions with an owner, in place of Django's: whoever is logged in, logs in once more. And forms that wait for her."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import mantelzorg.ids


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_cache_table")]

    operations = [
        migrations.RunSQL("DROP TABLE IF EXISTS django_session", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "session_key",
                    models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="sleutel"),
                ),
                ("session_data", models.TextField(verbose_name="wat de sessie onthoudt")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("public_id", models.UUIDField(default=mantelzorg.ids.uuid7, editable=False)),
                ("device", models.CharField(blank=True, max_length=60, verbose_name="apparaat")),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="ingelogd sinds")),
                (
                    "last_active_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="het laatst bezig"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="persoon",
                    ),
                ),
            ],
            options={"verbose_name": "sessie"},
        ),
        migrations.CreateModel(
            name="KeptForm",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="kept_form",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="wie het typte",
                    ),
                ),
                ("path", models.CharField(max_length=500, verbose_name="waar het naartoe ging")),
                ("page", models.CharField(max_length=500, verbose_name="de bladzijde")),
                ("typed", models.BinaryField(verbose_name="wat er getypt was")),
                ("kept_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={"verbose_name": "bewaard formulier"},
        ),
    ]
