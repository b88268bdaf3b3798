"""The work list of who keeps the sociale kaart: for whom, what is on it, and that it gets shorter."""

import datetime
import html

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from knowledge.models import LinkCheck, Resource
from sociale_kaart import work_list
from sociale_kaart.editing.actions import propose
from sociale_kaart.freshness.actions import report
from sociale_kaart.models import Answering, CheckItem, CheckRequest, Organisation, Service
from tests.factories import make_organisation, make_service

DAY = datetime.timedelta(days=1)


def page(client, shown="") -> str:
    response = client.get(reverse("directory_work"), {"toon": shown} if shown else {})
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def due(name, days, organisation, **fields) -> Service:
    """A service that had to be checked so many days ago."""
    service = make_service(organisation, name, **{"municipalities": ["GM0479"]} | fields)
    today = timezone.localdate()
    Service.objects.filter(pk=service.pk).update(next_check_on=today - days * DAY, checked_on=today - 200 * DAY)
    service.refresh_from_db()
    return service


def dead(url, **fields) -> None:
    LinkCheck.objects.create(url=url, **{"outcome": "dood", "status": 404, "checked_at": timezone.now()} | fields)


def test_strangers_do_not_find_it(sender, receiver, coordinator, beheerder, client_of):
    for person in (sender, receiver, coordinator, beheerder):  # the receiver is a consulent who keeps no municipality
        assert client_of(person).get(reverse("directory_work")).status_code == 404


def test_what_is_late_comes_first_and_what_has_time_is_not_there(consulent, steunpunt, client_of):
    due("Iets te laat", 3, steunpunt)
    due("Heel laat", 30, steunpunt)
    due("Volgende week", -7, steunpunt)
    due("Over een maand", -30, steunpunt)
    said = page(client_of(consulent))
    assert said.index("Heel laat") < said.index("Iets te laat") < said.index("Volgende week")
    assert "3 dagen te laat" in said
    assert "Over een maand" not in said


def test_freshness_is_the_turn_of_the_home_municipality(consulent, functional_admin, steunpunt, client_of):
    elsewhere = due("Elders thuis", 3, steunpunt, municipalities=["GM0439", "GM0479"])
    Service.objects.filter(pk=elsewhere.pk).update(home_municipality="GM0439")
    due("Niet meer te zien", 3, steunpunt, status="draft")
    assert "Elders thuis" not in page(client_of(consulent))
    assert "Elders thuis" in page(client_of(functional_admin))
    assert "Niet meer te zien" not in page(client_of(functional_admin))


def test_klopt_nog_takes_it_from_the_list_and_comes_back_there(consulent, steunpunt, client_of):
    service = due("Even nakijken", 3, steunpunt)
    client = client_of(consulent)
    response = client.post(reverse("service_confirm", args=[service.slug]), {"van": "werklijst"})
    assert response["Location"] == reverse("directory_work")
    assert "Even nakijken" not in page(client)
    data = {"van": "werklijst", "toon": "te-laat"}
    for _ in range(2):  # a second press changes nothing
        again = client.post(reverse("service_confirm", args=[service.slug]), data)
        assert again["Location"] == reverse("directory_work") + "?toon=te-laat"
    assert client.post(reverse("service_confirm", args=[service.slug]), data | {"toon": "//x"})["Location"] == reverse(
        "directory_work"
    )
    assert "Alles is nagekeken" in page(client)
    response = client.post(reverse("service_confirm", args=[service.slug]))
    assert response["Location"] == reverse("service_detail", args=[service.slug])


