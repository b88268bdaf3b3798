"""What the database itself allows: the grants, the policies and the four principals, without any filter of Django's.

Everything asked here goes through the plain managers of the models, as a view would that forgets to filter.
"""

import datetime
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from accounts.models import KeptForm
from intake import actions as intake
from intake.handing.actions import ask as ask_a_colleague
from intake.measuring.actions import record_screening
from intake.models import Caregiver, Consent, ConsentWords, Involvement, Need, TimelineEvent
from intake.plans.actions import add_task, write_scenario
from intake.talking.actions import Typed, begin_conversation, write_notes
from knowledge.models import Instrument
from mantelzorg import principals
from mantelzorg.ids import uuid7
from mantelzorg.principals import NOBODY, acting, job, link, member, withdrawal_code
from mantelzorg.rights.enforcing import differences, enforce
from mantelzorg.rights.grants import GRANTS
from mantelzorg.rights.owner import as_owner
from mantelzorg.rights.policies import POLICIES, POLICY_VERSION, STAGE_DAYS
from referrals import actions, clock
from referrals.meetings.actions import agree, invite, plan_meeting
from referrals.models import (
    CallAttempt,
    Enquiry,
    Experience,
    Handover,
    JointTalk,
    Question,
    QuestionReminder,
    QuestionStep,
    Referral,
    ReferralEvent,
    ReferralNeed,
    Reminder,
    SharedItem,
)
from referrals.questions.actions import ask
from referrals.transitions import VISIBLE_AFTER_COMPLETION_DAYS, State
from tests.factories import fresh, make_caregiver, make_member, make_need, make_referral, make_service
from trail.models import AccessLogEntry, OutboxMessage

APP, BACKUP = settings.DATABASES["default"]["USER"], settings.BACKUP["USER"]


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        return cursor.fetchone()[0]


def numbers(rows) -> set[str]:
    return set(rows.values_list("number", flat=True))


# Grants -------------------------------------------------------------------------------------------------------------


@contextmanager
def a_changed_database(*statements: str):
    """As the owner, in a transaction that leaves no trace."""
    with as_owner(), transaction.atomic():
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_the_database_is_as_declared():
    assert differences(app=APP) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("CREATE TABLE intake_diary (id int)", "intake_diary: no grants are declared"),
        ("CREATE VIEW every_name AS SELECT name FROM intake_caregiver", "every_name: no grants are declared"),
        (f"GRANT DELETE ON trail_accesslogentry TO {APP}", "trail_accesslogentry: granted"),
        (f"REVOKE INSERT ON intake_need FROM {APP}", "intake_need: granted"),
        ("ALTER TABLE intake_consent NO FORCE ROW LEVEL SECURITY", "intake_consent: row-level security is off"),
        ("ALTER TABLE intake_need DISABLE ROW LEVEL SECURITY", "intake_need: row-level security is off"),
        ("DROP POLICY own ON intake_caregiver", "intake_caregiver: policy own is not as declared"),
        ("ALTER POLICY own ON intake_caregiver USING (true)", "intake_caregiver: policy own is not as declared"),
        ("CREATE POLICY open ON intake_caregiver USING (true)", "intake_caregiver: policy open is not as declared"),
        (
            "CREATE OR REPLACE FUNCTION public.keeps_caregiver(asked uuid) RETURNS boolean LANGUAGE sql STABLE "
            "AS 'SELECT true'",
            "function keeps_caregiver is not as declared",
        ),
    ],
)
def test_what_is_not_declared_is_found(statement, said):
    with a_changed_database(statement):
        assert any(line.startswith(said) for line in differences(app=APP)), differences(app=APP)


@pytest.mark.django_db(transaction=True)
def test_a_role_that_could_walk_round_is_refused():
    with as_owner(), pytest.raises(ImproperlyConfigured, match="walk round row-level security"):
        enforce(app=BACKUP, backup=BACKUP)
    with as_owner(), pytest.raises(ImproperlyConfigured, match="has no role nobody_at_all"):
        enforce(app=APP, backup="nobody_at_all")


