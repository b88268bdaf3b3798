"""The demo region: what it holds, that it is made once, and what a mistake in its files says."""

import datetime
import re
from urllib.parse import urlsplit

import phonenumbers
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from knowledge.models import Phase, Profession, SupportKind
from sociale_kaart.demo.files import RegionMistake, read_region
from sociale_kaart.demo.loading import load_region
from sociale_kaart.models import Contact, Organisation, PostcodeArea, SearchRow, Service

REGION = {"GM0385", "GM0415", "GM0431", "GM0439", "GM0479", "GM0852", "GM0880"}
NOW = datetime.datetime(2026, 11, 23, 9, tzinfo=datetime.UTC)
INVENTED_PHONE = re.compile(r"0\d{2} 555 01 \d{2}|0\d{3} 555 \d{3}")


@pytest.fixture(scope="module")
def region():
    return read_region()


@pytest.fixture(scope="module")
def services(region):
    """Every service in the files, with the CBS codes of its municipalities."""
    return [
        (service, region.codes(service if "municipalities" in service.values else organisation, "municipalities"))
        for organisation in region.organisations
        for service in organisation.values.get("services", [])
    ]


def each_entry(region):
    for organisation in region.organisations:
        yield organisation
        for part in ("contacts", "locations", "services"):
            yield from organisation.values.get(part, [])


# What is in it ------------------------------------------------------------------------------------------------------


def test_the_region_has_at_least_25_organisations_and_80_published_services(region, services):
    published = [service for service, _ in services if service.values.get("status", "published") == "published"]
    inside = [each for each in region.organisations if REGION & set(region.codes(each, "municipalities"))]
    assert len(inside) >= 25
    assert len(published) >= 80


def test_every_referable_kind_and_every_phase_is_covered_in_the_region(db, services):
    inside = [service.values for service, codes in services if REGION & set(codes)]
    kinds = {kind for values in inside for kind in values["kinds"]}
    phases = {phase for values in inside for phase in values.get("phases", [])}
    assert set(SupportKind.objects.referable().values_list("slug", flat=True)) == kinds
    assert set(Phase.objects.values_list("slug", flat=True)) == phases


def test_most_kinds_are_found_in_most_municipalities_but_white_spots_remain(services):
    where: dict[str, set[str]] = {}
    for service, codes in services:
        for kind in service.values["kinds"]:
            where.setdefault(kind, set()).update(REGION & set(codes))
    assert sum(len(codes) >= 5 for codes in where.values()) >= 20
    assert any(codes != REGION for codes in where.values())


def test_services_differ_in_language_cost_access_caller_and_capacity(services):
    def seen(key):
        return {service.values.get(key) for service, _ in services}

    languages = {language for service, _ in services for language in service.values.get("languages", [])}
    assert {"tr", "ar", "ber", "pl", "en", "dse"} <= languages
    assert seen("cost_kind") >= {"gratis", "kleine-bijdrage", "eigen-bijdrage", "vergoed", "zelf-betalen"}
    assert seen("access") == {"zonder", "verwijzing", "indicatie"}
    assert seen("caller") == {"ontvanger", "mantelzorger", "verwijzer"}
    assert seen("capacity") >= {"plek", "wachtlijst", "vol"}


def test_the_pom_gesprek_is_zonder_dossier_from_outside_the_region_and_for_everyone_in_it(region, services):
    [(pom, codes)] = [pair for pair in services if "preventief-gesprek-pom" in pair[0].values["kinds"]]
    [team] = [each for each in region.organisations if pom in each.values.get("services", [])]
    assert pom.values["zonder_dossier"] is True
    assert set(codes) > REGION
    assert (team.values["slug"], team.values["place"]) == ("pro-persona-preventie", "Arnhem")


def test_every_address_mail_and_phone_number_is_invented_yet_possible(region):
    for entry in each_entry(region):
        if email := entry.values.get("email"):
            assert email.endswith(".example"), entry.mistake(email)
        if website := entry.values.get("website"):
            assert urlsplit(website).hostname.endswith(".example"), entry.mistake(website)
        if phone := entry.values.get("phone"):
            assert INVENTED_PHONE.fullmatch(phone), entry.mistake(phone)
            assert phonenumbers.is_possible_number(phonenumbers.parse(phone, "NL")), entry.mistake(phone)


def test_every_organisation_can_be_phoned_under_its_own_number(region):
    numbers = [organisation.values["phone"] for organisation in region.organisations]
    assert len(set(numbers)) == len(numbers)


def test_every_postcode_lies_in_the_place_that_stands_beside_it(db, region):
    places = dict(PostcodeArea.objects.values_list("pc4", "place"))
    for entry in each_entry(region):
        if "postcode" in entry.values:
            assert places.get(entry.values["postcode"][:4]) == entry.values["place"], entry.mistake("postcode")


