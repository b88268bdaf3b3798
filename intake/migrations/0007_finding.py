import django.contrib.postgres.fields
from django.db import migrations, models

MISSING = [
    ("niets-hier", "er is hier niets van deze soort"),
    ("geen-plek", "het is vol of de wachtlijst is te lang"),
    ("doelgroep", "het is voor een andere groep bedoeld"),
    ("taal", "het kan niet in haar taal"),
    ("kosten", "het kost te veel"),
    ("afstand", "het is te ver, of er is geen vervoer"),
    ("tijdstip", "het is op een tijd waarop zij niet kan"),
    ("anders", "iets anders"),
]


class Migration(migrations.Migration):
    """What she would like and what was missing; finding caregivers by postcode and by their fixed contact."""

    dependencies = [("intake", "0006_timeline_kinds")]

    operations = [
        migrations.AddField(
            model_name="need",
            name="prefers_free",
            field=models.BooleanField(default=False, verbose_name="liefst gratis"),
        ),
        migrations.AddField(
            model_name="need",
            name="missing",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=MISSING, max_length=20),
                blank=True,
                default=list,
                size=None,
                verbose_name="wat ontbrak er",
            ),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("missing", []),
                    models.Q(("ending", "geen-aanbod"), ("missing__contained_by", [value for value, label in MISSING])),
                    _connector="OR",
                ),
                name="only_without_an_offer_something_was_missing",
            ),
        ),
        migrations.AlterField(
            model_name="caregiver",
            name="postcode",
            field=models.CharField(db_collation="C", max_length=7, verbose_name="postcode"),
        ),
        migrations.AddIndex(
            model_name="caregiver",
            index=models.Index(fields=["organisation", "postcode"], name="caregiver_by_postcode"),
        ),
        migrations.AddIndex(
            model_name="caregiver",
            index=models.Index(
                fields=["organisation", "fixed_contact", "search_name", "id"], name="caregiver_by_fixed_contact"
            ),
        ),
    ]
