"""The page of one caregiver: everything at a glance, for her own organisation, and every look leaves a row."""

import datetime

import pytest
from django.utils import timezone

from intake import actions
from intake.models import Involvement, TimelineEvent
from knowledge.models import Phase, Profession
from referrals import actions as referrals
from tests.factories import make_caregiver, make_need, make_referral, make_service
from tests.intake.conftest import words


@pytest.fixture
def anna(sender):
    return make_caregiver(
        sender,
        "Anna de Boer",
        safe_moment="dinsdag na tien uur",
        not_when_other_is_there=True,
        email="anna@voorbeeld.example",
    )


def address(caregiver, part: str = "") -> str:
    return f"/mantelzorgers/{caregiver.pk}/{part}"


# Who ----------------------------------------------------------------------------------------------------------------

PARTS = ["", "tijdlijn/", "wijzigen/", "fase/", "zwaarte/", "casemanager/", "hulpvragen/nieuw/", "betrokkenen/nieuw/"]
STRANGERS = [
    "outsider",
    "receiver",
    "consulent",
    "coordinator",
    "pom",
    "beheerder",
    "logtoezicht",
    "functional_admin",
]


@pytest.mark.parametrize("who", STRANGERS)
def test_for_a_stranger_nothing_of_hers_exists(client_of, sender, anna, who, request, looks):
    stranger = request.getfixturevalue(who)
    need = make_need(anna, sender)
    person = actions.add_involvement(caregiver=anna, by=sender, name="Buurvrouw Riet")
    addresses = [address(anna, part) for part in PARTS]
    addresses += [f"/hulpvragen/{need.pk}/wijzigen/", f"/betrokkenen/{person.pk}/beeindigen/"]
    client = client_of(stranger)
    for one in addresses:
        assert client.get(one).status_code == 404, one
        assert client.post(one, {"name": "x"}).status_code in (404, 405), one
    assert not looks(stranger).exclude(event="denied").exists()
    assert looks(stranger, event="denied").count() >= 2 * len(addresses) - 2  # two of them take no POST


def test_a_receiver_of_her_referral_does_not_see_her_page(client_of, sender, receiver, steunpunt, anna):
    make_referral("in_contact", sender=sender, receiver=receiver, service=make_service(steunpunt), caregiver=anna)
    assert client_of(receiver).get(address(anna)).status_code == 404


def test_a_colleague_sees_her(client_of, colleague, anna):
    assert "Anna de Boer" in words(client_of(colleague).get(address(anna)))


def test_who_lost_her_role_sees_nothing_at_the_next_request(client_of, colleague, anna):
    client = client_of(colleague)
    assert client.get(address(anna)).status_code == 200
    colleague.memberships.update(roles=["beheerder"])
    assert client.get(address(anna)).status_code == 404


# What ---------------------------------------------------------------------------------------------------------------


def test_it_says_how_she_wants_to_be_reached(client_of, sender, anna):
    page = words(client_of(sender).get(address(anna)))
    for said in (
        "06 55501234",
        "Goed moment: dinsdag na tien uur",
        "Liever niet als de ander erbij is",
        "anna@voorbeeld.example",
        "1506 AB, Zaanstad",
    ):
        assert said in page


def test_it_says_for_whom_she_cares_how_heavy_it_is_and_since_when(client_of, sender, anna):
    actions.set_burden(caregiver=anna, by=sender, burden=7, on=datetime.date(2026, 11, 2))
    phase = Phase.objects.get(number=2)
    actions.set_phase(caregiver=anna, by=sender, phase=phase, since=datetime.date(2026, 10, 1))
    page = words(client_of(sender).get(address(anna)))
    assert "haar of zijn partner" in page
    assert "7 van 10 gevraagd op 2 november 2026" in page
    assert f"{phase.label} sinds 1 oktober 2026" in page
    assert "Vast aanspreekpunt Jij" in page


def test_a_phase_is_only_asked_at_dementia(client_of, sender):
    piet = make_caregiver(sender, "Piet", situation_kind="psychisch")
    assert address(piet, "fase/") not in client_of(sender).get(address(piet)).content.decode()


