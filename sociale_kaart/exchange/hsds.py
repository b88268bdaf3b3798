"""HSDS 3.1, both ways: what we hold as the standard says it, and what somebody else says as we hold it.

Reading goes by the words of the standard that we hold; everything else is left over and reported (see said.py). What is
left out of an export is what nobody may see: contacts that were not marked public, unless the export is for own use.
"""

import re
import uuid
from collections.abc import Iterator
from typing import Any

from sociale_kaart import postcodes
from sociale_kaart.exchange.records import (
    SCHEDULE_FIELDS,
    Losses,
    Record,
    cleaned,
    fits,
)
from sociale_kaart.exchange.said import Said
from sociale_kaart.exchange.terms import LISTS, MODELS, PROPERTY, Terms, at_location_id, derived
from sociale_kaart.models import (
    Contact,
    ExternalId,
    Language,
    Location,
    Municipality,
    Organisation,
    PostcodeArea,
    Province,
    Schedule,
    Service,
)

STATUS = {"active": "published", "inactive": "draft", "defunct": "archived", "temporarily closed": "paused"}
STATUS_OUT = {ours: theirs for theirs, ours in STATUS.items()}
WEEKS = re.compile(r"([0-9]{1,3}) (?:week|weken|weeks)", re.IGNORECASE)
SENTENCE = re.compile(r"(?<=[.!?])\s")
NUMBERS = {"timezone", "count", "interval"}


class Known:
    """Our own lists, read once for a whole file or export."""

    def __init__(self) -> None:
        self.terms = Terms()
        self.languages = dict(Language.objects.values_list("code", "name"))
        self.language_codes = {name.casefold(): code for code, name in self.languages.items()}
        self.municipalities: dict[str, str] = {}
        self.codes: dict[str, str] = {}
        self.provinces: dict[str, str] = {}
        for code, name, alias, province in Municipality.objects.values_list("code", "name", "alias", "province"):
            self.municipalities[code] = name
            self.provinces[code] = str(Province(province).label)
            for word in filter(None, (name, alias)):
                self.codes[word.casefold()] = code
        self.contact_of: dict[str, tuple[str, str]] = {}  # the first place in this file where a contact stands
        self.postcodes = dict(PostcodeArea.objects.values_list("pk", "municipality"))

    def municipality(self, text: str) -> str | None:
        """The code of "GM0479", "Zaanstad" or "gemeente Zaanstad"."""
        text = text.strip()
        if text.upper() in self.municipalities:
            return text.upper()
        return self.codes.get(text.casefold().removeprefix("gemeente ").strip())

    def of_postcode(self, postcode: str) -> str | None:
        return self.postcodes.get(postcodes.pc4_of(postcode) or "")


# In -----------------------------------------------------------------------------------------------------------------


class NotAService(ValueError):
    """This object of the standard is no service and no organisation: there is nothing to take in."""


def records(document: Any, known: Known, losses: Losses) -> Iterator[Record]:
    """Everything that a document of the standard says, one service or organisation at a time."""
    items = document
    if isinstance(document, dict):
        contents = document.get("contents")
        items = contents if isinstance(contents, list) else [document]
    if not isinstance(items, list):
        raise NotAService
    at_locations: dict[str, list[tuple[int, Said]]] = {}
    for number, item in enumerate(items, 1):
        what = kind_of(item)
        if what == "service":
            said = Said(item)
            record = service_record(said, known, number)
            said.report(losses, f"nummer {number}")
            yield record
        elif what == "organization":
            said = Said(item)
            yield from organisation_records(said, known, number)
            said.report(losses, f"nummer {number}")
        elif what == "service_at_location":
            said = Said(item)
            at_locations.setdefault(str(item["service"].get("id")), []).append((number, said))
        else:
            yield Record(number, {"name": what}, [f"{what or 'Dit'} is geen aanbod en geen organisatie."])
    for group in at_locations.values():
        yield _record_of_places(group, known)
        for number, said in group:
            said.report(losses, f"nummer {number}")


def kind_of(item: Any) -> str:
    """Which object of the standard this is, by what it holds: a document does not say so itself."""
    if not isinstance(item, dict):
        return ""
    if isinstance(item.get("service"), dict):
        return "service_at_location"
    for name, sign in {
        "location_type": "Een locatie",
        "taxonomy_detail": "Een begrip",
        "term_uri": "Een begrip",
        "taxonomy": "Een begrip",
        "version": "Een begrippenlijst",
    }.items():
        if name in item and "status" not in item:
            return sign
    if "status" in item or "organization" in item:
        return "service"
    return "organization" if "name" in item else ""


