"""Whoever is of another organisation is at the table as long as the caregiver agrees: in Django and in the database."""

import datetime

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from intake import actions as intake
from intake.models import Caregiver, Consent, ConsentWords
from mantelzorg.principals import NOBODY, acting, job, member
from mantelzorg.refusal import Refused
from referrals import actions as referrals
from referrals import clock
from referrals.meetings import actions
from referrals.models import Meeting, MeetingAgreement, MeetingGuest, MeetingShare, Referral
from referrals.transitions import State
from tests.factories import make_referral, make_service
from tests.referrals.meetings.conftest import agreed, consent_of, says_yes
from trail.models import OutboxMessage

TABLES = (Meeting, MeetingGuest, MeetingShare, MeetingAgreement)


def counts() -> dict[str, int]:
    """What the database shows, asked without any filter."""
    found = {}
    with connection.cursor() as cursor:
        for model in TABLES:
            cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
            found[model.__name__] = cursor.fetchone()[0]
    return found


def seen_by(who) -> tuple[int, ...]:
    with acting(member(who)):
        return tuple(counts().values())


ALL, STUB, NOTHING = (1, 3, 3, 2), (0, 1, 0, 0), (0, 0, 0, 0)
FOR_A_GUEST = (1, 3, 1, 2)  # of what is shared only what is shared with her


def told(person) -> list[str]:
    rows = OutboxMessage.objects.filter(to=person.email, template="meeting_news").order_by("pk")
    return [mail.context["line"] for mail in rows]


# Row-level security -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("sender", ALL),
        ("colleague", ALL),
        ("receiver", FOR_A_GUEST),
        ("pom", FOR_A_GUEST),
        ("receiver_colleague", NOTHING),
        ("consulent", NOTHING),
        ("outsider", NOTHING),
        ("coordinator", NOTHING),
        ("beheerder", NOTHING),
        ("logtoezicht", NOTHING),
        ("functional_admin", NOTHING),
    ],
)
def test_the_database_shows_a_meeting_to_its_organisation_and_its_guests(held, who, sees, request):
    assert seen_by(request.getfixturevalue(who)) == sees


def test_who_set_nothing_sees_nothing(held):
    with acting(NOBODY):
        assert tuple(counts().values()) == NOTHING
    with acting(job("mail")):
        assert tuple(counts().values()) == NOTHING


def test_a_guest_sees_nothing_else_of_her_record(held, receiver):
    with acting(member(receiver)):
        assert not Caregiver.objects.exists()
        assert not ConsentWords.objects.exists()
        assert not Referral.objects.exists()


def withdraw_by_verb(meeting, her, receiver, sender):
    referrals.withdraw_consent(consent=consent_of(meeting, receiver), by=sender, how="mondeling")


def withdraw_everything(meeting, her, receiver, sender):
    referrals.withdraw_all_consents(caregiver=her, by=sender, how="mondeling")


def withdraw_by_code(meeting, her, receiver, sender):
    code = intake.give_withdrawal_code(caregiver=her, by=sender)
    intake.withdraw_with_code(code)


def pass_the_end_date(meeting, her, receiver, sender):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Consent.objects.filter(pk=consent_of(meeting, receiver).pk).update(valid_until=yesterday)


WAYS = [withdraw_by_verb, withdraw_everything, withdraw_by_code, pass_the_end_date]


@pytest.mark.parametrize("way", WAYS)
def test_at_the_next_request_a_guest_keeps_only_that_it_is_over(held, way, her, receiver, sender, client_of):
    browser = client_of(receiver)
    assert "Wietske Zandgrond" in browser.get(f"/overleg/{held.pk}/").content.decode()
    way(held, her, receiver, sender)
    assert seen_by(receiver) == STUB
    page = browser.get(f"/overleg/{held.pk}/").content.decode()
    assert "Dit overleg is voor jou voorbij" in page
    for word in ("Wietske", "vrije middag", "dagbesteding", "woensdagmiddag", "Wim de Wit"):
        assert word not in page
    assert browser.get(f"/overleg/{held.pk}/verslag.pdf").status_code == 404
    assert "Doe voor" not in browser.get("/").content.decode()
    assert seen_by(sender) == ALL  # the organiser keeps it


@pytest.mark.parametrize("way", WAYS)
def test_django_alone_closes_it_too(held, way, her, receiver, sender):
    way(held, her, receiver, sender)
    assert not Meeting.objects.for_user(receiver).exists()
    assert not MeetingAgreement.objects.for_user(receiver).exists()
    assert not MeetingAgreement.objects.to_do(receiver).exists()


@pytest.mark.parametrize("way", WAYS)
def test_who_may_not_see_it_any_more_is_told_once(with_guests, way, her, receiver, sender, colleague):
    says_yes(with_guests, receiver)
    agreement = agreed(with_guests, sender, receiver)
    way(with_guests, her, receiver, sender)
    for _ in range(2):
        clock.lapse_consents(now=timezone.now())
        actions.follow_consents(now=timezone.now())
    line = "Een overleg gaat voor jou niet meer door. Neem er geen contact meer over op."
    assert told(receiver).count(line) == 1
    assert told(colleague) == ["Je bent uitgenodigd voor een kort overleg. Laat weten of je meedoet."]
    assert MeetingGuest.objects.last_of(receiver, with_guests.pk).state == "geen-toestemming"
    agreement.refresh_from_db()
    assert agreement.state == "terug"


def test_a_withdrawal_that_is_noted_is_told_at_once(with_guests, her, receiver, sender):
    withdraw_by_verb(with_guests, her, receiver, sender)
    assert told(receiver)[-1] == "Een overleg gaat voor jou niet meer door. Neem er geen contact meer over op."
    assert MeetingGuest.objects.last_of(receiver, with_guests.pk).state == "geen-toestemming"


