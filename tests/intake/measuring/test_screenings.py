"""Measurements of one caregiver: noted once, read in plain words, taken back but never rewritten."""

import datetime
import json
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from intake import actions as intake
from intake.measuring import actions, reading
from intake.models import BurdenAnswer, Screening
from knowledge.models import Instrument
from mantelzorg.refusal import Refused
from tests.factories import make_caregiver
from tests.intake.conftest import words

DAY = datetime.timedelta(days=1)


@pytest.fixture
def anna(sender):
    return make_caregiver(sender, "Anna de Boer")


def page(caregiver, rest: str = "") -> str:
    return f"/mantelzorgers/{caregiver.pk}/metingen/{rest}"


def measured(caregiver, by, slug="csi", total=8, days=0, **details) -> Screening:
    instrument = Instrument.objects.get(pk=slug)
    details.setdefault("version", instrument.makers[:120])
    return actions.record_screening(
        caregiver=caregiver,
        by=by,
        instrument=instrument,
        taken_on=timezone.localdate() - days * DAY,
        total=total,
        **details,
    )


def agreed(seen: str, words: str) -> dict:
    return {"seen": json.dumps({"agreed": seen}), "agreed": words}


def sent(**data) -> dict:
    return {"form_key": str(uuid.uuid4()), "taken_on": timezone.localdate().isoformat(), **data}


# Noting -------------------------------------------------------------------------------------------------------------


def test_a_total_is_noted_once_however_often_the_button_is_pressed(client_of, sender, anna, looks):
    browser, data = client_of(sender), sent(total="8", note="Op papier ingevuld")
    for _ in range(3):
        answer = browser.post(page(anna, "nieuw/csi/"), data)
    screening = Screening.objects.get()
    assert answer.url == f"/metingen/{screening.pk}/"
    assert (screening.total, screening.instrument_id, screening.note) == (8, "csi", "Op papier ingevuld")
    assert looks(sender, event="create").get(object_type="intake.screening").fields == ["screenings"]
    assert anna.timeline.last_of_kind("meting").text == "Meting: Caregiver Strain Index (CSI)."


@pytest.mark.parametrize(
    ("total", "said"),
    [
        ("", "Vul de score in."),
        ("14", "De score is hoogstens 13."),
        ("-1", "De score is minstens 0."),
        ("zeven", "Vul een heel getal in."),
    ],
)
def test_a_score_that_cannot_be_is_said_at_the_field_and_nothing_is_lost(client_of, sender, anna, total, said):
    answer = client_of(sender).post(page(anna, "nieuw/csi/"), sent(total=total, note="Blijft staan"))
    assert said in words(answer)
    assert "Blijft staan" in answer.text
    assert not Screening.objects.exists()


def test_a_day_that_has_to_come_is_refused(client_of, sender, anna):
    tomorrow = (timezone.localdate() + DAY).isoformat()
    answer = client_of(sender).post(page(anna, "nieuw/csi/"), sent(total="3", taken_on=tomorrow))
    assert "Deze dag moet nog komen." in words(answer)


def test_the_ediz_asks_which_version(client_of, sender, anna):
    browser = client_of(sender)
    assert "Kies welke versie je gebruikte." in words(browser.post(page(anna, "nieuw/ediz/"), sent(total="4")))
    browser.post(page(anna, "nieuw/ediz/"), sent(total="4", version="Drie antwoorden"))
    assert Screening.objects.get().version == "Drie antwoorden"


def test_the_seven_sides_of_her_life_are_a_profile_with_a_sum(client_of, sender, anna):
    browser = client_of(sender)
    data = sent(a="2", b="0", c="1", d="0", e="2", f="1", g="0", vas="6")
    missing = {name: value for name, value in data.items() if name != "c"}
    assert "Zonder dit antwoord is er geen som." in words(browser.post(page(anna, "nieuw/carerqol-7d/"), missing))
    answer = browser.post(page(anna, "nieuw/carerqol-7d/"), data, follow=True)
    screening = Screening.objects.get()
    assert screening.total == 10
    assert screening.answers == {"a": 2, "b": 2, "c": 1, "d": 2, "e": 0, "f": 1, "g": 2, "vas": 6}
    said = words(answer)
    assert "10 van 14" in said
    assert "Geldzorgen veel (0 van 2 punten)" in said
    assert "6 van 10" in said


