"""What a mini-MDO is about can be shared too."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_away_and_daily_news"),
        ("intake", "0019_handing"),
        ("sociale_kaart", "0010_answers_by_link"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="consent",
            name="a_consent_names_what_may_be_shared",
        ),
        migrations.AlterField(
            model_name="consent",
            name="items",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("naam", "haar naam"),
                        ("telefoon", "haar telefoonnummer en wanneer je haar goed kunt bellen"),
                        ("e-mail", "haar e-mailadres"),
                        ("postcode", "haar postcode"),
                        ("zorgt-voor", "voor wie zij zorgt"),
                        ("situatie", "wat er speelt bij degene voor wie zij zorgt"),
                        ("fase", "in welke fase van dementie dat is"),
                        ("zwaarte", "hoe zwaar zij het nu vindt"),
                        ("eigen-woorden", "wat zij vraagt, in haar eigen woorden"),
                        ("overdracht", "de tekst van de overdracht"),
                        ("overleg", "waar een overleg over gaat, en wat daar wordt afgesproken"),
                    ],
                    max_length=20,
                ),
                size=None,
                verbose_name="wat gedeeld mag worden",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "items__contained_by",
                        [
                            "naam",
                            "telefoon",
                            "e-mail",
                            "postcode",
                            "zorgt-voor",
                            "situatie",
                            "fase",
                            "zwaarte",
                            "eigen-woorden",
                            "overdracht",
                            "overleg",
                        ],
                    ),
                    ("items__len__gt", 0),
                ),
                name="a_consent_names_what_may_be_shared",
            ),
        ),
    ]
