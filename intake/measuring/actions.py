"""What can be done with measurements: note one, write what was agreed about it, take a wrong one back."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from accounts.permissions import may_manage_team
from intake.actions import locked_record, note_event, refuse_when_overtaken
from intake.measuring import scoring
from intake.models import Caregiver, LicensedItems, Screening, TimelineEvent
from mantelzorg.refusal import Refused
from mantelzorg.verbs import as_a_whole
from trail.actions import record_access

GONE = "Deze meting is er niet meer."


@as_a_whole
def record_screening(
    *,
    caregiver: Caregiver,
    by,
    instrument,
    version: str,
    taken_on: datetime.date,
    total: int,
    answers: Mapping[str, int] | None = None,
    note: str = "",
    agreed: str = "",
    now=None,
) -> Screening:
    """Note a score. `answers` are points per dimension, with `scoring.HAPPINESS` when that was asked too.

    How it is read by what is published today is kept with it. Raises Refused for a score that cannot be, and for one
    that is not what the answers add up to.
    """
    caregiver = locked_record(caregiver, by)
    answers = dict(answers or {})
    if instrument.pk not in scoring.OFFERED:
        raise Refused("Dit instrument kun je hier niet gebruiken.")
    if not instrument.score_from <= total <= instrument.score_to:
        raise Refused(f"De score gaat van {instrument.score_from} tot {instrument.score_to}.", field="total")
    if not scoring.adds_up(instrument, total, answers):
        raise Refused("De score is niet de som van de antwoorden.")
    now = now or timezone.now()
    if taken_on > timezone.localdate(now):
        raise Refused("Deze dag moet nog komen.", field="taken_on")
    screening = Screening.objects.create(
        caregiver=caregiver,
        instrument=instrument,
        version=version,
        taken_on=taken_on,
        total=total,
        answers=answers,
        highest=instrument.score_to,
        cut_off=instrument.cut_off,
        band=scoring.band(total, instrument.bands.all()),
        note=note,
        agreed=agreed.strip(),
        agreed_at=now if agreed.strip() else None,
        recorded_by=by.acting,
        created_at=now,
    )
    _tell(screening, by, f"Meting: {instrument.name}.", now)
    record_access(by=by, event="create", action="C", obj=screening, subject=caregiver.pk, fields=("screenings",))
    return screening


@as_a_whole
def agree(*, screening: Screening, by, words: str, seen: dict[str, Any] | None = None, now=None) -> None:
    """Write what was agreed because of a score; again when it was said better.

    `seen` is what she looked at (`as_seen`): raises ChangedMeanwhile when it is no longer so.
    """
    screening = _locked(screening, by)
    refuse_when_overtaken(screening, seen)
    if not words.strip():
        raise Refused("Schrijf in een zin wat jullie afspraken.", field="agreed")
    if screening.agreed == words.strip():
        return
    screening.agreed = words.strip()
    screening.agreed_at = now or timezone.now()
    screening.save(update_fields=["agreed", "agreed_at"])
    _tell(screening, by, f"Afspraak na de meting: {screening.instrument.name}.", now)
    record_access(
        by=by, event="update", action="U", obj=screening, subject=screening.caregiver_id, fields=("screenings",)
    )


@as_a_whole
def take_back(*, screening: Screening, by, why: str, now=None) -> None:
    """It was wrong: it stays to be read, and counts no more."""
    screening = _locked(screening, by)
    if not why.strip():
        raise Refused("Schrijf op waarom deze meting niet klopt.", field="why")
    screening.taken_back_at = now or timezone.now()
    screening.taken_back_by = by.acting
    screening.taken_back_why = why.strip()
    screening.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_why"])
    _tell(screening, by, f"Meting ingetrokken: {screening.instrument.name}.", now)
    record_access(
        by=by, event="update", action="U", obj=screening, subject=screening.caregiver_id, fields=("screenings",)
    )


def _locked(screening: Screening, by) -> Screening:
    locked_record(screening.caregiver, by)
    rows = Screening.objects.select_for_update(of=("self",)).select_related("instrument")
    screening = rows.filter(pk=screening.pk).first()
    if screening is None:
        raise Refused(GONE)
    if screening.taken_back_at is not None:
        raise Refused("Deze meting is al ingetrokken.")
    return screening


def _tell(screening: Screening, by, text: str, now) -> None:
    note_event(caregiver_id=screening.caregiver_id, by=by, kind=TimelineEvent.Kind.SCREENING, text=text, now=now)


# Questions with a licence --------------------------------------------------------------------------------------------


@as_a_whole
def load_items(*, instrument, by, texts: list[str], version: str, now=None) -> LicensedItems:
    """Keep the questions of an instrument for the organisation of `by`, in place of those it had. Scores that were
    noted stay as they are.
    """
    _refuse_who_does_not_manage(by)
    if not can_be_asked(instrument):
        raise Refused("Van dit instrument zijn de vragen hier niet te laden.")
    if len(texts) != instrument.item_count:
        raise Refused(f"{instrument.name} heeft {instrument.item_count} vragen.", field="file")
    items, _ = LicensedItems.objects.update_or_create(
        organisation_id=by.organisation_id,
        instrument=instrument,
        defaults={"texts": texts, "version": version, "loaded_by": by.acting, "loaded_at": now or timezone.now()},
    )
    record_access(by=by, event="update", action="U", obj=items)
    return items


@as_a_whole
def remove_items(*, instrument, by) -> None:
    _refuse_who_does_not_manage(by)
    items = LicensedItems.objects.for_instrument(instrument, by)
    if items is not None:
        record_access(by=by, event="delete", action="D", obj=items)
        items.delete()


def can_be_asked(instrument) -> bool:
    """Whether the rules say how its items are counted; of the CarerQol the dimensions are asked as they are."""
    return instrument.pk in scoring.OFFERED and instrument.pk != scoring.PROFILE and bool(instrument.answer_points)


def _refuse_who_does_not_manage(by) -> None:
    if not may_manage_team(by):
        raise Refused("Alleen de beheerder van je organisatie kan dit.")
