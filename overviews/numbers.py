"""The coordinator's numbers: counts and waiting times of a period and an area, already shielded.

Nothing here knows a name, a text or an id of a caregiver: everything is grouped and counted in the database.
"""

import datetime
from dataclasses import dataclass, field

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q
from django.utils import timezone

from intake.models import Caregiver, Need, NeedEnding, SituationKind
from mantelzorg import principals
from mantelzorg.charts import BarChart
from overviews.areas import Area
from overviews.periods import Period
from overviews.shielding import Cell, shield, shield_one, shown_together
from referrals.models import DeclineReason, Outcome, Referral, ReferralNeed
from referrals.transitions import State
from sociale_kaart.models import Municipality, Service

TOGETHER, ALL = "samen", "totaal"


class Median(Aggregate):
    """The middle value, by PostgreSQL's percentile_cont."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass
class Table:
    title: str
    head: list[str]
    rows: list[list[str]]
    note: str = ""
    empty: str = ""

    @property
    def labelled_rows(self) -> list[list[tuple[str, str]]]:
        """Each cell with the head of its column: on a phone a row becomes a card."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]


@dataclass
class Overview:
    period: Period
    area: Area
    facts: list[tuple[str, str]] = field(default_factory=list)
    charts: list[tuple[str, object]] = field(default_factory=list)  # kind of chart, chart
    tables: list[Table] = field(default_factory=list)
    too_few: bool = False


def overview(*, period: Period, area: Area, today: datetime.date | None = None) -> Overview:
    """All tables and charts of one period and area. Who asks reads no caregiver: the job that counts does."""
    counting = principals.job("overzicht", overview_of=area.organisation_id, overview_in=area.codes)
    with principals.acting(counting):
        return _count(period, area, today or timezone.localdate())


def _count(period: Period, area: Area, today: datetime.date) -> Overview:
    places = _places(period, area)
    result = Overview(period=period, area=area)
    if area.is_one_municipality and list(places) == [TOGETHER]:
        result.too_few = True
        return result
    recorded = _per_place(_caregivers(period, area), places, "municipality")
    sent = _sent_per_place(period, area, places)
    result.facts = _facts(period, area, today)
    result.charts = [
        (
            "bar",
            BarChart(
                title="Verwijzingen per gemeente",
                description=f"Verstuurd in {period.name}.",
                rows=[(places[place], _drawn(cell)) for place, cell in shield(sent["sent"]).items()],
                unit="verwijzingen",
            ),
        )
    ]
    result.tables = [
        _per_municipality(places, recorded, sent),
        _needs_against_offers(period, area),
        _how_it_went(period, area),
        _declined(period, area),
        _situations(period, area),
    ]
    return result


def _drawn(cell: Cell) -> int | str:
    return cell.text if cell.value is None else cell.value


def _in(period: Period, name: str) -> Q:
    start, end = period.moments
    return Q(**{f"{name}__gte": start, f"{name}__lt": end})


# Municipalities -----------------------------------------------------------------------------------------------------


def _places(period: Period, area: Area) -> dict[str, str]:
    """The rows of the tables per municipality: code and name, with those of too few caregivers as one row."""
    known = Caregiver.objects.filter(area.of_caregivers(), created_at__lt=period.moments[1])
    counts = dict(known.values_list("municipality").annotate(count=Count("pk")).order_by("municipality"))
    if area.organisation_id:  # she may have moved, or be erased: where her organisation referred from counts too
        counts |= {
            code: counts.get(code, 0) for code in _sent(period, area).values_list("municipality", flat=True).distinct()
        }
    names = {municipality.pk: municipality.name for municipality in area.municipalities} or dict(
        Municipality.objects.filter(pk__in=counts).values_list("pk", "name")
    )
    together = shown_together({code: counts.get(code, 0) for code in names})
    places = {code: name for code, name in names.items() if code not in together}
    if together:
        places[TOGETHER] = "Overige gemeenten samen" if places else "Alle gemeenten samen"
    return places


def _per_place(rows, places: dict[str, str], by: str) -> dict[str, int]:
    counts = dict.fromkeys(places, 0)
    for code, count in rows.values_list(by).annotate(count=Count("pk")).order_by(by):
        counts[code if code in counts else TOGETHER] += count
    return counts


