"""From an invitation by a beheerder to a colleague who logs in; and every link that does not work."""

import datetime
import threading
import time

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.models import Invitation, Membership, Role, User
from mantelzorg.refusal import Refused
from tests.accounts.reading import english_in, link_in, log, mails, words_of
from tests.factories import PASSWORD, fresh, log_in_fully, make_invitation, make_member
from trail.models import OutboxMessage

NEW = {"name": "Nadia Noor", "password1": PASSWORD, "password2": PASSWORD}
FORM = {"name": "Nadia Noor", "email": "Nadia@voorbeeld.example", "roles": ["verwijzer"], "profession": "poh"}


def path_of(invitation):
    return f"/uitnodiging/{invitation.pk}/{invitation.token}/"


@pytest.fixture
def invitation(practice, beheerder):
    return make_invitation(practice, by=beheerder, email="nadia@voorbeeld.example", name="Nadia Noor")


def test_a_beheerder_invites_and_the_colleague_makes_an_account_and_is_logged_in(
    client, client_of, beheerder, practice
):
    response = client_of(beheerder).post("/team/uitnodigen/", FORM, follow=True)
    assert "De uitnodiging voor Nadia Noor gaat zo de deur uit." in words_of(response)
    mail = mails("nadia@voorbeeld.example")[0]
    assert mail.subject == "Uitnodiging van Huisartsenpraktijk De Zaan voor Mantelzorgportaal"
    assert "Els Bakker nodigt je uit" in mail.body
    page = client.get(link_in(mail))
    assert "Maak je account" in words_of(page)
    assert not english_in(page)
    client.post(link_in(mail), NEW)
    nadia = User.objects.get(email="nadia@voorbeeld.example")
    assert client.session["_auth_user_id"] == str(nadia.pk)
    assert nadia.check_password(PASSWORD)
    membership = nadia.memberships.get()
    assert (membership.organisation, membership.roles, membership.profession_id) == (practice, ["verwijzer"], "poh")
    assert [entry.event for entry in (log("invite")[0], log("invite_accept")[0], log("login")[0])]
    assert log("role_change")[0].object_id == str(membership.pk)


def test_the_secret_of_the_link_is_nowhere_in_the_database(client_of, beheerder):
    client_of(beheerder).post("/team/uitnodigen/", FORM)
    invitation = Invitation.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT i::text || o::text FROM accounts_invitation i, trail_outboxmessage o")
        assert invitation.token not in cursor.fetchone()[0]


def test_a_link_works_once(client, invitation):
    client.post(path_of(invitation), NEW)
    again = Client().get(path_of(invitation))
    assert again.status_code == 410
    assert "Deze uitnodiging werkt niet meer" in words_of(again)
    assert not english_in(again)


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_link_that_does_not_work_reads_the_same(client, invitation, practice, beheerder, method):
    past = timezone.now() - datetime.timedelta(minutes=1)
    expired = make_invitation(practice, by=beheerder, expires_at=past)
    revoked = make_invitation(practice, by=beheerder, revoked_at=past)
    other = make_invitation(practice, by=beheerder)
    links = [
        path_of(expired),
        path_of(revoked),
        f"/uitnodiging/{invitation.pk}/{other.token}/",
        f"/uitnodiging/{invitation.pk}/0/",
        "/uitnodiging/01900000-0000-7000-8000-000000000000/abc/",
    ]
    read = {(response.status_code, words_of(response)) for response in (getattr(client, method)(x) for x in links)}
    assert len(read) == 1
    assert read.pop()[0] == 410
    assert User.objects.filter(email__contains="genodigde").count() == 0


@pytest.mark.parametrize("why", ["expires_at", "revoked_at", "accepted_at"])
def test_the_verbs_refuse_an_invitation_that_is_not_open(practice, beheerder, receiver, why):
    past = timezone.now() - datetime.timedelta(minutes=1)
    fields = {why: past, **({"accepted_by": beheerder} if why == "accepted_at" else {})}
    for_new = make_invitation(practice, by=beheerder, **fields)
    for_known = make_invitation(practice, by=beheerder, email=receiver.email, **fields)
    with pytest.raises(Refused):
        actions.accept_with_new_account(invitation=for_new, name="Nadia", password=PASSWORD)
    with pytest.raises(Refused):
        actions.accept_invitation(invitation=for_known, by=receiver)
    assert practice.memberships.count() == 1