def test_texts_have_a_sensible_length(services):
    for service, _ in services:
        values = service.values
        assert 20 <= len(values["summary"]) <= 130, service.mistake("summary")
        assert len(re.findall(r"[.!?](?:\s|$)", values["summary"])) == 1, service.mistake("summary")
        assert 80 <= len(values["description"]) <= 480, service.mistake("description")
        assert 2 <= len(re.findall(r"[.!?](?:\s|$)", values["description"])) <= 6, service.mistake("description")
        assert len(values["for_whom"]) <= 130, service.mistake("for_whom")
        assert len(values.get("access_note", "")) <= 130, service.mistake("access_note")
        assert len(values.get("cost_note", "")) <= 130, service.mistake("cost_note")
        assert len(values["name"]) <= 90, service.mistake("name")
        assert values.get("everyday_name") != values["name"], service.mistake("everyday_name")


def test_no_two_services_say_the_same(services):
    for key in ("name", "everyday_name", "summary", "description"):
        texts = [service.values[key] for service, _ in services if key in service.values]
        assert len(set(texts)) == len(texts), key


def test_a_caregiver_is_never_called_a_client(services):
    for service, _ in services:
        for key in ("name", "everyday_name", "summary", "description", "for_whom", "access_note", "cost_note"):
            text = service.values.get(key, "").lower()
            assert "cliënt" not in re.sub(r"cliëntonderste\w+", "", text), service.mistake(text, key)
            assert "casus" not in text


# Making it once -----------------------------------------------------------------------------------------------------