def test_a_fixed_contact_who_left_is_pointed_out(client_of, colleague, sender, anna):
    sender.memberships.update(ended_at=timezone.now())
    assert "Werkt hier niet meer" in words(client_of(colleague).get(address(anna)))


def test_what_a_colleague_left_behind_is_everyones_turn(client_of, colleague, sender, anna):
    make_need(anna, sender)
    sender.memberships.update(ended_at=timezone.now())
    client = client_of(colleague)
    assert "Jullie zijn aan zet, tot en met" in words(client.get(address(anna)))
    assert "Jullie, tot en met" in words(client.get("/mantelzorgers/"))


def test_an_open_need_says_whose_turn_it_is_and_what_to_do(client_of, sender, anna):
    need = make_need(anna, sender, kind="logeerzorg", words="Even een weekend weg.")
    page = client_of(sender).get(address(anna))
    assert "Even een weekend weg. Jij bent aan zet, tot en met" in words(page)
    for link in (
        f"/mantelzorgers/{anna.pk}/verwijzen/?vraag={need.pk}",
        f"/hulpvragen/{need.pk}/plannen/",
        f"/hulpvragen/{need.pk}/afsluiten/",
        f"/hulpvragen/{need.pk}/wijzigen/",
    ):
        assert link in page.content.decode()


def test_a_need_that_a_referral_carries_leads_there(client_of, sender, receiver, steunpunt, anna):
    need = make_need(anna, sender)
    referral = make_referral(
        "accepted", sender=sender, receiver=receiver, service=make_service(steunpunt), caregiver=anna, needs=[need]
    )
    page = client_of(sender).get(address(anna))
    assert "Sanne Smit (Steunpunt Mantelzorg Zaanstad) is aan zet, tot en met" in words(page)
    assert f"Loopt via een verwijzing naar Steunpunt Mantelzorg Zaanstad. Verwijzing {referral.number}" in words(page)
    assert f"/hulpvragen/{need.pk}/afsluiten/" not in page.content.decode()


def test_after_a_decline_the_need_says_what_came_of_it(client_of, sender, receiver, steunpunt, anna):
    make_referral("declined", sender=sender, receiver=receiver, service=make_service(steunpunt), caregiver=anna)
    page = words(client_of(sender).get(address(anna)))
    assert "De verwijzing naar Steunpunt Mantelzorg Zaanstad is afgewezen, op" in page
    assert "Jij bent aan zet" in page


def test_what_is_late_says_so(client_of, sender, anna):
    make_need(anna, sender, now=timezone.now() - datetime.timedelta(days=20))
    assert "dagen te laat" in words(client_of(sender).get(address(anna)))


def test_a_closed_need_says_how_it_ended_and_can_be_opened_again(client_of, sender, anna):
    need = make_need(anna, sender, kind="logeerzorg")
    note = "Logeren met een hond kan nergens."
    actions.close_need(need=need, by=sender, ending="geen-aanbod", missing=["niets-hier"], note=note)
    page = client_of(sender).get(address(anna))
    assert "Afgesloten hulpvragen (1)" in words(page)
    assert "Er is geen passend aanbod" in words(page)
    assert "Wat ontbrak: er is hier niets van deze soort. Logeren met een hond kan nergens." in words(page)
    assert f"/hulpvragen/{need.pk}/heropenen/" in page.content.decode()


def test_running_and_ended_referrals_stand_apart(client_of, sender, receiver, steunpunt, anna):
    for name, state in (("Loopt", "sent"), ("Klaar", "completed"), ("Concept", "concept")):
        service = make_service(steunpunt, name)
        make_referral(state, sender=sender, receiver=receiver, service=service, caregiver=anna)
    page = words(client_of(sender).get(address(anna)))
    assert "Verwijzingen die klaar zijn (1)" in page
    assert page.index("Loopt") < page.index("Verwijzingen die klaar zijn") < page.index("Klaar")
    assert "Concept bewaard op" not in page
    assert "bewaard op" in page


