import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A note may have become a task."""

    dependencies = [
        ("intake", "0015_plans"),
    ]

    operations = [
        migrations.AddField(
            model_name="conversationnote",
            name="task",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="intake.task",
                verbose_name="taak",
            ),
        ),
    ]
