"""What a file would change here, row by row, before anything is changed.

A row is found back by our number, by the number of its source, or by its organisation and name in a municipality: a
file that is brought in twice makes nothing twice. What the plan says a row will be, is what is written later
(writing.py), and only if what stands here is still what stood here when the plan was made.
"""

import copy
import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from knowledge.models import SupportKind
from mantelzorg.ids import uuid7
from sociale_kaart import permissions as rights
from sociale_kaart.exchange import as_it_is, permissions
from sociale_kaart.exchange.records import (
    LINKS,
    LOCATION_FIELDS,
    ORGANISATION_FIELDS,
    SERVICE_FIELDS,
    Losses,
    Record,
    empty_contact,
    empty_location,
    empty_organisation,
    empty_service,
    label,
)
from sociale_kaart.exchange.tables import KVK, Words, opening_hours
from sociale_kaart.models import (
    Contact,
    ExternalId,
    ImportRow,
    Location,
    Municipality,
    Organisation,
    Service,
)

HSDS = "hsds"
NEW, CHANGED, SAME, WRONG, FOREIGN = (
    ImportRow.Outcome.NEW.value,
    ImportRow.Outcome.CHANGED.value,
    ImportRow.Outcome.SAME.value,
    ImportRow.Outcome.WRONG.value,
    ImportRow.Outcome.FOREIGN.value,
)
HIDDEN = {"id", "slug", "updated_at", "checked_by", "next_check_on"}  # of a record: what no file says
LONGEST_SHOWN = 300
TAKEN_FOR_GRANTED = {"access": "zonder verwijzing", "caller": "de organisatie belt de mantelzorger"}
OF_ANOTHER = "Organisatie: dit aanbod is hier van een andere organisatie. Een bestand kan het niet verplaatsen."
LATEST_OF_THE_ORGANISATION = "De gegevens van de organisatie staan op regel {} anders; die regel telt."