def test_the_region_is_made_once_and_the_second_time_only_reads(db, services):
    made = load_region(now=NOW)
    assert made.services == made.total_services == len(services) == Service.objects.count()
    assert made.organisations == Organisation.objects.count()
    published = Service.objects.published()
    assert SearchRow.objects.count() == published.count()
    assert set(Service.objects.values_list("status", flat=True)) == {"published", "draft", "paused"}
    stale = published.stale(NOW.date()).count()
    assert 0 < stale < published.count() / 4
    assert Contact.objects.get(organisation__slug="evean").title == "Wijkverpleegkundige"
    found = Service.objects.get(slug="logeren-het-buitenhuis")
    assert [str(location) for location in found.locations.all()] == ["Het Buitenhuis, Denkbeeldlaan 42, Purmerend"]
    assert found.checked_on == datetime.date(2026, 11, 5)
    assert found.capacity_on == datetime.date(2026, 11, 19)

    Service.objects.filter(slug="kookatelier").update(summary="Zelf aangepast.", status="archived")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        again = load_region(now=NOW + datetime.timedelta(days=30))
    assert (again.organisations, again.services) == (0, 0)
    assert not [query for query in queries if not query["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))]
    # Two savepoints, seven tables that the files refer to, organisations with contacts, services with professions.
    assert len(queries) <= 15
    assert Service.objects.get(slug="kookatelier").summary == "Zelf aangepast."


@pytest.fixture
def small_region(tmp_path):
    """A region of one organisation with one service, in files that a test may spoil."""
    (tmp_path / "organisations").mkdir()
    (tmp_path / "region.yaml").write_text("name: Proef\nareas:\n  zaanstad: [GM0479]\n  purmerend: [GM0439]\n")
    (tmp_path / "organisations" / "buurthuis.yaml").write_text(BUURTHUIS)
    return tmp_path


BUURTHUIS = """\
slug: buurthuis
name: Buurthuis
kind: welzijn
uses_portal: false
phone: 075 555 01 99
municipalities: [zaanstad]
locations:
  - key: zaal
    name: De Zaal
    street: Proefpad 1
    postcode: 1506 XX
    place: Zaandam
contacts:
  - title: Beheerder
    phone: 075 555 01 99
services:
  - slug: koffie
    name: Koffie
    summary: Koffie en een praatje.
    description: Koffie met anderen. Kom gerust.
    for_whom: Voor iedereen.
    kinds: [lotgenotencontact]
    locations: [zaal]
    access: zonder
    caller: mantelzorger
    cost_kind: gratis
    checked_days_ago: 10
  - slug: thee
    name: Thee
    summary: Thee en een praatje.
    description: Thee met anderen. Kom gerust.
    for_whom: Voor iedereen.
    kinds: [lotgenotencontact]
    access: zonder
    caller: mantelzorger
    cost_kind: gratis
"""


def test_only_what_is_missing_is_made(db, small_region):
    load_region(now=NOW, folder=small_region)
    Service.objects.get(slug="thee").delete()
    Organisation.objects.filter(slug="buurthuis").update(name="Buurthuis De Brug")
    made = load_region(now=NOW, folder=small_region)
    assert (made.organisations, made.services) == (0, 1)
    assert Service.objects.get(slug="thee").organisation.name == "Buurthuis De Brug"
    assert [language.code for language in Service.objects.get(slug="thee").languages.all()] == ["nl"]


def test_an_older_demo_gets_the_professions_that_it_did_not_name_yet(db, small_region):
    load_region(now=NOW, folder=small_region)
    path = small_region / "organisations" / "buurthuis.yaml"
    text = BUURTHUIS.replace("title: Beheerder\n", "title: Beheerder\n    profession: sociaal-werker\n")
    text = text.replace("services:\n", "  - title: Spreekuur\n    phone: 075 555 01 98\nservices:\n")
    path.write_text(
        text.replace("kinds: [lotgenotencontact]\n", "kinds: [lotgenotencontact]\n    professions: [poh]\n")
    )
    Service.objects.get(slug="thee").professions.set(["huisarts"])
    Contact.objects.update(title="Zelf aangepast")
    for _ in range(2):
        load_region(now=NOW, folder=small_region)
    contacts = set(Contact.objects.values_list("title", "profession"))
    assert contacts == {("Zelf aangepast", "sociaal-werker"), ("Spreekuur", None)}
    named = Service.professions.through.objects.values_list("service__slug", "profession")
    assert set(named) == {("koffie", "poh"), ("thee", "huisarts")}


def test_every_profession_is_found_in_zaanstad_and_in_purmerend(db):
    load_region(now=NOW)
    for code in ("GM0479", "GM0439"):
        there = Organisation.objects.in_municipality(code)
        services = Service.objects.published().in_municipality(code)
        found = set(services.values_list("professions", flat=True))
        found |= set(Contact.objects.filter(organisation__in=there).values_list("profession", flat=True))
        same = dict(Profession.objects.exclude(same_as=None).values_list("pk", "same_as"))
        missing = {slug for slug in Profession.objects.current().values_list("pk", flat=True) if slug not in found}
        assert {slug for slug in missing if same.get(slug) not in found} == set(), code


@pytest.mark.parametrize(
    ("right", "wrong", "line", "message"),
    [
        ("    name: Koffie\n", "    naam: Koffie\n", 18, '"naam" is not known'),
        ("    name: Koffie\n", "", 17, '"name" is missing'),
        ("    name: Koffie\n", "    name: 12\n", 18, "another kind"),
        ("    name: Koffie\n", "    name: Koffie\n    name: Thee\n", 19, "stands there twice"),
        ("slug: thee", "slug: koffie", 28, '"koffie" stands there twice'),
        ("slug: thee", "slug: een kop thee", 28, "slug"),
        ("kinds: [lotgenotencontact]\n    locations", "kinds: [koffiehuis]\n    locations", 22, "koffiehuis"),
        ("kinds: [lotgenotencontact]\n    locations", "kinds: [mini-mdo]\n    locations", 22, "mini-mdo"),
        ("    caller: mantelzorger\n    cost", "    caller: niemand\n    cost", 25, "caller"),
        ("    locations: [zaal]\n", "    professions: [dorpsomroeper]\n", 23, "dorpsomroeper"),
        ("title: Beheerder\n", "title: Beheerder\n    profession: omroeper\n", 15, "omroeper"),
        ("locations: [zaal]", "locations: [tuin]", 23, '"tuin" is no location'),
        ("municipalities: [zaanstad]", "municipalities: [zaandam]", 6, '"zaandam" is no area'),
        ("checked_days_ago: 10", "checked_days_ago: gisteren", 27, "checked_days_ago"),
        ("checked_days_ago: 10", "wait_weeks: 3", 27, "only a waiting list"),
        ("checked_days_ago: 10", "home: purmerend", 27, "the home is one of"),
        ("checked_days_ago: 10", "status: archived", 27, "no status to start with"),
        ("checked_days_ago: 10", "languages: [klingon]", 27, "klingon"),
        ("checked_days_ago: 10", "email: geen adres", 27, "email"),
        (
            "  - title: Beheerder\n    phone: 075 555 01 99\n",
            "  - title: Beheerder\n",
            14,
            "a phone number or an e-mail",
        ),
        ("slug: buurthuis\n", "slug: [buurthuis\n", 2, ""),
    ],
)
def test_a_mistake_is_named_with_file_and_line_and_nothing_is_made(db, small_region, right, wrong, line, message):
    assert right in BUURTHUIS
    path = small_region / "organisations" / "buurthuis.yaml"
    path.write_text(BUURTHUIS.replace(right, wrong))
    with pytest.raises(RegionMistake, match=rf"^buurthuis\.yaml, line {line}: .*{re.escape(message)}"):
        load_region(now=NOW, folder=small_region)
    assert not Organisation.objects.exists()


def test_an_area_that_leads_nowhere_is_a_mistake(db, small_region):
    (small_region / "region.yaml").write_text("name: Proef\nareas:\n  zaanstad: [GM9999]\n  utrecht: [GM0344]\n")
    with pytest.raises(RegionMistake, match=r"^buurthuis\.yaml, line 6: region\.yaml leads to GM9999"):
        load_region(now=NOW, folder=small_region)


def test_the_command_never_fills_a_production_database(db, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="invented"):
        call_command("load_demo_region", skip_checks=True)
    assert not Organisation.objects.exists()
