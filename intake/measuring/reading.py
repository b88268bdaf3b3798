"""Measurements in words: what a score says and what it does not, and which way it goes."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format

from intake import burden
from intake.measuring import scoring
from intake.measuring.actions import can_be_asked
from intake.models import BurdenAnswer, Caregiver, LicensedItems, Screening
from knowledge.models import Instrument
from mantelzorg.carried import opened_for
from mantelzorg.charts import LineChart
from mantelzorg.dates import date_in_words, day_in_words

SHOWN = 12  # points of a line, and results of one instrument on the page
HEAVIER, LIGHTER, SAME = "zwaarder", "lichter", "gelijk"


def direction(answers: Sequence[BurdenAnswer]) -> str:
    """Which way her own answer goes, from the newest two; empty when there are none to compare."""
    if len(answers) < 2:
        return ""
    now, before = answers[0].burden, answers[1].burden
    return HEAVIER if now > before else LIGHTER if now < before else SAME


def burden_line(caregiver: Caregiver) -> dict[str, str]:
    """How heavy it is now and which way it moves; empty while nobody asked. One query."""
    answers = list(caregiver.burden_answers.newest_first()[:2])
    if not answers:
        return {}
    newest = answers[0]
    went = direction(answers)
    said = {HEAVIER: "zwaarder dan", LIGHTER: "lichter dan", SAME: "even zwaar als"}.get(went, "")
    return {
        "text": burden.in_words(newest.burden),
        "colour": burden.colour(newest.burden),
        "on": day_in_words(newest.on),
        "went": f"{said} op {day_in_words(answers[1].on)} ({answers[1].burden})" if went else "",
    }


def page_of(caregiver: Caregiver) -> dict[str, Any]:
    """All measurements of one caregiver, by instrument: the newest of each. A query for each instrument, and three."""
    answers = list(caregiver.burden_answers.newest_first()[:SHOWN])
    instruments = Instrument.objects.in_bulk(scoring.OFFERED)
    return {
        "burden": burden_line(caregiver) if answers else {},
        "burden_chart": _chart("Hoe zwaar is het nu, van 0 tot 10", [(one.on, one.burden) for one in answers]),
        "to_agree_on": [line(screening) for screening in caregiver.screenings.to_agree_on().for_page()[:SHOWN]],
        "instruments": [
            _of_instrument(instruments[slug], caregiver) for slug in scoring.OFFERED if slug in instruments
        ],
    }


def _of_instrument(instrument: Instrument, caregiver: Caregiver) -> dict[str, Any]:
    screenings = list(caregiver.screenings.standing().of(instrument).for_page()[: SHOWN + 1])
    has_more = len(screenings) > SHOWN
    screenings = screenings[:SHOWN]
    newest = screenings[0] if screenings else None
    same = [one for one in screenings if newest and one.version == newest.version]
    return {
        "name": instrument.name,
        "measures": instrument.measures,
        "url": opened_for(caregiver, reverse("instrument_detail", args=[instrument.pk])),
        "new_url": reverse("screening_new", args=[caregiver.pk, instrument.pk]),
        "newest": line(newest) if newest else None,
        "went": _went(instrument, same),
        "earlier": [line(one) for one in screenings[1:]],
        "all_url": reverse("screening_history", args=[caregiver.pk, instrument.pk]) if has_more else "",
        "chart": _chart(f"{instrument.name}, {instrument.score_from} tot {instrument.score_to}", _points(same)),
    }


def line(screening: Screening) -> dict[str, Any]:
    return {
        "url": reverse("screening_detail", args=[screening.pk]),
        "name": screening.instrument.name,
        "on": day_in_words(screening.taken_on),
        "score": f"{screening.total} van {screening.highest}",
        "band": screening.band,
        "is_over": bool(screening.is_over),
        "asks": bool(screening.is_over) and not screening.agreed,
    }


def detail_of(screening: Screening) -> dict[str, Any]:
    """One measurement, with all that was published to read it by."""
    instrument = screening.instrument
    return {
        "score": f"{screening.total} van {screening.highest}",
        "on": day_in_words(screening.taken_on),
        "by": str(screening.recorded_by.user),
        "version": screening.version,
        "band": screening.band,
        "is_over": bool(screening.is_over),
        "said": _said(screening),
        "profile": _profile(screening, instrument),
        "happiness": screening.answers.get(scoring.HAPPINESS),
        "agreed_on": date_in_words(screening.agreed_at) if screening.agreed_at else "",
        "taken_back": _taken_back(screening),
        "source": f"{instrument.name}. {instrument.makers}.",
    }


def _said(screening: Screening) -> str:
    """A suggestion, never a conclusion."""
    if screening.is_over is None:
        return "Voor deze score is geen grens gepubliceerd. Kijk of het verandert, en vraag wat dat voor haar betekent."
    means = screening.instrument.cut_off_means
    published = f"Er is een grens gepubliceerd: vanaf {screening.cut_off} punten spreekt de bron van {means}."
    if screening.is_over:
        return (
            f"{published} Haar score ligt daar op of boven. Praat erover: wat het voor haar betekent, hoor je van haar."
        )
    return f"{published} Haar score ligt eronder. Ook dan kan het zwaar zijn: vraag het haar."


def _profile(screening: Screening, instrument: Instrument) -> list[tuple[str, str]]:
    """Of each side of her life what she answered, in the words of the scale."""
    found = []
    for dimension in instrument.dimensions.all():
        points = screening.answers.get(dimension.code)
        if points is None:
            continue
        level = points if dimension.direction == dimension.Direction.POSITIVE else scoring.LEVELS - 1 - points
        found.append((dimension.name, f"{instrument.answers[level]} ({points} van 2 punten)"))
    return found


def _taken_back(screening: Screening) -> str:
    if screening.taken_back_at is None:
        return ""
    return (
        f"Ingetrokken op {date_in_words(screening.taken_back_at)} door {screening.taken_back_by.user}: "
        f"{screening.taken_back_why}"
    )


def _points(screenings: Iterable[Screening]) -> list[tuple[Any, int]]:
    return [(one.taken_on, one.total) for one in screenings][:SHOWN]


def _went(instrument: Instrument, same: list[Screening]) -> str:
    """The newest two of the same version, in words."""
    if len(same) < 2:
        return ""
    now, before = same[0].total, same[1].total
    on = day_in_words(same[1].taken_on)
    if now == before:
        return f"Gelijk aan {on}."
    is_lighter = (now > before) == instrument.more_is_better
    higher, lighter = "Hoger" if now > before else "Lager", "lichter" if is_lighter else "zwaarder"
    return f"{higher} dan op {on} ({before}), dus {lighter}. Een klein verschil zegt weinig: vraag het haar."


def _chart(title: str, newest_first: list[tuple[Any, int]]) -> LineChart | None:
    if len(newest_first) < 2:
        return None
    points = list(reversed(newest_first))
    return LineChart(
        title=title,
        labels=[date_format(on, "j b Y") for on, _ in points],
        series=[("score", [value for _, value in points])],
    )


def licensed_lines(user) -> list[dict[str, Any]]:
    """Of each instrument of which the items can be asked, whether her organisation has its questions. Two queries."""
    instruments = Instrument.objects.in_bulk(scoring.OFFERED)
    loaded = {items.instrument_id: items for items in LicensedItems.objects.of_organisation(user.organisation_id)}
    return [
        {
            "name": instruments[slug].name,
            "terms": instruments[slug].terms_of_use,
            "count": instruments[slug].item_count,
            "items": loaded.get(slug),
            "url": reverse("licensed_load", args=[slug]),
        }
        for slug in scoring.OFFERED
        if slug in instruments and can_be_asked(instruments[slug])
    ]
