from django.db import migrations, models

# Scores of before are read by what is published now. The owner is held by the policies too; a function of a job that
# may read every caregiver lets it through.
READ_AS_NOW = """
    SELECT set_config('mantelzorg.job', 'klok', true);
    UPDATE intake_screening SET
        highest = greatest(instrument.score_to, total),
        cut_off = instrument.cut_off,
        band = coalesce((
            SELECT name FROM knowledge_instrumentband
            WHERE instrument_id = instrument.slug AND total BETWEEN score_from AND score_to LIMIT 1
        ), '')
    FROM knowledge_instrument instrument WHERE instrument.slug = instrument_id;
    SELECT set_config('mantelzorg.job', '', true);
    SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    """A score is read by what was published on its day."""

    dependencies = [("intake", "0009_timeline_kinds"), ("knowledge", "0004_sides_and_questions")]

    operations = [
        migrations.AddField(
            "screening", "highest", models.PositiveSmallIntegerField("hoogste score", default=0), preserve_default=False
        ),
        migrations.AddField("screening", "cut_off", models.PositiveSmallIntegerField("grens", null=True, blank=True)),
        migrations.AddField("screening", "band", models.CharField("indeling", max_length=120, blank=True, default="")),
        migrations.AlterField("screening", "band", models.CharField("indeling", max_length=120, blank=True)),
        migrations.RunSQL(READ_AS_NOW, migrations.RunSQL.noop),
    ]
