"""The logbook: who reviews an organisation's log sees its people and their deeds, and no caregiver by name."""

import datetime
import re
import uuid
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.logbook import actions, weeks
from accounts.logbook.pseudonyms import pseudonym
from accounts.models import Role
from mantelzorg import principals
from mantelzorg.ids import uuid7
from mantelzorg.refusal import Refused
from mantelzorg.working_days import is_working_day
from tests.factories import make_caregiver, make_member
from trail.actions import record_access, record_denied
from trail.models import AccessLogEntry, LogReview

pytestmark = pytest.mark.django_db

LOGBOOK, WEEKS = "/team/logboek/", "/team/logboek/week/"
CODE = re.compile(r"mantelzorger ([0-9A-Z]{4}-[0-9A-Z]{4})")


@pytest.fixture
def anneke(sender):
    return make_caregiver(sender, "Anneke Voorbeeld")


def row_about(caregiver) -> AccessLogEntry:
    return AccessLogEntry.objects.about(caregiver.pk).in_order().first()


def look(by, caregiver, at: datetime.datetime | None = None, **facts) -> AccessLogEntry:
    """A row as it was written then."""
    facts = {"event": "view", "object_type": "intake.caregiver", "object_id": str(caregiver.pk)} | facts
    return AccessLogEntry.objects.create(
        **facts,
        action="R",
        at=at or timezone.now(),
        user_id=by.pk,
        organisation_id=by.organisation_id,
        subject_id=caregiver.pk,
    )


# Reading it -----------------------------------------------------------------------------------------------------------


def test_it_says_who_did_what_without_naming_a_caregiver(client_of, sender, logtoezicht, anneke):
    client_of(sender).get(f"/mantelzorgers/{anneke.pk}/")
    page = client_of(logtoezicht).get(LOGBOOK).text
    assert "Petra de Boer" in page
    assert "Bekeken" in page
    assert "om haar te begeleiden" in page
    assert "Anneke" not in page
    assert str(anneke.pk) not in page


def test_a_caregiver_has_one_code_here_and_another_one_elsewhere(client_of, sender, outsider, logtoezicht, anneke):
    for _ in range(2):
        client_of(sender).get(f"/mantelzorgers/{anneke.pk}/")
    codes = set(CODE.findall(client_of(logtoezicht).get(LOGBOOK).text))
    assert codes == {pseudonym(sender.organisation_id, anneke.pk)}
    assert pseudonym(outsider.organisation_id, anneke.pk) not in codes
    assert pseudonym(sender.organisation_id, uuid7()) not in codes


def test_the_code_of_a_caregiver_never_changes(settings):
    settings.SECRET_KEY = "a key of the tests"
    assert pseudonym(uuid.UUID(int=1), uuid.UUID(int=2)) == pseudonym(uuid.UUID(int=1), uuid.UUID(int=2)) == "SF58-NZJC"
    settings.SECRET_KEY = "another key"
    assert pseudonym(uuid.UUID(int=1), uuid.UUID(int=2)) != "SF58-NZJC"


def test_of_other_organisations_it_shows_nothing(client_of, outsider, logtoezicht):
    foreign = make_caregiver(outsider, "Dora Elders")
    client_of(outsider).get(f"/mantelzorgers/{foreign.pk}/")
    assert "Geert Hofstra" not in client_of(logtoezicht).get(LOGBOOK).text
    assert client_of(logtoezicht).get(f"/team/logboek/{row_about(foreign).pk}/naam/").status_code == 404


@pytest.mark.parametrize("who", ["sender", "beheerder", "coordinator", "functional_admin"])
def test_nobody_else_reads_it_and_the_attempt_is_on_record(client_of, request, anneke, who):
    person = request.getfixturevalue(who)
    addresses = [LOGBOOK, WEEKS, f"/team/logboek/{row_about(anneke).pk}/naam/", f"{WEEKS}2026/3/"]
    for address in addresses:
        assert client_of(person).get(address).status_code == 404
        assert client_of(person).post(address).status_code == 404
    assert AccessLogEntry.objects.filter(user_id=person.pk, event="denied").count() == 2 * len(addresses)