def test_opening_the_link_changes_nothing(client, invitation):
    client.get(path_of(invitation))
    client.head(path_of(invitation))
    assert Invitation.objects.get().accepted_at is None
    assert not User.objects.filter(email=invitation.email).exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Vul dit in."),
        ({"password1": "kort", "password2": "kort"}, "te kort"),
        ({"password2": "een ander lang wachtwoord"}, "Dit is niet hetzelfde"),
        ({"password1": "nadia-noor-12", "password2": "nadia-noor-12"}, "lijkt te veel op je naam"),
    ],
)
def test_what_will_not_do_is_said_at_the_field_and_the_link_still_works(client, invitation, typed, said):
    response = client.post(path_of(invitation), {**NEW, **typed})
    assert response.status_code == 200
    assert said in words_of(response)
    assert not english_in(response)
    assert client.post(path_of(invitation), NEW).status_code == 302


def test_who_has_an_account_logs_in_and_adds_the_organisation(client, practice, beheerder, receiver):
    receiver.set_password(PASSWORD)
    receiver.save()
    invitation = make_invitation(practice, by=beheerder, email=receiver.email)
    page = client.get(path_of(invitation))
    assert "Je hebt al een account" in words_of(page)
    assert client.post(path_of(invitation), NEW).status_code == 200  # no second account, whatever is posted
    login = client.post("/account/login/", {"login": receiver.email, "password": PASSWORD, "next": path_of(invitation)})
    assert login.url == path_of(invitation)
    assert client.get(login.url).url == "/account/2fa/instellen/"  # not before her second step
    log_in_fully(client, receiver)
    assert "Neem de uitnodiging aan" in words_of(client.get(login.url))
    response = client.post(login.url, follow=True)
    assert "Je hoort nu bij Huisartsenpraktijk De Zaan" in words_of(response)
    assert {membership.organisation for membership in fresh(receiver).active_memberships} == {
        practice,
        receiver.organisation,
    }
    assert "hier werk je nu voor" in words_of(client.get("/account/"))


def test_somebody_else_cannot_use_a_link_that_was_passed_on(client_of, invitation, receiver):
    browser = client_of(receiver)
    response = browser.get(path_of(invitation))
    assert response.status_code == 200  # Django logs the address of a refusal, and this one still opens for another
    assert "Deze uitnodiging is voor iemand anders" in words_of(response)
    assert invitation.email not in response.content.decode()
    assert browser.post(path_of(invitation)).status_code == 200
    assert not Membership.objects.filter(user=receiver, organisation=invitation.organisation).exists()
    assert log("denied")


def test_no_line_of_the_log_holds_the_secret_of_a_link(client, client_of, receiver, invitation, caplog):
    client_of(receiver).get(path_of(invitation))
    assert not caplog.records
    assert client.get(f"{path_of(invitation)}verder/").status_code == 404
    assert f"/uitnodiging/{invitation.pk}/…" in caplog.text
    assert invitation.token not in caplog.text


def test_sending_again_makes_a_new_link_and_kills_the_old_one(client, client_of, beheerder, invitation):
    old = path_of(invitation)
    invitation.expires_at = timezone.now() - datetime.timedelta(days=1)
    invitation.save()
    client_of(beheerder).post(f"/team/uitnodigingen/{invitation.pk}/opnieuw/")
    invitation.refresh_from_db()
    assert client.get(old).status_code == 410
    assert client.get(path_of(invitation)).status_code == 200
    assert mails(invitation.email)[0].subject.startswith("Uitnodiging van")


def test_a_revoked_invitation_is_closed_and_the_address_can_be_invited_anew(client, client_of, beheerder, invitation):
    browser = client_of(beheerder)
    assert "intrekken?" in words_of(browser.get(f"/team/uitnodigingen/{invitation.pk}/intrekken/"))
    browser.post(f"/team/uitnodigingen/{invitation.pk}/intrekken/")
    assert client.get(path_of(invitation)).status_code == 410
    browser.post("/team/uitnodigen/", FORM)
    assert Invitation.objects.open().count() == 1


def test_the_same_address_is_invited_once_at_a_time(client_of, beheerder, invitation):
    response = client_of(beheerder).post("/team/uitnodigen/", FORM)
    assert "Er staat al een uitnodiging open voor dit e-mailadres." in words_of(response)
    assert "Nadia@voorbeeld.example" in response.content.decode()
    assert Invitation.objects.count() == 1
    assert not OutboxMessage.objects.exists()