def test_the_draft_of_a_colleague_is_her_own_business(client_of, sender, colleague, steunpunt, anna):
    make_referral("concept", sender=sender, service=make_service(steunpunt, "Stil plan"), caregiver=anna)
    assert "Stil plan" not in words(client_of(colleague).get(address(anna)))


def test_it_says_what_she_shares_with_whom_and_how_to_take_that_back(client_of, sender, receiver, steunpunt, anna):
    referral = make_referral("sent", sender=sender, receiver=receiver, service=make_service(steunpunt), caregiver=anna)
    page = client_of(sender).get(address(anna))
    for said in ("Steunpunt Mantelzorg Zaanstad", "4 gegevens", "haar naam", "Mondeling gegeven op", "Petra de Boer"):
        assert said in words(page)
    for link in (
        f"/toestemmingen/{referral.consent_id}/intrekken/",
        f"/toestemmingen/{referral.consent_id}/beperken/",
        f"/mantelzorgers/{anna.pk}/toestemmingen/intrekken/",
    ):
        assert link in page.content.decode()


def test_a_withdrawn_consent_cannot_be_withdrawn_again(client_of, sender, receiver, steunpunt, anna):
    referral = make_referral("sent", sender=sender, receiver=receiver, service=make_service(steunpunt), caregiver=anna)
    referrals.withdraw_consent(consent=referral.consent, by=sender, how="mondeling")
    page = client_of(sender).get(address(anna))
    assert "Zij deelt nu met niemand iets." in words(page)
    assert "zij zei het tegen ons" in words(page)
    assert f"/toestemmingen/{referral.consent_id}/" not in page.content.decode()


def test_the_people_around_her_come_and_go(client_of, sender, anna):
    poh = Profession.objects.get(pk="poh")
    riet = actions.add_involvement(
        caregiver=anna, by=sender, name="Riet", profession=poh, since=datetime.date(2026, 1, 5)
    )
    gone = actions.add_involvement(caregiver=anna, by=sender, name="Kees", since=datetime.date(2026, 2, 1))
    actions.end_involvement(involvement=gone, by=sender, note="verhuisd", on=datetime.date(2026, 3, 1))
    page = client_of(sender).get(address(anna))
    assert f"Riet {poh.name} sinds 5 januari 2026" in words(page)
    assert "Kees sinds 1 februari 2026, tot 1 maart 2026: verhuisd" in words(page)
    assert f"/betrokkenen/{riet.pk}/beeindigen/" in page.content.decode()
    assert f"/betrokkenen/{gone.pk}/beeindigen/" not in page.content.decode()


def test_the_title_holds_no_name(client_of, sender, anna):
    for part in PARTS:
        page = client_of(sender).get(address(anna, part)).content.decode()
        title = page[page.index("<title>") : page.index("</title>")]
        assert "Mantelzorger" in title
        assert "Anna" not in title
        assert page.count("<h1>") == 1


@pytest.mark.parametrize("typed", ["Zij zegt: <b>help</b> & “snel” 🌷\n\nEn: مرحبا", "x" * 1000])
def test_what_was_typed_is_shown_as_typed(client_of, sender, anna, typed):
    from django.utils.html import escape

    make_need(anna, sender, words=typed)
    assert escape(typed) in client_of(sender).get(address(anna)).content.decode()


# The timeline -------------------------------------------------------------------------------------------------------


@pytest.fixture
def busy(sender, anna):
    for number in range(25):
        kind = TimelineEvent.Kind.NEED if number % 5 else TimelineEvent.Kind.PHASE
        actions.note_event(
            caregiver_id=anna.pk,
            by=sender,
            kind=kind,
            text=f"Gebeurtenis {number:02}.",
            now=timezone.now() + datetime.timedelta(minutes=number),
        )
    return anna


