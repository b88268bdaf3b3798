"""Mail that waits for the one of the day, and mail of whose failure somebody was told."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trail", "0002_log_by_month"),
    ]

    operations = [
        migrations.AddField(
            model_name="outboxmessage",
            name="for_digest",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="told_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("for_digest", True), ("sent_at", None)), fields=["to"], name="outbox_digest"
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("told_at", None), models.Q(("failed_at", None), _negated=True)),
                fields=["failed_at"],
                name="outbox_untold",
            ),
        ),
    ]
