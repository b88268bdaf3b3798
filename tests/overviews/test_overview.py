"""The coordinator's overview: whole periods, small numbers hidden, nobody's name, and only her own area."""

import datetime
import io
import itertools

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from overviews import periods
from overviews.shielding import shield, shield_one, shown_together
from referrals.transitions import State
from tests.factories import (
    fresh,
    make_appointment,
    make_caregiver,
    make_need,
    make_referral,
    make_service,
    municipality,
)
from trail.models import AccessLogEntry

OVERVIEW, PAPER = "/overzichten/", "/overzichten/overzicht.pdf"


# Periods ------------------------------------------------------------------------------------------------------------


def test_a_month_runs_to_the_first_of_the_next_also_over_new_year():
    december = periods.month(2026, 0)
    assert (december.start, december.end, december.key) == (
        datetime.date(2025, 12, 1),
        datetime.date(2026, 1, 1),
        "2025-12",
    )
    assert december.name == "december 2025"


def test_a_quarter_before_the_first_lies_in_last_year():
    quarter = periods.quarter(2026, 0)
    assert (quarter.key, quarter.start, quarter.end) == (
        "2025-k4",
        datetime.date(2025, 10, 1),
        datetime.date(2026, 1, 1),
    )


def test_only_periods_that_are_over_can_be_chosen():
    today = datetime.date(2026, 11, 22)
    assert periods.find("2026-10", today)
    assert periods.find("2026-k3", today)
    assert periods.find("2025", today)
    for key in ("2026-11", "2026-12", "2026-k4", "2026", "", "onzin"):
        assert periods.find(key, today) is None


def test_a_period_begins_and_ends_at_dutch_midnight():
    start, end = periods.month(2026, 3).moments
    assert (start.utcoffset(), end.utcoffset()) == (datetime.timedelta(hours=1), datetime.timedelta(hours=2))


# Small numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "text"), [(0, "0"), (1, "<5"), (4, "<5"), (5, "5"), (400, "400")])
def test_one_to_four_is_not_shown(count, text):
    assert shield_one(count).text == text


def test_a_small_number_that_stands_alone_takes_another_with_it():
    cells = shield({"a": 20, "b": 3, "c": 7, "d": 0})
    assert {key: cell.text for key, cell in cells.items()} == {"a": "20", "b": "<5", "c": "5 of meer", "d": "0"}
    assert cells["c"].value is None


def test_two_small_numbers_hide_each_other():
    assert {cell.text for cell in shield({"a": 20, "b": 3, "c": 2}).values()} == {"20", "<5"}


def test_whoever_subtracts_from_the_total_learns_no_small_number():
    """Every column of up to four cells: all that fits what is shown leaves each small cell three values or more."""
    choices = (0, 1, 2, 3, 4, 5, 6, 9, 30)
    for size in (2, 3, 4):
        for column in itertools.combinations_with_replacement(choices, size):
            counts = dict(enumerate(column))
            cells = shield(counts)
            small = [key for key, cell in cells.items() if cell.text == "<5"]
            hidden = [key for key, cell in cells.items() if cell.text == "5 of meer"]
            rest = sum(counts[key] for key in small + hidden)
            if not small or all(cell.value in (None, 0) for cell in cells.values()):
                continue  # nothing to learn, or nothing left to hide behind
            guesses = [
                guess
                for guess in itertools.product(range(1, 5), repeat=len(small))
                if (rest - sum(guess) >= 5 * len(hidden) if hidden else rest == sum(guess))
            ]
            assert all(len(set(values)) >= 3 for values in zip(*guesses, strict=True)), (column, cells)


def test_a_median_is_told_of_five_or_more_only():
    cells = shield({"a": 20, "b": 3, "c": 5, "d": 1})
    assert [key for key, cell in cells.items() if cell.may_be_described] == ["a", "c"]


def test_a_small_municipality_is_shown_only_with_others():
    assert shown_together({"a": 50, "b": 30}) == set()
    assert shown_together({"a": 50, "b": 30, "c": 19}) == {"c", "b"}  # one alone could be found by subtraction
    assert shown_together({"a": 50, "b": 8, "c": 7}) == {"a", "b", "c"}  # together still too few
    assert shown_together({"a": 50, "b": 12, "c": 9}) == {"b", "c"}


# The page and the paper ---------------------------------------------------------------------------------------------


@pytest.fixture
def last_quarter():
    today = timezone.localdate()
    return periods.ended_periods(today)["Kwartaal"][0]


