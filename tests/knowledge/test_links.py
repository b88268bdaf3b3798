"""Links to the web: each says its host and how old that is; what is dead or not verified is no link."""

import datetime

import pytest
from django.template import Context, Template
from django.utils import timezone

from knowledge.links import Links, as_in, links_to
from knowledge.models import LinkCheck, Resource, Source

pytestmark = pytest.mark.django_db

SOFA = "https://www.movisie.nl/publicatie/sofa-model-rollen-mantelzorgers"


def found(outcome: str, worked: datetime.date | None = None, url: str = SOFA) -> None:
    worked_at = timezone.make_aware(datetime.datetime(worked.year, worked.month, worked.day, 12)) if worked else None
    LinkCheck.objects.create(url=url, outcome=outcome, checked_at=timezone.now(), worked_at=worked_at)


def shown(target, links: Links, arguments: str = "") -> str:
    template = Template(f"{{% load links %}}{{% web_link target {arguments} %}}")
    return template.render(Context({"target": target, "links": links}))


def test_a_link_that_nobody_checked_is_as_old_as_its_source():
    links = links_to([SOFA], since=as_in([Source(year="2019-2021")]))

    assert links.of(SOFA).about == "movisie.nl, in de bron van 2019-2021"
    assert links.of(SOFA).href == SOFA
    assert links.of(SOFA, since="gelezen op 24 december 2025").about == "movisie.nl, gelezen op 24 december 2025"


def test_a_source_without_a_year_says_so():
    assert as_in([Source(year="jaar onbekend")]) == "in de bron, jaar onbekend"
    assert as_in([]) == ""


def test_a_link_that_worked_says_when():
    found("ok", datetime.date(2026, 11, 3))

    assert links_to([SOFA]).of(SOFA).about == "movisie.nl, werkte op 3 november 2026"


def test_a_link_that_gave_no_answer_lately_is_kept():
    found("onbereikbaar", datetime.date(2026, 11, 3))

    assert links_to([SOFA]).of(SOFA).about == "movisie.nl, werkte het laatst op 3 november 2026"
    assert links_to([SOFA]).of(SOFA).href == SOFA


def test_a_dead_link_is_a_name():
    found("dood")
    html = shown(Resource.objects.get(pk="sofa-model"), links_to([SOFA]))

    assert html == '<strong>SOFA-model</strong> <span class="muted small">movisie.nl, werkt niet meer</span>'


def test_what_is_not_verified_is_a_name():
    html = shown(Resource.objects.filter(unverified=True).exclude(url="").first(), Links())

    assert "<a " not in html
    assert "adres nog niet nagekeken" in html


def test_an_address_needs_a_name_and_may_have_a_kind():
    html = shown(SOFA, Links(), 'name="De vier rollen" kind="model"')

    assert html == (
        f'<a href="{SOFA}" rel="noreferrer">De vier rollen</a> <span class="muted small">model, movisie.nl</span>'
    )


def test_all_links_of_a_page_cost_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        links_to([SOFA, "https://example.nl/1", "https://example.nl/2", ""])
    with django_assert_num_queries(0):
        links_to([])


def test_a_sheet_says_host_and_age(client_of, sender):
    found("ok", datetime.date(2026, 11, 3))
    page = client_of(sender).get("/beroepen/casemanager-dementie/").content.decode()

    assert "model of methode, movisie.nl, werkte op 3 november 2026" in page
    assert "venvn.nl, in de bron van 2019-2021" in page