def test_reading_it_is_logged_with_the_names_of_the_filters(client_of, sender, logtoezicht):
    client_of(logtoezicht).get(LOGBOOK, {"medewerker": sender.acting.pk, "geweigerd": "on"})
    row = AccessLogEntry.objects.get(user_id=logtoezicht.pk, event="log_read")
    assert (row.object_id, row.filters, row.subject_id) == ("logbook", ["periode", "medewerker", "geweigerd"], None)


def lines(page: str) -> list[str]:
    return [re.sub(r"<[^>]*>", " ", line) for line in re.findall(r"<tr><th scope=\"row\">.*?</tr>", page, re.S)]


def test_it_can_be_narrowed_by_person_deed_days_and_refusals(client_of, sender, colleague, logtoezicht, anneke):
    look(colleague, anneke)
    look(sender, anneke, at=timezone.now() - datetime.timedelta(days=10))
    record_denied(by=colleague, page="x")
    ask = client_of(logtoezicht).get
    assert len(lines(ask(LOGBOOK, {"medewerker": colleague.acting.pk}).text)) == 2
    assert len(lines(ask(LOGBOOK, {"medewerker": colleague.acting.pk, "actie": "view"}).text)) == 1
    assert len(lines(ask(LOGBOOK, {"geweigerd": "on"}).text)) == 1
    day = timezone.localdate() - datetime.timedelta(days=10)
    assert len(lines(ask(LOGBOOK, {"van": day, "tot": day}).text)) == 1
    assert "niets over" in ask(LOGBOOK, {"van": "2020-01-01", "tot": "2020-01-02"}).text
    for nonsense in (
        {"medewerker": uuid7()},
        {"van": "gisteren"},
        {"actie": "alles"},
        {"na": "x"},
        {"tot": "9999-12-31"},
    ):
        assert ask(LOGBOOK, nonsense).status_code == 200


def test_pages_go_by_key_and_cost_the_same(client_of, sender, logtoezicht, anneke):
    client, moment = client_of(logtoezicht), timezone.now() - datetime.timedelta(days=2)
    client.get(LOGBOOK)

    def queries() -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            client.get(LOGBOOK)
        return [query["sql"] for query in asked]

    few = queries()
    for number in range(90):
        look(sender, anneke, at=moment + datetime.timedelta(minutes=number))
    many = queries()
    assert len(many) == len(few)
    assert not [sql for sql in many if "OFFSET" in sql or "COUNT(" in sql]
    seen, address = [], LOGBOOK
    while address:
        page = client.get(address).text
        seen += lines(page)
        following = re.search(r'rel="next" href="([^"]*)"', page)
        address = following and following[1].replace("&amp;", "&")
    assert len([line for line in seen if "Petra de Boer" in line]) == 91  # and the row of her record


# One name -------------------------------------------------------------------------------------------------------------


def ask_name(client, entry, reason: str = "Vraag van haar dochter", **more):
    return client.post(f"/team/logboek/{entry.pk}/naam/", {"reason": reason, "once": uuid7(), **more})


def test_a_name_is_shown_once_for_a_reason_that_is_logged(client_of, logtoezicht, anneke):
    client, once = client_of(logtoezicht), uuid7()
    assert "Anneke" not in client.get(f"/team/logboek/{row_about(anneke).pk}/naam/").text
    assert "Anneke Voorbeeld" in ask_name(client, row_about(anneke), once=once).text
    again = ask_name(client, row_about(anneke), once=once)
    assert "Anneke" not in again.text
    assert "al getoond" in again.text
    (row,) = AccessLogEntry.objects.filter(event="log_read", subject_id=anneke.pk)
    assert (row.user_id, row.purpose, row.fields) == (logtoezicht.pk, "Vraag van haar dochter", ["name"])


@pytest.mark.parametrize("reason", ["", "  ", "zomaar", "x" * 201])
def test_without_a_reason_there_is_no_name(client_of, logtoezicht, anneke, reason):
    assert "Anneke" not in ask_name(client_of(logtoezicht), row_about(anneke), reason).text
    assert not AccessLogEntry.objects.filter(event="log_read", subject_id=anneke.pk).exists()


def test_a_name_of_another_organisation_is_not_there_to_be_shown(client_of, sender, outsider, logtoezicht):
    foreign = make_caregiver(outsider, "Dora Elders")
    page = ask_name(client_of(logtoezicht), look(sender, foreign, relation="referral")).text
    assert "Dora" not in page
    assert "andere organisatie" in page