@pytest.mark.parametrize("slug", ["zbi-12", "zbi-22", "carerqol-vas", "bordje-vol", "bestaat-niet"])
def test_nothing_else_is_offered(client_of, sender, anna, slug):
    browser = client_of(sender)
    assert browser.get(page(anna, f"nieuw/{slug}/")).status_code == 404
    assert browser.post(page(anna, f"nieuw/{slug}/"), sent(total="5")).status_code == 404


# Reading ------------------------------------------------------------------------------------------------------------


def test_over_a_cut_off_it_asks_what_was_agreed_until_that_is_written(client_of, sender, anna):
    browser, screening = client_of(sender), measured(anna, sender, total=7)
    assert "Wat hebben jullie afgesproken?" in browser.get(page(anna)).text
    said = words(browser.get(f"/metingen/{screening.pk}/"))
    assert "vanaf 7 punten spreekt de bron van overbelasting." in said
    assert "Wat het niet zegt" in said
    assert "Robinson (1983)" in said
    browser.post(f"/metingen/{screening.pk}/", agreed("", "Dinsdag bel ik de consulent."))
    screening.refresh_from_db()
    assert screening.agreed == "Dinsdag bel ik de consulent."
    assert "Wat hebben jullie afgesproken?" not in browser.get(page(anna)).text
    assert not Screening.objects.to_agree_on().exists()


def test_every_score_over_a_cut_off_asks_also_when_a_newer_one_is_under_it(client_of, sender, anna):
    old = measured(anna, sender, total=9, days=40)
    measured(anna, sender, total=2)
    asked = client_of(sender).get(page(anna)).text.split("Wat hebben jullie afgesproken?")[1].split("</section>")[0]
    assert f"/metingen/{old.pk}/" in asked


def test_two_who_write_an_agreement_at_once_lose_nothing(client_of, sender, colleague, anna):
    screening = measured(anna, sender, total=9)
    client_of(sender).post(f"/metingen/{screening.pk}/", agreed("", "Ik bel dinsdag."))
    answer = client_of(colleague).post(f"/metingen/{screening.pk}/", agreed("", "Wij bellen samen."))
    assert f"Dit is intussen gewijzigd door {sender}." in words(answer)
    assert "Ik bel dinsdag." in answer.text
    assert "Wij bellen samen." in answer.text
    screening.refresh_from_db()
    assert screening.agreed == "Ik bel dinsdag."


def test_a_score_is_read_by_what_was_published_on_its_day(client_of, sender, anna):
    screening = measured(anna, sender, "ediz-plus", total=15)
    plus = Instrument.objects.get(pk="ediz-plus")
    plus.bands.update(score_from=0, score_to=0)
    Instrument.objects.filter(pk="ediz-plus").update(cut_off=12, score_to=14)
    for address in (page(anna), f"/metingen/{screening.pk}/"):
        said = words(client_of(sender).get(address))
        assert "15 van 15" in said
        assert "zwaar" in said
    assert "vanaf 9 punten" in said


def test_a_rare_instrument_is_not_pushed_off_by_one_that_is_used_often(client_of, sender, anna):
    measured(anna, sender, "ediz-plus", total=3, days=400)
    for days in range(60):
        measured(anna, sender, total=2, days=days)
    browser = client_of(sender)
    assert "3 van 15" in browser.get(page(anna)).text
    history = browser.get(page(anna, "alle/csi/"))
    assert history.text.count("2 van 13") == 20
    assert "na=" in history.text
    assert f"{page(anna)}alle/csi/" in browser.get(page(anna)).text
    assert browser.get(page(anna, "alle/zbi-12/")).status_code == 404


@pytest.mark.parametrize(
    ("slug", "total", "answers"),
    [
        ("carerqol-7d", 10, {}),
        ("carerqol-7d", 9, {"a": 2, "b": 2, "c": 1, "d": 2, "e": 0, "f": 1, "g": 2}),
        ("carerqol-7d", 10, {"a": 4, "b": 0, "c": 1, "d": 2, "e": 0, "f": 1, "g": 2}),
        ("carerqol-7d", 10, {"a": 2, "b": 2, "c": 1, "d": 2, "e": 0, "f": 1, "g": 2, "vas": 11}),
        ("carerqol-7d", 10, {"a": 2, "b": 2, "c": 1, "d": 2, "e": 0, "f": 3}),
        ("csi", 1, {"slaap": 1}),
    ],
)
def test_a_score_that_is_not_what_the_answers_add_up_to_is_refused(sender, anna, slug, total, answers):
    with pytest.raises(Refused, match="niet de som"):
        measured(anna, sender, slug, total, answers=answers)


