"""Referrals to who keeps no file: a life of their own in the same table, and shared items that may be stored sealed."""

import mantelzorg.triggers
import pgtrigger.compiler
import pgtrigger.migrations
import referrals.sealing
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_away_and_daily_news"),
        ("intake", "0018_recorded_by_a_link"),
        ("referrals", "0008_links"),
        ("sociale_kaart", "0010_answers_by_link"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="referral",
            name="a_referral_follows_the_table",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="referral",
            name="a_sent_referral_keeps_its_address",
        ),
        migrations.RemoveConstraint(
            model_name="referral",
            name="nothing_is_sent_without_consent_and_reading_aloud",
        ),
        migrations.AddField(
            model_name="referral",
            name="without_file",
            field=models.BooleanField(db_default=False, default=False, verbose_name="zonder dossier"),
        ),
        migrations.AlterField(
            model_name="referralneed",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("gestart", "de ondersteuning is gestart"),
                    ("informatie", "informatie was genoeg"),
                    ("doorverwezen", "doorverwezen"),
                    ("anders-besloten", "zij koos iets anders"),
                    ("niet-geholpen", "wij konden niet helpen"),
                    ("contact", "er was contact; meer meldt wie zonder dossier werkt niet"),
                ],
                max_length=20,
                verbose_name="uitkomst",
            ),
        ),
        migrations.AlterField(
            model_name="shareditem",
            name="value",
            field=referrals.sealing.SealableTextField(verbose_name="inhoud"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="referral",
            trigger=pgtrigger.compiler.Trigger(
                name="a_referral_follows_the_table",
                sql=mantelzorg.triggers.Unconditional(
                    condition='WHEN (NOT OLD."without_file")',
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{accepted:declined,accepted:in_contact,accepted:not_reached,accepted:withdrawn,completed:accepted,concept:sent,in_contact:completed,in_contact:withdrawn,sent:accepted,sent:declined,sent:expired,sent:withdrawn}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="3561e8ac79c67fdf16ce13366ddf27e593e01114",
                    operation="UPDATE",
                    pgid="pgtrigger_a_referral_follows_the_table_9b4fe",
                    table="referrals_referral",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="referral",
            trigger=pgtrigger.compiler.Trigger(
                name="without_a_file_it_follows_the_table_too",
                sql=mantelzorg.triggers.Unconditional(
                    condition='WHEN (OLD."without_file")',
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{accepted:completed,accepted:declined,accepted:not_reached,accepted:withdrawn,concept:sent,in_contact:withdrawn,sent:accepted,sent:declined,sent:expired,sent:withdrawn}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="0887f8c53c84f31edd1a27fbdfe3425b21b436d5",
                    operation="UPDATE",
                    pgid="pgtrigger_without_a_file_it_follows_the_table_too_6ee65",
                    table="referrals_referral",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="referral",
            trigger=pgtrigger.compiler.Trigger(
                name="a_sent_referral_keeps_its_address",
                sql=mantelzorg.triggers.Unconditional(
                    condition="WHEN (OLD.state <> 'concept' AND (OLD.number, OLD.sender_organisation_id, OLD.receiver_organisation_id, OLD.service_id, OLD.channel, OLD.sent_at, OLD.created_at, OLD.without_file) IS DISTINCT FROM (NEW.number, NEW.sender_organisation_id, NEW.receiver_organisation_id, NEW.service_id, NEW.channel, NEW.sent_at, NEW.created_at, NEW.without_file))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="1f7bb4b61009622cd0fd7ce877f74fb35c21be7b",
                    operation="UPDATE",
                    pgid="pgtrigger_a_sent_referral_keeps_its_address_0f7cb",
                    table="referrals_referral",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("consent", None), ("sent_at", None), ("state", "concept")),
                    models.Q(
                        models.Q(("handover_read", True), ("without_file", True), _connector="OR"),
                        models.Q(("state", "concept"), _negated=True),
                        ("consent__isnull", False),
                        ("sent_at__isnull", False),
                    ),
                    models.Q(
                        models.Q(("state", "concept"), _negated=True),
                        ("erased_at__isnull", False),
                        ("sent_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="nothing_is_sent_without_consent_and_reading_aloud",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("without_file", False),
                    models.Q(
                        models.Q(("state", "in_contact"), _negated=True),
                        models.Q(("decline_reason__in", ("al-bekend", "elders")), _negated=True),
                        ("elsewhere", ""),
                    ),
                    _connector="OR",
                ),
                name="without_a_file_contact_is_all_there_is_to_say",
            ),
        ),
    ]