@pytest.mark.django_db
def test_every_table_about_a_caregiver_has_policies():
    """The register of personal fields says which models are about her; what hangs on those counts as well."""
    from django.apps import apps

    about_her = {
        model._meta.db_table
        for model in apps.get_models()
        if getattr(getattr(model, "personal", None), "about", "") == "mantelzorger"
        or any(field.name == "subject_id" for field in model._meta.fields)
    }
    through = Referral.target_groups.through._meta.db_table
    between_two = {
        model._meta.db_table for model in (Question, QuestionStep, QuestionReminder)
    }  # about nobody, we hope
    assert about_her | {through} | between_two == set(POLICIES)
    assert set(POLICIES) <= set(GRANTS)


def test_the_days_a_receiver_still_sees_are_those_of_the_table():
    assert STAGE_DAYS == VISIBLE_AFTER_COMPLETION_DAYS


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET outcome = 'ok'", "DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}"]
)
def test_the_application_cannot_touch_what_is_logged(statement):
    with pytest.raises(ProgrammingError), acting(NOBODY), connection.cursor() as cursor:
        cursor.execute(statement.format("trail_accesslogentry"))


@pytest.mark.django_db
def test_the_backup_reads_everything_and_changes_nothing(sender):
    make_caregiver(sender)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolbypassrls, rolsuper FROM pg_roles WHERE rolname = %s", [BACKUP])
        assert cursor.fetchone() == (True, False)
        for right, has_it in (("SELECT", True), ("INSERT", False), ("UPDATE", False), ("DELETE", False)):
            cursor.execute(
                "SELECT bool_and(has_table_privilege(%s, oid, %s)), bool_or(has_table_privilege(%s, oid, %s)) "
                "FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')",
                [BACKUP, right, BACKUP, right],
            )
            assert cursor.fetchone() == (has_it, has_it)


# Who set nothing sees nothing ---------------------------------------------------------------------------------------


@pytest.fixture
def a_full_database(sender, receiver, steunpunt):
    """One referral in every stage, so that no table with policies is empty."""
    now = timezone.now()
    service = make_service(steunpunt)
    accepted = make_referral(State.IN_CONTACT, sender=sender, receiver=receiver, service=service)
    caregiver = accepted.caregiver
    intake.add_involvement(caregiver=caregiver, by=sender, name="Buurvrouw")
    intake.set_burden(caregiver=caregiver, by=sender, burden=6)
    csi = Instrument.objects.get(pk="csi")
    record_screening(caregiver=caregiver, by=sender, instrument=csi, version="1995", taken_on=now.date(), total=5)
    add_task(caregiver=caregiver, by=sender, what="De was")
    write_scenario(caregiver=caregiver, by=sender, moment="nu", green="Zij slaapt goed")
    talk = begin_conversation(caregiver=caregiver, by=sender, held_on=now.date())
    write_notes(conversation=talk, by=sender, window=uuid7(), typed={"verder": Typed("Slaapt slecht")})
    with connection.cursor() as cursor:
        cursor.execute("SELECT slug FROM knowledge_phase LIMIT 1")
        (phase,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO intake_phasestep (id, caregiver_id, phase_id, since, note, recorded_by_id, created_at) "
            "VALUES (gen_random_uuid(), %s, %s, now(), '', %s, now())",
            [caregiver.pk, phase, sender.acting.pk],
        )
        cursor.execute("SELECT slug FROM sociale_kaart_targetgroup LIMIT 1")
        accepted.target_groups.add(cursor.fetchone()[0])
    ask_a_colleague(caregiver=caregiver, by=sender, to=make_member("Nel", sender.organisation).acting, note="Weg.")
    meeting = plan_meeting(
        caregiver=caregiver, by=sender, starts_at=now + datetime.timedelta(days=1), how="video", question="Hoe nu?"
    )
    invite(meeting=meeting, by=sender, member=receiver.acting, items=["overleg"], how_given="mondeling")
    agree(meeting=meeting, by=sender, who=sender.acting, what="Bellen", before=timezone.localdate(now))
    KeptForm.objects.create(user=sender, path="/", page="/", typed=b"")
    said = {"asked_by": sender.acting, "asked_at": now, "turn_on": now.date()}
    Enquiry.objects.create(referral=accepted, organisation=steunpunt, words="Komt zij nog?", **said)
    Experience.objects.create(referral=accepted, caregiver=caregiver, answer="goed", recorded_by=sender.acting)
    Reminder.objects.create(referral=accepted, kind="ahead", turn_on=now.date(), at=now)
    question = ask(by=sender, organisation=steunpunt, subject="Nachtrust", text="Wat raad je aan?")
    QuestionReminder.objects.create(question=question, kind="late", turn_on=now.date(), at=now)
    CallAttempt.objects.create(referral=accepted, by=receiver.acting, result="gesproken", at=now)
    JointTalk.objects.create(
        referral=accepted,
        side="receiver",
        by=receiver.acting,
        proposed_at=now,
        moments=[now],
        asked_organisation=sender.organisation,
        asked_side="sender",
        asked_on=now.date(),
    )
    return accepted