@pytest.fixture
def a_busy_quarter(last_quarter, sender, receiver, steunpunt):
    """22 caregivers in Zaanstad, 3 in Purmerend; 6 referrals from Zaanstad that were completed."""
    at = last_quarter.moments[0] + datetime.timedelta(days=3, hours=10)
    service = make_service(steunpunt, "Gesprek bij het steunpunt")
    for number in range(25):
        place = municipality("GM0479" if number < 22 else "GM0439")
        caregiver = make_caregiver(sender, f"Geheim {number}", municipality=place, now=at)
        need = make_need(caregiver, sender, words="Geheime woorden", now=at)
        if number < 6:
            make_referral(
                State.COMPLETED,
                sender=sender,
                receiver=receiver,
                service=service,
                caregiver=caregiver,
                needs=[need],
                now=at,
            )


def test_the_page_counts_and_names_nobody(a_busy_quarter, coordinator, client_of):
    text = client_of(coordinator).get(OVERVIEW, {"gebied": "GM0479"}).content.decode()
    assert '<td class="num" data-label="Vastgelegd">22</td>' in text
    assert '<td class="num" data-label="Verwezen">6</td>' in text
    assert "Geheim" not in text


def test_a_coordinator_of_two_sees_the_small_one_only_together(a_busy_quarter, coordinator, client_of):
    make_appointment(coordinator, "coordinator", "GM0439")
    client = client_of(fresh(coordinator))
    both = client.get(OVERVIEW, {"gebied": "alle"}).content.decode()
    assert "Alle gemeenten samen" in both
    assert ">25<" in both
    assert "Te weinig mantelzorgers" in client.get(OVERVIEW, {"gebied": "GM0439"}).content.decode()


def test_an_organisation_whose_caregivers_are_gone_still_has_an_overview(
    a_busy_quarter, coordinator, practice, client_of
):
    from accounts.models import Membership
    from intake.models import Caregiver

    Membership.objects.filter(user=coordinator).update(organisation=practice)
    Caregiver.objects.update(municipality="GM0439")
    response = client_of(fresh(coordinator)).get(OVERVIEW, {"gebied": "organisatie"})
    assert response.status_code == 200


def test_another_municipality_or_an_unfinished_month_is_not_hers_to_count(coordinator, client_of):
    client = client_of(coordinator)
    today = timezone.localdate()
    for asked in ({"gebied": "GM0439"}, {"gebied": "x"}, {"periode": f"{today:%Y-%m}"}, {"periode": "'; --"}):
        assert client.get(OVERVIEW, asked).status_code == 404
        assert client.get(PAPER, asked).status_code == 404


def test_only_coordinators_open_it(sender, consulent, beheerder, functional_admin, client_of):
    for person in (sender, consulent, beheerder, functional_admin):
        assert client_of(person).get(reverse("overview")).status_code == 404
        assert client_of(person).get(reverse("overview_paper")).status_code == 404


def test_what_is_over_its_date_is_listed_by_number_only(sender, steunpunt, coordinator, client_of):
    long_ago = timezone.now() - datetime.timedelta(days=9)
    caregiver = make_caregiver(sender, "Geheim")
    service = make_service(steunpunt, "Gesprek bij het steunpunt")
    referral = make_referral(sender=sender, service=service, caregiver=caregiver, now=long_ago)
    text = client_of(coordinator).get(OVERVIEW).content.decode()
    assert referral.number in text
    assert "te laat" in text
    assert "Geheim" not in text


def test_the_paper_is_tagged_and_fits_on_two_pages(a_busy_quarter, coordinator, client_of):
    response = client_of(coordinator).get(PAPER, {"gebied": "GM0479"})
    reader = PdfReader(io.BytesIO(response.content))
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert reader.trailer["/Root"]["/Lang"] == "nl"
    assert b"pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_data()
    assert len(reader.pages) <= 2
    assert "Zaanstad" in text
    assert "Verwijzingen per gemeente" in text
    assert "Geheim" not in text


def test_looking_and_taking_away_are_logged_without_a_caregiver(a_busy_quarter, coordinator, client_of):
    client = client_of(coordinator)
    AccessLogEntry.objects.all().delete()
    client.get(OVERVIEW)
    client.get(PAPER)
    rows = AccessLogEntry.objects.filter(user_id=coordinator.pk)
    assert sorted(row.event for row in rows) == ["export", "view"]
    assert {row.subject_id for row in rows} == {None}


def test_the_number_of_queries_does_not_grow_with_what_is_counted(
    sender, coordinator, client_of, last_quarter, steunpunt, django_assert_max_num_queries
):
    """User, membership and appointments; who is asking and who counts; per table one; the medians per row; the log."""
    at = last_quarter.moments[0] + datetime.timedelta(days=2)
    for _ in range(30):
        make_need(make_caregiver(sender, now=at), sender, now=at)
    client = client_of(coordinator)
    client.get(OVERVIEW)
    with django_assert_max_num_queries(39):
        client.get(OVERVIEW)
