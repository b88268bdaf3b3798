from django.db import migrations, models


class Migration(migrations.Migration):
    """A step in her journey may have a note."""

    dependencies = [
        ("intake", "0012_situation"),
    ]

    operations = [
        migrations.AddField(
            model_name="phasestep",
            name="note",
            field=models.TextField(blank=True, max_length=500, verbose_name="toelichting"),
        ),
    ]