def test_another_guest_stays_when_she_takes_back_what_one_may_know(held, her, receiver, pom, sender):
    withdraw_by_verb(held, her, receiver, sender)
    assert seen_by(pom) == FOR_A_GUEST


def test_a_code_that_was_used_is_told_to_who_planned_it(with_guests, her, receiver, pom, sender):
    withdraw_by_code(with_guests, her, receiver, sender)
    assert actions.follow_consents(now=timezone.now()) == 2
    line = "Een mantelzorger trok haar toestemming voor een overleg in. Kijk wie er nog meedoet."
    assert told(sender) == [line, line]


def test_withdrawing_for_an_organisation_ends_referral_and_meeting_alike(with_guests, her, receiver, sender, steunpunt):
    referral = make_referral(
        State.ACCEPTED, sender=sender, receiver=receiver, caregiver=her, service=make_service(steunpunt)
    )
    referrals.withdraw_consent(consent=referral.consent, by=sender, how="mondeling")
    assert seen_by(receiver) == STUB
    referral.refresh_from_db()
    assert referral.state == State.WITHDRAWN


def test_told_to_the_receiver_it_ends_referral_and_meeting_alike(
    with_guests, her, receiver, pom, sender, steunpunt, client_of
):
    referral = make_referral(
        State.ACCEPTED, sender=sender, receiver=receiver, caregiver=her, service=make_service(steunpunt)
    )
    client_of(receiver).post(f"/verwijzingen/{referral.pk}/toestemming-terug/", {"how": "mondeling"})
    assert seen_by(receiver) == STUB
    assert seen_by(pom) != STUB  # of another organisation
    actions.follow_consents(now=timezone.now())
    assert "Een mantelzorger trok haar toestemming voor een overleg in. Kijk wie er nog meedoet." in told(sender)


def test_a_referral_that_ends_leaves_the_meeting_alone(with_guests, her, receiver, sender, steunpunt):
    referral = make_referral(
        State.ACCEPTED, sender=sender, receiver=receiver, caregiver=her, service=make_service(steunpunt)
    )
    referrals.withdraw(referral=referral, by=sender)
    with acting(member(receiver)):
        assert Meeting.objects.for_user(receiver).exists()


def test_her_name_goes_when_she_no_longer_shares_it(held, receiver, sender, client_of):
    referrals.narrow_consent(consent=consent_of(held, receiver), by=sender, items=["overleg"])
    page = client_of(receiver).get(f"/overleg/{held.pk}/").content.decode()
    assert "Wietske" in page
    assert "Zandgrond" not in page


def test_who_may_not_know_what_it_is_about_is_taken_off_instead(held, receiver, sender):
    with pytest.raises(Refused, match="Haal diegene dan van het overleg af"):
        referrals.narrow_consent(consent=consent_of(held, receiver), by=sender, items=["naam"])


def test_the_database_asks_whether_it_may_be_known_what_it_is_about(held, receiver):
    Consent.objects.filter(pk=consent_of(held, receiver).pk).update(items=["naam"])
    assert seen_by(receiver) == STUB
    assert not Meeting.objects.for_user(receiver).exists()


def test_a_stranger_cannot_give_herself_a_chair(with_guests, outsider, other_practice):
    guest = with_guests.guests.first()
    values = {"meeting": with_guests, "steward": other_practice, "organisation": other_practice}
    mine = outsider.acting
    for made in (
        lambda: MeetingGuest.objects.create(member=mine, **values),
        lambda: MeetingShare.objects.create(guest=guest, member=mine, her_name="x", **values),
        lambda: MeetingAgreement.objects.create(
            meeting=with_guests,
            steward=other_practice,
            position=1,
            member=mine,
            what="x",
            before=timezone.localdate(),
            recorded_by=mine,
        ),
        lambda: Meeting.objects.create(
            caregiver_id=with_guests.caregiver_id,
            organisation=other_practice,
            organiser=mine,
            starts_at=timezone.now(),
            how="video",
            question="x",
        ),
    ):
        with (
            pytest.raises(ProgrammingError, match="violates row-level security policy"),
            transaction.atomic(),
            acting(member(outsider)),
        ):
            made()


def test_a_guest_changes_her_own_answer_and_agreement_and_no_others(held, receiver, pom):
    with acting(member(receiver)):
        assert Meeting.objects.update(place="Elders") == 0
        assert MeetingGuest.objects.filter(member=pom.acting).update(state="nee") == 0
        assert MeetingAgreement.objects.filter(member=pom.acting).update(note="x") == 0
        assert MeetingAgreement.objects.filter(member=receiver.acting).update(note="x") == 1
        assert MeetingShare.objects.update(note="Tot dan") == 1
        assert MeetingGuest.objects.all().delete()[0] == 0


# Erasure ------------------------------------------------------------------------------------------------------------


def test_with_her_record_all_of_it_goes_and_who_would_come_is_told(with_guests, her, sender, receiver, colleague):
    says_yes(with_guests, receiver)
    agreed(with_guests, sender, receiver)
    referrals.erase(caregiver=her, by=sender)
    assert set(counts().values()) == {0}
    assert told(receiver)[-1] == "Een overleg gaat voor jou niet meer door. Neem er geen contact meer over op."
    assert told(colleague)[-1] == "Een overleg gaat voor jou niet meer door."
    assert not OutboxMessage.objects.filter(subject_id=her.pk).exists()


def test_what_was_held_goes_with_her_as_well(held, her, sender):
    referrals.erase(caregiver=her, by=sender)
    assert set(counts().values()) == {0}
