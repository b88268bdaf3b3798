"""HSDS 3.1, both ways, with the official examples and against the official schemas.

The schemas are not ours to keep: `HSDS_SCHEMAS` says where they are. Without it these tests are skipped, and say so.
"""

import csv
import io
import json
import os
import zipfile
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from sociale_kaart.exchange import as_it_is, exporting, hsds, tabular
from sociale_kaart.models import Contact, Import, Organisation, Schedule, Service
from tests.sociale_kaart.exchange.conftest import counts

HSDS = Path(os.environ["HSDS_SCHEMAS"]) if os.environ.get("HSDS_SCHEMAS") else None
pytestmark = pytest.mark.skipif(
    HSDS is None or not (HSDS / "schema").is_dir(),
    reason="HSDS_SCHEMAS does not lead to the official schemas of HSDS 3.1",
)
EXAMPLE = "ac148810-d857-441c-9679-408f346de14b"


def example(name: str):
    return json.loads((HSDS / "examples" / name).read_text())


def problems(kind: str, value) -> list[str]:
    """What the official schema of this object has against it."""
    registry = Registry()
    for path in (HSDS / "schema").glob("*.json"):
        if path.name != "openapi.json":
            contents = json.loads(path.read_text())
            resource = Resource.from_contents(contents, default_specification=DRAFT202012)
            registry = registry.with_resource(path.name, resource)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": f"{kind}.json"}
    validator = Draft202012Validator(schema, registry=registry, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def leaves(value, path=""):
    """Every single thing a document says: where, without the numbers of lists, and what."""
    if isinstance(value, dict):
        for name, below in value.items():
            yield from leaves(below, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for below in value:
            yield from leaves(below, path)
    else:
        yield path, value


def as_words(value) -> str:
    return str(value).strip()


def neither_held_nor_reported(source, back, losses, prefix="") -> set[str]:
    held = {(path, as_words(value)) for path, value in leaves(back)}
    reported = {loss["field"] for loss in losses}
    return {
        f"{path} = {value}"
        for path, value in leaves(source)
        if (path, as_words(value)) not in held and path not in reported and value not in (None, "")
    }


def service_again(pk=EXAMPLE) -> dict:
    return next(exporting.hsds_services([pk], all_contacts=True))


def organisation_again(pk) -> dict:
    known = hsds.Known()
    values = as_it_is.organisations([pk])[pk]
    services = Service.objects.filter(organisation=pk).values_list("pk", flat=True)
    return hsds.organisation_out(values, known, all_contacts=True) | {
        "services": list(exporting.hsds_services(services, all_contacts=True))
    }


def test_the_official_service_comes_in_and_goes_out_with_nothing_lost_in_silence(desk):
    source = example("service_full.json")
    job = desk.take_in(source)
    assert job.state == Import.State.DONE, job.message
    back = service_again()
    assert problems("service", back) == []
    assert neither_held_nor_reported(source, back, job.losses) == set()


def test_what_we_say_we_hold_of_the_official_service_is_held(desk):
    desk.take_in(example("service_full.json"))
    service = Service.objects.get(pk=EXAMPLE)
    assert service.everyday_name == "MyCity Counselling Services"
    assert service.website == "http://example.com/counselling"
    assert str(service.checked_on) == "2005-01-01"
    assert service.status == "draft"  # it has no municipality and no kind of support
    location = service.locations.get()
    assert (location.name, location.street, location.place) == ("MyCity Civic Center", "1-30 Main Street", "MyCity")
    assert "wheelchair access" in location.accessibility.lower()
    assert Schedule.objects.get(service=service).opens_at.isoformat() == "10:00:00"
    assert Schedule.objects.get(location=location).byday == "TH,FR"
    assert Contact.objects.filter(name="Ann Persona", is_public=False).exists()
    organisation = service.organisation
    assert organisation.name == "Example Organization Inc."
    assert [number.value for number in organisation.external_ids.all()] == ["1234567"]


def test_the_official_organisation_comes_in_and_goes_out(desk):
    source = example("organization_full.json")
    job = desk.take_in(source)
    assert job.state == Import.State.DONE, job.message
    back = organisation_again(source["id"])
    assert problems("organization", {name: value for name, value in back.items() if name != "services"}) == []
    assert neither_held_nor_reported(source, back, job.losses) == set()


def test_the_official_service_at_a_location_comes_in_and_goes_out(desk):
    source = example("service_at_location_full.json")
    job = desk.take_in(source)
    assert job.state == Import.State.DONE, job.message
    back = next(exporting.hsds_places([source["service"]["id"]], all_contacts=True))
    assert problems("service_at_location", back) == []
    assert neither_held_nor_reported(source, back, job.losses) == set()


@pytest.mark.parametrize("name", ["service_list.json", "service_at_location_list.json"])
def test_an_official_page_of_services_comes_in_and_goes_out(desk, name):
    source = example(name)["contents"]
    job = desk.take_in(example(name))
    assert job.state == Import.State.DONE, job.message
    pks = [item.get("service", item)["id"] for item in source]
    back = list(exporting.hsds_services(pks, all_contacts=True))
    if "at_location" in name:  # the one on this page has no address: it is reported, and the service is held
        assert list(exporting.hsds_places(pks)) == []
        back = [{"service": service} for service in back]
    assert neither_held_nor_reported(source, back, job.losses) == set()


def test_an_official_page_of_organisations_comes_in_and_goes_out(desk):
    source = example("organization_list.json")
    job = desk.take_in(source)
    assert job.state == Import.State.DONE, job.message
    back = [organisation_again(item["id"]) for item in source["contents"]]
    assert neither_held_nor_reported(source["contents"], back, job.losses) == set()


@pytest.mark.parametrize("name", ["taxonomy_list.json", "taxonomy_term.json", "location.json"])
def test_what_is_no_service_and_no_organisation_is_wrong_and_says_so(desk, name):
    job = desk.bring(example(name))
    assert job.wrong >= 1
    assert (job.new, job.changed) == (0, 0)


def packed(folder: Path) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for path in folder.iterdir():
            archive.writestr(path.name, path.read_bytes())
    return whole.getvalue()


def tables_said(folder: Path) -> dict[str, list[dict]]:
    return {
        tabular.FILES[path.name]: list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
        for path in folder.glob("*.csv")
    }


@pytest.mark.parametrize("form", ["zip", "json"])
def test_the_official_tables_come_in_and_go_out(desk, form):
    said = tables_said(HSDS / "examples" / "csv")
    source = packed(HSDS / "examples" / "csv") if form == "zip" else example("tabular.json")
    if form == "json":
        said = {tabular.FILES[name]: rows for name, rows in source.items()}
    job = desk.take_in(source, name="hsds.zip")
    assert job.state == Import.State.DONE, job.message
    written = exporting.tables_of([EXAMPLE], all_contacts=True)
    held = {
        (table, name, as_words(value))
        for table, rows in written.rows.items()
        for row in rows.values()
        for name, value in row.items()
    }
    reported = {loss["field"].rsplit(".", 1)[-1] for loss in job.losses}
    whole = {loss["field"] for loss in job.losses}
    missing = {
        (table, name, value)
        for table, rows in said.items()
        for row in rows
        for name, value in row.items()
        if value not in (None, "")
        and not name.endswith("_id")
        and (table, name, as_words(value)) not in held
        and name not in reported
        and f"{table}.{name}" not in whole
    }
    assert missing == set()


def test_our_own_export_says_what_we_hold_and_comes_back_the_same(desk, zaanstad):
    full_service(zaanstad)
    services = list(exporting.hsds_services(Service.objects.values_list("pk", flat=True), all_contacts=True))
    for service in services:
        assert problems("service", service) == []
    job = desk.bring(services)
    assert counts(job) == (0, 0, len(services), 0, 0), [row.changes for row in job.rows.all()]
    assert [loss["field"] for loss in job.losses] == []


def test_our_own_package_is_valid_and_comes_back_the_same(desk, zaanstad):
    full_service(zaanstad)
    pks = list(Service.objects.values_list("pk", flat=True))
    package = exporting.tables_of(pks, all_contacts=True).package()
    assert package_problems(package) == []
    job = desk.bring(package, name="hsds.zip")
    assert counts(job) == (0, 0, len(pks), 0, 0), [row.changes for row in job.rows.all()]
    assert [loss["field"] for loss in job.losses] == []


def test_an_export_of_everything_makes_the_same_directory_elsewhere(desk, zaanstad):
    pk = full_service(zaanstad).pk
    before = service_again(pk)
    Service.objects.filter(pk=pk).delete()
    Organisation.objects.filter(pk=before["organization"]["id"]).delete()
    job = desk.take_in([before])
    assert job.state == Import.State.DONE, job.message
    after = service_again(str(pk))
    for one in (before, after):
        one.pop("last_modified")
    assert after == before


def full_service(zaanstad):
    """Everything that a service can have."""
    from knowledge.models import FinancingKind, Phase, Profession, SupportKind
    from sociale_kaart.models import ExternalId, Location, TargetGroup
    from tests.factories import make_organisation, make_service

    organisation = make_organisation(
        "Alles & Meer",
        uses_portal=False,
        description="Van alles.",
        website="https://alles.example",
        street="Dam 1",
        postcode="1506 AB",
        place="Zaandam",
        email="info@alles.example",
        municipalities=["GM0479"],
    )
    ExternalId.objects.create(organisation=organisation, system="NL-KVK", kind="KvK-nummer", value="12345678")
    Contact.objects.create(organisation=organisation, title="balie", phone="075 111 11 11", is_public=True)
    kinds = list(SupportKind.objects.referable().order_by("pk")[:2])
    service = make_service(
        organisation,
        "Alles",
        kinds=[kind.pk for kind in kinds],
        municipalities=["GM0479", "GM0439"],
        phases=[Phase.objects.order_by("pk").first().pk],
        everyday_name="Van alles",
        summary="Alles in één.",
        description="Eerste regel.\nTweede; regel.",
        for_whom="Iedereen",
        cost_kind="kleine-bijdrage",
        cost_note="=2 euro",
        access="verwijzing",
        access_note="Bel eerst.",
        caller="mantelzorger",
        call_within_days=3,
        zonder_dossier=True,
        asks_target_groups=True,
        capacity="wachtlijst",
        wait_weeks=6,
        capacity_on="2026-01-02",
        email="hulp@alles.example",
        phone="+31 75 123 45 67",
        website="https://alles.example/hulp",
        check_interval_days=90,
    )
    service.target_groups.set(TargetGroup.objects.all()[:2])
    service.languages.set(["nl", "tr"])
    service.professions.set(Profession.objects.order_by("pk")[:2])
    service.financing.set(FinancingKind.objects.order_by("pk")[:2])
    for name in ("Huis", "Tuin"):
        place = Location.objects.create(
            organisation=organisation,
            name=name,
            street=f"{name}straat 1",
            postcode="1506 AB",
            place="Zaandam",
            accessibility="drempelloos",
            transport="bus 1",
        )
        service.locations.add(place)
        Schedule.objects.create(location=place, description="altijd open")
    Schedule.objects.create(
        service=service, position=0, freq="WEEKLY", byday="MO,TH", opens_at="09:00", closes_at="17:00"
    )
    Schedule.objects.create(service=service, position=1, description="'s avonds op afspraak")
    Contact.objects.create(
        organisation=organisation,
        service=service,
        name="Ria",
        title="coach",
        phone="06 12345678",
        availability="ma",
        is_public=False,
        profession=Profession.objects.order_by("pk").first(),
    )
    service.refresh_from_db()
    return service


def package_problems(package: bytes) -> list[str]:
    """What the official description of the tables has against a package: columns, what must be filled, types, links."""
    import datetime
    import uuid

    official = {one["name"]: one for one in json.loads((HSDS / "datapackage.json").read_text())["resources"]}
    archive = zipfile.ZipFile(io.BytesIO(package))
    described = json.loads(archive.read("datapackage.json"))["resources"]
    tables = {one["name"]: list(csv.DictReader(io.StringIO(archive.read(one["path"]).decode()))) for one in described}
    found = []
    checks = {
        "number": float,
        "date": datetime.date.fromisoformat,
        "time": datetime.time.fromisoformat,
        "datetime": datetime.datetime.fromisoformat,
    }
    for one in described:
        name = one["name"]
        if name not in official or official[name]["path"] != one["path"]:
            found.append(f"{name} is no table of the standard")
            continue
        fields = official[name]["schema"]["fields"]
        if [field["name"] for field in one["schema"]["fields"]] != [field["name"] for field in fields]:
            found.append(f"{name} has other columns")
        for row in tables[name]:
            for field in fields:
                value = row[field["name"]]
                constraints = field.get("constraints", {})
                if not value:
                    if constraints.get("required"):
                        found.append(f"{name}.{field['name']} is empty")
                    continue
                if constraints.get("enum") and value not in constraints["enum"]:
                    found.append(f"{name}.{field['name']} is {value}")
                try:
                    checks.get(field["type"], str)(value)
                    if field.get("format") == "uuid":
                        uuid.UUID(value)
                except ValueError:
                    found.append(f"{name}.{field['name']} is {value}")
        for key in official[name]["schema"].get("foreignKeys", []):
            column = key["fields"] if isinstance(key["fields"], str) else key["fields"][0]
            ids = {row["id"] for row in tables.get(key["reference"]["resource"], [])}
            found += [
                f"{name}.{column} leads nowhere" for row in tables[name] if row[column] and row[column] not in ids
            ]
    return found


def test_an_export_for_everybody_that_comes_back_takes_no_contact_away(desk, zaanstad):
    service = full_service(zaanstad)
    shown = list(exporting.hsds_services([service.pk]))
    assert "Ria" not in json.dumps(shown)
    job = desk.bring(shown)
    assert counts(job) == (0, 0, 1, 0, 0)
    assert service.contacts.get().name == "Ria"