def test_the_database_gives_a_reviewer_that_one_name_and_no_other_caregiver(sender, logtoezicht, anneke):
    other = make_caregiver(sender, "Berta Anders")
    organisation = logtoezicht.organisation
    with principals.acting(principals.member(logtoezicht)):
        assert list(organisation.caregivers.all()) == []
        with principals.acting(principals.job("naam", subject=anneke.pk, log_of=organisation.pk)):
            assert [caregiver.name for caregiver in organisation.caregivers.all()] == ["Anneke Voorbeeld"]
            assert organisation.caregivers.name_of(other.pk) == ""
        assert list(organisation.caregivers.all()) == []


# The weekly review ----------------------------------------------------------------------------------------------------


@pytest.fixture
def monday() -> datetime.date:
    return weeks.last_monday(timezone.localdate())


def at(day: datetime.date, hour: int = 10) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


def sentences(user, monday) -> list[str]:
    return [f"{outlier.who} {outlier.sentence}" for outlier in weeks.outliers(user, monday)]


def week_url(monday: datetime.date) -> str:
    year, number, _ = monday.isocalendar()
    return f"{WEEKS}{year}/{number}/"


@pytest.fixture
def working_day(monday) -> datetime.date:
    return next(day for day in (monday + datetime.timedelta(days=number) for number in range(5)) if is_working_day(day))


def test_an_ordinary_week_has_no_outliers(sender, colleague, logtoezicht, anneke, working_day, monday):
    for person in (sender, colleague):
        look(person, anneke, at=at(working_day))
        look(person, anneke, at=at(working_day, 2), event="search", object_id="")  # a list is not opening her
    assert sentences(logtoezicht, monday) == []


def test_many_caregivers_stand_out(sender, colleague, logtoezicht, working_day, monday):
    people = [make_caregiver(sender, f"Iemand {number}") for number in range(weeks.MANY)]
    for caregiver in people:
        look(sender, caregiver, at=at(working_day))
    for caregiver in people[:3]:
        look(colleague, caregiver, at=at(working_day))
    assert sentences(logtoezicht, monday) == ["Petra de Boer opende 30 mantelzorgers"]


@pytest.mark.parametrize(("days", "hour", "stands_out"), [(5, 12, True), (0, 6, True), (0, 21, True), (0, 19, False)])
def test_looks_outside_office_hours_stand_out(sender, logtoezicht, anneke, working_day, monday, days, hour, stands_out):
    day = monday + datetime.timedelta(days=days) if days else working_day
    look(sender, anneke, at=at(day, hour))
    assert bool(sentences(logtoezicht, monday)) == stands_out


def test_opening_a_colleague_who_is_a_caregiver_herself_stands_out(sender, colleague, logtoezicht, working_day, monday):
    hers = make_caregiver(sender, "Karím  haddad")  # as it was typed
    look(sender, hers, at=at(working_day))
    assert sentences(logtoezicht, monday) == [
        "Petra de Boer opende 1 keer een mantelzorger die ook een collega lijkt te zijn"
    ]
    assert "haddad" not in sentences(logtoezicht, monday)[0]


def test_refusals_and_names_that_were_asked_for_stand_out(sender, colleague, logtoezicht, anneke, working_day, monday):
    look(colleague, anneke, at=at(working_day), outcome="denied", event="denied")
    look(colleague, anneke, at=at(working_day), outcome="denied", event="login_failed")  # a typing error
    look(logtoezicht, anneke, at=at(working_day), event="log_read")
    assert sentences(logtoezicht, monday) == [
        "Karim Haddad probeerde 1 keer iets te openen wat niet mocht of er niet was",
        "Ton Visser vroeg in het logboek 1 naam op",
    ]


def test_the_page_of_a_week_links_each_outlier_to_its_rows(
    client_of, colleague, logtoezicht, anneke, monday, working_day
):
    look(colleague, anneke, at=at(working_day), outcome="denied", event="denied")
    client = client_of(logtoezicht)
    page = client.get(week_url(monday)).text
    address = re.search(r'href="(/team/logboek/\?[^"]*)"', page)[1].replace("&amp;", "&")
    assert len(lines(client.get(address).text)) == 1


