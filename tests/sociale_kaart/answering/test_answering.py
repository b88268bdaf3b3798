"""How a service usually answers, where it is shown: to who refers, to the organisation, and on the work list."""

import html

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mantelzorg.refusal import Refused
from sociale_kaart.actions import refresh_search
from sociale_kaart.answering import words
from sociale_kaart.answering.actions import HowItAnswers, record_answers, set_aside
from sociale_kaart.models import Answering, Service
from tests.factories import make_appointment, make_caregiver, make_need, make_organisation, make_service

pytestmark = pytest.mark.django_db

LATE = HowItAnswers(usual_days=6, in_time_of_ten=3, accepted_of_ten=5, is_late=True, declines_often=True)
FINE = HowItAnswers(usual_days=1, in_time_of_ten=9, accepted_of_ten=9, is_late=False, declines_often=False)
HINT = "Antwoordt vaak later dan afgesproken, meestal na 6 werkdagen; neemt ongeveer de helft aan."


@pytest.fixture
def service(steunpunt):
    return make_service(steunpunt, "Gesprek bij het steunpunt")


def forget() -> None:
    record_answers(found={}, on=timezone.localdate())


@pytest.fixture
def late(service):
    record_answers(found={service.pk: LATE}, on=timezone.localdate())
    return Service.objects.for_page().get(pk=service.pk)


def page_of(client, service) -> str:
    return html.unescape(client.get(reverse("service_detail", args=[service.slug])).text)


def work(client, shown="") -> str:
    return html.unescape(client.get(reverse("directory_work"), {"toon": shown} if shown else {}).text)


# In words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (LATE, HINT),
        (FINE, ""),
        (HowItAnswers(1, 9, 3, is_late=False, declines_often=True), "Neemt ongeveer 3 van de 10 aan."),
        (HowItAnswers(1, 9, 1, is_late=False, declines_often=True), "Neemt bijna niemand aan."),
        (
            HowItAnswers(1, 5, None, is_late=True, declines_often=False),
            "Antwoordt vaak later dan afgesproken, meestal na 1 werkdag.",
        ),
    ],
)
def test_a_hint_is_calm_and_only_there_when_it_helps(answers, said, service):
    record_answers(found={service.pk: answers}, on=timezone.localdate())
    assert words.hint(Service.objects.for_page().get(pk=service.pk)) == said


# Who reads it -------------------------------------------------------------------------------------------------------


def test_who_refers_reads_it_on_the_page_of_the_service(client_of, sender, late):
    page = page_of(client_of(sender), late)
    assert HINT in page
    assert "Meestal binnen 6 werkdagen." in page
    assert "Hoe dit aanbod antwoordt" not in page


def test_who_refers_nobody_does_not(client_of, coordinator, beheerder, late):
    for person in (coordinator, beheerder):
        assert HINT not in page_of(client_of(person), late)


def test_of_who_answers_in_time_only_the_usual_time_is_shown(client_of, sender, service):
    record_answers(found={service.pk: FINE}, on=timezone.localdate())
    page = page_of(client_of(sender), service)
    assert "Meestal binnen 1 werkdag." in page
    assert "afgesproken" not in page


def test_the_organisation_itself_reads_all_of_it_and_how_it_is_counted(client_of, receiver, late):
    page = page_of(client_of(receiver), late)
    for said in ("Ongeveer 3 van de 10 keer.", "Ongeveer de helft.", "vanaf vijf, van minstens twee organisaties"):
        assert said in page
    assert f"“{HINT}”" in page


def test_with_too_little_to_go_by_the_organisation_reads_why(client_of, receiver, service):
    assert "Er zijn nog te weinig verwijzingen" in page_of(client_of(receiver), service)


def test_where_one_phones_nothing_is_counted(client_of, consulent):
    brug = make_organisation("Stichting De Brug", uses_portal=False, phone="075 999 88 77")
    assert "Hoe dit aanbod antwoordt" not in page_of(client_of(consulent), make_service(brug, "Maatje"))