def test_without_a_principal_there_are_no_rows(a_full_database):
    assert {table: count(table) > 0 for table in POLICIES} == dict.fromkeys(POLICIES, True)
    with acting(NOBODY):
        assert {table: count(table) for table in POLICIES} == dict.fromkeys(POLICIES, 0)


@pytest.mark.django_db(transaction=True)
def test_what_was_set_ends_with_its_transaction(sender):
    make_caregiver(sender)
    with transaction.atomic():
        principals.become(member(sender))
        assert Caregiver.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('mantelzorg.keeps', true)")
        assert not cursor.fetchone()[0]
    with acting(NOBODY):
        assert Caregiver.objects.count() == 0


def test_afterwards_one_is_who_one_was(sender, outsider):
    make_caregiver(sender)
    with acting(member(sender)):
        with acting(member(outsider)):
            assert Caregiver.objects.count() == 0
        assert Caregiver.objects.count() == 1
        with pytest.raises(ZeroDivisionError), acting(NOBODY):
            raise ZeroDivisionError
        assert Caregiver.objects.count() == 1


# Members ------------------------------------------------------------------------------------------------------------


def test_a_stranger_finds_nothing_in_any_table(a_full_database, outsider):
    with acting(member(outsider)):
        assert {table: count(table) for table in POLICIES} == dict.fromkeys(POLICIES, 0)


@pytest.mark.parametrize("who", ["beheerder", "coordinator", "functional_admin", "logtoezicht"])
def test_who_does_not_work_with_caregivers_finds_none(a_full_database, who, request):
    with acting(member(request.getfixturevalue(who))):
        found = {table: count(table) for table in POLICIES if count(table)}
    assert set(found) <= ({"trail_accesslogentry"} if who == "logtoezicht" else set())


def test_a_colleague_keeps_the_same_caregivers(a_full_database, colleague):
    with acting(member(colleague)):
        assert Caregiver.objects.count() == 1
        assert Need.objects.count() == 1
        assert Handover.objects.count() == 1


def test_a_stranger_cannot_write_into_the_record_of_another(a_full_database, outsider, practice):
    caregiver = a_full_database.caregiver
    with acting(member(outsider)):
        assert Caregiver.objects.filter(pk=caregiver.pk).update(name="Een ander") == 0
        assert Referral.objects.filter(pk=a_full_database.pk).update(feedback="Niets van waar") == 0
        assert Caregiver.objects.filter(pk=caregiver.pk).delete()[0] == 0
    need = _need_like(a_full_database)
    event = {"verb": "accept", "from_state": "sent", "to_state": "sent"}
    for made in (
        lambda: TimelineEvent.objects.create(caregiver_id=caregiver.pk, kind="gegevens", text="Verzonnen"),
        lambda: Need.objects.create(**need),
        lambda: ReferralEvent.objects.create(referral=a_full_database, **event),
        lambda: SharedItem.objects.create(
            referral=a_full_database, consent_id=a_full_database.consent_id, item="e-mail", value="x"
        ),
    ):
        with (
            pytest.raises(ProgrammingError, match="violates row-level security policy"),
            transaction.atomic(),
            acting(member(outsider)),
        ):
            made()


def _need_like(referral: Referral) -> dict:
    need = referral.referral_needs.get().need
    return {
        "caregiver_id": need.caregiver_id,
        "organisation_id": need.organisation_id,
        "owner_id": need.owner_id,
        "turn_organisation_id": need.organisation_id,
        "turn_member_id": need.owner_id,
        "turn_on": timezone.localdate(),
    }


def test_a_draft_is_its_makers_alone(sender, colleague, receiver, steunpunt):
    draft = make_referral(State.CONCEPT, sender=sender, service=make_service(steunpunt))
    for who, sees in ((sender, 1), (colleague, 0), (receiver, 0)):
        with acting(member(who)):
            assert Referral.objects.filter(pk=draft.pk).count() == sees
            if not sees:
                assert not ReferralNeed.objects.exists()