def _caregivers(period: Period, area: Area):
    return Caregiver.objects.filter(area.of_caregivers(), _in(period, "created_at"))


def _sent(period: Period, area: Area):
    return Referral.objects.filter(area.of_referrals(), _in(period, "sent_at"))


def _sent_per_place(period: Period, area: Area, places: dict[str, str]) -> dict[str, dict]:
    """Counts per place, and the median number of days until acceptance and contact where enough were counted."""
    answered, contacted = Q(accepted_at__isnull=False), Q(contact_at__isnull=False)
    result: dict[str, dict] = {
        "sent": _per_place(_sent(period, area), places, "municipality"),
        "accepted": _per_place(_sent(period, area).filter(answered), places, "municipality"),
        "contacted": _per_place(_sent(period, area).filter(contacted), places, "municipality"),
        "until_accepted": {},
        "until_contact": {},
    }
    shown = [code for code in places if code != TOGETHER]
    for place in (*places, ALL):
        rows = _sent(period, area)
        if place == TOGETHER:
            rows = rows.exclude(municipality__in=shown)
        elif place != ALL:
            rows = rows.filter(municipality=place)
        medians = rows.aggregate(
            accepted=Median(_days("accepted_at"), filter=answered),
            contact=Median(_days("contact_at"), filter=contacted),
        )
        result["until_accepted"][place] = medians["accepted"]
        result["until_contact"][place] = medians["contact"]
    return result


def _days(name: str) -> ExpressionWrapper:
    return ExpressionWrapper(F(name) - F("sent_at"), output_field=DurationField())


def _in_days(duration: datetime.timedelta | None) -> str:
    if duration is None:
        return "–"
    return f"{duration.total_seconds() / 86400:.1f}".replace(".", ",")


def _per_municipality(places: dict[str, str], recorded: dict[str, int], sent: dict[str, dict]) -> Table:
    columns = [shield(recorded), shield(sent["sent"]), shield(sent["accepted"]), shield(sent["contacted"])]
    rows = []
    for place, name in places.items():
        cells = [column[place] for column in columns]
        answer = _in_days(sent["until_accepted"][place]) if cells[2].may_be_described else "–"
        contact = _in_days(sent["until_contact"][place]) if cells[3].may_be_described else "–"
        rows.append([name, *(cell.text for cell in cells), answer, contact])
    totals = [
        shield_one(sum(column.values())) for column in (recorded, sent["sent"], sent["accepted"], sent["contacted"])
    ]
    answer = _in_days(sent["until_accepted"][ALL]) if totals[2].may_be_described else "–"
    contact = _in_days(sent["until_contact"][ALL]) if totals[3].may_be_described else "–"
    rows.append(["Totaal", *(total.text for total in totals), answer, contact])
    return Table(
        title="Per gemeente",
        head=["Gemeente", "Vastgelegd", "Verwezen", "Aangenomen", "Contact", "Dagen tot antwoord", "Dagen tot contact"],
        rows=rows,
        note="Dagen: de helft duurde korter, de helft langer, geteld vanaf het versturen. "
        "Gemeenten met minder dan 20 mantelzorgers staan samen op één regel.",
    )


# The other tables ---------------------------------------------------------------------------------------------------


def _facts(period: Period, area: Area, today: datetime.date) -> list[tuple[str, str]]:
    services = Service.objects.published()
    services = (
        services.filter(organisation=area.organisation_id)
        if area.organisation_id
        else services.filter(
            pk__in=Service.municipalities.through.objects.filter(municipality__in=area.codes).values("service")
        )
    )
    open_now = Referral.objects.filter(area.of_referrals()).open()
    return [
        ("Vastgelegd", shield_one(_caregivers(period, area).count()).text),
        ("Verwezen", shield_one(_sent(period, area).count()).text),
        ("Nu open", shield_one(open_now.count()).text),
        ("Nu over de datum", shield_one(open_now.filter(turn_on__lt=today).count()).text),
        ("Aanbod in de sociale kaart", str(services.count())),
        ("Aanbod dat nagekeken moet worden", str(services.filter(next_check_on__lt=today).count())),
    ]


