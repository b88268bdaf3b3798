"""What a mini-MDO asks of who plans it and of who is invited, and what each verb refuses."""

import datetime

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from intake.actions import ChangedMeanwhile
from intake.models import Consent
from mantelzorg.principals import acting, member
from mantelzorg.refusal import Refused
from referrals.meetings import actions
from referrals.models import Meeting, MeetingAgreement, MeetingGuest
from tests.factories import fresh, make_caregiver, make_member, make_organisation
from tests.referrals.meetings.conftest import (
    AGENDA,
    DAYS,
    QUESTION,
    WITH_NAME,
    agreed,
    consent_of,
    invite,
    says_yes,
)
from trail.models import AccessLogEntry, OutboxMessage


def mails(template="meeting_news") -> list[tuple[str, str]]:
    return [(mail.to, mail.context["line"]) for mail in OutboxMessage.objects.filter(template=template).order_by("pk")]


def plan(caregiver, by, **more):
    details = {"starts_at": timezone.now() + DAYS, "how": "video", "question": QUESTION} | more
    return actions.plan_meeting(caregiver=caregiver, by=by, **details)


# Planning -----------------------------------------------------------------------------------------------------------


def test_planning_is_a_line_in_her_timeline_and_tells_nobody(planned, her):
    assert her.timeline.filter(text__startswith="Mini-MDO gepland op").count() == 1
    assert mails() == []
    assert AccessLogEntry.objects.filter(event="create", object_type="referrals.meeting", subject_id=her.pk).exists()


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"starts_at": timezone.now() - DAYS}, "een moment dat nog komt"),
        ({"starts_at": timezone.now() + 92 * DAYS}, "binnen 90 dagen"),
        ({"question": "  "}, "welke vraag"),
        ({"points": list("abcdef")}, "hooguit 5 punten"),
        ({"how": "op-bezoek"}, "bij wie jullie elkaar zien"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(sender, her, what, said):
    with pytest.raises(Refused, match=said):
        plan(her, sender, **what)


def test_only_who_keeps_her_record_plans_changes_and_cancels(planned, her, receiver, beheerder):
    for stranger in (receiver, beheerder):
        with pytest.raises(Refused):
            plan(her, stranger)
        with pytest.raises(Refused):
            actions.cancel_meeting(meeting=planned, by=stranger)
        with pytest.raises(Refused):
            actions.hold_meeting(meeting=planned, by=stranger, conclusion="x")


def change(meeting, by, **more):
    now = {name: getattr(meeting, name) for name in Meeting.SHARED}
    return actions.change_meeting(meeting=meeting, by=by, **now | more)


def test_a_change_is_told_to_who_is_invited_and_to_nobody_when_nothing_changed(with_guests, sender, receiver):
    OutboxMessage.objects.all().delete()
    change(with_guests, sender)
    assert mails() == []
    change(with_guests, sender, starts_at=with_guests.starts_at + DAYS, points=["Iets anders"])
    assert {line for _, line in mails()} == {"Een overleg waarvoor je bent uitgenodigd, is veranderd."}
    assert len(mails()) == 3


def test_the_question_she_agreed_to_stays_the_question(planned, sender, colleague, receiver):
    invite(planned, sender, colleague, {})
    change(planned, sender, question="Wie belt de huisarts?")
    planned.refresh_from_db()
    invite(planned, sender, receiver)
    with pytest.raises(Refused, match="Haar toestemming is voor deze vraag"):
        change(planned, sender, question="Kan zij thuis blijven?")
    change(planned, sender, points=["Wat zegt haar broer?"])


def test_it_moves_no_further_than_her_consent_reaches(with_guests, sender):
    consent = with_guests.shares.exclude(consent=None).first().consent
    assert consent.valid_until == with_guests.day + 120 * DAYS
    change(with_guests, sender, starts_at=with_guests.starts_at + 60 * DAYS)
    with pytest.raises(Refused, match="Haar toestemming is voor een overleg tot en met"):
        change(with_guests, sender, starts_at=with_guests.starts_at + 61 * DAYS)


def test_of_two_who_change_it_the_second_is_told(planned, sender, colleague):
    seen = planned.changed_at.isoformat()
    change(planned, sender, points=["Een"])
    with pytest.raises(ChangedMeanwhile):
        change(planned, colleague, points=["Twee"], seen=seen)


def test_who_was_invited_to_what_is_cancelled_is_told_and_keeps_nothing(with_guests, sender, receiver):
    consent = consent_of(with_guests, receiver)
    actions.cancel_meeting(meeting=with_guests, by=sender)
    assert (receiver.email, "Een overleg waarvoor je bent uitgenodigd, gaat niet door.") in mails()
    consent.refresh_from_db()
    assert consent.withdrawn_how == Consent.WithdrawnHow.OVER
    assert not with_guests.shares.filter(is_open=True).exists()
    with pytest.raises(Refused, match="al afgezegd"):
        actions.cancel_meeting(meeting=with_guests, by=sender)


# Inviting -----------------------------------------------------------------------------------------------------------


def test_consent_is_recorded_for_the_organisation_and_names_guest_and_meeting(planned, sender, receiver, steunpunt):
    invite(planned, sender, receiver, WITH_NAME)
    consent = consent_of(planned, receiver)
    assert (consent.organisation, consent.purpose, consent.items) == (steunpunt, "mini-mdo", ["naam", "overleg"])
    assert consent.text_version == "mini-mdo-2026-11"
    for part in ("Sanne Smit van Steunpunt Mantelzorg Zaanstad", QUESTION, "jouw hele naam en waar we over praten"):
        assert part in consent.words.text


def test_a_colleague_needs_no_consent(planned, sender, colleague, her):
    guest = invite(planned, sender, colleague, {})
    assert guest.share.consent is None
    assert not her.consents.exists()


def test_without_consent_nobody_of_another_organisation_is_invited(planned, sender, receiver, her):
    with pytest.raises(Refused, match="waar het over gaat"):
        invite(planned, sender, receiver, {})
    with pytest.raises(Refused, match="waar het over gaat"):
        invite(planned, sender, receiver, {"items": ["naam"], "how_given": "mondeling"})
    assert not planned.guests.exists()


def test_the_database_knows_no_guest_of_another_organisation_without_consent(with_guests, receiver):
    share = with_guests.shares.get(member=receiver.acting)
    values = {name: getattr(share, name) for name in ("meeting", "steward", "member", "organisation", "her_name")}
    with_guests.shares.filter(pk=share.pk).delete()
    with pytest.raises(IntegrityError, match="who_is_of_another_organisation_comes_with_consent"), transaction.atomic():
        type(share).objects.create(guest=share.guest, **values)


def test_a_guest_knows_her_first_name_or_the_name_that_is_shared(with_guests, receiver, pom):
    assert with_guests.shares.get(member=receiver.acting).her_name == "Wietske Zandgrond"
    assert with_guests.shares.get(member=pom.acting).her_name == "Wietske"


def test_a_child_asks_a_parent_too(sender, receiver):
    child = make_caregiver(sender, "Noor", under_16=True)
    meeting = plan(child, sender)
    with pytest.raises(Refused, match="ouder of voogd"):
        invite(meeting, sender, receiver)
    invite(meeting, sender, receiver, guardian="gegeven")


def test_it_stays_small_and_each_has_one_chair(with_guests, sender, receiver, consulent, outsider):
    with pytest.raises(Refused, match="hooguit 3 anderen"):
        invite(with_guests, sender, consulent)
    actions.take_off(guest=with_guests.guests.get(member=receiver.acting), by=sender)
    invite(with_guests, sender, receiver)
    with pytest.raises(Refused, match="al uitgenodigd"):
        invite(with_guests, sender, receiver)


def test_whom_one_cannot_invite(planned, sender, beheerder, db):
    with pytest.raises(Refused, match="doet al mee"):
        invite(planned, sender, sender, {})
    with pytest.raises(Refused, match="werkt niet"):
        invite(planned, sender, beheerder, {})
    elsewhere = make_member("Ot Buiten", make_organisation("De Brug", uses_portal=False))
    with pytest.raises(Refused, match="werkt niet"):
        invite(planned, sender, elsewhere)


def test_a_mail_tells_nothing(with_guests, her):
    for mail in OutboxMessage.objects.all():
        assert set(mail.context) == {"line", "path"}
        for word in ("Wietske", "Zandgrond", "vrije middag", "Steunpunt"):
            assert word not in str(mail.context)


def test_who_wants_her_news_once_a_day_gets_it_then(planned, sender, receiver, pom):
    receiver.news_daily = True
    receiver.save()
    invite(planned, sender, fresh(receiver))
    invite(planned, sender, pom)
    assert OutboxMessage.objects.get(to=receiver.email).for_digest
    assert not OutboxMessage.objects.get(to=pom.email).for_digest


# Answering ----------------------------------------------------------------------------------------------------------


def test_yes_and_no_are_told_to_who_planned_it(with_guests, sender, receiver, pom):
    says_yes(with_guests, receiver)
    actions.answer(meeting=with_guests, by=pom, comes=False, note="Ik heb vakantie.")
    assert mails()[-2:] == [
        (sender.email, "Iemand doet mee aan je overleg."),
        (sender.email, "Iemand kan niet meedoen aan je overleg."),
    ]
    states = dict(with_guests.guests.values_list("member__user__name", "state"))
    assert states == {"Sanne Smit": "ja", "Wim de Wit": "nee", "Karim Haddad": "gevraagd"}


def test_a_no_has_a_sentence_and_closes_the_door(with_guests, pom):
    with pytest.raises(Refused, match="in een zin waarom"):
        actions.answer(meeting=with_guests, by=pom, comes=False)
    actions.answer(meeting=with_guests, by=pom, comes=False, note="Ik heb vakantie.")
    assert not Meeting.objects.for_user(pom).exists()
    with pytest.raises(Refused, match="niet meer door"):
        actions.answer(meeting=with_guests, by=pom, comes=True)


def test_after_a_no_her_consent_for_it_ends_by_itself(with_guests, pom, receiver):
    actions.answer(meeting=with_guests, by=pom, comes=False, note="Ik heb vakantie.")
    assert actions.follow_consents(now=timezone.now()) == 1
    assert actions.follow_consents(now=timezone.now()) == 0
    assert consent_of(with_guests, pom).withdrawn_how == "voorbij"
    assert consent_of(with_guests, receiver).withdrawn_at is None


def test_what_she_would_do_comes_back_when_she_says_no_after_all(with_guests, sender, pom):
    says_yes(with_guests, pom)
    agreement = agreed(with_guests, sender, pom)
    with acting(member(pom)):
        actions.answer(meeting=with_guests, by=pom, comes=False, note="Het lukt toch niet.")
    agreement.refresh_from_db()
    assert agreement.state == "terug"


def test_nobody_answers_for_another(with_guests, receiver_colleague, outsider, beheerder):
    for other in (receiver_colleague, outsider, beheerder):
        with pytest.raises(Refused):
            actions.answer(meeting=with_guests, by=other, comes=True)


# Agreements and the end ---------------------------------------------------------------------------------------------


def test_an_agreement_is_with_somebody_who_comes(with_guests, sender, receiver, pom):
    says_yes(with_guests, receiver)
    agreed(with_guests, sender, receiver)
    agreed(with_guests, sender, sender)
    with pytest.raises(Refused, match="iemand die meedoet"):
        agreed(with_guests, sender, pom)
    with pytest.raises(Refused, match="vanaf vandaag"):
        agreed(with_guests, sender, receiver, days=-1)
    with pytest.raises(Refused, match="tot en met"):
        agreed(with_guests, sender, receiver, days=62)


def test_ten_agreements_are_enough(with_guests, sender):
    for _ in range(10):
        last = agreed(with_guests, sender, sender)
    with pytest.raises(Refused, match="al 10 afspraken"):
        agreed(with_guests, sender, sender)
    actions.drop_agreement(agreement=MeetingAgreement.objects.get(position=3), by=sender)
    assert agreed(with_guests, sender, sender).position == 3
    with pytest.raises(IntegrityError, match="ten_agreements_are_enough"), transaction.atomic():
        MeetingAgreement.objects.filter(pk=last.pk).update(position=11)


def test_who_would_do_it_ticks_it_and_nobody_else(held, receiver, pom, sender):
    agreement = held.agreements.get(member=receiver.acting)
    for other in (pom, sender):
        with pytest.raises(Refused, match="Alleen wie dit zou doen"):
            actions.done(agreement=agreement, by=other)
    actions.done(agreement=agreement, by=receiver)
    with pytest.raises(Refused, match="al afgevinkt"):
        actions.done(agreement=agreement, by=receiver)
    with pytest.raises(Refused, match="al gedaan"):
        actions.drop_agreement(agreement=agreement, by=sender)


def test_what_cannot_be_done_is_with_the_organiser_with_why(held, receiver, pom, sender):
    agreement = held.agreements.get(member=receiver.acting)
    with pytest.raises(Refused, match="in een zin waarom"):
        actions.cannot(agreement=agreement, by=receiver, note=" ")
    actions.cannot(agreement=agreement, by=receiver, note="Daar is een wachtlijst.")
    assert mails()[-1] == (sender.email, "Een afspraak uit een overleg lukt niet. Jij bent weer aan zet.")
    actions.change_agreement(
        agreement=agreement, by=sender, who=pom.acting, what=agreement.what, before=agreement.before
    )
    agreement.refresh_from_db()
    assert (agreement.member, agreement.state, agreement.note) == (pom.acting, "open", "")
    assert mails()[-1] == (pom.email, "Er is een afspraak voor je uit een overleg.")


def test_it_is_held_by_three_or_four_after_it_began(with_guests, sender, receiver, pom):
    says_yes(with_guests, receiver)
    with pytest.raises(Refused, match="is pas op"):
        actions.hold_meeting(meeting=with_guests, by=sender, conclusion="Rust.")
    after = with_guests.starts_at + datetime.timedelta(hours=1)
    with pytest.raises(Refused, match="met drie of vier"):
        actions.hold_meeting(meeting=with_guests, by=sender, conclusion="Rust.", now=after)
    says_yes(with_guests, pom)
    with pytest.raises(Refused, match="wat eruit kwam"):
        actions.hold_meeting(meeting=with_guests, by=sender, conclusion=" ", now=after)
    actions.hold_meeting(meeting=with_guests, by=sender, conclusion="Rust.", now=after)
    with pytest.raises(Refused, match="al gehouden"):
        actions.hold_meeting(meeting=with_guests, by=sender, conclusion="Anders.", now=after)


def test_what_was_held_is_in_her_timeline_and_stays(held, her, colleague):
    assert her.timeline.filter(text__contains="Zij krijgt de woensdagmiddag vrij.").count() == 1
    assert held.guests.get(member=colleague.acting).state == "eraf"  # who never answered was not there
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        Meeting.objects.filter(pk=held.pk).update(question="Iets anders")
    with pytest.raises(Refused, match="al gehouden"):
        change(held, fresh(held.organiser.user), points=[])


def test_after_it_was_held_something_can_still_be_agreed(held, sender, receiver):
    agreed(held, sender, receiver, "Nog eens bellen")
    assert mails()[-1] == (receiver.email, "Er is een afspraak voor je uit een overleg.")


# Her consent --------------------------------------------------------------------------------------------------------


def test_who_is_taken_off_is_told_and_what_she_would_do_comes_back(with_guests, sender, receiver):
    says_yes(with_guests, receiver)
    agreement = agreed(with_guests, sender, receiver)
    actions.take_off(guest=with_guests.guests.get(member=receiver.acting), by=sender)
    assert mails()[-1] == (receiver.email, "Een overleg gaat voor jou niet meer door.")
    agreement.refresh_from_db()
    assert (agreement.state, agreement.note) == ("terug", "Zij doet niet meer mee.")
    assert consent_of(with_guests, receiver).withdrawn_how == "voorbij"
    assert MeetingGuest.objects.last_of(receiver, with_guests.pk).state == "eraf"


def test_an_agreed_item_that_is_not_for_a_meeting_is_not_kept(planned, sender, receiver):
    invite(planned, sender, receiver, AGENDA | {"items": ["overleg", "telefoon", "postcode"]})
    assert consent_of(planned, receiver).items == ["overleg"]
