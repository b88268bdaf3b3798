"""Links and codes, for receivers without an account."""

import django.db.models.deletion
import mantelzorg.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_away_and_daily_news"),
        ("referrals", "0007_the_clock"),
        ("sociale_kaart", "0010_answers_by_link"),
    ]

    operations = [
        migrations.AlterField(
            model_name="callattempt",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.membership"
            ),
        ),
        migrations.CreateModel(
            name="ReferralLink",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sociale_kaart.organisation",
                    ),
                ),
                ("to", models.EmailField(max_length=254, verbose_name="gemaild aan")),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="receiver_links",
                        to="referrals.referral",
                    ),
                ),
            ],
            options={
                "verbose_name": "link naar een verwijzing",
            },
        ),
        migrations.CreateModel(
            name="LinkCode",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="codes", to="referrals.referrallink"
                    ),
                ),
            ],
            options={
                "verbose_name": "code bij een link",
            },
        ),
        migrations.AddIndex(
            model_name="referrallink",
            index=models.Index(fields=["referral", "-made_at"], name="links_of_a_referral"),
        ),
        migrations.AddConstraint(
            model_name="referrallink",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("made_at"))), name="a_link_expires_after_it_is_made"
            ),
        ),
        migrations.AddConstraint(
            model_name="referrallink",
            constraint=models.CheckConstraint(
                condition=models.Q(("to", ""), _negated=True), name="a_link_goes_to_an_address"
            ),
        ),
        migrations.AddIndex(
            model_name="linkcode",
            index=models.Index(fields=["link", "-sent_at"], name="codes_of_a_link"),
        ),
    ]