def service_record(said: Said, known: Known, line: int, places: list[Said] | None = None) -> Record:
    record = Record(line, path=f"{said.path}." if said.path else "")
    values = record.values
    if pk := _id(said):
        values["id"] = pk
        said.take("id")
    elif "id" in said:
        said.leave("id", "Dit is geen UUID.")
    for theirs, ours in {
        "name": "name",
        "alternate_name": "everyday_name",
        "description": "description",
        "url": "website",
        "email": "email",
        "application_process": "access_note",
        "fees_description": "cost_note",
        "eligibility_description": "for_whom",
        "assured_date": "checked_on",
    }.items():
        _field(said, theirs, values, Service, ours)
    if said.text("status") in STATUS:
        values["status"] = STATUS[said.text("status")]
        said.take("status")
    if match := WEEKS.fullmatch(said.text("wait_time")):
        values |= {"capacity": "wachtlijst", "wait_weeks": int(match[1])}
        said.take("wait_time")
    if "last_modified" in said:
        values["last_modified"] = said.text("last_modified")
        said.take("last_modified")  # the plan reports it, unless nothing changes
    owner = values.get("id", "")
    _phone(said, values, Service, owner)
    _areas(said, values, known, owner)
    _languages(said, values, known, owner)
    if "schedules" in said:
        values["schedules"] = _schedules(said, service_id=owner)
    if "contacts" in said:
        values["contacts"] = _contacts(said, known, service_id=owner)
    _attributes(said, values, known, "service", owner, "service")
    if places is None:
        places = []
        for at_location in said.several("service_at_locations"):
            if place := at_location.child("location"):
                at_location.take_if("id", at_location_id(owner, place.text("id")))
                at_location.take_if("service_id", owner)
                at_location.take_if("location_id", place.text("id"))
                places.append(place)
    if found := [place for place in (_location(place, known) for place in places) if place]:
        values["locations"] = found
    if organisation := said.child("organization"):
        values["organisation"] = organisation_values(organisation, known)
        said.take_if("organization_id", values["organisation"].get("id"))
    _guess_summary(values)
    _guess_municipality(values, known)
    return record


def organisation_records(said: Said, known: Known, line: int) -> Iterator[Record]:
    organisation = organisation_values(said, known)
    offers = said.several("services")
    if not offers:
        yield Record(line, {"organisation": organisation}, is_organisation=True)
    for offer in offers:
        record = service_record(offer, known, line)
        record.values.setdefault("organisation", organisation)
        yield record


def _record_of_places(group: list[tuple[int, Said]], known: Known) -> Record:
    """A service as its locations tell of it. Other locations that it has here, stay."""
    line, first = group[0]
    places = [place for _, said in group if (place := said.child("location"))]
    record = service_record(first.child("service"), known, line, places)
    for _, said in group:
        owner, place = record.values.get("id", ""), said.child("location")
        said.take_if("id", at_location_id(owner, place.text("id") if place else ""))
        if said is not first and (other := said.child("service")) and other.value == first.look("service"):
            said.take("service")
            said.children.pop("service")
    record.values["adds_locations"] = True
    return record


def organisation_values(said: Said, known: Known) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if pk := _id(said):
        values["id"] = pk
        said.take("id")
    elif "id" in said:
        said.leave("id", "Dit is geen UUID.")
    for name in ("name", "description", "email", "website"):
        _field(said, name, values, Organisation, name)
    owner = values.get("id", "")
    _phone(said, values, Organisation, owner)
    numbers = []
    for number in said.several("organization_identifiers"):
        parts = [number.text(name) for name in ("identifier_scheme", "identifier_type", "identifier")]
        if parts[2] and not any(map(fits, [ExternalId] * 3, ("system", "kind", "value"), parts)):
            numbers.append(parts)
            number.take("identifier_scheme", "identifier_type", "identifier")
            number.take_if("id", derived(owner, "number", *parts))
            number.take_if("organization_id", owner)
    if numbers:
        values["identifiers"] = sorted(numbers)
    if "contacts" in said:
        values["contacts"] = _contacts(said, known, organization_id=owner)
    if places := [place for place in (_location(one, known) for one in said.several("locations")) if place]:
        values["locations"] = places
    _attributes(said, values, known, "organisation", owner, "organization")
    return values


