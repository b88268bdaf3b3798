"""The link in the mail: what it opens, what it does not, and that looking at it says nothing."""

import datetime
import html
import threading

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sociale_kaart.actions import confirm_service
from sociale_kaart.editing.actions import accept_proposal
from sociale_kaart.freshness import actions
from sociale_kaart.models import Change, CheckItem, CheckRequest, Organisation, Proposal, Service
from sociale_kaart.permissions import DirectoryLoader
from tests.sociale_kaart.freshness.conftest import DAY, ask_now, due, link
from trail.models import AccessLogEntry

NOW_CLOSED = "Deze link werkt niet meer"


@pytest.fixture(autouse=True)
def empty_cache(db):
    cache.clear()


def said(response) -> str:
    return html.unescape(response.content.decode())


def stands(service) -> dict:
    return Service.objects.filter(pk=service.pk).values("checked_on", "phone", "summary", "next_check_on").get()


def test_looking_says_nothing(client, question, stay):
    before, changes = stands(stay), Change.objects.count()
    for method in ("get", "head"):
        for address in (link(question), link(question, stay.slug)):
            assert getattr(client, method)(address).status_code == 200
    assert client.get(link(question), {"klopt": "alles"}).status_code == 200
    assert stands(stay) == before
    assert Change.objects.count() == changes
    assert stay.check_items.get().is_open


def test_the_card_as_it_is_and_one_button(client, question, stay):
    text = said(client.get(link(question)))
    assert "Logeren" in text
    assert "075 555 0199" in text
    assert text.count('name="klopt"') == 1
    assert "info@delinden.example" in text  # what the card says; it is the address she reads this at


def test_one_click_without_an_account(client, question, stay):
    response = client.post(link(question), {"klopt": stay.slug})
    assert response["Location"] == link(question)
    assert "Dank je wel" in said(client.get(link(question)))
    stay.refresh_from_db()
    assert stay.checked_on == timezone.localdate()
    assert stay.checked_by is None
    change = Change.objects.of_service(stay).get(what="nagekeken")
    assert (change.by, change.said_by) == (None, "de aanbieder, via de mail")
    assert AccessLogEntry.objects.filter(object_type="sociale_kaart.checkitem", action="U").count() == 1
    question.refresh_from_db()
    assert question.closed_at


def test_a_second_click_says_nothing_new(client, question, stay):
    for _ in range(3):
        assert client.post(link(question), {"klopt": stay.slug}).status_code in (200, 302)
    assert Change.objects.of_service(stay).filter(what="nagekeken").count() == 1


def test_nobody_is_thanked_for_what_was_not_kept(client, linden, consulent):
    first, second = due(linden, "Logeren"), due(linden, "Dagje uit")
    question = ask_now(first, second)
    typed_by_one = typed(client, question, first, phone="075 555 0400", words="Nieuw nummer.")
    client.post(link(question), {"klopt": first.slug})  # a colleague at the same address
    late = client.post(link(question, first.slug), typed_by_one)
    assert late.status_code == 409
    assert "Je antwoord is niet bewaard" in said(late)
    assert "075 555 0400" in said(late)
    assert not Proposal.objects.exists()
    CheckRequest.objects.update(asked_at=timezone.now() - 90 * DAY, expires_at=timezone.now() - DAY)
    question.refresh_from_db()
    late = client.post(link(question), {"klopt": second.slug})
    assert (late.status_code, second.check_items.get().answer) == (409, "")
    assert client.get(link(question)).status_code == 410


def test_nobody_is_thanked_when_the_address_changed_meanwhile(client, linden):
    first, second = due(linden, "Logeren"), due(linden, "Dagje uit")
    question = ask_now(first, second)
    client.post(link(question), {"klopt": first.slug})
    Service.objects.filter(pk=second.pk).update(email="ander@delinden.example")
    late = client.post(link(question), {"klopt": second.slug})
    assert (late.status_code, "Dank je wel" in said(late)) == (409, False)
    assert "Dank je wel" not in said(client.get(link(question)))


@pytest.mark.parametrize("odd", ["\x00", "bestaat-niet", "x" * 5000, ""])
def test_an_answer_about_something_else_says_nothing(client, question, stay, odd):
    assert client.post(link(question), {"klopt": odd})["Location"] == link(question)
    assert stay.check_items.get().is_open


def test_headers_keep_the_link_to_itself(client, question, stay):
    for address in (link(question), link(question, stay.slug), "/klopt-nog/geraden/"):
        response = client.get(address)
        assert response["Cache-Control"] == "no-store"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["X-Robots-Tag"] == "noindex"