def _counted(rows, by: str, labels: dict[str, str]) -> list[tuple[str, Cell]]:
    """Label and cell, the most counted first; what was never counted is left out."""
    counts = {
        key: count
        for key, count in rows.values_list(by).annotate(count=Count("pk")).order_by("-count", by)
        if key in labels
    }
    return [(_sentence(labels[key]), cell) for key, cell in shield(counts).items()]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _needs_against_offers(period: Period, area: Area) -> Table:
    """What was asked, what there is for it, and what was missing: the white spots."""
    asked = Need.objects.filter(area.of_caregivers("caregiver__"), _in(period, "created_at"))
    missing = Need.objects.filter(
        area.of_caregivers("caregiver__"), _in(period, "ended_at"), ending=NeedEnding.NO_OFFER
    )
    counts, names = {}, {}
    for slug, name, count in (
        asked.values_list("kind", "kind__name").annotate(count=Count("pk")).order_by("-count", "kind")
    ):
        counts[slug or ""], names[slug or ""] = count, name or "Nog samen uitzoeken"
    nothing = dict(missing.values_list("kind").annotate(count=Count("pk")).order_by())
    offers = Service.kinds.through.objects.filter(service__in=_services_of(area), supportkind__in=names)
    offered = dict(offers.values_list("supportkind").annotate(count=Count("service", distinct=True)).order_by())
    unmet = shield({slug: nothing.get(slug or None, 0) for slug in counts})
    rows = [
        [names[slug], cell.text, str(offered.get(slug, 0)) if slug else "–", unmet[slug].text]
        for slug, cell in shield(counts).items()
    ]
    return Table(
        title="Wat mantelzorgers vroegen, en wat er is",
        head=["Ondersteuningsvorm", "Gevraagd", "Aanbod", "Geen aanbod gevonden"],
        rows=rows,
        note="Aanbod: wat er nu in de sociale kaart staat voor dit gebied. Staat daar 0, dan is dat een witte vlek.",
        empty="In deze periode zijn geen hulpvragen vastgelegd.",
    )


def _services_of(area: Area):
    published = Service.objects.published()
    if area.organisation_id:
        return published.values("pk")
    links = Service.municipalities.through.objects.filter(municipality__in=area.codes)
    return published.filter(pk__in=links.values("service")).values("pk")


def _how_it_went(period: Period, area: Area) -> Table:
    ended = Referral.objects.filter(area.of_referrals(), _in(period, "ended_at"))
    outcomes = ReferralNeed.objects.filter(referral__in=ended.filter(state=State.COMPLETED).values("pk"))
    states = {state.value: state.label for state in State if state not in (State.CONCEPT,)}
    rows = [["Verwijzing " + label.lower(), cell.text] for label, cell in _counted(ended, "state", states)]
    rows += [
        [f"Uitkomst: {label.lower()}", cell.text]
        for label, cell in _counted(outcomes, "outcome", dict(Outcome.choices))
    ]
    return Table(
        title="Wat ervan kwam",
        head=["In deze periode geëindigd", "Aantal"],
        rows=rows,
        note="Een uitkomst hoort bij een hulpvraag; een verwijzing kan er meer hebben.",
        empty="In deze periode eindigde geen verwijzing.",
    )


def _declined(period: Period, area: Area) -> Table:
    declined = Referral.objects.filter(area.of_referrals(), _in(period, "ended_at"), state=State.DECLINED)
    return Table(
        title="Waarom werd afgewezen",
        head=["Reden", "Aantal"],
        rows=[[label, cell.text] for label, cell in _counted(declined, "decline_reason", dict(DeclineReason.choices))],
        empty="In deze periode is niets afgewezen.",
    )


def _situations(period: Period, area: Area) -> Table:
    rows = _counted(_caregivers(period, area), "situation_kind", dict(SituationKind.choices))
    return Table(
        title="Voor wie zij zorgen",
        head=["Wat er speelt", "Mantelzorgers"],
        rows=[[label, cell.text] for label, cell in rows],
        empty="In deze periode zijn geen mantelzorgers vastgelegd.",
    )
