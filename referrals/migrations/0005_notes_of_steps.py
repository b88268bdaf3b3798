from django.db import migrations


class Migration(migrations.Migration):
    """Why it was withdrawn or opened again stands with that step, where it stood all along, and no more in the row."""

    dependencies = [
        ("referrals", "0004_not_called_yet"),
    ]

    operations = [
        migrations.RemoveField(model_name="referral", name="withdraw_note"),
        migrations.RemoveField(model_name="referral", name="reopen_note"),
    ]