def test_dead_links_are_those_of_her_municipalities(consulent, steunpunt, client_of):
    make_service(steunpunt, "Koffie", municipalities=["GM0479"], website="https://koffie.example/weg")
    make_service(steunpunt, "Elders", municipalities=["GM0439"], website="https://elders.example/weg")
    make_service(steunpunt, "Werkt", municipalities=["GM0479"], website="https://werkt.example")
    Organisation.objects.filter(pk=steunpunt.pk).update(website="https://steunpunt.example")
    worked = timezone.make_aware(datetime.datetime(2026, 9, 3))
    dead("https://koffie.example/weg", worked_at=worked)
    dead("https://elders.example/weg")
    dead("https://steunpunt.example", status=None, said="geen antwoord binnen de tijd, op 3 dagen")
    dead("https://werkt.example", outcome="onbereikbaar")
    said = page(client_of(consulent))
    assert "https://koffie.example/weg" in said
    assert "werkte het laatst op 3 september 2026" in said
    assert "https://steunpunt.example" in said
    assert "geen antwoord binnen de tijd, op 3 dagen" in said
    assert "elders.example" not in said
    assert "werkt.example" not in said


def test_dead_links_of_the_sheets_are_shown_with_where_they_stand(consulent, client_of):
    dead(Resource.objects.get(pk="sofa-model").url)
    said = page(client_of(consulent))
    assert "Hulpmiddel: SOFA-model" in said
    assert f'href="{reverse("profession_detail", args=["mantelzorgmakelaar"])}"' in said


def test_the_list_goes_on_by_key(consulent, steunpunt, client_of):
    for number in range(15):
        due(f"Dienst {number:02}", 50 - number, steunpunt)
    client = client_of(consulent)
    first = page(client)
    assert "Dienst 04" in first
    assert "Dienst 05" not in first
    late = page(client, "te-laat")
    assert "Dienst 11" in late
    assert "Dienst 12" not in late
    onward = client.get(reverse("directory_work") + "?toon=te-laat").context["page"].next_url
    assert "Dienst 14" in html.unescape(client.get(onward).content.decode())


def test_the_number_of_queries_is_constant(consulent, sender, steunpunt, client_of):
    client = client_of(consulent)

    def counts() -> list[int]:
        found = []
        for shown in ("", *(section.key for section in work_list.sections())):
            with CaptureQueriesContext(connection) as queries:
                page(client, shown)
            found.append(len(queries))
        return found

    def work(name, organisation) -> None:
        """Of every kind one."""
        website = f"https://{name.lower()}.example"
        late = due(f"Laat {name}", 3, organisation, website=website)
        due(f"Straks {name}", -3, organisation)
        silent = due(f"Stil {name}", 3, organisation)
        dead(website)
        report(service=late, what="contact", words="Belt niet.", by=sender)
        propose(service=late, fields={"phone": "075 555 0199"}, said_by="de aanbieder")
        question = CheckRequest.objects.create(
            organisation=organisation, to="info@x.example", expires_at=timezone.now() + DAY
        )
        CheckItem.objects.create(
            request=question,
            service=silent,
            checked_on=silent.checked_on,
            answer="geen-antwoord",
            answered_at=timezone.now(),
        )
        share = {"in_time_of_ten": 3, "is_late": True, "declines_often": False, "counted_on": timezone.localdate()}
        Answering.objects.create(service=late, **share)

    work("Eerste", steunpunt)
    few = counts()
    for number in range(14):
        work(f"nr{number}", make_organisation(f"Organisatie {number}", municipalities=["GM0479"]))
    dead(Resource.objects.get(pk="sofa-model").url)
    assert counts() == few
    # two round them, five for who she is, four for links, one for each kind of work, one for the names of her places
    assert few[0] <= 18
    assert max(few) <= 19  # of one kind: six are counted, and one is shown
    said = page(client)
    assert said.index("Gemeld door") < said.index("Voorstellen van") < said.index("Geen antwoord op")
    assert "Stil nr3" not in page(client, "te-laat")
    assert "Stil nr3" in page(client, "geen-antwoord")


@pytest.mark.parametrize(("who", "sees"), [("consulent", True), ("functional_admin", True), ("sender", False)])
def test_the_sociale_kaart_leads_there(who, sees, request, client_of):
    client = client_of(request.getfixturevalue(who))
    assert (reverse("directory_work") in client.get(reverse("service_search")).content.decode()) is sees
