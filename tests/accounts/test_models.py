"""What the database refuses, what the register of personal fields covers, and who is who."""

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Appointment, Invitation, KeptForm, Membership, Role, Session, User
from mantelzorg.personal import declared_models, stored_fields
from tests.accounts.reading import link_in, mails
from tests.factories import fresh, make_invitation, make_membership, make_user


def refused(name, act):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        act()


def test_an_email_address_has_one_account(db):
    make_user("Petra", email="petra@voorbeeld.example")
    refused("accounts_user_email", lambda: make_user("Piet", email="petra@voorbeeld.example"))
    refused("lower_case", lambda: make_user("Piet", email="Petra@voorbeeld.example"))
    assert User.objects.create_user("PIET@Voorbeeld.example").email == "piet@voorbeeld.example"


def test_a_member_has_a_known_role_and_one_place_in_an_organisation(sender, practice, steunpunt):
    refused("a_member_has_a_role", lambda: make_membership(sender, steunpunt, []))
    refused("a_role_is_a_known_role", lambda: make_membership(sender, steunpunt, ["baas"]))
    refused("one_membership_per_person_and_organisation", lambda: make_membership(sender, practice))


def test_an_appointment_is_for_a_role_that_is_appointed_and_stands_once(consulent, zaanstad):
    membership = consulent.memberships.get()

    def appoint(role):
        Appointment.objects.create(membership=membership, role=role, municipality=zaanstad, appointed_by=consulent)

    refused("only_consulenten_and_coordinators_are_appointed", lambda: appoint("beheerder"))
    refused("appointed_once_per_role_and_municipality", lambda: appoint("consulent"))
    Appointment.objects.update(ended_at=timezone.now())
    appoint("consulent")


def test_one_invitation_stands_open_for_an_address(practice, steunpunt, beheerder):
    def invite(organisation=practice, **fields):
        return make_invitation(organisation, by=beheerder, email="nadia@voorbeeld.example", **fields)

    now = timezone.now()
    invite()
    invite(steunpunt)
    invite(revoked_at=now)
    refused("one_open_invitation_per_address", lambda: invite())
    refused("says_by_whom", lambda: invite(accepted_at=now))
    refused("not_both", lambda: invite(accepted_at=now, accepted_by=beheerder, revoked_at=now))
    refused("names_a_role", lambda: invite(steunpunt, roles=[], revoked_at=now))
    refused("names_known_roles", lambda: invite(steunpunt, roles=["baas"], revoked_at=now))


def test_the_secret_of_a_link_differs_per_invitation_and_per_sending(practice, beheerder):
    first, second = make_invitation(practice, by=beheerder), make_invitation(practice, by=beheerder)
    assert first.token != second.token
    before = first.token
    first.times_sent += 1
    assert first.token != before
    assert first.opens_with(first.token)
    assert not first.opens_with(before)
    assert not first.opens_with("")


def test_without_the_role_an_appointment_gives_no_right(consulent, zaanstad):
    Membership.objects.update(roles=[Role.VERWIJZER])
    assert not fresh(consulent).may_maintain(zaanstad)


def test_somebody_of_a_closed_account_is_no_colleague(sender, colleague):
    assert colleague.memberships.get() in Membership.objects.colleagues(sender)
    colleague.is_active = False
    colleague.save()
    assert colleague.memberships.get() not in Membership.objects.colleagues(sender)


@pytest.mark.parametrize("model", [User, Membership, Appointment, Invitation, Session, KeptForm])
def test_every_field_is_declared_personal_or_not(model):
    declared = [*model.personal.fields, *model.not_personal]
    assert sorted(declared) == sorted(stored_fields(model))


@pytest.mark.parametrize("model", [EmailAddress, EmailConfirmation, Authenticator])
def test_the_register_covers_what_others_keep_for_us(model):
    declared = [*model.personal.fields, *model.not_personal]
    assert sorted(declared) == sorted(stored_fields(model))
    assert model in [declared_model for declared_model, _ in declared_models()]


def test_accounts_of_professionals_are_in_the_register():
    ours = {model for model, declaration in declared_models() if declaration.about == "professional"}
    assert ours >= set(apps.get_app_config("accounts").get_models()) - {KeptForm}  # that one is about caregivers


def test_whoever_installs_the_portal_makes_the_first_functioneel_beheerder(client, db, capsys):
    call_command("make_functional_admin", "Rita@voorbeeld.example", "Rita Groen")
    rita = User.objects.get()
    assert (rita.email, rita.is_functional_admin, rita.has_usable_password()) == ("rita@voorbeeld.example", True, False)
    assert "rita@voorbeeld.example" in capsys.readouterr().out
    page = client.get(link_in(mails()[0]), follow=True)
    assert "Kies een nieuw wachtwoord" in page.content.decode()


def test_old_invitations_go_by_command(practice, beheerder):
    make_invitation(practice, by=beheerder, expires_at=timezone.now() - Invitation.KEPT * 2)
    call_command("forget_old_invitations", verbosity=0)
    assert not Invitation.objects.exists()
