"""What a professional says is wrong: two fields, one answer, and she hears it."""

import datetime
import html

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from mantelzorg.refusal import Refused
from sociale_kaart.freshness import actions, jobs
from sociale_kaart.models import Report, Service
from tests.factories import make_appointment, make_member, make_service, municipality
from tests.sociale_kaart.freshness.conftest import mailed, send_all

SAYS = {"what": "contact", "words": "Dit nummer is van de buren: 075 555 0144."}


def said(response) -> str:
    return html.unescape(response.content.decode())


@pytest.fixture
def report(stay, sender) -> Report:
    return actions.report(service=stay, by=sender, **SAYS)


def new(service) -> str:
    return reverse("report_new", args=[service.slug])


def detail(report) -> str:
    return reverse("report_detail", args=[report.pk])


def test_two_fields_and_a_warning(client_of, sender, stay):
    client = client_of(sender)
    assert new(stay) in said(client.get(reverse("service_detail", args=[stay.slug])))
    assert "Schrijf niets over een mantelzorger" in said(client.get(new(stay)))
    response = client.post(new(stay), SAYS | {"form_key": "01900000-0000-7000-8000-000000000009"})
    assert response["Location"] == reverse("service_detail", args=[stay.slug])
    again = client.post(new(stay), SAYS | {"form_key": "01900000-0000-7000-8000-000000000009"})
    assert again.status_code == 302
    made = Report.objects.get()
    assert (made.service, made.by, made.what, made.state) == (stay, sender, "contact", "open")


def test_an_empty_form_comes_back(client_of, sender, stay):
    response = client_of(sender).post(new(stay), {"words": "Toch iets getypt."})
    assert response.status_code == 200
    assert "Toch iets getypt." in said(response)
    assert not Report.objects.exists()


def test_of_what_she_cannot_see_she_reports_nothing(client_of, sender, stay):
    Service.objects.filter(pk=stay.pk).update(status="draft")
    assert client_of(sender).get(new(stay)).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.report(service=stay, by=sender, **SAYS)


def test_not_without_end(stay, sender):
    for _ in range(20):
        actions.report(service=stay, by=sender, **SAYS)
    with pytest.raises(Refused, match="twintig"):
        actions.report(service=stay, by=sender, **SAYS)


def test_whose_turn_it_is_the_home_municipality_says(report, stay):
    assert list(Report.objects.to_handle(["GM0479"])) == [report]
    assert not Report.objects.to_handle(["GM0439"]).exists()
    assert list(Report.objects.to_handle(None)) == [report]


@pytest.mark.parametrize("outcome", ["opgelost", "klopt-toch"])
def test_the_reporter_hears_what_was_done(report, sender, consulent, client_of, outcome):
    client = client_of(consulent)
    text = said(client.get(detail(report)))
    assert "Dit nummer is van de buren" in text
    assert "075 555 0199" in text  # beside it, what the card says
    response = client.post(detail(report), {"outcome": outcome, "answer": "Gebeld: het nummer is nu 075 555 0145."})
    assert response["Location"] == reverse("directory_work")
    report.refresh_from_db()
    assert (report.state, report.handled_by) == (outcome, consulent)
    assert [message.to for message in mailed()] == [sender.email]
    [sent] = send_all(timezone.now())
    assert "buren" not in sent.body + sent.subject
    assert "0145" not in sent.body
    assert reverse("my_reports") in sent.body
    hers = said(client_of(sender).get(reverse("my_reports")))
    assert "Gebeld: het nummer is nu 075 555 0145." in hers


def test_her_reports_are_hers(report, colleague, client_of):
    assert "buren" not in said(client_of(colleague).get(reverse("my_reports")))


def test_the_second_of_two_consulenten_reads_who_was_first(report, steunpunt, consulent, client_of):
    other = make_member("Ineke Tak", steunpunt, "consulent", profession="mantelzorgconsulent")
    make_appointment(other, "consulent", "GM0479")
    actions.handle_report(report=report, outcome="opgelost", answer="Aangepast.", by=consulent)
    client = client_of(other)
    response = client.post(detail(report), {"outcome": "klopt-toch", "answer": "Ik belde en het klopt."})
    assert response.status_code == 200
    assert "Deze melding is intussen al behandeld door Fatima Idrissi." in said(response)
    report.refresh_from_db()
    assert (report.state, report.answer) == ("opgelost", "Aangepast.")
    assert len(mailed()) == 1


def test_strangers_do_not_find_it(report, sender, receiver, coordinator, beheerder, client_of):
    for person in (sender, receiver, coordinator, beheerder):
        assert client_of(person).get(detail(report)).status_code == 404
        with pytest.raises(PermissionDenied):
            actions.handle_report(report=report, outcome="opgelost", answer="Ik mag dit niet.", by=person)


def test_her_own_report_needs_no_mail(stay, consulent):
    mine = actions.report(service=stay, by=consulent, **SAYS)
    actions.handle_report(report=mine, outcome="opgelost", answer="Zelf aangepast.", by=consulent)
    assert mailed() == []


def test_without_words_it_is_not_handled(report, consulent):
    with pytest.raises(Refused):
        actions.handle_report(report=report, outcome="opgelost", answer="  ", by=consulent)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(state="opgelost", handled_at=timezone.now())


def test_what_was_handled_is_forgotten_after_a_while(report, stay, sender, consulent):
    now = timezone.now()
    waits = actions.report(service=stay, by=sender, now=now - datetime.timedelta(days=900), **SAYS)
    actions.handle_report(report=report, outcome="opgelost", answer="Gedaan.", by=consulent, now=now)
    assert jobs.forget_old(now=now + datetime.timedelta(days=364)) == 0
    assert jobs.forget_old(now=now + datetime.timedelta(days=366)) == 1
    assert list(Report.objects.all()) == [waits]


def test_the_number_of_queries_is_constant(stay, sender, client_of):
    client = client_of(sender)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("my_reports")).status_code == 200
        return len(queries)

    actions.report(service=stay, by=sender, **SAYS)
    few = count()
    for _ in range(15):
        actions.report(service=stay, by=sender, **SAYS)
    assert count() == few


def test_the_open_data_shows_nothing_of_it(report, stay, client, settings):
    settings.OPEN_DATA = True
    body = client.get(f"/api/hsds/services/{stay.pk}?full=true").content.decode()
    assert "Logeren" in body
    for word in ("buren", "klopt-nog", "report", "check_item", "melding"):
        assert word not in body


def test_a_report_waits_for_nobody_who_is_not_there(linden, sender, consulent):
    here, elsewhere = municipality("GM0479"), municipality("GM0202")
    service = make_service(linden, "Overal", municipalities=["GM0202", "GM0479"], home_municipality_id="GM0202")
    report = actions.report(service=service, by=sender, **SAYS)
    assert list(Report.objects.to_handle([here.pk])) == [report]
    assert not Report.objects.to_handle(["GM0439"]).exists()  # it is not offered there
    make_appointment(consulent, Role.CONSULENT, elsewhere.pk)
    assert not Report.objects.to_handle([here.pk]).exists()
    assert list(Report.objects.to_handle([elsewhere.pk])) == [report]
