"""An organisation without accounts may answer referrals by a link in the mail."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sociale_kaart", "0009_booklet"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="answers_by_link",
            field=models.BooleanField(db_default=False, default=False, verbose_name="antwoordt via een link per mail"),
        ),
    ]