def forged(question) -> list[str]:
    """Links that are almost right."""
    first, _, signature = question.token.partition(".")
    other = CheckRequest(organisation=question.organisation, to=question.to, expires_at=question.expires_at)
    other_first = other.token.partition(".")[0]
    return [
        f"{first}.{signature[:-1]}{'a' if signature[-1] != 'a' else 'b'}",
        f"{first}.",
        first,
        f"{other_first}.{signature}",
        f"{first}=.{signature}",
        f"{first}.{signature}.x",
        other.token,
        "geraden",
        ".",
        "\u00e9.\u00e9",
    ]


def test_a_forged_link_opens_nothing_and_all_look_the_same(client, question, stay):
    pages = set()
    for token in forged(question):
        for method in ("get", "post"):
            response = getattr(client, method)(f"/klopt-nog/{token}/", {"klopt": "alles"})
            assert response.status_code == 410, token
            pages.add(said(response))
    assert len(pages) == 1
    assert "Logeren" not in pages.pop()
    assert stay.check_items.get().is_open
    assert AccessLogEntry.objects.filter(outcome="denied", object_id="check_by_link").exists()


@pytest.mark.parametrize("changed", [{"to": "ander@x.example"}, {"expires_at": timezone.now() + 99 * DAY}])
def test_a_link_belongs_to_this_address_and_this_term(client, question, changed):
    address = link(question)
    CheckRequest.objects.filter(pk=question.pk).update(**changed)
    assert client.get(address).status_code == 410


def test_a_former_key_still_opens(client, question, settings):
    address = link(question)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, of more than fifty characters, for this test only"
    assert client.get(address).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get(address).status_code == 410


def test_an_expired_link_confirms_nothing(client, question, stay):
    address, before = link(question), stands(stay)
    with pytest.raises(actions.LinkClosed):
        actions.confirm_by_link(request=question, now=question.expires_at)
    moment = timezone.now() - datetime.timedelta(seconds=1)
    CheckRequest.objects.filter(pk=question.pk).update(expires_at=moment, asked_at=moment - DAY)
    question.refresh_from_db()
    assert client.get(address).status_code == 410  # signed for another term
    late = client.post(link(question), {"klopt": "alles"})
    assert (late.status_code, "Je antwoord is niet bewaard" in said(late)) == (409, True)
    assert stands(stay) == before


def test_another_service_is_not_in_this_question(client, question, stay, linden, consulent):
    other = due(linden, "Dagje uit")
    before = stands(other)
    client.post(link(question), {"klopt": other.slug})
    assert stands(other) == before
    assert client.get(link(question, other.slug))["Location"] == link(question)
    assert client.post(link(question, other.slug), {"phone": "075 555 0100"})["Location"] == link(question)
    with pytest.raises(actions.LinkClosed):
        actions.correct_by_link(request=question, slug=other.slug, fields={"phone": "075 555 0100"})
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("what", ["checked", "paused", "address", "moved"])
def test_an_overtaken_link(client, question, stay, practice, what):
    if what == "checked":
        confirm_service(service=stay, by=DirectoryLoader("test"))
    elif what == "paused":
        Service.objects.filter(pk=stay.pk).update(status="paused")
    elif what == "address":
        Organisation.objects.filter(pk=stay.organisation_id).update(email="nieuw@delinden.example")
    else:
        Service.objects.filter(pk=stay.pk).update(organisation=practice, email="info@delinden.example")
    before, changes = stands(stay), Change.objects.count()
    assert NOW_CLOSED in said(client.get(link(question)))
    client.post(link(question), {"klopt": "alles"})
    assert client.get(link(question, stay.slug)).status_code == 410
    assert stands(stay) == before
    assert Change.objects.count() == changes


def test_a_newer_question_takes_over(client, question, stay, consulent):
    actions.mail_about(service=stay, choice="niet-dit", by=consulent)
    actions.mail_about(service=stay, choice="ja", by=consulent)
    newer = actions.ask_by_hand(service=stay, by=consulent)
    assert client.get(link(question)).status_code == 410
    assert client.get(link(newer)).status_code == 200


def test_many_services_one_by_one_or_all_at_once(client, linden):
    services = [due(linden, f"Dienst {number}") for number in range(6)]
    question = ask_now(*services)
    assert "Alle 6 kloppen nog" in said(client.get(link(question)))
    client.post(link(question), {"klopt": services[0].slug})
    text = said(client.get(link(question)))
    assert "Jij gaf door dat dit klopt." in text
    assert "Alle 5 kloppen nog" in text
    client.post(link(question), {"klopt": "alles"})
    assert "Dank je wel" in said(client.get(link(question)))
    assert not Service.objects.stale().exists()


