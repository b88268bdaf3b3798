"""The team page: everyone sees her colleagues, the beheerder decides who belongs and who may do what."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import actions
from accounts.models import Invitation, Membership, Role
from mantelzorg.refusal import Refused
from sociale_kaart.models import Municipality
from tests.accounts.reading import english_in, log, mails, words_of
from tests.factories import fresh, make_appointment, make_invitation, make_member
from trail.models import OutboxMessage


def test_members_see_who_is_who_and_cannot_change_anything(client_of, sender, colleague, beheerder):
    response = client_of(sender).get("/team/")
    words = words_of(response)
    assert "Karim Haddad Huisarts verwijzer" in words
    assert "Els Bakker – beheerder" in words
    assert "075 123 45 01" in words
    assert "Nodig een collega uit" not in words
    assert colleague.email not in words
    assert not english_in(response)


def test_nobody_sees_the_team_of_another_organisation(client_of, sender, receiver):
    assert "Sanne Smit" not in words_of(client_of(sender).get("/team/"))


def test_the_beheerder_sees_addresses_and_open_invitations(client_of, beheerder, sender, practice):
    make_invitation(practice, by=beheerder, name="Nadia Noor", roles=[Role.VERWIJZER, Role.COORDINATOR])
    make_invitation(practice, by=beheerder, name="Olga Oud", expires_at=timezone.now(), times_sent=3)
    make_invitation(practice, by=beheerder, name="Piet Al Binnen", accepted_at=timezone.now(), accepted_by=sender)
    words = words_of(client_of(beheerder).get("/team/"))
    assert sender.email in words
    assert "Nadia Noor" in words
    assert "verwijzer, coördinator" in words
    assert "verlopen 3 keer verstuurd" in words
    assert "Piet Al Binnen" not in words


def test_whoever_belongs_nowhere_has_no_team(client_of, functional_admin):
    assert client_of(functional_admin).get("/team/").status_code == 404


def test_changed_roles_act_at_the_next_request(client_of, beheerder, colleague):
    hers = client_of(colleague)
    assert hers.get("/team/uitnodigen/").status_code == 404
    membership = colleague.memberships.get()
    page = client_of(beheerder).get(f"/team/{membership.pk}/rollen/")
    assert "Karim Haddad" in words_of(page)
    response = client_of(beheerder).post(
        f"/team/{membership.pk}/rollen/", {"roles": ["beheerder", "verwijzer"], "profession": "huisarts"}, follow=True
    )
    assert "De rollen van Karim Haddad zijn bewaard." in words_of(response)
    assert hers.get("/team/uitnodigen/").status_code == 200
    entry = log("role_change")[0]
    assert (entry.user_id, entry.object_id, entry.fields) == (beheerder.pk, str(membership.pk), ["roles", "profession"])


def test_roles_are_kept_once_and_in_one_order(beheerder, colleague):
    membership = colleague.memberships.get()
    actions.change_membership(
        membership=membership, roles=["logtoezicht", "verwijzer", "verwijzer"], profession=None, by=beheerder
    )
    assert colleague.memberships.get().roles == ["verwijzer", "logtoezicht"]


def test_ending_asks_first_and_then_takes_effect_at_once(client_of, beheerder, colleague):
    hers = client_of(colleague)
    membership = colleague.memberships.get()
    address = f"/team/{membership.pk}/beeindigen/"
    page = client_of(beheerder).get(address)
    assert "Karim Haddad uit het team halen?" in words_of(page)
    assert not english_in(page)
    assert hers.get("/team/").status_code == 200
    client_of(beheerder).post(address)
    assert hers.get("/team/").url == "/account/login/?next=/team/"  # logged out at once
    assert "Je hoort nu bij geen enkele organisatie" in words_of(client_of(fresh(colleague)).get("/account/"))
    assert client_of(beheerder).post(address).status_code == 404


def test_with_a_membership_its_appointments_end(beheerder, practice, zaanstad):
    person = make_member("Noor Vos", practice, Role.CONSULENT)
    make_appointment(person)
    assert fresh(person).may_maintain(zaanstad)
    actions.end_membership(membership=person.memberships.get(), by=beheerder)
    assert not fresh(person).may_maintain(zaanstad)
    assert not person.memberships.get().appointments.standing().exists()


def test_the_last_beheerder_cannot_leave_or_give_up_the_role(client_of, beheerder):
    browser = client_of(beheerder)
    membership = beheerder.memberships.get()
    response = browser.post(f"/team/{membership.pk}/beeindigen/", follow=True)
    assert "Els Bakker is de enige beheerder van deze organisatie." in words_of(response)
    response = browser.post(f"/team/{membership.pk}/rollen/", {"roles": ["verwijzer"]})
    assert "Els Bakker is de enige beheerder van deze organisatie." in words_of(response)
    assert beheerder.memberships.get().roles == ["beheerder"]


def test_one_of_two_beheerders_may_leave(beheerder, practice):
    other = make_member("Ada Anders", practice, Role.BEHEERDER)
    actions.end_membership(membership=beheerder.memberships.get(), by=other)
    with pytest.raises(Refused):
        actions.end_membership(membership=other.memberships.get(), by=other)


def test_a_beheerder_whose_account_was_closed_does_not_count(beheerder, practice):
    other = make_member("Ada Anders", practice, Role.BEHEERDER)
    other.is_active = False
    other.save()
    with pytest.raises(Refused):
        actions.end_membership(membership=beheerder.memberships.get(), by=beheerder)


def addresses_of_another_team(receiver, steunpunt):
    membership = receiver.memberships.get()
    invitation = make_invitation(steunpunt, by=receiver)
    return [
        f"/team/{membership.pk}/rollen/",
        f"/team/{membership.pk}/beeindigen/",
        f"/team/uitnodigingen/{invitation.pk}/opnieuw/",
        f"/team/uitnodigingen/{invitation.pk}/intrekken/",
    ]


def test_the_team_of_another_organisation_does_not_exist_for_a_beheerder(client_of, beheerder, receiver, steunpunt):
    browser = client_of(beheerder)
    for address in addresses_of_another_team(receiver, steunpunt):
        assert browser.post(address, {"roles": ["beheerder"]}).status_code == 404
    assert receiver.memberships.get().roles == ["consulent"]
    assert Invitation.objects.get().times_sent == 1


@pytest.mark.parametrize("who", ["sender", "consulent", "coordinator", "logtoezicht", "functional_admin", "outsider"])
def test_only_the_beheerder_invites_and_attempts_of_others_are_on_record(client_of, request, who):
    person = request.getfixturevalue(who)
    assert client_of(person).get("/team/uitnodigen/").status_code == 404
    assert client_of(person).post("/team/uitnodigen/", {"email": "x@y.example"}).status_code == 404
    assert {(entry.user_id, entry.outcome, entry.object_id) for entry in log("denied")} == {
        (person.pk, "denied", "invitation_new")
    }
    assert len(log("denied")) == 2


def test_the_verbs_ask_permission_themselves_too(colleague, sender, practice, beheerder):
    invitation = make_invitation(practice, by=beheerder)
    membership = colleague.memberships.get()
    for attempt in (
        lambda: actions.invite(organisation=practice, email="x@y.example", name="X", roles=["verwijzer"], by=sender),
        lambda: actions.resend_invitation(invitation=invitation, by=sender),
        lambda: actions.revoke_invitation(invitation=invitation, by=sender),
        lambda: actions.accept_invitation(invitation=invitation, by=sender),
        lambda: actions.change_membership(membership=membership, roles=["beheerder"], profession=None, by=sender),
        lambda: actions.end_membership(membership=membership, by=sender),
    ):
        with pytest.raises(actions.PermissionDenied):
            attempt()


def test_a_large_team_goes_by_pages_in_order_of_name(client_of, beheerder, practice):
    for number in range(30):
        make_member(f"Collega {number:02}", practice)
    browser = client_of(beheerder)
    response = browser.get("/team/")
    assert len(response.content) < 15_000
    first = response.context["page"]
    second = browser.get(first.next_url).context["page"]
    names = [member.user.name for member in [*first.rows, *second.rows]]
    assert names == [*[f"Collega {number:02}" for number in range(30)], "Els Bakker"]
    assert "Collega" not in first.next_url


def test_the_team_page_asks_as_much_of_the_database_for_one_member_as_for_fifty(client_of, beheerder, practice):
    # session, user, her memberships (with organisation), who asks, members, invitations; savepoints aside
    browser = client_of(beheerder)
    make_invitation(practice, by=beheerder)
    browser.get("/team/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get("/team/")
    for number in range(50):
        make_member(f"Collega {number}", practice)
        make_invitation(practice, by=beheerder, profession_id="poh")
    with CaptureQueriesContext(connection) as many:
        response = browser.get("/team/")
    asked = [query["sql"] for query in many if "SAVEPOINT" not in query["sql"]]
    assert len(many) == len(few)
    assert len(asked) <= 6
    assert Membership.objects.count() == 51
    assert len(response.context["page"].rows) == 25


# Nobody helps herself to rights -------------------------------------------------------------------------------------


def test_a_beheerder_gives_herself_no_roles_and_may_give_them_up(client_of, practice):
    person = make_member("Ada Anders", practice, Role.BEHEERDER, Role.LOGTOEZICHT)
    make_member("Bea Bakker", practice, Role.BEHEERDER)
    browser, membership = client_of(person), person.memberships.get()
    response = browser.post(f"/team/{membership.pk}/rollen/", {"roles": ["beheerder", "logtoezicht", "verwijzer"]})
    assert "Een ander geeft jou rollen." in words_of(response)
    assert person.memberships.get().roles == ["beheerder", "logtoezicht"]
    assert browser.post(f"/team/{membership.pk}/rollen/", {"roles": ["beheerder"]}).status_code == 302
    assert person.memberships.get().roles == ["beheerder"]


@pytest.mark.parametrize("who", ["functional_admin", "beheerder"])
def test_nobody_invites_herself(request, practice, other_practice, who):
    person = request.getfixturevalue(who)
    person.is_functional_admin = True
    person.save()
    for organisation in (practice, other_practice):
        with pytest.raises(Refused) as refusal:
            actions.invite(
                organisation=organisation,
                email=person.email.upper(),
                name="Ik",
                roles=[Role.BEHEERDER],
                by=person,
            )
        assert (refusal.value.sentence, refusal.value.field) == ("Vraag iemand van de organisatie zelf.", "email")
    assert not Invitation.objects.exists()


def test_a_functional_admin_may_accept_what_others_ask_of_her(functional_admin, practice, beheerder):
    invitation = make_invitation(practice, by=beheerder, email=functional_admin.email, roles=[Role.LOGTOEZICHT])
    actions.accept_invitation(invitation=invitation, by=functional_admin)
    assert functional_admin.memberships.get().roles == ["logtoezicht"]


def test_a_functional_admin_appoints_herself_to_no_role_she_has_not(practice, zaanstad):
    person = make_member("Ada Anders", practice, Role.BEHEERDER)
    person.is_functional_admin = True
    person.save()
    with pytest.raises(Refused) as refusal:
        actions.appoint(membership=person.memberships.get(), role=Role.CONSULENT, municipality=zaanstad, by=person)
    assert (refusal.value.sentence, refusal.value.field) == ("Een ander geeft jou rollen.", "role")
    assert person.memberships.get().roles == ["beheerder"]


def told_to() -> set[str]:
    return set(OutboxMessage.objects.filter(template="team_changed").values_list("to", flat=True))


def test_the_other_beheerders_hear_of_it_when_roles_grow(beheerder, colleague, sender, practice, receiver):
    other = make_member("Bea Bakker", practice, Role.BEHEERDER)
    membership = colleague.memberships.get()
    actions.change_membership(membership=membership, roles=["verwijzer"], profession=None, by=beheerder)
    assert not told_to()
    actions.change_membership(membership=membership, roles=["verwijzer", "logtoezicht"], profession=None, by=beheerder)
    assert told_to() == {other.email}
    mail = mails(other.email)[0]
    assert "Iemand kreeg er rollen bij" in mail.body
    assert "/team/" in mail.body
    assert "Karim" not in mail.body


def test_the_beheerders_hear_of_a_new_beheerder(beheerder, functional_admin, practice, receiver):
    invitation = make_invitation(practice, by=functional_admin, email=receiver.email, roles=[Role.BEHEERDER])
    actions.accept_invitation(invitation=invitation, by=receiver)
    assert told_to() == {beheerder.email}
    assert "Er kwam een beheerder bij" in mails(beheerder.email)[0].body


def test_the_beheerders_hear_of_a_role_that_comes_with_an_appointment(
    beheerder, functional_admin, practice, colleague, zaanstad
):
    membership = colleague.memberships.get()
    for municipality in (zaanstad, Municipality.objects.get(pk="GM0439")):
        actions.appoint(membership=membership, role=Role.CONSULENT, municipality=municipality, by=functional_admin)
    assert OutboxMessage.objects.filter(template="team_changed", to=beheerder.email).count() == 1
