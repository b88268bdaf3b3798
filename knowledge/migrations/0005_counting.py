import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """How an instrument is counted, as data. Filled by the load of the content that follows every migration."""

    dependencies = [
        ("knowledge", "0004_sides_and_questions"),
    ]

    operations = [
        migrations.AddField(
            model_name="instrument",
            name="counts",
            field=models.CharField(blank=True, max_length=40, verbose_name="punten per antwoord, met spaties"),
        ),
        migrations.AddField(
            model_name="instrument",
            name="more_is_better",
            field=models.BooleanField(default=False, verbose_name="hoger is beter"),
        ),
        migrations.AddField(
            model_name="instrument",
            name="versions",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), blank=True, default=list, size=None, verbose_name="versies die rondgaan"
            ),
        ),
    ]
