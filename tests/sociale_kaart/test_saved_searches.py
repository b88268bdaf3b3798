"""Questions that somebody keeps: hers alone, told of by a mail that says nothing, gone when her account is."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from mantelzorg.ids import uuid7
from sociale_kaart import actions as directory
from sociale_kaart.models import SavedSearch, Service
from sociale_kaart.models.saved_search import LIMIT
from sociale_kaart.search.actions import forget_searches, save_search, tell_news
from tests.factories import make_organisation, make_service
from trail.mail import compose
from trail.models import OutboxMessage

LIST = "/sociale-kaart/bewaard/"
NEW = "/sociale-kaart/bewaard/nieuw/"
DAY = datetime.timedelta(days=1)
NOW = timezone.now()

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(sender) -> SavedSearch:
    """Kept two days ago."""
    return save_search(
        name="Logeren",
        question={"soort": "logeerzorg", "gemeente": "GM0479"},
        wants_mail=True,
        by=sender,
        now=NOW - 2 * DAY,
    )


def put_on_the_card(name: str, when: datetime.datetime, **fields) -> Service:
    service = make_service(fields.pop("organisation", None) or make_organisation(), name, published_at=when, **fields)
    directory.refresh_search()
    return service


def mails() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(template="saved_search_news").order_by("created_at"))


# Keeping ------------------------------------------------------------------------------------------------------------


def keep(client, address: str, **typed):
    return client.post(f"{NEW}?{address}", {"form_key": uuid7(), "name": "Mijn vraag", "wants_mail": "on"} | typed)


def test_a_question_is_kept_as_it_was_asked(client_of, sender):
    client = client_of(sender)
    page = client.get(f"{NEW}?q=oppas&gemeente=GM0479&soort=logeerzorg&direct=on&postcode=1506+AB")
    assert page.context["form"].initial["name"] == "Zaanstad, Logeerzorg, Zonder verwijzing"
    assert "Staat er een naam in je zoekwoorden?" in page.text
    assert keep(client, "q=oppas&gemeente=GM0479&soort=logeerzorg&direct=on&postcode=1506+AB").url == LIST
    kept = SavedSearch.objects.get()
    assert kept.user_id == sender.pk
    assert kept.question == {
        "q": "oppas",
        "gemeente": "GM0479",
        "postcode": "1506",  # the letters lead to somebody's door
        "soort": "logeerzorg",
        "direct": "on",
    }
    html = client.get(LIST).text
    assert "Mijn vraag" in html
    assert "/sociale-kaart/?q=oppas&amp;gemeente=GM0479&amp;postcode=1506&amp;soort=logeerzorg&amp;direct=on" in html


def test_what_was_typed_is_never_in_the_name_that_is_offered(client_of, sender):
    page = client_of(sender).get(f"{NEW}?q=anna+de+boer&postcode=1506+AB")
    assert page.context["form"].initial["name"] == ""


def test_for_whom_she_was_looking_is_not_kept(client_of, sender):
    keep(client_of(sender), "q=oppas&voor=01900000-0000-7000-8000-000000000001")
    assert SavedSearch.objects.get().question == {"q": "oppas"}


@pytest.mark.parametrize("address", ["", "volgorde=nagekeken", "postcode=99", "soort=onzin"])
def test_there_must_be_something_to_keep(client_of, sender, address):
    assert keep(client_of(sender), address).url.startswith("/sociale-kaart/")
    assert not SavedSearch.objects.exists()


def test_sent_twice_it_is_kept_once(client_of, sender):
    client, key = client_of(sender), uuid7()
    for _ in range(2):
        assert keep(client, "q=oppas", form_key=key).status_code == 302
    assert SavedSearch.objects.count() == 1


def test_two_may_not_have_one_name_and_there_is_a_limit(client_of, sender, colleague, question):
    client = client_of(sender)
    response = keep(client, "q=oppas", name="Logeren")
    assert "Zo heet al een andere zoekvraag van jou" in response.text
    assert keep(client_of(colleague), "q=oppas", name="Logeren").status_code == 302
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedSearch.objects.create(user=sender, name="Logeren", question={})
    for number in range(LIMIT - 1):
        save_search(name=f"Vraag {number}", question={"q": "x"}, wants_mail=False, by=sender)
    refused = keep(client, "q=oppas")
    assert f"Je bewaart er al {LIMIT}" in refused.text
    assert 'value="Mijn vraag"' in refused.text


def test_nobody_else_sees_changes_or_takes_away_hers(client_of, colleague, question):
    other = client_of(colleague)
    assert "Logeren" not in other.get(LIST).text
    for address in (f"{LIST}{question.pk}/", f"{LIST}{question.pk}/weghalen/"):
        assert other.get(address).status_code == 404
        assert other.post(address, {"form_key": uuid7(), "name": "Van mij"}).status_code == 404
    question.refresh_from_db()
    assert question.name == "Logeren"


def test_she_gives_it_another_name_stops_the_mail_and_takes_it_away(client_of, sender, question):
    client = client_of(sender)
    client.post(f"{LIST}{question.pk}/", {"form_key": uuid7(), "name": "Respijt"})
    question.refresh_from_db()
    assert (question.name, question.wants_mail) == ("Respijt", False)
    assert "Je krijgt hier geen mail over" in client.get(LIST).text
    assert client.get(f"{LIST}{question.pk}/weghalen/").status_code == 200
    assert SavedSearch.objects.exists()
    client.post(f"{LIST}{question.pk}/weghalen/")
    assert not SavedSearch.objects.exists()


# Telling ------------------------------------------------------------------------------------------------------------


def test_what_came_on_the_card_since_and_fits_is_told_once(sender, question):
    put_on_the_card("Logeerhuis", NOW - DAY / 2, kinds=["logeerzorg"])
    put_on_the_card("Al langer hier", NOW - 3 * DAY, kinds=["logeerzorg"])
    put_on_the_card("Iets anders", NOW - DAY / 2)
    put_on_the_card("Elders", NOW - DAY / 2, kinds=["logeerzorg"], municipalities=["GM0014"])
    assert tell_news(now=NOW) == 1
    assert [mail.to for mail in mails()] == [sender.email]
    question.refresh_from_db()
    assert [Service.objects.get(pk=pk).name for pk in question.found] == ["Logeerhuis"]
    assert tell_news(now=NOW) == 0
    assert tell_news(now=NOW + 2 * DAY) == 0
    assert len(mails()) == 1


def test_one_mail_for_all_her_questions_and_one_a_day(sender, question):
    save_search(name="Gratis", question={"kosten": "gratis"}, wants_mail=True, by=sender, now=NOW - DAY / 2)
    put_on_the_card("Logeerhuis", NOW - DAY / 4, kinds=["logeerzorg"], cost_kind="gratis")
    assert tell_news(now=NOW) == 1
    put_on_the_card("Nog een", NOW + DAY / 4, kinds=["logeerzorg"])
    assert tell_news(now=NOW + DAY / 2) == 0
    assert tell_news(now=NOW + DAY + datetime.timedelta(minutes=1)) == 1
    assert len(mails()) == 2


def test_who_stopped_it_or_may_not_log_in_hears_nothing(sender, question):
    put_on_the_card("Logeerhuis", NOW - DAY / 2, kinds=["logeerzorg"])
    SavedSearch.objects.update(wants_mail=False)
    assert tell_news(now=NOW) == 0
    SavedSearch.objects.update(wants_mail=True)
    User.objects.filter(pk=sender.pk).update(is_active=False)
    assert tell_news(now=NOW) == 0
    assert mails() == []


@pytest.mark.parametrize(
    ("words", "is_told"),
    [
        ("logeerhuis zaan", True),
        ("logerhuis", True),
        ("weekend weg", True),
        ("logeerhuis met paarden", False),
        ("oppas", False),
    ],
)
def test_words_fit_when_all_of_them_do_also_as_they_were_meant(sender, words, is_told):
    save_search(name="x", question={"q": words}, wants_mail=True, by=sender, now=NOW - 2 * DAY)
    put_on_the_card("Logeerhuis aan de Zaan", NOW - DAY, kinds=["logeerzorg"])
    assert tell_news(now=NOW) == int(is_told)


def test_an_answer_that_is_no_longer_there_finds_nothing_and_breaks_nothing(sender, question, client_of):
    SavedSearch.objects.update(question={"soort": "bestaat-niet-meer"})
    put_on_the_card("Logeerhuis", NOW - DAY / 2, kinds=["logeerzorg"])
    assert tell_news(now=NOW) == 0
    assert client_of(sender).get(LIST).status_code == 200


def test_the_mail_says_neither_what_she_asks_nor_who_she_is(sender, question):
    SavedSearch.objects.update(question={"q": "oppas anna"}, name="Voor mevrouw Jansen")
    put_on_the_card("Oppas Anna", NOW - DAY)
    assert tell_news(now=NOW) == 1
    (message,) = mails()
    assert message.context == {"path": LIST}
    mail = compose(message)
    text = f"{mail.subject}\n{mail.body}".lower()
    for word in ("anna", "oppas", "jansen", "petra"):
        assert word not in text
    assert LIST in mail.body


def test_her_page_shows_what_was_new_as_long_as_it_is_there(client_of, sender, question):
    service = put_on_the_card("Logeerhuis", NOW - DAY / 2, kinds=["logeerzorg"])
    tell_news(now=NOW)
    assert 'href="/sociale-kaart/aanbod/logeerhuis/">Logeerhuis' in client_of(sender).get(LIST).text
    Service.objects.filter(pk=service.pk).update(status="paused")
    assert "Logeerhuis" not in client_of(sender).get(LIST).text


def test_twenty_questions_cost_as_many_queries_as_one(client_of, sender, question):
    client = client_of(sender)
    SavedSearch.objects.update(found=[put_on_the_card("Logeerhuis", NOW).pk])
    client.get(LIST)
    counts = []
    for number in range(LIMIT):
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
        if number:
            asked = {"gemeente": "GM0479", "postcode": "1506"}
            save_search(name=f"Vraag {number}", question=asked, wants_mail=False, by=sender)
    assert client.get(LIST).text.count("card__title") == LIMIT
    assert set(counts) == {counts[0]}


# Ending -------------------------------------------------------------------------------------------------------------


def test_with_her_account_or_her_last_membership_they_go(sender, colleague, functional_admin, question):
    for person in (colleague, functional_admin):
        save_search(name="x", question={"q": "x"}, wants_mail=True, by=person)
    assert forget_searches(now=NOW) == 0
    sender.memberships.update(ended_at=NOW)
    assert forget_searches(now=NOW) == 1
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    assert forget_searches(now=NOW) == 1
    assert [search.user_id for search in SavedSearch.objects.all()] == [functional_admin.pk]
