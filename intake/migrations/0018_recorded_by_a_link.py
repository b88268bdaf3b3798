"""Who takes somebody on by a link has no account to say who recorded it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_away_and_daily_news"),
        ("intake", "0017_licensed_items"),
    ]

    operations = [
        migrations.AlterField(
            model_name="involvement",
            name="recorded_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.membership"
            ),
        ),
    ]
