"""The functioneel beheerder: organisations, their first beheerder, their links and appointments. And nobody else."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import actions
from accounts.models import Appointment, Invitation, Role
from sociale_kaart.models import Organisation
from tests.accounts.reading import english_in, link_in, log, mails, words_of
from tests.factories import PASSWORD, fresh, log_in_fully, make_invitation, make_member, make_organisation, make_service
from trail.models import OutboxMessage

LIST = "/beheer/organisaties/"
NEW = {
    "name": "Buurtteam De Waard",
    "kind": "welzijn",
    "phone": "075 555 01 23",
    "email": "info@waard.example",
    "website": "www.waard.example",
    "beheerder_name": "Hilde Hart",
    "beheerder_email": "hilde@waard.example",
}


@pytest.fixture
def admin(client_of, functional_admin):
    return client_of(functional_admin)


def page_of(organisation, below=""):
    return f"{LIST}{organisation.slug}/{below}"


def test_she_makes_an_organisation_and_its_first_beheerder_can_start(admin, client):
    response = admin.post(f"{LIST}nieuw/", NEW, follow=True)
    assert "Buurtteam De Waard is gemaakt." in words_of(response)
    organisation = Organisation.objects.get(name="Buurtteam De Waard")
    assert response.redirect_chain[-1][0] == page_of(organisation)
    assert organisation.website == "https://www.waard.example"
    client.post(
        link_in(mails("hilde@waard.example")[0]), {"name": "Hilde Hart", "password1": PASSWORD, "password2": PASSWORD}
    )
    membership = organisation.memberships.get()
    assert (str(membership.user), membership.roles) == ("Hilde Hart", ["beheerder"])
    log_in_fully(client, membership.user)
    assert client.get("/team/uitnodigen/").status_code == 200
    assert [entry.event for entry in log("create") + log("invite")] == ["create", "invite"]


def test_a_wrong_form_makes_nothing_and_keeps_what_was_typed(admin, db):
    response = admin.post(f"{LIST}nieuw/", {**NEW, "name": "", "phone": "1", "beheerder_email": "hilde@"})
    words = words_of(response)
    assert "Dit telefoonnummer kan niet kloppen" in words
    assert "Dit e-mailadres kan niet kloppen" in words
    assert "Hilde Hart" in response.content.decode()
    assert not english_in(response)
    assert not Organisation.objects.exists()
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize(("name", "slug"), [("Nieuw", "organisatie-nieuw"), ("De Zaan", "de-zaan-2"), ("???", None)])
def test_every_organisation_gets_an_address_of_its_own(admin, name, slug):
    make_organisation("De Zaan", slug="de-zaan")
    admin.post(f"{LIST}nieuw/", {**NEW, "name": name})
    made = Organisation.objects.exclude(slug="de-zaan").get()
    assert made.slug == slug or slug is None
    assert admin.get(page_of(made)).status_code == 200


def test_the_list_finds_by_name_and_place(admin, practice, steunpunt):
    make_organisation("Odion", place="Wormerveer")
    assert "Steunpunt Mantelzorg Zaanstad" in words_of(admin.get(LIST))
    found = admin.get(LIST, {"q": "wormer"})
    assert "Odion" in words_of(found)
    assert "Steunpunt" not in words_of(found)
    assert "Geen organisatie gevonden" in words_of(admin.get(LIST, {"q": "bestaat niet"}))
    assert not english_in(found)


def test_for_htmx_the_list_is_only_its_results(client_of, functional_admin, practice):
    piece = client_of(functional_admin, HTTP_HX_REQUEST="true").get(LIST)
    assert "<html" not in piece.content.decode()
    assert "Huisartsenpraktijk De Zaan" in words_of(piece)


def test_the_list_goes_by_pages_and_back(admin, db):
    names = [f"Organisatie {number:02}" for number in range(45)]
    for name in names:
        make_organisation(name)
    seen, address = [], LIST
    while address:
        page = admin.get(address).context["page"]
        seen.append([organisation.name for organisation in page.rows])
        address = page.next_url
    assert [len(rows) for rows in seen] == [20, 20, 5]
    assert [name for rows in seen for name in rows] == names
    back = admin.get(page.previous_url).context["page"]
    assert [organisation.name for organisation in back.rows] == seen[1]


def test_the_list_asks_as_much_of_the_database_for_one_as_for_fifty(admin, practice):
    # session, user, her memberships (none), the organisations
    with CaptureQueriesContext(connection) as few:
        admin.get(LIST)
    for _ in range(50):
        make_organisation()
    with CaptureQueriesContext(connection) as many:
        admin.get(LIST)
    assert len(many) == len(few)
    assert len([query for query in many if "SAVEPOINT" not in query["sql"]]) <= 5


def test_the_page_of_an_organisation_asks_the_same_for_one_and_for_many(admin, practice, beheerder, functional_admin):
    def fill(number):
        person = make_member(f"Consulent {number}", practice, Role.CONSULENT, Role.BEHEERDER)
        actions.appoint(
            membership=person.memberships.get(),
            role="consulent",
            municipality=practice.municipalities.get(),
            by=functional_admin,
        )
        make_service(practice)
        make_invitation(practice, by=beheerder, roles=[Role.BEHEERDER])

    fill(1)
    with CaptureQueriesContext(connection) as few:
        admin.get(page_of(practice))
    for number in range(2, 30):
        fill(number)
    with CaptureQueriesContext(connection) as many:
        admin.get(page_of(practice))
    assert len(many) == len(few)


def test_she_changes_the_details_and_the_address_stays(admin, practice):
    response = admin.post(
        page_of(practice, "wijzigen/"), {"name": "Praktijk De Dam", "kind": "anders", "uses_portal": "on"}, follow=True
    )
    assert "Praktijk De Dam" in words_of(response)
    practice.refresh_from_db()
    assert (practice.name, practice.slug, practice.phone) == ("Praktijk De Dam", "huisartsenpraktijk-de-zaan", "")


def test_she_is_warned_when_referrals_come_in_and_nobody_answers(admin, practice, beheerder):
    assert "Niemand neemt verwijzingen aan" in words_of(admin.get(page_of(practice)))
    make_member("Petra", practice, Role.VERWIJZER)
    assert "Niemand neemt verwijzingen aan" not in words_of(admin.get(page_of(practice)))


def test_an_organisation_of_the_sociale_kaart_gets_a_first_beheerder_later(admin):
    organisation = make_organisation("Odion", uses_portal=False)
    admin.post(page_of(organisation, "beheerder/"), {"name": "Jan Jong", "email": "jan@odion.example"})
    invitation = Invitation.objects.get()
    assert (invitation.roles, invitation.organisation) == (["beheerder"], organisation)
    assert "Jan Jong" in words_of(admin.get(page_of(organisation)))
    admin.post(page_of(organisation, f"uitnodigingen/{invitation.pk}/opnieuw/"))
    assert OutboxMessage.objects.count() == 2
    admin.post(page_of(organisation, f"uitnodigingen/{invitation.pk}/intrekken/"))
    assert not Invitation.objects.open().exists()


def test_she_sees_no_invitations_but_those_of_beheerders(admin, practice, beheerder):
    invitation = make_invitation(practice, by=beheerder, name="Gewone Collega")
    assert "Gewone Collega" not in words_of(admin.get(page_of(practice)))
    assert admin.post(page_of(practice, f"uitnodigingen/{invitation.pk}/opnieuw/")).status_code == 404
    assert admin.post(page_of(practice, f"uitnodigingen/{invitation.pk}/intrekken/")).status_code == 404


def test_she_links_and_unlinks_municipalities(admin, practice):
    admin.post(page_of(practice, "gemeenten/"), {"municipality": "GM0439"})
    admin.post(page_of(practice, "gemeenten/"), {"municipality": "GM0439"})
    assert {place.pk for place in practice.municipalities.all()} == {"GM0479", "GM0439"}
    admin.post(page_of(practice, "gemeenten/GM0479/ontkoppelen/"))
    assert {place.pk for place in practice.municipalities.all()} == {"GM0439"}
    assert admin.post(page_of(practice, "gemeenten/GM9999/ontkoppelen/")).status_code == 404
    assert "Kies een gemeente." in words_of(admin.post(page_of(practice, "gemeenten/"), {"municipality": ""}))


def test_she_links_a_service_of_an_organisation_that_does_not_use_the_portal(admin, steunpunt):
    service = make_service(make_organisation("Oude Naam", uses_portal=False), "Kookatelier")
    page = admin.get(page_of(steunpunt, "aanbod/"), {"q": "kook"})
    assert "Kookatelier" in words_of(page)
    assert not english_in(page)
    response = admin.post(page_of(steunpunt, "aanbod/"), {"service": service.slug}, follow=True)
    assert "Kookatelier hoort nu bij Steunpunt Mantelzorg Zaanstad." in words_of(response)
    service.refresh_from_db()
    assert service.organisation == steunpunt


def test_she_cannot_take_a_service_from_an_organisation_that_answers_for_it(admin, steunpunt, ggz_team):
    service = make_service(ggz_team, "POM-gesprek")
    assert "POM-gesprek" not in words_of(admin.get(page_of(steunpunt, "aanbod/")))
    response = admin.post(page_of(steunpunt, "aanbod/"), {"service": service.slug}, follow=True)
    assert "die zelf met het portaal werkt" in words_of(response)
    service.refresh_from_db()
    assert service.organisation == ggz_team


def test_she_appoints_a_member_and_grants_the_role_if_it_is_missing(admin, receiver_colleague, steunpunt, zaanstad):
    membership = receiver_colleague.memberships.get()
    page = admin.get(page_of(steunpunt, "aanstellen/"))
    assert "Joke Mulder (verwijzer)" in words_of(page)
    assert not english_in(page)
    response = admin.post(
        page_of(steunpunt, "aanstellen/"),
        {"membership": membership.pk, "role": "consulent", "municipality": zaanstad.pk},
        follow=True,
    )
    assert "Joke Mulder is aangesteld: mantelzorgconsulent, Zaanstad." in words_of(response)
    assert fresh(receiver_colleague).may_maintain(zaanstad)
    assert membership.user.memberships.get().roles == ["verwijzer", "consulent"]
    assert log("role_change")
    assert log("appoint")[0].action == "C"


def test_nobody_is_appointed_twice_for_the_same(admin, consulent, steunpunt, zaanstad):
    response = admin.post(
        page_of(steunpunt, "aanstellen/"),
        {"membership": consulent.memberships.get().pk, "role": "consulent", "municipality": zaanstad.pk},
    )
    assert "Fatima Idrissi is hier al voor aangesteld." in words_of(response)
    assert Appointment.objects.count() == 1


def test_members_of_another_organisation_cannot_be_appointed_here(admin, steunpunt, sender, zaanstad):
    response = admin.post(
        page_of(steunpunt, "aanstellen/"),
        {"membership": sender.memberships.get().pk, "role": "consulent", "municipality": zaanstad.pk},
    )
    assert response.status_code == 200
    assert not Appointment.objects.exists()
    assert not english_in(response)


@pytest.mark.parametrize("role", ["beheerder", "verwijzer", "logtoezicht", ""])
def test_only_consulenten_and_coordinators_are_appointed(admin, consulent, steunpunt, zaanstad, role):
    admin.post(
        page_of(steunpunt, "aanstellen/"),
        {"membership": consulent.memberships.get().pk, "role": role, "municipality": zaanstad.pk},
    )
    assert Appointment.objects.count() == 1


def test_an_ended_appointment_acts_at_the_next_request_and_may_be_made_again(admin, consulent, steunpunt, zaanstad):
    appointment = Appointment.objects.get()
    address = page_of(steunpunt, f"aanstellingen/{appointment.pk}/beeindigen/")
    assert "De aanstelling van Fatima Idrissi beëindigen?" in words_of(admin.get(address))
    admin.post(address)
    assert not fresh(consulent).may_maintain(zaanstad)
    assert fresh(consulent).has_role(Role.CONSULENT)
    assert admin.post(address).status_code == 404
    admin.post(
        page_of(steunpunt, "aanstellen/"),
        {"membership": consulent.memberships.get().pk, "role": "consulent", "municipality": zaanstad.pk},
    )
    assert fresh(consulent).may_maintain(zaanstad)


def addresses(organisation, invitation, appointment):
    below = [
        "",
        "wijzigen/",
        "beheerder/",
        f"uitnodigingen/{invitation.pk}/opnieuw/",
        f"uitnodigingen/{invitation.pk}/intrekken/",
        "gemeenten/",
        "gemeenten/GM0479/ontkoppelen/",
        "aanbod/",
        "aanstellen/",
        f"aanstellingen/{appointment.pk}/beeindigen/",
    ]
    return [LIST, f"{LIST}nieuw/", *[page_of(organisation, page) for page in below]]


@pytest.mark.parametrize(
    "who", ["sender", "consulent", "coordinator", "beheerder", "logtoezicht", "pom", "outsider", "receiver"]
)
def test_for_anybody_else_these_pages_do_not_exist(client_of, request, who, consulent, steunpunt):
    person = request.getfixturevalue(who)
    invitation = make_invitation(steunpunt, by=consulent, roles=[Role.BEHEERDER])
    admin = client_of(person)
    for address in addresses(steunpunt, invitation, Appointment.objects.get(membership__user=consulent)):
        assert admin.get(address).status_code == 404
        assert admin.post(address).status_code == 404
    assert Invitation.objects.open().count() == 1
    assert all(entry.user_id == person.pk for entry in log("denied"))


def test_anonymous_is_sent_to_log_in(client, steunpunt):
    for address in (LIST, f"{LIST}nieuw/", page_of(steunpunt)):
        assert client.get(address).url == f"{reverse('account_login')}?next={address}"


def test_pages_of_an_organisation_that_does_not_exist_are_404(admin, db):
    for below in ("", "wijzigen/", "beheerder/", "gemeenten/", "aanbod/", "aanstellen/"):
        assert admin.get(f"{LIST}bestaat-niet/{below}").status_code == 404


def test_every_page_is_in_dutch_with_one_heading(admin, steunpunt, consulent):
    for below in ("", "wijzigen/", "beheerder/", "gemeenten/", "aanbod/", "aanstellen/"):
        response = admin.get(page_of(steunpunt, below))
        assert not english_in(response)
        assert response.content.decode().count("<h1") == 1


def test_a_second_arrival_of_a_form_makes_nothing_and_leads_to_the_same_place(admin, client_of, beheerder, practice):
    """A double click, or a page sent again: also where a name or an address would be refused the second time."""
    sender = make_member("Petra de Boer", practice, Role.CONSULENT)
    appointment = {"membership": str(sender.acting.pk), "role": "consulent", "municipality": "GM0479"}
    for browser, address, typed, rows in (
        (admin, f"{LIST}nieuw/", NEW, Organisation.objects.filter(name=NEW["name"])),
        (admin, page_of(practice, "aanstellen/"), appointment, Appointment.objects.all()),
        (
            client_of(beheerder),
            "/team/uitnodigen/",
            {"name": "Kim", "email": "kim@zaan.example", "roles": ["verwijzer"], "profession": "poh"},
            Invitation.objects.filter(email="kim@zaan.example"),
        ),
    ):
        key = str(uuid.uuid4())
        first, second = (browser.post(address, {**typed, "form_key": key}) for _ in range(2))
        assert (first.status_code, first.url) == (302, second.url), address
        assert rows.count() == 1
        other = browser.post(
            address, {**typed, "form_key": key, "email": "iemand@anders.example", "role": "coordinator"}
        )
        assert "Dit formulier was al verstuurd" in words_of(other), address
        assert rows.count() == 1
