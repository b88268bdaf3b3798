import django.db.models.deletion
from django.db import migrations, models


def text(verbose_name):
    """Filled by the load of the content that follows every migration."""
    return models.TextField(default="", verbose_name=verbose_name)


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0003_same_work")]

    operations = [
        migrations.AddField("story", "side_of_caregiver", text("de kant van de mantelzorger"), preserve_default=False),
        migrations.AddField("story", "side_of_cared_for", text("de kant van de ander"), preserve_default=False),
        migrations.AddField(
            "story", "side_of_professionals", text("de kant van de professionals"), preserve_default=False
        ),
        migrations.AddField("story", "shared_challenge", text("de gedeelde uitdaging"), preserve_default=False),
        migrations.AddField(
            "workcardstep",
            "questions_are_ours",
            models.BooleanField(default=False, help_text="The source has none, or lost them."),
        ),
        migrations.AddField(
            "instrument",
            "support_kind",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="instruments",
                to="knowledge.supportkind",
            ),
        ),
    ]