def _id(said: Said) -> str:
    try:
        return str(uuid.UUID(said.text("id")))
    except ValueError:
        return ""


def _field(said: Said, theirs: str, values: dict, model, ours: str) -> None:
    if theirs not in said:
        return
    text = said.text(theirs)
    why = fits(model, ours, text) if text else "Hier staat geen tekst."
    if why:
        said.leave(theirs, why)
    else:
        values[ours] = cleaned(model, ours, text)
        said.take(theirs)


def _phone(said: Said, values: dict, model, owner: str) -> None:
    """The first number that fits is the one we hold."""
    for phone in said.several("phones"):
        number = phone.text("number")
        if number and "phone" not in values and not fits(model, "phone", number):
            values["phone"] = number
            phone.take("number")
            phone.take_if("id", derived(owner, "phone"))


def _areas(said: Said, values: dict, known: Known, owner: str) -> None:
    codes = []
    for area in said.several("service_areas"):
        code = known.municipality(area.text("extent")) or known.municipality(area.text("name"))
        if code is None:
            continue
        codes.append(code)
        for name in ("name", "extent"):
            if known.municipality(area.text(name)) == code:
                area.take(name)
        area.take_if("extent_type", "text")
        area.take_if("id", derived(owner, "area", code))
        area.take_if("service_id", owner)
    if codes:
        values["municipalities"] = sorted(set(codes))


def _languages(said: Said, values: dict, known: Known, owner: str) -> None:
    codes = []
    for language in said.several("languages"):
        code = language.text("code").casefold()
        if code not in known.languages:
            code = known.language_codes.get(language.text("name").casefold(), "")
        if not code:
            continue
        codes.append(code)
        language.take_if("code", code)
        if language.text("name").casefold() == known.languages[code].casefold():
            language.take("name")
        language.take_if("id", derived(owner, "language", code))
    if codes:
        values["languages"] = sorted(set(codes))


def _schedules(said: Said, **owner: str) -> list[dict[str, Any]]:
    found = []
    for schedule in said.several("schedules"):
        values: dict[str, Any] = {}
        for name in SCHEDULE_FIELDS:
            if name not in schedule:
                continue
            value = schedule.look(name)
            odd = name in NUMBERS and (isinstance(value, bool) or not str(value).lstrip("-").replace(".", "").isdigit())
            why = "Hier staat geen getal." if odd else fits(Schedule, name, schedule.text(name))
            if why:
                schedule.leave(name, why)
            else:
                values[name] = cleaned(Schedule, name, schedule.text(name))
                schedule.take(name)
        for name, pk in owner.items():
            schedule.take_if(name, pk)
        if values:
            schedule.take_if("id", derived(*owner.values(), "schedule", len(found)))
            found.append(values)
    return found


def _contacts(said: Said, known: Known, **owner: str) -> list[dict[str, Any]]:
    found = []
    for contact in said.several("contacts"):
        values: dict[str, Any] = {"is_public": False}
        for name in ("name", "title", "email"):
            _field(contact, name, values, Contact, name)
        pk = _id(contact)
        _phone(contact, values, Contact, pk)
        _attributes(contact, values, known, "contact", pk, "contact")
        if not (values.get("name") or values.get("title")) or not (values.get("email") or values.get("phone")):
            for name in ("name", "title", "email"):
                contact.leave(
                    name, "Een contactpersoon heeft een naam of functie, en een telefoonnummer of e-mailadres."
                )
            contact.children.pop("phones", None)
            continue
        (whose,) = owner.items()
        if pk and known.contact_of.setdefault(pk, whose) == whose:
            values["id"] = pk
            contact.take("id")
        elif pk:
            contact.leave("id", "Deze contactpersoon staat op nog een plek; daar krijgt hij een eigen nummer.")
        contact.take_if(*whose)
        found.append(values)
    return found