def test_who_passes_on_reads_it_with_the_choice_and_it_weighs_nothing(client_of, sender, steunpunt, late):
    other = make_service(steunpunt, "Een ander gesprek")
    refresh_search()
    need = make_need(make_caregiver(sender), sender)
    client = client_of(sender)
    page = html.unescape(client.get(reverse("need_offers", args=[need.pk])).text)
    before = page.index(late.name) < page.index(other.name)
    assert HINT in page
    form = client.get(reverse("referral_new", args=[need.caregiver_id]), {"vraag": need.pk}).text
    assert HINT in html.unescape(form)
    forget()
    page = html.unescape(client.get(reverse("need_offers", args=[need.pk])).text)
    assert HINT not in page
    assert (page.index(late.name) < page.index(other.name)) == before


# Written downward ---------------------------------------------------------------------------------------------------


def test_what_is_not_counted_any_more_goes(service, late):
    assert (late.usual_answer_days, late.answering.is_late) == (6, True)
    forget()
    service.refresh_from_db()
    assert service.usual_answer_days is None
    assert not Answering.objects.exists()


def test_what_was_set_aside_stays_so_when_it_is_counted_again(consulent, service, late):
    set_aside(service=service, by=consulent, now=timezone.now())
    record_answers(found={service.pk: LATE}, on=timezone.localdate())
    assert Answering.objects.get().set_aside_by == consulent


@pytest.mark.parametrize("share", [0, 10])
def test_the_database_refuses_what_leads_to_somebody(share, service, late):
    with pytest.raises(IntegrityError, match="what_is_shown_of_answers_is_rounded"), transaction.atomic():
        Answering.objects.update(in_time_of_ten=share)


# The work list ------------------------------------------------------------------------------------------------------


def test_it_stands_on_the_work_list_of_who_keeps_the_municipality(client_of, consulent, receiver, late):
    for shown in ("", "antwoorden"):
        said = work(client_of(consulent), shown)
        assert "Vraag hoe het gaat bij Gesprek bij het steunpunt" in said
        assert HINT in said
        assert "Bel 075 123 45 67." in said
    Service.objects.filter(pk=late.pk).update(home_municipality="GM0014")
    late.municipalities.set(["GM0014"])
    assert "Vraag hoe het gaat bij" not in work(client_of(consulent))
    make_appointment(receiver, code="GM0014")
    assert "Vraag hoe het gaat bij" in work(client_of(receiver))


def test_she_sets_it_aside_for_a_month(client_of, consulent, service, late):
    client, address = client_of(consulent), reverse("answering_set_aside", args=[service.slug])
    response = client.post(address, {"van": "werklijst", "toon": "antwoorden"})
    assert response["Location"] == reverse("directory_work") + "?toon=antwoorden"
    assert "Vraag hoe het gaat bij" not in work(client)
    found = Answering.objects.get()
    assert (found.set_aside_by, (found.set_aside_until - timezone.localdate()).days) == (consulent, 30)
    assert HINT in page_of(client, service)  # who refers still reads it
    Answering.objects.update(set_aside_until=timezone.localdate())
    assert "Vraag hoe het gaat bij" in work(client)


def test_who_does_not_keep_it_cannot_set_it_aside(client_of, sender, receiver, outsider, service, late):
    for person in (sender, receiver, outsider):
        with pytest.raises(PermissionDenied):
            set_aside(service=service, by=person, now=timezone.now())
        assert client_of(person).post(reverse("answering_set_aside", args=[service.slug])).status_code == 403
    assert Answering.objects.get().set_aside_until is None


def test_when_it_went_well_again_in_the_meantime_she_is_told(client_of, consulent, service, late):
    record_answers(found={service.pk: FINE}, on=timezone.localdate())
    with pytest.raises(Refused, match="weer zoals afgesproken"):
        set_aside(service=service, by=consulent, now=timezone.now())
    response = client_of(consulent).post(reverse("answering_set_aside", args=[service.slug]), follow=True)
    assert "weer zoals afgesproken" in response.text


def test_the_work_list_asks_as_much_for_one_as_for_many(client_of, consulent, steunpunt):
    client, counts = client_of(consulent), []
    for number in (1, 5):
        services = [make_service(steunpunt, f"Gesprek {number} {index}") for index in range(number)]
        record_answers(found={service.pk: LATE for service in services}, on=timezone.localdate())
        client.get(reverse("directory_work"))
        with CaptureQueriesContext(connection) as queries:
            assert work(client).count("Vraag hoe het gaat bij") >= number
        counts.append(len(queries))
    assert counts[0] == counts[1]
