"""Making the demo region, once: what is missing is made, what is there stays as people left it.

A demo that was made before services and contacts named professions gets them: only where none is named.
"""

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from knowledge.models import FinancingKind, Phase, Profession, SupportKind
from sociale_kaart import actions
from sociale_kaart.demo.files import (
    CONTACT_FIELDS,
    FOLDER,
    LOCATION_FIELDS,
    ORGANISATION_FIELDS,
    SERVICE_FIELDS,
    Entry,
    Region,
    RegionMistake,
    read_region,
)
from sociale_kaart.models import Contact, Language, Location, Municipality, Organisation, Service, TargetGroup
from sociale_kaart.permissions import DirectoryLoader

BY = DirectoryLoader("load_demo_region")
DEFAULT_LANGUAGES = ["nl"]
FIRST_STATUSES = {Service.Status.PUBLISHED, Service.Status.DRAFT, Service.Status.PAUSED}


@dataclass(frozen=True)
class Made:
    """What one load did."""

    region: str
    organisations: int
    services: int
    total_organisations: int
    total_services: int

    def __str__(self) -> str:
        return (
            f"{self.region}: {self.total_organisations} organisations, {self.organisations} new; "
            f"{self.total_services} services, {self.services} new"
        )


@transaction.atomic
def load_region(*, now: datetime.datetime | None = None, folder: Path = FOLDER) -> Made:
    """Read all files, check every reference, and make what is missing. A mistake in one file means nothing is made."""
    region = read_region(folder)
    known = _Known(region)
    plans = [known.organisation(entry) for entry in region.organisations]
    now = now or timezone.now()
    stored = {
        row.slug: row
        for row in Organisation.objects.filter(slug__in=[plan.slug for plan in plans]).prefetch_related("contacts")
    }
    slugs = [service.slug for plan in plans for service in plan.services]
    stored_services = {row.slug: row for row in Service.objects.filter(slug__in=slugs).prefetch_related("professions")}
    new_organisations = new_services = 0
    for plan in plans:
        organisation = stored.get(plan.slug)
        if organisation is None:
            organisation = _make_organisation(plan)
            new_organisations += 1
        else:
            _complete_contacts(organisation, plan.contacts)
        _name_professions(stored_services, plan.services)
        missing = [service for service in plan.services if service.slug not in stored_services]
        if missing:
            _make_services(organisation, missing, now)
            new_services += len(missing)
    if new_services:
        actions.refresh_search()
    return Made(region.name, new_organisations, new_services, len(plans), len(slugs))


# Steps --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _ServicePlan:
    slug: str
    fields: dict[str, Any]
    municipalities: list[Municipality]
    home: Municipality
    location_names: list[str]
    status: str
    checked_days_ago: int
    capacity_days_ago: int


@dataclass(frozen=True)
class _OrganisationPlan:
    slug: str
    fields: dict[str, Any]
    municipalities: list[Municipality]
    locations: list[dict[str, Any]]
    contacts: list[dict[str, Any]]
    services: list[_ServicePlan]