class Planner:
    """Plans the batches of one file. What an earlier batch will make, is known to the next."""

    def __init__(self, *, by, source: str, losses: Losses, is_hsds: bool, today: datetime.date | None = None):
        self.by, self.source, self.losses, self.is_hsds = by, source, losses, is_hsds
        self.today = (today or timezone.localdate()).isoformat()
        self.words = Words()
        self.municipalities = Municipality.objects.in_bulk()
        self.ways_of_working = dict(SupportKind.objects.not_offered().values_list("pk", "name"))
        self.number = 0
        self.lines: dict[str, int] = {}  # of each service in this file, by its id
        self.new_names: dict[tuple[str, str], list[tuple[set[str], int]]] = defaultdict(list)
        self.portal: set[str] = set()
        self.names: dict[str, list[tuple[str, str]]] = defaultdict(list)  # of organisations: id and place
        for pk, name, place, uses_portal in Organisation.objects.values_list("pk", "name", "place", "uses_portal"):
            self.names[name.casefold()].append((str(pk), place))
            if uses_portal:
                self.portal.add(str(pk))
        self.ids = {pk for known in self.names.values() for pk, _ in known}
        self.organisation_keys = self._keys("organisation")
        self.plans: dict[str, _OrganisationPlan] = {}
        self.candidates: dict[str, dict[str, list[tuple[str, frozenset[str]]]]] = {}
        self.places: dict[str, dict[str, dict]] = {}  # of an organisation: its locations by id
        self.place_lines: dict[str, int] = {}

    # A batch ----------------------------------------------------------------------------------------------------------

    def plan(self, batch: list[Record]) -> list[ImportRow]:
        owners = [self._organisation_of(record) for record in batch]
        self._learn({pk for pk in owners if pk in self.ids})
        keys = self.known_keys = self._service_keys(batch)
        targets = [self._target(record, owner, keys) for record, owner in zip(batch, owners, strict=True)]
        self.now_here = as_it_is.services({pk for pk in targets if pk})
        self.taken_places = {
            str(pk): str(owner)
            for pk, owner in Location.objects.filter(pk__in=self._ids(batch, "locations")).values_list(
                "pk", "organisation_id"
            )
        }
        self.taken_contacts = {
            str(row["pk"]): str(row["service_id"] or row["organisation_id"])
            for row in Contact.objects.filter(pk__in=self._ids(batch, "contacts")).values(
                "pk", "service_id", "organisation_id"
            )
        }
        return [self._plan(*each) for each in zip(batch, owners, targets, strict=True)]

    def organisations(self) -> Iterable[ImportRow]:
        """After all batches: what becomes of the organisations that were met."""
        for plan in self.plans.values():
            before, after = plan.before, plan.after
            outcome = NEW if before is None else CHANGED if _differs(before, after) or plan.key else SAME
            if outcome != SAME:
                yield self._row(
                    Record(plan.line, {"organisation": after}, is_organisation=True),
                    outcome,
                    target=after["id"],
                    key=plan.key,
                    before=before,
                    after=after,
                    thing=ImportRow.Thing.ORGANISATION,
                    changes=self.differences(before, after, Organisation) if before else [],
                )

    # A row ------------------------------------------------------------------------------------------------------------

    def _plan(self, record: Record, owner: str | None, target: str | None) -> ImportRow:
        if record.mistakes:
            return self._row(record, WRONG, reasons=record.mistakes)
        if owner is None:
            return self._row(record, WRONG, reasons=["Organisatie: vul in van wie dit aanbod is."])
        if owner == "":
            return self._row(
                record, WRONG, reasons=["Er zijn meer organisaties met deze naam. Vul ook de plaats of het nummer in."]
            )
        if record.is_organisation:
            return self._plan_organisation_alone(record, owner)
        if not record.values.get("name"):
            return self._row(record, WRONG, reasons=["Naam: vul in hoe dit aanbod heet."])
        if target == "":
            return self._row(
                record, WRONG, reasons=["Deze organisatie heeft hier meer aanbod met deze naam. Vul het nummer in."]
            )
        before = self.now_here.get(target) if target else None
        if before and not self._may(before["municipalities"], is_new=False):
            return self._row(record, FOREIGN, target=target, reasons=["Dit aanbod is niet van jouw gemeenten."])
        if before and before["organisation"] != owner:
            return self._row(record, WRONG, target=target, reasons=[OF_ANOTHER])
        reasons: list[str] = []
        after, mistakes = self._merge(record, owner, before, target, reasons)
        if mistakes:
            return self._row(record, WRONG, reasons=mistakes, target=target)
        if before is None and not self._may(after["municipalities"], is_new=True):
            if not after["municipalities"]:
                return self._row(record, WRONG, reasons=["Gemeenten: vul in waar dit aanbod is."])
            return self._row(record, FOREIGN, reasons=["Dit aanbod is niet van jouw gemeenten."])
        if twice := self._seen_before(record, owner, before, after):
            return self._row(record, WRONG, reasons=[f"Dit aanbod staat ook op regel {twice}."], target=target)
        self._plan_organisation(record, owner, after["municipalities"], reasons)
        key = self._new_key(record, before)
        for place in after["locations"]:
            self.places.setdefault(owner, {})[place["id"]] = place
            self.place_lines.setdefault(place["id"], record.line)
        changes = self.differences(before, after, Service) if before else []
        outcome = NEW if before is None else CHANGED if changes or _differs(before, after) or key else SAME
        if before and key and not changes:
            reasons.append("Het nummer bij jouw bron wordt erbij bewaard.")
        modified = record.values.get("last_modified")
        if modified and not (before and outcome == SAME):
            self.losses.add(
                f"{record.path}last_modified",
                modified,
                where=f"nummer {record.line}",
                why="Wij houden zelf bij wanneer iets wijzigt.",
            )
        return self._row(
            record, outcome, target=after["id"], key=key, before=before, after=after, changes=changes, reasons=reasons
        )

    def _merge(
        self, record: Record, owner: str, before: dict | None, target: str | None, reasons: list[str]
    ) -> tuple[dict[str, Any], list[str]]:
        values, mistakes = record.values, []
        after = copy.deepcopy(before) if before else empty_service() | {"checked_by": None, "next_check_on": None}
        after["id"] = before["id"] if before else values.get("id") or str(uuid7())
        after["organisation"] = owner
        for name in (*SERVICE_FIELDS, *LINKS, "home_municipality"):
            if name in values and name not in ("status", "checked_on", "capacity_on"):
                after[name] = values[name]
        if before and after["description"] == after["summary"] and not before["description"]:
            after["description"] = ""  # our own export says the summary twice, where the standard wants a description
        if before is None and (taken := [words for name, words in TAKEN_FOR_GRANTED.items() if name not in values]):
            reasons.append(f"Het bestand zegt dit niet, wij nemen aan: {', '.join(taken)}.")
        if before is None:
            after["summary"] = after["summary"] or values.get("guessed_summary", "")
            after["municipalities"] = after["municipalities"] or values.get("guessed_municipalities", [])
        self._settle_kinds(after, before, mistakes)
        self._settle_home(after, values, mistakes)
        self._settle_capacity(after, values, before, mistakes, reasons)
        self._settle_status(after, values, before, record, mistakes, reasons)
        if after["call_within_days"] is not None and not 1 <= after["call_within_days"] <= 60:
            mistakes.append("Belt binnen (werkdagen): kies 1 tot 60.")
        if not 7 <= after["check_interval_days"] <= 730:
            mistakes.append("Nakijken na (dagen): kies 7 tot 730.")
        if "schedules" in values and values["schedules"] != self._as_words(before):
            after["schedules"] = values["schedules"]
        if "locations" in values:
            self._merge_places(after, values, owner, record, reasons)
        if "contacts" in values:
            after["contacts"] = self._merge_contacts(after["contacts"], values["contacts"], after["id"])
        return after, mistakes

    def _as_words(self, before: dict | None) -> list[dict]:
        """What our own table says of the hours that stand here: saying it back changes nothing."""
        if self.is_hsds or not before or not before["schedules"]:
            return [{}]
        return [{"description": opening_hours(before["schedules"])}]

    def _settle_kinds(self, after: dict, before: dict | None, mistakes: list[str]) -> None:
        """What can be chosen on the page of a service; what stood there already may stay."""
        for slug in after["kinds"]:
            if slug in self.ways_of_working and slug not in (before or {}).get("kinds", []):
                mistakes.append(
                    f"Ondersteuningsvormen: {self.ways_of_working[slug]} is een manier van werken, geen aanbod."
                )

    def _settle_home(self, after: dict, values: dict, mistakes: list[str]) -> None:
        codes = after["municipalities"]
        if after["home_municipality"] not in codes:
            if values.get("home_municipality") and codes:
                mistakes.append("Gemeente die het bijhoudt: kies een van de gemeenten van dit aanbod.")
            mine = [code for code in codes if self.by.may_maintain(self.municipalities[code])]
            after["home_municipality"] = next(iter(mine or codes), None)

    def _settle_capacity(
        self, after: dict, values: dict, before: dict | None, mistakes: list[str], reasons: list[str]
    ) -> None:
        if after["capacity"] != Service.Capacity.WAITING_LIST:
            if values.get("wait_weeks") is not None:
                mistakes.append("Wachttijd (weken): die hoort alleen bij een wachtlijst.")
            after["wait_weeks"] = None
        if not after["capacity"]:
            after["capacity_on"] = None
        elif values.get("capacity_on"):
            after["capacity_on"] = values["capacity_on"]
        elif before is None or before["capacity"] != after["capacity"]:
            after["capacity_on"] = self.today
            reasons.append("De stand van de plek heeft geen dag in het bestand: wij zetten er vandaag bij.")

    def _settle_status(
        self, after: dict, values: dict, before: dict | None, record: Record, mistakes: list[str], reasons: list[str]
    ) -> None:
        checked = values.get("checked_on")
        if checked and checked > self.today:
            mistakes.append("Nagekeken op: die dag moet nog komen.")
        if checked and before and before["checked_on"] and checked < before["checked_on"]:
            reasons.append("Hier is het later nagekeken; die dag blijft staan.")
            checked = None
        was = before["status"] if before else "draft"
        wanted = values.get("status") or was
        missing = [
            words
            for words, there in (
                ("in één zin wat het is", after["summary"]),
                ("een gemeente", after["municipalities"]),
                ("een ondersteuningsvorm", after["kinds"]),
            )
            if not there
        ]
        if wanted == "published" and missing:
            if was == "published":
                mistakes.append(f"Dit aanbod is gepubliceerd; dan is nodig: {', '.join(missing)}.")
            else:
                wanted = was
                sentence = f"Blijft een concept: om te publiceren is nog nodig: {', '.join(missing)}."
                reasons.append(sentence)
                if self.is_hsds:
                    self.losses.add(f"{record.path}status", "active", where=f"nummer {record.line}", why=sentence)
        after["status"] = wanted
        if checked:
            after["checked_on"] = checked
        elif wanted == "published" and (was != "published" or not after["checked_on"]):
            after["checked_on"] = self.today
            reasons.append("Er staat niet bij wanneer het is nagekeken: met jouw akkoord is dat vandaag.")
        if before is None or (after["checked_on"], after["check_interval_days"]) != (
            before["checked_on"],
            before["check_interval_days"],
        ):
            after["next_check_on"] = (
                after["checked_on"]
                and (
                    datetime.date.fromisoformat(after["checked_on"])
                    + datetime.timedelta(days=after["check_interval_days"])
                ).isoformat()
            )
        if after["checked_on"] and (before is None or after["checked_on"] != before["checked_on"]):
            after["checked_by"] = str(self.by.pk)

    def _merge_places(self, after: dict, values: dict, owner: str, record: Record, reasons: list[str]) -> None:
        known = self.places.setdefault(owner, {})
        mine = {place["id"]: place for place in after["locations"]}
        wanted: dict[str, dict] = dict(mine) if values.get("adds_locations") else {}
        for place in values["locations"]:
            pk = place.get("id")
            if pk and pk not in known and self.taken_places.get(pk, owner) != owner:
                reasons.append("Een locatie heeft een nummer dat hier van een ander is; zij krijgt een nieuw nummer.")
                pk = None
            if not pk or pk not in known:
                pk = _same_place(place, mine) or _same_place(place, known) or pk or str(uuid7())
            stands = known.get(pk) or mine.get(pk)
            merged = (stands or empty_location() | {"id": pk}) | {
                name: place[name] for name in (*LOCATION_FIELDS, "identifiers", "schedules") if name in place
            }
            if stands and merged != stands:
                if pk in self.place_lines:
                    reasons.append(f"Een locatie staat op regel {self.place_lines[pk]} anders; die regel telt.")
                    merged = stands
                elif not self._may_change_place(pk):
                    reasons.append("Een locatie is ook van aanbod in andere gemeenten; zij blijft zoals zij is.")
                    merged = stands
            wanted[pk] = merged
        after["locations"] = [wanted[pk] for pk in sorted(wanted)]

    def _may_change_place(self, pk: str) -> bool:
        if self.by.is_functional_admin:
            return True
        others = Service.objects.filter(locations=pk).prefetch_related("municipalities")
        return all(rights.may_maintain_service(self.by, service) for service in others)

    def _merge_contacts(self, here: list[dict], wanted: list[dict], owner: str) -> list[dict]:
        """A file of the standard adds and changes: it may have been made for everybody, without who is not public."""
        merged: dict[str, dict] = {contact["id"]: contact for contact in here} if self.is_hsds else {}
        stands = {contact["id"]: contact for contact in here}
        for contact in wanted:
            pk = contact.get("id")
            if pk not in stands:
                if pk and self.taken_contacts.get(pk, owner) != owner:
                    pk = None
                pk = next((key for key, other in stands.items() if _same_person(contact, other)), None) or pk
            pk = pk or str(uuid7())
            merged[pk] = stands.get(pk, empty_contact()) | contact | {"id": pk}
        return [merged[pk] for pk in sorted(merged)]

    # Organisations ----------------------------------------------------------------------------------------------------

    def _organisation_of(self, record: Record) -> str | None:
        """Its id, also of one that this file will make; "" when several have this name, None when it is not said."""
        said = record.values.get("organisation") or {}
        name = str(said.get("name") or "")
        pk = said.get("id")
        if not name and pk not in self.ids:
            return None
        if pk in self.ids:
            return pk
        if pk and pk in self.organisation_keys:
            return self.organisation_keys[pk]
        same = self.names.get(name.casefold(), [])
        if len(same) > 1:
            there = str(said.get("place") or "").casefold()
            same = [one for one in same if one[1].casefold() == there]
            if len(same) != 1:
                return ""
        if same:
            return same[0][0]
        pk = pk or str(uuid7())
        self.names[name.casefold()].append((pk, str(said.get("place") or "")))
        self.organisation_keys[pk] = pk
        return pk

    def _plan_organisation(self, record: Record, owner: str, codes: list[str], reasons: list[str]) -> None:
        said = record.values["organisation"]
        plan = self.plans.get(owner)
        if plan is None:
            before = as_it_is.organisations([owner]).get(owner) if owner in self.ids else None
            plan = self.plans[owner] = _OrganisationPlan(owner, before, record.line)
            may = before is None or self._may_change_organisation(before)
            pk = said.get("id")
            if before and may and pk and pk != owner and pk not in self.organisation_keys:
                plan.key = pk
            after = plan.merged(said, self)
            if may:
                plan.after = after
            elif _differs(before, after):
                plan.is_closed = True
                reasons.append("De gegevens van de organisatie mag jij niet wijzigen; die blijven zoals ze zijn.")
        elif plan.said is not said and plan.said != said:
            later = plan.merged(said, self)
            if plan.is_closed:
                pass
            elif _differs({**later, "locations": [], "contacts": []}, {**plan.after, "locations": [], "contacts": []}):
                reasons.append(LATEST_OF_THE_ORGANISATION.format(plan.line))
            else:
                plan.after = later
        if plan.before is None and "municipalities" not in said:
            plan.after["municipalities"] = sorted({*plan.after["municipalities"], *codes})

    def _plan_organisation_alone(self, record: Record, owner: str) -> ImportRow:
        said = record.values["organisation"]
        if owner not in self.ids and not said.get("name"):
            return self._row(record, WRONG, reasons=["Organisatie: een naam is altijd nodig."])
        is_new = owner not in self.ids
        codes = said.get("municipalities", [])
        if is_new and not permissions.may_change_organisation(
            self.by, [self.municipalities[code] for code in codes], uses_portal=False
        ):
            return self._row(record, FOREIGN, reasons=["Deze organisatie is niet van jouw gemeenten."])
        reasons: list[str] = []
        known = owner in self.plans
        self._plan_organisation(record, owner, [], reasons)
        plan = self.plans[owner]
        if plan.is_closed and not known:
            return self._row(record, FOREIGN, reasons=["Deze organisatie is niet van jouw gemeenten."])
        # The row of the organisation itself comes at the end; this one only counts what did not change.
        if not is_new and not _differs(plan.before, plan.after):
            return self._row(record, SAME, target=owner, thing=ImportRow.Thing.ORGANISATION)
        return self._row(record, SAME, target=owner, thing=ImportRow.Thing.ORGANISATION, reasons=reasons, is_echo=True)

    def _may_change_organisation(self, before: dict) -> bool:
        municipalities = [self.municipalities[code] for code in before["municipalities"]]
        return permissions.may_change_organisation(self.by, municipalities, uses_portal=before["id"] in self.portal)

    # Finding back -----------------------------------------------------------------------------------------------------

    def _keys(self, owner: str) -> dict[str, str]:
        rows = ExternalId.objects.filter(is_key=True, system=HSDS, **{f"{owner}__isnull": False})
        return {value: str(pk) for value, pk in rows.values_list("value", f"{owner}_id")}

    def _service_keys(self, batch: list[Record]) -> dict[tuple[str, str], str]:
        wanted = {(HSDS, record.values["id"]) for record in batch if record.values.get("id")}
        wanted |= {(self.source, record.values["source_id"]) for record in batch if record.values.get("source_id")}
        rows = ExternalId.objects.filter(
            is_key=True, service__isnull=False, system__in=[HSDS, self.source], value__in=[key for _, key in wanted]
        )
        found = {(system, value): str(pk) for system, value, pk in rows.values_list("system", "value", "service_id")}
        ids = [key for system, key in wanted if system == HSDS]
        found |= {("", str(pk)): str(pk) for pk in Service.objects.filter(pk__in=ids).values_list("pk", flat=True)}
        return found

    def _learn(self, owners: set[str]) -> None:
        """The names of what these organisations offer, and their locations: once per organisation."""
        new = [pk for pk in owners if pk not in self.candidates]
        if not new:
            return
        codes: dict[str, set[str]] = defaultdict(set)
        links = Service.municipalities.through.objects.filter(service__organisation__in=new)
        for service, code in links.values_list("service_id", "municipality_id"):
            codes[str(service)].add(code)
        self.candidates |= {pk: defaultdict(list) for pk in new}
        for pk, owner, name in Service.objects.filter(organisation__in=new).values_list(
            "pk", "organisation_id", "name"
        ):
            self.candidates[str(owner)][name.casefold()].append((str(pk), frozenset(codes[str(pk)])))
        ids = {}
        for pk, owner in Location.objects.filter(organisation__in=new).values_list("pk", "organisation_id"):
            ids[str(pk)] = str(owner)
            self.places.setdefault(str(owner), {})
        for pk, place in as_it_is.locations(ids).items():
            self.places[ids[pk]][pk] = place

    def _target(self, record: Record, owner: str | None, keys: dict) -> str | None:
        """The id of the service that this row is about, None for a new one, "" when it could be several."""
        values = record.values
        if record.mistakes or record.is_organisation or not owner:
            return None
        for key in (("", values.get("id")), (HSDS, values.get("id")), (self.source, values.get("source_id"))):
            if key in keys:
                return keys[key]
        codes = set(values.get("municipalities") or values.get("guessed_municipalities") or [])
        same = self.candidates.get(owner, {}).get(str(values.get("name", "")).casefold(), [])
        same = [pk for pk, others in same if not codes or not others or codes & others]
        return None if not same else same[0] if len(same) == 1 else ""

    def _new_key(self, record: Record, before: dict | None) -> str:
        """The number by which its source will find this row back, unless that is known already: "source<tab>number"."""
        source_id, pk = record.values.get("source_id"), record.values.get("id")
        here = before and before["id"]
        if source_id and (here is None or self.known_keys.get((self.source, source_id)) != here):
            return f"{self.source}\t{source_id}"
        if pk and here and pk != here and self.known_keys.get((HSDS, pk)) != here:
            return f"{HSDS}\t{pk}"
        return ""

    def _seen_before(self, record: Record, owner: str, before: dict | None, after: dict) -> int:
        """On which line of this file the same service stands already; 0 for none."""
        if line := self.lines.get(after["id"]):
            return line
        if before is None:
            source_id = record.values.get("source_id")
            if source_id and (line := self.lines.get(f"\t{source_id}")):
                return line
            codes = set(after["municipalities"])
            name = (owner, after["name"].casefold())
            for others, line in self.new_names[name]:
                if not source_id and (not codes or not others or codes & others):
                    return line
            self.new_names[name].append((codes, record.line))
            if source_id:
                self.lines[f"\t{source_id}"] = record.line
        self.lines[after["id"]] = record.line
        return 0

    # Steps ------------------------------------------------------------------------------------------------------------

    def _may(self, codes: Iterable[str], *, is_new: bool) -> bool:
        municipalities = [self.municipalities[code] for code in codes]
        if is_new:
            return rights.may_maintain_in(self.by, municipalities)
        return self.by.is_functional_admin or any(map(self.by.may_maintain, municipalities))

    @staticmethod
    def _ids(batch: list[Record], name: str) -> list[str]:
        found = []
        for record in batch:
            for values in (record.values, record.values.get("organisation") or {}):
                found += [one["id"] for one in values.get(name, []) if one.get("id")]
        return found

    def _row(self, record: Record, outcome: str, *, is_echo: bool = False, **fields: Any) -> ImportRow:
        self.number += 1
        fields.setdefault("thing", ImportRow.Thing.SERVICE)
        row = ImportRow(number=self.number, line=record.line, name=record.name, outcome=outcome, **fields)
        row.is_echo = is_echo
        if outcome == SAME:
            row.before = row.after = None
        return row

    def differences(self, before: dict, after: dict, model) -> list[list[str]]:
        """What changes, as people read it: field, what stood there, what will."""
        return [
            [label(model, name), self._shown(name, before.get(name)), self._shown(name, after[name])]
            for name in after
            if name not in HIDDEN and before.get(name) != after[name]
        ]

    def _shown(self, name: str, value: Any) -> str:
        if value in (None, "", []):
            return ""
        if value is True or value is False:
            return "ja" if value else "nee"
        if name == "organisation":
            return next((key for key, known in self.names.items() if any(pk == value for pk, _ in known)), str(value))
        if name == "schedules":
            text = opening_hours(value)
        elif name == "locations":
            text = "; ".join(", ".join(filter(None, (one["name"], one["street"], one["place"]))) for one in value)
        elif name == "contacts":
            text = "; ".join(
                ", ".join(filter(None, (one["name"] or one["title"], one["phone"], one["email"]))) for one in value
            )
        elif name == "identifiers":
            text = "; ".join(" ".join(filter(None, number)) for number in value)
        elif isinstance(value, list):
            text = "; ".join(self.words.names[name].get(key, key) for key in value)
        elif name in self.words.names:
            text = self.words.names[name].get(value, str(value))
        else:
            text = str(value)
        return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]} …"