LIVE = (Caregiver, Need, Involvement, TimelineEvent, Handover, ConsentWords)  # never for a receiver
STAGES = {
    # what a receiver reads in each state: needs of the referral, shared items, calls
    State.SENT: (1, False),
    State.ACCEPTED: (1, True),
    State.IN_CONTACT: (1, True),
    State.COMPLETED: (1, True),
    State.DECLINED: (0, False),
    State.EXPIRED: (0, False),
    State.NOT_REACHED: (0, False),
    State.WITHDRAWN: (0, False),
}


@pytest.mark.parametrize("state", STAGES)
def test_a_receiver_reads_the_frozen_items_in_their_time_and_nothing_live(state, sender, receiver, steunpunt):
    referral = make_referral(state, sender=sender, receiver=receiver, service=make_service(steunpunt))
    needs, shared = STAGES[state]
    with acting(member(receiver)):
        assert Referral.objects.filter(pk=referral.pk).exists()
        assert ReferralNeed.objects.count() == needs
        assert SharedItem.objects.exists() == shared
        if not shared:
            assert not CallAttempt.objects.exists()
        assert [model.__name__ for model in LIVE if model.objects.exists()] == []


def test_thirty_days_after_completion_a_receiver_keeps_the_stub(sender, receiver, steunpunt):
    long_ago = timezone.now() - datetime.timedelta(days=31)
    referral = make_referral(State.COMPLETED, sender=sender, receiver=receiver, service=make_service(steunpunt))
    with acting(member(receiver)):
        assert SharedItem.objects.exists()
    Referral.objects.filter(pk=referral.pk).update(ended_at=long_ago)
    with acting(member(receiver)):
        assert Referral.objects.filter(pk=referral.pk).exists()
        assert not SharedItem.objects.exists()
        assert not ReferralNeed.objects.exists()


def test_a_step_reaches_what_the_referral_carries_and_ends_with_the_verb(sender, receiver, steunpunt):
    referral = make_referral(State.SENT, sender=sender, service=make_service(steunpunt))
    other = make_need(make_caregiver(sender), sender)
    with acting(member(receiver)):
        with principals.a_verb():
            principals.take_step(referral.pk)
            assert list(Need.objects.values_list("pk", flat=True)) == [referral.referral_needs.get().need_id]
            assert Need.objects.filter(pk=other.pk).update(words="Van een ander") == 0
            assert not Caregiver.objects.exists()
            assert not SharedItem.objects.exists()  # she has not accepted yet
        assert not Need.objects.exists()
        actions.accept(referral=referral, by=fresh(receiver))
        assert not Need.objects.exists()


def test_a_stranger_cannot_take_a_step(sender, outsider, steunpunt):
    referral = make_referral(State.SENT, sender=sender, service=make_service(steunpunt))
    with acting(member(outsider)), principals.a_verb():
        principals.take_step(referral.pk)
        assert not Need.objects.exists()
        assert not ReferralNeed.objects.exists()
        assert not Consent.objects.exists()


# Link, withdrawal code, jobs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.SENT, State.ACCEPTED, State.WITHDRAWN])
def test_a_link_opens_one_referral_and_reads_what_a_receiver_reads(state, sender, receiver, steunpunt):
    linked = make_referral(state, sender=sender, receiver=receiver, service=make_service(steunpunt))
    other = make_referral(state, sender=sender, receiver=receiver, service=make_service(steunpunt))
    with acting(link(linked.pk)):
        assert not Referral.objects.exists()  # it went by the portal: a link to it opens nothing
    with connection.cursor() as cursor:  # the channel of links is still to be built: go round what keeps an address
        cursor.execute("SET LOCAL session_replication_role = replica")
        Referral.objects.filter(pk__in=[linked.pk, other.pk]).update(channel="link")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    needs, shared = STAGES[state]
    with acting(link(linked.pk)):
        assert numbers(Referral.objects.all()) == {linked.number}
        assert ReferralNeed.objects.count() == needs
        assert set(SharedItem.objects.values_list("referral", flat=True)) == ({linked.pk} if shared else set())
        assert Consent.objects.count() == 1
        assert [model.__name__ for model in LIVE if model.objects.exists()] == []
        assert not AccessLogEntry.objects.exists()
        assert not OutboxMessage.objects.exists()