class _Known:
    """What the files may refer to, read in one query per table; a name that is not there is a mistake in the file."""

    def __init__(self, region: Region):
        self.region = region
        self.municipalities = Municipality.objects.in_bulk([code for codes in region.areas.values() for code in codes])
        self.tables: dict[str, dict[str, models.Model]] = {
            "kinds": SupportKind.objects.referable().in_bulk(),
            "professions": Profession.objects.current().in_bulk(),
            "phases": Phase.objects.in_bulk(),
            "target_groups": TargetGroup.objects.in_bulk(),
            "languages": Language.objects.in_bulk(),
            "financing": FinancingKind.objects.in_bulk(),
        }
        for name, rows in {"municipalities": self.municipalities, **self.tables}.items():
            if not rows:
                raise RegionMistake(
                    f"There are no {name.replace('_', ' ')} yet. Run load_geography, load_directory_lists and "
                    "load_knowledge first."
                )

    def organisation(self, entry: Entry) -> _OrganisationPlan:
        fields = entry.pick(("name", "kind", *ORGANISATION_FIELDS))
        _check(entry, Organisation(slug=entry.values["slug"], **fields))
        locations, contacts = _children(entry, "locations"), _children(entry, "contacts")
        for each in locations:
            _check(each, Location(**each.pick(LOCATION_FIELDS)))
        for each in contacts:
            _check(each, Contact(**each.pick(CONTACT_FIELDS)))
            if not {"email", "phone"} & each.values.keys():
                raise each.mistake("a contact needs a phone number or an e-mail address")
        return _OrganisationPlan(
            slug=entry.values["slug"],
            fields=fields,
            municipalities=self._places(entry, "municipalities"),
            locations=[each.pick(LOCATION_FIELDS) for each in locations],
            contacts=[each.pick(CONTACT_FIELDS) | self._profession(each) for each in contacts],
            services=[self._service(entry, each) for each in _children(entry, "services")],
        )

    def _service(self, organisation: Entry, entry: Entry) -> _ServicePlan:
        values = entry.values
        fields = entry.pick(SERVICE_FIELDS)
        _check(entry, Service(slug=values["slug"], **fields))
        if "wait_weeks" in fields and fields.get("capacity") != Service.Capacity.WAITING_LIST:
            raise entry.mistake("only a waiting list has weeks", "wait_weeks")
        municipalities = self._places(entry if "municipalities" in values else organisation, "municipalities")
        home = self._places(entry, "home") if "home" in values else municipalities[:1]
        if len(home) != 1 or home[0] not in municipalities:
            raise entry.mistake("the home is one of the municipalities of the service", "home")
        status = values.get("status", Service.Status.PUBLISHED)
        if status not in FIRST_STATUSES:
            raise entry.mistake(f'"{status}" is no status to start with', "status")
        names = {each.values["key"]: each.values["name"] for each in _children(organisation, "locations")}
        return _ServicePlan(
            slug=values["slug"],
            fields=fields | self._links(entry),
            municipalities=municipalities,
            home=home[0],
            location_names=[names[key] for key in values.get("locations", [])],
            status=status,
            checked_days_ago=values.get("checked_days_ago", 0),
            capacity_days_ago=values.get("capacity_days_ago", 0),
        )

    def _places(self, entry: Entry, key: str) -> list[Municipality]:
        codes = self.region.codes(entry, key)
        unknown = [code for code in codes if code not in self.municipalities]
        if unknown:
            raise entry.mistake(f"region.yaml leads to {', '.join(unknown)}, which is no municipality", key)
        return [self.municipalities[code] for code in codes]

    def _profession(self, entry: Entry) -> dict[str, models.Model]:
        if "profession" not in entry.values:
            return {}
        slug = entry.values["profession"]
        if slug not in self.tables["professions"]:
            raise entry.mistake(f"{slug}: not among the professions we know", "profession")
        return {"profession": self.tables["professions"][slug]}

    def _links(self, entry: Entry) -> dict[str, list[models.Model]]:
        links = {}
        for key, rows in self.tables.items():
            words = entry.values.get(key, DEFAULT_LANGUAGES if key == "languages" else [])
            unknown = [word for word in words if word not in rows]
            if unknown:
                raise entry.mistake(f"{', '.join(unknown)}: not among the {key.replace('_', ' ')} we know", key)
            links[key] = [rows[word] for word in words]
        return links


def _children(entry: Entry, key: str) -> list[Entry]:
    return entry.values.get(key, [])


def _check(entry: Entry, row: models.Model) -> None:
    """The rules of the model's fields: lengths, choices, what an e-mail address looks like."""
    try:
        row.clean_fields(exclude=[each.name for each in row._meta.fields if each.is_relation])
    except ValidationError as error:
        key, messages = next(iter(error.message_dict.items()))
        raise entry.mistake(f"{key}: {' '.join(messages)}", key) from error


def _make_organisation(plan: _OrganisationPlan) -> Organisation:
    organisation = actions.create_organisation(slug=plan.slug, municipalities=plan.municipalities, by=BY, **plan.fields)
    for fields in plan.locations:
        actions.add_location(organisation=organisation, by=BY, **fields)
    for fields in plan.contacts:
        actions.add_contact(organisation=organisation, by=BY, **fields)
    return organisation


def _complete_contacts(organisation: Organisation, plans: list[dict[str, Any]]) -> None:
    """Whoever came to the files later, and the profession of who was there. Found back by number, or by name."""
    for fields in plans:
        found = [contact for contact in organisation.contacts.all() if _is_same(contact, fields)]
        if not found:
            actions.add_contact(organisation=organisation, by=BY, **fields)
        elif found[0].profession_id is None and "profession" in fields:
            actions.update_contact(contact=found[0], by=BY, profession=fields["profession"])


def _is_same(contact: Contact, fields: dict[str, Any]) -> bool:
    by_number = bool(contact.phone) and contact.phone == fields.get("phone")
    return by_number or (contact.title, contact.name) == (fields["title"], fields.get("name", ""))


def _name_professions(stored: dict[str, Service], plans: list[_ServicePlan]) -> None:
    for plan in plans:
        service = stored.get(plan.slug)
        if service and plan.fields["professions"] and not service.professions.all():
            actions.update_service(service=service, by=BY, professions=plan.fields["professions"])


def _make_services(organisation: Organisation, plans: list[_ServicePlan], now: datetime.datetime) -> None:
    locations = {location.name: location for location in organisation.locations.all()}
    for plan in plans:
        fields = dict(plan.fields)
        if "capacity" in fields:
            fields["capacity_on"] = timezone.localdate(now) - datetime.timedelta(days=plan.capacity_days_ago)
        service = actions.create_service(
            organisation=organisation,
            slug=plan.slug,
            by=BY,
            municipalities=plan.municipalities,
            home_municipality=plan.home,
            locations=[locations[name] for name in plan.location_names if name in locations],
            **fields,
        )
        if plan.status != Service.Status.DRAFT:
            checked_at = now - datetime.timedelta(days=plan.checked_days_ago)
            service = actions.publish_service(service=service, by=BY, now=checked_at)
        if plan.status == Service.Status.PAUSED:
            actions.pause_service(service=service, by=BY)