class _OrganisationPlan:
    def __init__(self, pk: str, before: dict | None, line: int):
        self.before, self.line = before, line
        self.after = copy.deepcopy(before) if before else empty_organisation() | {"id": pk}
        self.said: dict = {}
        self.is_closed = False
        self.key = ""

    def merged(self, said: dict, planner: Planner) -> dict:
        self.said = self.said or said
        after = copy.deepcopy(self.after)
        after |= {name: said[name] for name in ORGANISATION_FIELDS if name in said}
        if "kvk" in said:
            others = [number for number in after["identifiers"] if number[:2] != KVK]
            after["identifiers"] = sorted([*others, [*KVK, said["kvk"]]] if said["kvk"] else others)
        for number in said.get("identifiers", []):
            if number not in after["identifiers"]:
                after["identifiers"] = sorted([*after["identifiers"], number])
        if "municipalities" in said:
            after["municipalities"] = sorted({*after["municipalities"], *said["municipalities"]})
        if "contacts" in said:
            after["contacts"] = planner._merge_contacts(after["contacts"], said["contacts"], after["id"])
        if "locations" in said:
            holder = {"locations": after["locations"]}
            values = {"locations": said["locations"], "adds_locations": True}
            planner._merge_places(holder, values, after["id"], Record(self.line), [])
            after["locations"] = holder["locations"]
            for place in after["locations"]:
                planner.places.setdefault(after["id"], {})[place["id"]] = place
        return after


def _differs(before: dict, after: dict) -> bool:
    return any(before.get(name) != value for name, value in after.items() if name not in ("slug", "updated_at"))


def _same_place(place: dict, known: dict[str, dict]) -> str | None:
    """The location at this address, by this name if it says one."""
    said = [str(place.get(name, "")).casefold().replace(" ", "") for name in ("street", "postcode", "place")]
    if not any(said) and not place.get("name"):
        return None
    for pk, other in known.items():
        stands = [other[name].casefold().replace(" ", "") for name in ("street", "postcode", "place")]
        if said == stands and place.get("name", other["name"]).casefold() == other["name"].casefold():
            return pk
    return None


def _same_person(said: dict, stands: dict) -> bool:
    return (said.get("name", ""), said.get("title", "")) == (stands["name"], stands["title"])