def test_the_number_of_queries_does_not_grow_with_the_services(client, linden):
    def count(*services) -> int:
        question = ask_now(*services)
        client.get(link(question))  # for the cache
        with CaptureQueriesContext(connection) as queries:
            assert client.get(link(question)).status_code == 200
        return len(queries)

    few = count(due(linden, "Een"))
    assert count(*(due(linden, f"Dienst {number}") for number in range(30))) == few


# Correcting ---------------------------------------------------------------------------------------------------------


def typed(client, question, service, **changed) -> dict:
    form = client.get(link(question, service.slug)).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in (shown | changed).items() if value not in (None, False)}


def test_a_correction_is_a_proposal_and_the_card_stays(client, question, stay, consulent):
    before = stands(stay)
    data = typed(client, question, stay, phone="075 555 0200", capacity="wachtlijst", wait_weeks="6")
    assert client.post(link(question, stay.slug), data)["Location"] == link(question)
    assert stands(stay) == before
    proposal = Proposal.objects.get()
    today = timezone.localdate().isoformat()
    said_so = {"phone": "075 555 0200", "capacity": "wachtlijst", "wait_weeks": 6, "capacity_on": today}
    assert proposal.fields == said_so
    assert (proposal.by, proposal.said_by) == (None, "de aanbieder, via de mail")
    assert stay.check_items.get().answer == "voorstel"
    assert "Dank je wel" in said(client.get(link(question)))
    assert list(Proposal.objects.to_handle(["GM0479"])) == [proposal]
    accept_proposal(proposal=proposal, by=consulent)
    stay.refresh_from_db()
    assert (stay.phone, stay.capacity, stay.wait_weeks) == ("075 555 0200", "wachtlijst", 6)
    assert (stay.checked_on, stay.checked_by) == (timezone.localdate(), consulent)  # the owner has been over it


def test_what_somebody_else_changed_meanwhile_is_not_taken_back(client, question, stay):
    data = typed(client, question, stay, words="Op vrijdag zijn we dicht.")
    Service.objects.filter(pk=stay.pk).update(phone="075 555 0300")
    client.post(link(question, stay.slug), data)
    assert Proposal.objects.get().fields == {}
    assert Proposal.objects.get().words == "Op vrijdag zijn we dicht."


def test_gone(client, question, stay):
    client.post(link(question, stay.slug), typed(client, question, stay, gone="on", phone="075 555 0200"))
    assert Proposal.objects.get().words == "Dit aanbod bestaat niet meer."
    assert Proposal.objects.get().fields == {}


@pytest.mark.parametrize(
    ("changed", "why"),
    [({}, "Er is niets veranderd"), ({"phone": "12"}, "kan niet kloppen"), ({"website": "geen site"}, "URL")],
)
def test_what_cannot_be_keeps_the_form(client, question, stay, changed, why):
    response = client.post(link(question, stay.slug), typed(client, question, stay, **changed))
    assert response.status_code == 200
    assert why in said(response)
    for value in changed.values():
        assert value in said(response)
    assert not Proposal.objects.exists()
    assert stay.check_items.get().is_open


def test_a_correction_that_arrives_twice_is_one(client, question, stay):
    data = typed(client, question, stay, words="Op vrijdag dicht.")
    for _ in range(2):
        client.post(link(question, stay.slug), data)
    assert Proposal.objects.count() == 1


def test_so_often_a_minute(client, question, settings):
    settings.CHECK_OPENS_PER_MINUTE = 3
    codes = [client.get("/klopt-nog/geraden/").status_code for _ in range(5)]
    assert codes[:3] == [410, 410, 410]
    assert codes[4] == 429
    assert client.get(link(question)).status_code == 429


def test_another_site_cannot_press_the_button(question, stay):
    client = Client(enforce_csrf_checks=True)
    assert client.post(link(question), {"klopt": stay.slug}).status_code == 403
    assert stay.check_items.get().is_open


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_are_one_confirmation(client, question, stay):
    gate = threading.Barrier(2)

    def press() -> None:
        gate.wait(timeout=10)
        try:
            actions.confirm_by_link(request=CheckRequest.objects.get(pk=question.pk))
        except actions.LinkClosed:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert Change.objects.of_service(stay).filter(what="nagekeken").count() == 1
    assert CheckItem.objects.get().answer == "klopt"