def test_a_withdrawal_code_does_one_thing_and_reads_nothing(sender, receiver, steunpunt):
    referral = make_referral(State.ACCEPTED, sender=sender, receiver=receiver, service=make_service(steunpunt))
    other = make_referral(State.ACCEPTED, sender=sender, receiver=receiver, service=make_service(steunpunt))
    code = intake.give_withdrawal_code(caregiver=referral.caregiver, by=sender)
    with acting(withdrawal_code()):
        assert {table: count(table) for table in POLICIES} == dict.fromkeys(POLICIES, 0)

    intake.withdraw_with_code("AAAA-BBBB-CCCC-DDDD")
    intake.withdraw_with_code("")
    assert not Consent.objects.exclude(withdrawn_at=None).exists()

    intake.withdraw_with_code(f" {code.lower()} ")
    consent = Consent.objects.get(pk=referral.consent_id)
    assert (consent.withdrawn_how, consent.withdrawn_by) == ("code", None)
    assert not referral.shared_items.exists()
    assert other.shared_items.exists()
    assert Consent.objects.get(pk=other.consent_id).withdrawn_at is None
    row = AccessLogEntry.objects.get(event="consent_withdraw")
    assert (row.subject_id, row.purpose, row.user_id) == (referral.caregiver_id, "code", None)
    assert row.policy_version == POLICY_VERSION
    with acting(member(receiver)):
        referral.refresh_from_db()
        assert referral.stage_for(fresh(receiver)) == Referral.Stage.STUB

    assert clock.lapse_consents(now=timezone.now()) == 1
    referral.refresh_from_db()
    assert (referral.state, referral.withdraw_reason) == (State.WITHDRAWN, "toestemming")
    assert not referral.referral_needs.get().need.on_referral
    assert clock.lapse_consents(now=timezone.now()) == 0


def test_a_new_code_replaces_the_former_one(sender, receiver, steunpunt):
    referral = make_referral(State.ACCEPTED, sender=sender, receiver=receiver, service=make_service(steunpunt))
    former = intake.give_withdrawal_code(caregiver=referral.caregiver, by=sender)
    intake.give_withdrawal_code(caregiver=referral.caregiver, by=sender)
    intake.withdraw_with_code(former)
    assert Consent.objects.get().withdrawn_at is None


def test_a_job_reaches_only_what_it_is_for(a_full_database, practice, gemeente):
    caregiver = a_full_database.caregiver
    with acting(job("mail")):
        assert {table for table in POLICIES if count(table)} == {"trail_outboxmessage"}
    with acting(job("logboek")):
        assert {table for table in POLICIES if count(table)} == {"trail_accesslogentry"}
    with acting(job("antwoordtijd")):
        assert {table for table in POLICIES if count(table)} == {"referrals_referral", "referrals_referralevent"}
    with acting(job("onbekend")):
        assert not {table for table in POLICIES if count(table)}
    with acting(job("overzicht", overview_of=practice.pk)):
        assert (Caregiver.objects.count(), Referral.objects.count()) == (1, 1)
        assert not SharedItem.objects.exists()
        assert not Handover.objects.exists()
        assert Caregiver.objects.filter(pk=caregiver.pk).update(name="Iemand") == 0
    with acting(job("overzicht", overview_of=gemeente.pk, overview_in=["GM0014"])):
        assert (Caregiver.objects.count(), Referral.objects.count()) == (0, 0)
        assert (Need.objects.count(), ReferralNeed.objects.count()) == (0, 0)
    with acting(job("overzicht", overview_of=gemeente.pk, overview_in=["GM0014", caregiver.municipality_id])):
        assert (Caregiver.objects.count(), Referral.objects.count()) == (1, 1)
        assert (Need.objects.count(), ReferralNeed.objects.count()) == (1, 1)
    with acting(job("klok")):
        assert Referral.objects.count() == 1
        assert Caregiver.objects.filter(pk=caregiver.pk).update(name="Iemand") == 0


def test_the_application_connects_as_a_role_that_owns_nothing():
    with psycopg.connect(**_as_the_application()) as raw:
        (name, superuser, bypass) = raw.execute(
            "SELECT current_user::text, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert (name, superuser, bypass) == (APP, False, False)
        owned = raw.execute("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user").fetchone()
        assert owned == (0,)


def _as_the_application() -> dict:
    parameters = connection.get_connection_params()
    wanted = ("dbname", "user", "password", "host", "port")
    return {key: parameters[key] for key in wanted if key in parameters} | {"dbname": "postgres"}