def test_under_it_nothing_is_asked_and_nothing_concluded(client_of, sender, anna):
    measured(anna, sender, total=6)
    assert "Wat hebben jullie afgesproken?" not in client_of(sender).get(page(anna)).text
    assert not Screening.objects.to_agree_on().exists()


def test_what_goes_up_is_heavier_and_of_the_carerqol_lighter(client_of, sender, anna):
    for days, total, sides in ((30, 5, "1111100"), (0, 9, "2211111")):
        answers = dict(zip("abcdefg", map(int, sides), strict=True))
        measured(anna, sender, "carerqol-7d", total, days, answers=answers)
    measured(anna, sender, "ediz-plus", 4, 30)
    measured(anna, sender, "ediz-plus", 9, 0)
    said = words(client_of(sender).get(page(anna)))
    assert "(4), dus zwaarder." in said
    assert "(5), dus lichter." in said


def test_two_versions_are_not_compared(client_of, sender, anna):
    measured(anna, sender, "ediz", 3, 30, version="Drie antwoorden")
    measured(anna, sender, "ediz", 6, 0, version="Vijf antwoorden (nee! tot ja!)")
    assert "dus zwaarder" not in words(client_of(sender).get(page(anna)))


def test_a_wrong_one_is_taken_back_with_a_reason_and_stays_to_be_read(client_of, sender, anna):
    browser, screening = client_of(sender), measured(anna, sender, total=12)
    assert "Schrijf op waarom" in words(browser.post(f"/metingen/{screening.pk}/intrekken/", {"why": " "}))
    browser.post(f"/metingen/{screening.pk}/intrekken/", {"why": "Van iemand anders"})
    assert "12 van 13" not in browser.get(page(anna)).text
    assert "Van iemand anders" in browser.get(f"/metingen/{screening.pk}/").text
    for verb, argument in ((actions.take_back, {"why": "Nog eens"}), (actions.agree, {"words": "Iets"})):
        with pytest.raises(Refused, match="al ingetrokken"):
            verb(screening=screening, by=sender, **argument)


def test_the_database_takes_nothing_back_without_a_reason(sender, anna):
    screening = measured(anna, sender)
    with pytest.raises(IntegrityError), transaction.atomic():
        Screening.objects.filter(pk=screening.pk).update(taken_back_at=timezone.now())


# Her own answer -----------------------------------------------------------------------------------------------------


def test_her_answers_are_a_history_and_the_last_day_is_how_it_is_now(sender, anna):
    today = timezone.localdate()
    intake.set_burden(caregiver=anna, by=sender, burden=8, on=today)
    intake.set_burden(caregiver=anna, by=sender, burden=5, on=today - 30 * DAY)  # remembered later
    intake.set_burden(caregiver=anna, by=sender, burden=7, on=today)  # said better
    anna.refresh_from_db()
    assert (anna.burden, anna.burden_on) == (7, today)
    assert list(anna.burden_answers.newest_first().values_list("burden", flat=True)) == [7, 5]
    assert reading.burden_line(anna)["went"].startswith("zwaarder dan op")


@pytest.mark.parametrize(("now", "before", "went"), [(3, 5, "lichter"), (5, 3, "zwaarder"), (4, 4, "gelijk")])
def test_which_way_it_goes(now, before, went):
    assert reading.direction([BurdenAnswer(burden=now), BurdenAnswer(burden=before)]) == went
    assert reading.direction([BurdenAnswer(burden=now)]) == ""


# Who may, and what it costs -----------------------------------------------------------------------------------------


def test_another_organisation_finds_nothing(client_of, sender, outsider, beheerder, anna):
    screening = measured(anna, sender)
    for stranger in (outsider, beheerder):
        browser = client_of(stranger)
        for address in (page(anna), page(anna, "nieuw/csi/"), f"/metingen/{screening.pk}/"):
            assert browser.get(address).status_code == 404
    with pytest.raises(Refused):
        measured(anna, outsider)


def test_fifty_cost_as_many_queries_as_two(client_of, sender, anna):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(page(anna)).status_code == 200
        return len(queries)

    browser = client_of(sender)
    for days in (0, 1):
        measured(anna, sender, days=days)
        intake.set_burden(caregiver=anna, by=sender, burden=3, on=timezone.localdate() - days * DAY)
    few = count()
    for days in range(2, 50):
        measured(anna, sender, days=days)
        intake.set_burden(caregiver=anna, by=sender, burden=3, on=timezone.localdate() - days * DAY)
    assert count() == few
