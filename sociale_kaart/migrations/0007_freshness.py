import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import mantelzorg.ids


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("sociale_kaart", "0006_editing"),
    ]

    operations = [
        migrations.CreateModel(
            name="CheckRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("to", models.EmailField(max_length=254, verbose_name="gemaild aan")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="gevraagd op")),
                ("expires_at", models.DateTimeField(verbose_name="te beantwoorden tot")),
                ("reminded_at", models.DateTimeField(blank=True, null=True, verbose_name="herinnerd op")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="gesloten op")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="check_requests",
                        to="sociale_kaart.organisation",
                        verbose_name="organisatie",
                    ),
                ),
            ],
            options={
                "verbose_name": "vraag of het nog klopt",
                "verbose_name_plural": "vragen of het nog klopt",
                "ordering": ["-asked_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="CheckItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("checked_on", models.DateField(verbose_name="was nagekeken op")),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "nog geen antwoord"),
                            ("klopt", "klopt nog"),
                            ("voorstel", "stelde een wijziging voor"),
                            ("geen-antwoord", "gaf geen antwoord"),
                            ("vervallen", "niet meer nodig"),
                        ],
                        default="",
                        max_length=14,
                        verbose_name="antwoord",
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="beantwoord op")),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="check_items",
                        to="sociale_kaart.service",
                        verbose_name="aanbod",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="sociale_kaart.checkrequest",
                        verbose_name="vraag",
                    ),
                ),
            ],
            options={
                "verbose_name": "gevraagd aanbod",
                "verbose_name_plural": "gevraagd aanbod",
            },
        ),
        migrations.CreateModel(
            name="NotAsked",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="sinds")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organisation",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="not_asked",
                        to="sociale_kaart.organisation",
                    ),
                ),
                (
                    "service",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="not_asked",
                        to="sociale_kaart.service",
                    ),
                ),
            ],
            options={
                "verbose_name": "niet per mail gevraagd",
                "verbose_name_plural": "niet per mail gevraagd",
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("contact", "Telefoon, e-mail, website of adres"),
                            ("voorwaarden", "Plek, wachttijd, kosten of verwijzing"),
                            ("inhoud", "Wat het is of voor wie"),
                            ("weg", "Het bestaat niet meer"),
                            ("anders", "Iets anders"),
                        ],
                        max_length=12,
                        verbose_name="wat klopt er niet",
                    ),
                ),
                ("words", models.TextField(max_length=1000, verbose_name="hoe is het wel")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="gemeld op")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "wacht op de consulent"),
                            ("opgelost", "opgelost"),
                            ("klopt-toch", "het klopt toch"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="stand",
                    ),
                ),
                ("handled_at", models.DateTimeField(blank=True, null=True, verbose_name="behandeld op")),
                ("answer", models.TextField(blank=True, max_length=1000, verbose_name="wat er is gedaan")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "handled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="sociale_kaart.service",
                        verbose_name="aanbod",
                    ),
                ),
            ],
            options={
                "verbose_name": "melding",
                "verbose_name_plural": "meldingen",
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.AddIndex(
            model_name="checkrequest",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["asked_at"], name="open_check_requests"
            ),
        ),
        migrations.AddConstraint(
            model_name="checkrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("to", ""), _negated=True), name="a_check_is_asked_of_an_address"
            ),
        ),
        migrations.AddConstraint(
            model_name="checkrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("asked_at"))), name="a_check_expires_after_it_is_asked"
            ),
        ),
        migrations.AddIndex(
            model_name="checkitem",
            index=models.Index(
                condition=models.Q(("answer", "geen-antwoord")), fields=["service"], name="services_without_answer"
            ),
        ),
        migrations.AddConstraint(
            model_name="checkitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answer", "")), fields=("service",), name="a_service_is_asked_about_once_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="checkitem",
            constraint=models.UniqueConstraint(fields=("request", "service"), name="a_check_names_a_service_once"),
        ),
        migrations.AddConstraint(
            model_name="checkitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at", None)),
                    models.Q(
                        ("answer__in", ["klopt", "voorstel", "geen-antwoord", "vervallen"]),
                        ("answered_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="a_check_is_open_or_answered_at_a_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="notasked",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("organisation__isnull", True), ("service__isnull", False)),
                    models.Q(("organisation__isnull", False), ("service__isnull", True)),
                    _connector="OR",
                ),
                name="not_asked_is_a_service_or_an_organisation",
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(condition=models.Q(("state", "open")), fields=["made_at"], name="open_reports"),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(fields=["by", "-made_at", "-id"], name="reports_of_somebody"),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(("words", ""), _negated=True), name="a_report_says_what_is_wrong"
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(("what__in", ["contact", "voorwaarden", "inhoud", "weg", "anders"])),
                name="a_report_is_of_a_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("handled_at", None), ("state", "open")),
                    models.Q(
                        ("handled_at__isnull", False),
                        ("state__in", ["opgelost", "klopt-toch"]),
                        models.Q(("answer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_report_is_open_or_answered_in_words",
            ),
        ),
    ]