def _location(said: Said, known: Known) -> dict[str, Any] | None:
    values: dict[str, Any] = {}
    kind = said.text("location_type")
    address = next((one for one in said.several("addresses") if one.text("address_1") and one.text("city")), None)
    street = address.text("address_1") if address else ""
    place = address.text("city") if address else ""
    if kind != "virtual" and (not address or fits(Location, "street", street) or fits(Location, "place", place)):
        said.children.clear()
        for name in said.value:
            said.leave(name, "Zonder straat en plaats kunnen we een locatie niet bewaren.")
        return None
    values["kind"] = "virtual" if kind == "virtual" else "physical"
    said.take_if("location_type", values["kind"])
    if pk := _id(said):
        values["id"] = pk
        said.take("id")
    _field(said, "name", values, Location, "name")
    _field(said, "transportation", values, Location, "transport")
    if address:
        values |= {"street": cleaned(Location, "street", street), "place": cleaned(Location, "place", place)}
        address.take("address_1", "city")
        _field(address, "postal_code", values, Location, "postcode")
        address.take_if("address_type", "physical")
        address.take_if("country", "NL")
        address.take_if("id", derived(values.get("id", ""), "address"))
        if address.text("state_province") in Province.labels:
            address.take("state_province")
    words = [one.text("description") for one in said.several("accessibility") if "description" in one]
    together = "; ".join(words)
    if together and not fits(Location, "accessibility", together):
        values["accessibility"] = together
        for one in said.several("accessibility"):
            one.take("description")
            one.take_if("id", derived(values.get("id", ""), "accessibility"))
    number, whose = said.text("external_identifier"), said.text("external_identifier_type")
    if number and not fits(ExternalId, "value", number) and not fits(ExternalId, "system", whose):
        values["identifiers"] = [[whose, "", number]]
        said.take("external_identifier", "external_identifier_type")
    if "schedules" in said:
        values["schedules"] = _schedules(said, location_id=values.get("id", ""))
    return values


def _attributes(said: Said, values: dict, known: Known, of: str, owner: str, entity: str) -> None:
    """Terms of our own lists, from an export of ours or of another portal like this one."""
    for attribute in said.several("attributes"):
        said_term = attribute.child("taxonomy_term")
        term = known.terms.by_id.get(said_term.text("id") if said_term else attribute.text("taxonomy_term_id"))
        if term is None or term.of != of:
            continue
        value = attribute.text("value") or term.key
        if not _tag(values, term, value, known):
            attribute.leave("value", "Deze waarde kennen we niet.")
            continue
        attribute.take("value", "taxonomy_term", "taxonomy_term_id")
        attribute.children.pop("taxonomy_term", None)
        attribute.take_if("id", derived(owner, "attribute", term.id, attribute.look("value")))
        attribute.take_if("link_id", owner)
        attribute.take_if("link_entity", entity)


def _tag(values: dict, term, value: str, known: Known) -> bool:
    if term.group in LISTS:
        values[term.group] = sorted({*values.get(term.group, []), term.key})
        return True
    if term.group != PROPERTY:
        values[term.group] = term.key
        return True
    model, name = MODELS[term.of], term.key
    if name in ("municipalities", "home_municipality"):
        code = known.municipality(value)
        if code and name == "home_municipality":
            values[name] = code
        elif code:
            values[name] = sorted({*values.get(name, []), code})
        return code is not None
    if name == "profession":
        if ("professions", "service", value) not in known.terms.all:
            return False
        values[name] = value
        return True
    if name in ("zonder_dossier", "asks_target_groups", "is_public"):
        values[name] = value == "ja"
        return value == "ja"
    if fits(model, name, value):
        return False
    values[name] = cleaned(model, name, value)
    return True


def _guess_summary(values: dict) -> None:
    """One sentence says what it is: the first of its description, where a file has none of its own."""
    if "summary" not in values and values.get("description"):
        first = SENTENCE.split(values["description"].replace("\n", " "), maxsplit=1)[0].strip()
        values["guessed_summary"] = first if len(first) <= 300 else first[:297].rsplit(" ", 1)[0] + " …"


def _guess_municipality(values: dict, known: Known) -> None:
    """Where its locations are, when a file names no area that we know."""
    if "municipalities" not in values:
        codes = {known.of_postcode(place.get("postcode", "")) for place in values.get("locations", [])}
        if codes := sorted(code for code in codes if code):
            values["guessed_municipalities"] = codes


# Out ----------------------------------------------------------------------------------------------------------------