def test_the_timeline_starts_with_the_newest_and_leads_on(client_of, sender, busy):
    import re

    client = client_of(sender)
    page = client.get(address(busy))
    assert "Gebeurtenis 24." in words(page)
    assert "Gebeurtenis 14." not in words(page)
    more = re.search(r'href="([^"]*tijdlijn/\?na=[^"]+)"', page.content.decode())[1]
    plain = client.get(more)
    assert "Gebeurtenis 14." in words(plain)
    assert "Gebeurtenis 15." not in words(plain)
    assert "Naar het nieuwste" in words(plain)


def test_with_htmx_only_the_next_events_come(client_of, sender, busy):
    edge = busy.timeline.get(text="Gebeurtenis 15.").pk
    piece = client_of(sender, HTTP_HX_REQUEST="true").get(address(busy, "tijdlijn/"), {"na": edge}).content.decode()
    assert piece.lstrip().startswith("<li")
    assert "Gebeurtenis 14." in piece
    assert 'id="tijdlijn-meer"' in piece


def test_the_timeline_can_be_narrowed_to_one_kind(client_of, sender, busy):
    page = words(client_of(sender).get(address(busy, "tijdlijn/"), {"soort": "fase"}))
    assert "Gebeurtenis 20." in page
    assert "Gebeurtenis 21." not in page
    assert "Gegevens vastgelegd." not in page


def test_a_kind_that_does_not_exist_narrows_nothing(client_of, sender, busy):
    assert "Gebeurtenis 24." in words(client_of(sender).get(address(busy, "tijdlijn/"), {"soort": "alles"}))


# The log ------------------------------------------------------------------------------------------------------------


def test_each_look_at_her_page_leaves_a_row_with_the_names_of_the_fields(client_of, colleague, anna, looks):
    client = client_of(colleague)
    client.get(address(anna))
    client.get(address(anna))
    rows = looks(colleague, event="view", subject_id=anna.pk)
    assert rows.count() == 2
    row = rows[0]
    assert (row.action, row.object_type, row.object_id) == ("R", "intake.caregiver", str(anna.pk))
    assert {"name", "phone", "needs", "consents", "timeline"} <= set(row.fields)
    assert "Anna" not in str(row.fields)


@pytest.mark.parametrize("part", PARTS)
def test_no_page_about_her_goes_unseen(client_of, colleague, anna, looks, part):
    client_of(colleague).get(address(anna, part))
    assert looks(colleague, event="view", subject_id=anna.pk).count() == 1


def test_a_form_about_somebody_around_her_is_a_look_too(client_of, colleague, sender, anna, looks):
    need = make_need(anna, sender)
    person = actions.add_involvement(caregiver=anna, by=sender, name="Riet")
    client = client_of(colleague)
    client.get(f"/hulpvragen/{need.pk}/wijzigen/")
    client.get(f"/betrokkenen/{person.pk}/beeindigen/")
    assert looks(colleague, event="view", subject_id=anna.pk).count() == 2


# Speed --------------------------------------------------------------------------------------------------------------


def test_her_page_takes_as_many_queries_however_much_there_is(client_of, sender, receiver, steunpunt, anna, counted):
    # session, user, memberships, who is asking; her, the log; referrals and which needs they carry, phases, needs,
    # consents, people, who is usually involved in her phase, timeline; who is asked to become her fixed contact
    def add(number: int) -> None:
        for state in ("sent", "declined"):
            service = make_service(steunpunt, f"Aanbod {state} {number}")
            make_referral(state, sender=sender, receiver=receiver, service=service, caregiver=anna)
        actions.close_need(need=make_need(anna, sender), by=sender, ending="geholpen")
        actions.add_involvement(caregiver=anna, by=sender, name=f"Persoon {number}", organisation=steunpunt)
        phase = Phase.objects.get(number=number % 4 + 1)
        actions.set_phase(caregiver=anna, by=sender, phase=phase, since=datetime.date(2026, 1, 1))

    client = client_of(sender)
    add(0)
    one = counted(client, address(anna))
    for number in range(1, 13):
        add(number)
    assert one == 17
    assert counted(client, address(anna)) == 17
    assert Involvement.objects.count() == 13