def test_one_signature_is_enough_from_who_looked_at_nobody(client_of, logtoezicht, sender, anneke, monday, working_day):
    look(sender, anneke, at=at(working_day))
    client = client_of(logtoezicht)
    assert "Nog na te kijken" in client.get(WEEKS).text
    assert client.post(week_url(monday), {"remark": "Niets bijzonders."}).status_code == 302
    assert "Nagekeken" in client.get(WEEKS).text
    (review,) = LogReview.objects.all()
    assert (review.user_id, review.week, review.own_looks) == (logtoezicht.pk, monday, 0)
    assert AccessLogEntry.objects.filter(event="log_review", user_id=logtoezicht.pk).count() == 1


@pytest.mark.parametrize("second_looked_too", [False, True])
def test_nobody_signs_alone_for_a_week_with_looks_of_her_own(
    client_of, practice, anneke, monday, working_day, second_looked_too
):
    first, second = (
        make_member(name, practice, Role.VERWIJZER, Role.LOGTOEZICHT, profession="poh")
        for name in ("Ina Een", "Tine Twee")
    )
    look(first, anneke, at=at(working_day))
    if second_looked_too:
        look(second, anneke, at=at(working_day))
    client = client_of(first)
    assert "niet alleen" in client.get(week_url(monday)).text
    client.post(week_url(monday), {"remark": "Ik keek bij Anneke."})
    page = client.get(week_url(monday)).text
    assert "Een tweede handtekening is nodig" in page
    assert not weeks.week_of(first, monday).is_signed
    with pytest.raises(Refused):
        actions.sign_week(monday=monday, by=first, remark="Nog een keer.")
    assert not weeks.week_of(first, monday).is_signed
    client_of(second).post(week_url(monday), {"remark": "Gezien, klopt."})
    assert weeks.week_of(first, monday).is_signed


def test_a_name_she_asked_for_is_a_look_of_her_own(logtoezicht, anneke, monday, working_day):
    look(logtoezicht, anneke, at=at(working_day), event="log_read")
    actions.sign_week(monday=monday, by=logtoezicht, remark="Gezien.")
    assert not weeks.week_of(logtoezicht, monday).is_signed


def test_a_week_that_is_not_over_cannot_be_signed(client_of, logtoezicht, monday):
    this_week = monday + datetime.timedelta(days=7)
    assert client_of(logtoezicht).get(week_url(this_week)).status_code == 404
    assert client_of(logtoezicht).get(f"{WEEKS}2026/54/").status_code == 404
    with pytest.raises(Refused):
        actions.sign_week(monday=this_week, by=logtoezicht, remark="Alvast.")


def test_a_signature_says_something(client_of, logtoezicht, monday):
    assert "Fout:" in client_of(logtoezicht).post(week_url(monday), {"remark": " "}).text
    assert not LogReview.objects.exists()


def test_signatures_of_another_organisation_do_not_count(logtoezicht, other_practice, monday):
    other = make_member("Olga Ooit", other_practice, Role.LOGTOEZICHT, profession=None)
    actions.sign_week(monday=monday, by=other, remark="Gezien.")
    assert not weeks.week_of(logtoezicht, monday).is_signed
    assert weeks.week_of(other, monday).is_signed


def test_vandaag_says_how_many_weeks_wait(client_of, logtoezicht, sender, anneke, monday):
    look(sender, anneke, at=at(monday))
    assert "Er wacht één week om na te kijken." in client_of(logtoezicht).get("/").text
    look(sender, anneke, at=at(monday - datetime.timedelta(days=7)))
    assert "Er wachten 2 weken om na te kijken." in client_of(logtoezicht).get("/").text


def test_rows_are_in_order_the_last_first(client_of, sender, logtoezicht, anneke):
    for event in ("view", "update", "print"):
        record_access(by=sender, event=event, action="R", obj=anneke, subject=anneke.pk)
    said = " ".join(lines(client_of(logtoezicht).get(LOGBOOK).text))
    places = [said.index(word) for word in ("Pdf gemaakt", "Gewijzigd", "Bekeken")]
    assert all(one < other for one, other in pairwise(places))