def test_an_expired_invitation_makes_way_for_a_new_one(client_of, beheerder, invitation):
    invitation.expires_at = timezone.now() - datetime.timedelta(days=1)
    invitation.save()
    client_of(beheerder).post("/team/uitnodigen/", FORM)
    assert Invitation.objects.open().count() == 1
    assert Invitation.objects.count() == 2


def test_a_colleague_cannot_be_invited_again(client_of, beheerder, colleague):
    response = client_of(beheerder).post("/team/uitnodigen/", {**FORM, "email": colleague.email.upper()})
    assert "Deze persoon hoort al bij de organisatie." in words_of(response)


def test_inviting_somebody_of_another_organisation_betrays_nothing(client_of, beheerder, receiver):
    known = client_of(beheerder).post("/team/uitnodigen/", {**FORM, "email": receiver.email})
    unknown = client_of(beheerder).post("/team/uitnodigen/", {**FORM, "email": "nieuw@voorbeeld.example"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


def test_somebody_who_comes_back_gets_the_roles_of_the_invitation_only(practice, beheerder):
    person = make_member("Ineke Oud", practice, Role.BEHEERDER, Role.VERWIJZER)
    actions.end_membership(membership=person.memberships.get(), by=beheerder)
    invitation = make_invitation(practice, by=beheerder, email=person.email, roles=[Role.LOGTOEZICHT])
    actions.accept_invitation(invitation=invitation, by=fresh(person))
    assert person.memberships.get().roles == ["logtoezicht"]
    assert person.memberships.get().ended_at is None


def test_a_wrong_address_and_no_role_are_said_at_the_field(client_of, beheerder):
    response = client_of(beheerder).post("/team/uitnodigen/", {"name": "Nadia", "email": "nadia@", "profession": "x"})
    words = words_of(response)
    assert "Dit e-mailadres kan niet kloppen" in words
    assert "Kies minstens één rol." in words
    assert not english_in(response)


def test_invitations_are_forgotten_after_thirty_days(practice, beheerder):
    now = timezone.now()
    long_ago = now - datetime.timedelta(days=31)
    make_invitation(practice, by=beheerder, expires_at=long_ago)
    make_invitation(practice, by=beheerder, revoked_at=long_ago)
    make_invitation(practice, by=beheerder, accepted_at=long_ago, accepted_by=beheerder)
    kept = [make_invitation(practice, by=beheerder), make_invitation(practice, by=beheerder, revoked_at=now)]
    assert actions.forget_old_invitations(now=now) == 3
    assert actions.forget_old_invitations(now=now) == 0
    assert set(Invitation.objects.all()) == set(kept)


# Two at once --------------------------------------------------------------------------------------------------------


def at_once(*acts):
    """Run acts in threads of their own, each with its own connection, and return what they returned or raised."""
    outcomes = []
    barrier = threading.Barrier(len(acts))

    def run(act):
        barrier.wait()
        try:
            outcomes.append(act())
        except Exception as error:  # the test looks at which
            outcomes.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_the_same_moment_one_wins(practice, beheerder, invitation):
    outcomes = at_once(
        *[lambda: actions.accept_with_new_account(invitation=invitation, name="Nadia", password=PASSWORD)] * 2
    )
    assert sorted(type(outcome) for outcome in outcomes if isinstance(outcome, Exception)) == [Refused]
    assert User.objects.filter(email=invitation.email).count() == 1
    assert Membership.objects.filter(user__email=invitation.email).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_invitations_of_one_address_at_the_same_moment_one_is_sent(practice, beheerder):
    def invite():
        return actions.invite(
            organisation=practice, email="nadia@voorbeeld.example", name="Nadia", roles=["verwijzer"], by=beheerder
        )

    outcomes = at_once(invite, invite)
    assert [type(outcome) for outcome in outcomes if isinstance(outcome, Exception)] == [Refused]
    assert OutboxMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_beheerders_who_remove_each_other_at_the_same_moment_leave_one(practice, beheerder):
    other = make_member("Ada Anders", practice, Role.BEHEERDER)
    hers, others = beheerder.memberships.get(), other.memberships.get()
    halfway = threading.Event()

    def first():
        with transaction.atomic():
            actions.end_membership(membership=hers, by=fresh(other))
            halfway.set()
            time.sleep(0.3)  # not committed yet, while the second begins

    def second():
        halfway.wait()
        actions.end_membership(membership=others, by=fresh(beheerder))

    outcomes = at_once(first, second)
    assert len([outcome for outcome in outcomes if isinstance(outcome, Exception)]) == 1
    assert practice.memberships.beheerders().get() == others
