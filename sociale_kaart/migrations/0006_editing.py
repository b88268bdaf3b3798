"""The history of the sociale kaart, proposals, and pauses that end by themselves."""

import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import F

import mantelzorg.ids


def note_since_when(apps, schema_editor):
    """What is published already, is so at the latest since it was made."""
    service = apps.get_model("sociale_kaart", "Service")
    service.objects.filter(status__in=["published", "paused"]).update(published_at=F("created_at"))


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("sociale_kaart", "0005_exchange"),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "thing",
                    models.CharField(
                        choices=[("aanbod", "aanbod"), ("organisatie", "organisatie")],
                        max_length=12,
                        verbose_name="waarvan",
                    ),
                ),
                ("target", models.UUIDField()),
                ("name", models.CharField(max_length=120, verbose_name="naam")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("gemaakt", "gemaakt"),
                            ("gewijzigd", "gewijzigd"),
                            ("nagekeken", "nagekeken"),
                            ("gepubliceerd", "op de sociale kaart gezet"),
                            ("gepauzeerd", "tijdelijk van de kaart gehaald"),
                            ("gestopt", "gestopt"),
                            ("ingelezen", "ingelezen uit een bestand"),
                            ("teruggedraaid", "teruggedraaid: het bestand is ongedaan gemaakt"),
                            ("teruggezet", "teruggezet"),
                            ("voorstel", "voorstel overgenomen"),
                        ],
                        max_length=14,
                        verbose_name="wat",
                    ),
                ),
                ("said_by", models.CharField(blank=True, max_length=120, verbose_name="volgens")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="wanneer")),
                (
                    "before",
                    models.JSONField(
                        default=dict,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        verbose_name="wat er stond",
                    ),
                ),
                (
                    "after",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="wat er kwam"
                    ),
                ),
                ("has_names", models.BooleanField(default=False, verbose_name="over contactpersonen")),
            ],
            options={
                "verbose_name": "wijziging",
                "verbose_name_plural": "wijzigingen",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.UUIDField(default=mantelzorg.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "fields",
                    models.JSONField(
                        default=dict,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        verbose_name="wat er moet staan",
                    ),
                ),
                (
                    "before",
                    models.JSONField(
                        default=dict,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        verbose_name="wat er stond",
                    ),
                ),
                ("words", models.TextField(blank=True, max_length=1000, verbose_name="toelichting")),
                ("said_by", models.CharField(blank=True, max_length=120, verbose_name="volgens")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="gedaan op")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "wacht op de consulent"),
                            ("overgenomen", "overgenomen"),
                            ("afgewezen", "niet overgenomen"),
                            ("ingetrokken", "ingetrokken"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="stand",
                    ),
                ),
                ("handled_at", models.DateTimeField(blank=True, null=True, verbose_name="behandeld op")),
                ("answer", models.TextField(blank=True, max_length=1000, verbose_name="antwoord")),
            ],
            options={
                "verbose_name": "voorstel",
                "verbose_name_plural": "voorstellen",
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="service",
            name="paused_until",
            field=models.DateField(blank=True, null=True, verbose_name="weer op de kaart vanaf"),
        ),
        migrations.AddField(
            model_name="service",
            name="published_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="op de kaart sinds"),
        ),
        migrations.AddIndex(
            model_name="service",
            index=models.Index(
                condition=models.Q(("status", "paused")), fields=["paused_until"], name="pauses_by_their_end"
            ),
        ),
        migrations.AddIndex(
            model_name="service",
            index=models.Index(
                condition=models.Q(("status", "published")), fields=["published_at"], name="published_since"
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(("paused_until", None), ("status", "paused"), _connector="OR"),
                name="only_a_pause_has_an_end",
            ),
        ),
        migrations.AddField(
            model_name="change",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="handled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="service",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="proposals",
                to="sociale_kaart.service",
                verbose_name="aanbod",
            ),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["target", "-at", "-id"], name="changes_of_a_thing"),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["at"], name="changes_by_age"),
        ),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.CheckConstraint(
                condition=models.Q(("thing__in", ["aanbod", "organisatie"])),
                name="a_change_is_of_a_service_or_an_organisation",
            ),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(condition=models.Q(("state", "open")), fields=["made_at"], name="open_proposals"),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("handled_at", None), ("state", "open")),
                    models.Q(("handled_at__isnull", False), ("state__in", ["overgenomen", "afgewezen", "ingetrokken"])),
                    _connector="OR",
                ),
                name="a_proposal_is_open_or_handled_at_a_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "afgewezen"), _negated=True),
                    models.Q(("answer", ""), _negated=True),
                    _connector="OR",
                ),
                name="a_declined_proposal_says_why",
            ),
        ),
        migrations.AddIndex(
            model_name="service",
            index=models.Index(fields=["-updated_at", "id"], name="services_by_last_change"),
        ),
        migrations.RunPython(note_since_when, migrations.RunPython.noop),
    ]