def service(
    values: dict[str, Any],
    organisation: dict[str, Any] | None,
    known: Known,
    *,
    all_contacts: bool = False,
    at_one_place: bool = False,
) -> dict[str, Any]:
    """One service with all that the standard says about it. What is not known is left out."""
    pk = values["id"]
    places = values["locations"]
    return _said(
        {
            "id": pk,
            "name": values["name"],
            "alternate_name": values["everyday_name"],
            "description": values["description"] or values["summary"],
            "url": values["website"],
            "email": values["email"],
            "status": STATUS_OUT[values["status"]],
            "application_process": values["access_note"],
            "fees_description": values["cost_note"],
            "wait_time": f"{values['wait_weeks']} weken" if values["wait_weeks"] is not None else "",
            "eligibility_description": values["for_whom"],
            "assured_date": values["checked_on"],
            "last_modified": max(values["updated_at"], (organisation or values)["updated_at"]),
            "phones": _phones_out(values, pk),
            "schedules": _schedules_out(values),
            "service_areas": [
                {
                    "id": derived(pk, "area", code),
                    "name": known.municipalities[code],
                    "extent": code,
                    "extent_type": "text",
                }
                for code in values["municipalities"]
            ],
            "service_at_locations": [
                {"id": at_location_id(pk, place["id"]), "location": location(place, known)}
                for place in ([] if at_one_place else places)
            ],
            "languages": [
                {"id": derived(pk, "language", code), "name": known.languages[code], "code": code}
                for code in values["languages"]
            ],
            "organization": organisation
            and organisation_out(organisation, known, all_contacts=all_contacts, only={one["id"] for one in places}),
            "contacts": _contacts_out(values, known, all_contacts),
            "attributes": known.terms.attributes("service", pk, values, "service"),
        }
    )


def service_at_location(values: dict, organisation: dict, place: dict, known: Known, **how) -> dict[str, Any]:
    return {
        "id": at_location_id(values["id"], place["id"]),
        "location": location(place, known),
        "service": service(values | {"locations": [place]}, organisation, known, at_one_place=True, **how),
    }


def organisation_out(
    values: dict[str, Any], known: Known, *, all_contacts: bool = False, only: set[str] | None = None
) -> dict[str, Any]:
    """An organisation; of its locations `only` these."""
    pk = values["id"]
    return _said(
        {
            "id": pk,
            "name": values["name"],
            "description": values["description"] or values["name"],
            "email": values["email"],
            "website": values["website"],
            "phones": _phones_out(values, pk),
            "contacts": _contacts_out(values, known, all_contacts),
            "locations": [
                location(place, known) for place in values["locations"] if only is None or place["id"] in only
            ],
            "organization_identifiers": [
                _said(
                    {
                        "id": derived(pk, "number", *number),
                        "identifier_scheme": number[0],
                        "identifier_type": number[1] or number[0] or "nummer",
                        "identifier": number[2],
                    }
                )
                for number in values["identifiers"]
            ],
            "attributes": known.terms.attributes("organisation", pk, values, "organization"),
        }
    )


def location(values: dict[str, Any], known: Known) -> dict[str, Any]:
    pk = values["id"]
    number = values["identifiers"][0] if values["identifiers"] else ["", "", ""]
    address = None
    if values["street"] and values["place"]:
        code = known.of_postcode(values["postcode"]) or known.municipality(values["place"])
        address = {
            "id": derived(pk, "address"),
            "address_1": values["street"],
            "city": values["place"],
            "state_province": known.provinces.get(code or "", "onbekend"),
            "postal_code": values["postcode"],
            "country": "NL",
            "address_type": "physical",
        }
    return _said(
        {
            "id": pk,
            "location_type": values["kind"],
            "name": values["name"],
            "transportation": values["transport"],
            "external_identifier": number[2],
            "external_identifier_type": number[0],
            "addresses": [address] if address else [],
            "accessibility": [{"id": derived(pk, "accessibility"), "description": values["accessibility"]}]
            if values["accessibility"]
            else [],
            "schedules": _schedules_out(values),
        }
    )


def _said(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _phones_out(values: dict[str, Any], owner: str) -> list[dict[str, Any]]:
    return [{"id": derived(owner, "phone"), "number": values["phone"]}] if values.get("phone") else []


def _schedules_out(values: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for number, schedule in enumerate(values["schedules"]):
        schedule = {"id": derived(values["id"], "schedule", number), **schedule}
        if isinstance(schedule.get("timezone"), float) and schedule["timezone"].is_integer():
            schedule["timezone"] = int(schedule["timezone"])
        found.append(schedule)
    return found


def _contacts_out(values: dict[str, Any], known: Known, all_contacts: bool) -> list[dict[str, Any]]:
    return [
        _said(
            {
                "id": contact["id"],
                "name": contact["name"],
                "title": contact["title"],
                "email": contact["email"],
                "phones": _phones_out(contact, contact["id"]),
                "attributes": known.terms.attributes("contact", contact["id"], contact, "contact"),
            }
        )
        for contact in values["contacts"]
        if all_contacts or contact["is_public"]
    ]
