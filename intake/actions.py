"""What can be done with a caregiver's record and her needs. Every write, its log row and its line in the timeline."""

import datetime
import hashlib
import secrets
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import Absence
from intake.consent_text import VERSION, VERSION_WITHOUT_FILE, consent_text
from intake.models import (
    BurdenAnswer,
    Caregiver,
    Consent,
    ConsentItem,
    ConsentWords,
    Involvement,
    Missing,
    Need,
    NeedEnding,
    PhaseStep,
    SituationKind,
    TimelineEvent,
    search_key,
)
from mantelzorg import principals
from mantelzorg.refusal import Refused
from mantelzorg.rights.policies import FOR_HEX, LETTERS
from mantelzorg.verbs import as_a_whole, held, hold, make_later
from mantelzorg.working_days import add_working_days
from trail.actions import record_access

NEED_WORKING_DAYS = 2
CODE_ALPHABET = "BCDFGHJKLMNPQRSTVWXZ23456789"  # no vowels, nothing that reads as something else
PLAN_AT_MOST_DAYS = 60
MOST_AROUND_HER = 60

CHANGEABLE = (
    "name",
    "phone",
    "email",
    "safe_moment",
    "not_when_other_is_there",
    "postcode",
    "municipality",
    "relation",
    "situation_kind",
    "under_16",
    "young_adult",
    "lives_together",
    "works",
    "other_carers",
    "language",
    "interpreter",
)


class ChangedMeanwhile(Refused):
    """Somebody else changed the same thing after this person opened her form. `current` is how it stands now."""

    def __init__(self, current):
        super().__init__("Iemand anders heeft dit intussen gewijzigd. Kijk na wat klopt, en bewaar opnieuw.")
        self.current = current


class ClosedAlready(Refused):
    """Somebody was first, or pressed twice."""

    def __init__(self, need: Need):
        super().__init__(f"Deze hulpvraag was al afgesloten: {need.get_ending_display()}.")
        self.closed_by = need.ended_by_id


def as_seen(thing, fields: Iterable[str]) -> dict[str, Any]:
    """The stored values of these fields, as a form carries them along to notice that somebody else was first; a day and
    an id as text.
    """
    values = {field: getattr(thing, thing._meta.get_field(field).attname) for field in fields}
    return {
        field: str(value) if isinstance(value, datetime.date | uuid.UUID) else value for field, value in values.items()
    }


def refuse_when_overtaken(thing, seen: dict[str, Any] | None) -> None:
    """Raises ChangedMeanwhile when `thing`, as it is now, is not what was `seen`; nothing seen is no objection."""
    if seen is not None and seen != as_seen(thing, seen):
        raise ChangedMeanwhile(thing)


def note_event(
    *, caregiver_id: uuid.UUID, by, kind: str, text: str, referral_id: uuid.UUID | None = None, now=None
) -> None:
    """Add a line to her timeline, when the verb is done. `by` is None when the clock did it."""
    make_later(
        TimelineEvent(
            caregiver_id=caregiver_id,
            kind=kind,
            text=text,
            referral_id=referral_id,
            by=by.acting if by is not None else None,
            at=now or timezone.now(),
        )
    )


def locked_record(caregiver: Caregiver, by) -> Caregiver:
    """Her record, locked against erasure and other changes, for somebody of the organisation that keeps it."""
    _refuse_strangers(caregiver, by)
    locked = held(caregiver) or Caregiver.objects.select_for_update(no_key=True).filter(pk=caregiver.pk).first()
    if locked is None:
        raise Refused("Haar gegevens zijn intussen gewist.")
    return hold(locked)


def _refuse_strangers(caregiver: Caregiver, by) -> None:
    if not by.works_with_caregivers or caregiver.organisation_id != by.organisation_id:
        raise Refused("Alleen de organisatie die haar gegevens beheert, kan dit doen.")


def _search_fields(name: str, phone: str) -> dict[str, str]:
    key = search_key(name)
    return {
        "search_name": key,
        "search_last_name": key.rsplit(" ", 1)[-1],
        "phone_digits": "".join(character for character in phone if character.isdigit())[-9:],
    }


# Caregivers ---------------------------------------------------------------------------------------------------------


@as_a_whole
def record_caregiver(*, by, now=None, **details: Any) -> Caregiver:
    """Record a caregiver for the organisation `by` acts for; `by` becomes the fixed contact person.

    `details` are the fields of CHANGEABLE. Raises Refused when this person may not work with caregivers.
    """
    if not by.works_with_caregivers:
        raise Refused("Je rol geeft geen toegang tot mantelzorgers.")
    now = now or timezone.now()
    caregiver = Caregiver(
        organisation_id=by.organisation_id,
        fixed_contact=by.acting,
        created_by=by.acting,
        created_at=now,
        changed_at=now,
        **{field: details[field] for field in CHANGEABLE if field in details},
        **_search_fields(details["name"], details["phone"]),
    )
    caregiver.save(force_insert=True)
    hold(caregiver)
    note_event(caregiver_id=caregiver.pk, by=by, kind=TimelineEvent.Kind.RECORD, text="Gegevens vastgelegd.", now=now)
    record_access(by=by, event="create", action="C", obj=caregiver, subject=caregiver.pk, fields=tuple(sorted(details)))
    return caregiver


@as_a_whole
def change_caregiver(*, caregiver: Caregiver, by, seen: dict[str, Any] | None = None, **details: Any) -> Caregiver:
    """Change fields of CHANGEABLE. A phase is dropped when the situation is no longer dementia.

    `seen` is what she looked at (`as_seen`): raises ChangedMeanwhile when it is no longer so.
    """
    caregiver = locked_record(caregiver, by)
    refuse_when_overtaken(caregiver, seen)
    changed = [field for field in CHANGEABLE if field in details and getattr(caregiver, field) != details[field]]
    if not changed:
        return caregiver
    for field in changed:
        setattr(caregiver, field, details[field])
    if caregiver.situation_kind != SituationKind.DEMENTIA:
        caregiver.phase = None
    for field, value in _search_fields(caregiver.name, caregiver.phone).items():
        setattr(caregiver, field, value)
    caregiver.changed_at = timezone.now()
    caregiver.save()
    labels = ", ".join(Caregiver._meta.get_field(field).verbose_name for field in changed)
    note_event(caregiver_id=caregiver.pk, by=by, kind=TimelineEvent.Kind.RECORD, text=f"Gegevens gewijzigd: {labels}.")
    record_access(by=by, event="update", action="U", obj=caregiver, subject=caregiver.pk, fields=tuple(changed))
    return caregiver


@as_a_whole
def set_phase(*, caregiver: Caregiver, by, phase, since: datetime.date, note: str = "", now=None) -> None:
    """Note in which phase of the dementia journey she is, since when. An earlier step can be added later: her phase is
    that of the last day.
    """
    caregiver = locked_record(caregiver, by)
    if not caregiver.is_dementia:
        raise Refused("Een fase hoort alleen bij dementie.", field="phase")
    PhaseStep.objects.create(caregiver=caregiver, phase=phase, since=since, note=note, recorded_by=by.acting)
    caregiver.phase = caregiver.phase_steps.for_page().first().phase
    caregiver.changed_at = timezone.now()
    caregiver.save(update_fields=["phase", "changed_at"])
    note_event(caregiver_id=caregiver.pk, by=by, kind=TimelineEvent.Kind.PHASE, text=f"Fase: {phase.name}.", now=now)
    record_access(by=by, event="update", action="U", obj=caregiver, subject=caregiver.pk, fields=("phase",))


@as_a_whole
def set_burden(*, caregiver: Caregiver, by, burden: int, on: datetime.date | None = None, now=None) -> None:
    """Note her own answer to "hoe zwaar is het nu", from 0 (not heavy) to 10 (as heavy as it can be).

    The last day is how it is now; of one day the last answer counts.
    """
    caregiver = locked_record(caregiver, by)
    on = on or timezone.localdate(now)
    BurdenAnswer.objects.update_or_create(
        caregiver=caregiver, on=on, defaults={"burden": burden, "recorded_by": by.acting, "created_at": timezone.now()}
    )
    if caregiver.burden_on is None or on >= caregiver.burden_on:  # of an earlier day: it only adds to the history
        caregiver.burden = burden
        caregiver.burden_on = on
    caregiver.changed_at = timezone.now()
    caregiver.save(update_fields=["burden", "burden_on", "changed_at"])
    note_event(
        caregiver_id=caregiver.pk,
        by=by,
        kind=TimelineEvent.Kind.BURDEN,
        text=f"Hoe zwaar is het nu: {burden} van de 10.",
        now=now,
    )
    record_access(by=by, event="update", action="U", obj=caregiver, subject=caregiver.pk, fields=("burden",))


@as_a_whole
def set_casemanager(*, caregiver: Caregiver, by, answer: str, now=None) -> None:
    """Note her answer to "is er een casemanager?": one of `Casemanager`. The same answer again is not news."""
    caregiver = locked_record(caregiver, by)
    if not caregiver.is_dementia:
        raise Refused("Deze vraag hoort alleen bij dementie.")
    is_news = caregiver.casemanager != answer
    caregiver.casemanager = answer
    caregiver.casemanager_asked_on = timezone.localdate(now)
    caregiver.changed_at = timezone.now()
    caregiver.save(update_fields=["casemanager", "casemanager_asked_on", "changed_at"])
    if is_news:
        text = f"Is er een casemanager? {caregiver.get_casemanager_display().capitalize()}."
        note_event(caregiver_id=caregiver.pk, by=by, kind=TimelineEvent.Kind.PEOPLE, text=text, now=now)
    record_access(by=by, event="update", action="U", obj=caregiver, subject=caregiver.pk, fields=("casemanager",))


@as_a_whole
def add_involvement(
    *, caregiver: Caregiver, by, name: str, since: datetime.date | None = None, **details
) -> Involvement:
    """Note somebody around her: a professional, a volunteer, somebody of her own, or an organisation.

    Who keeps the overview (`regie`) is one at a time: it goes from whoever had it.
    """
    caregiver = locked_record(caregiver, by)
    if caregiver.involvements.now().count() >= MOST_AROUND_HER:
        raise Refused(f"Er staan al {MOST_AROUND_HER} mensen om haar heen. Haal eerst weg wie er niet meer is.")
    if details.get("regie"):
        caregiver.involvements.in_charge().update(regie=False)
    involvement = Involvement.objects.create(
        caregiver=caregiver, name=name, since=since or timezone.localdate(), recorded_by=by.acting, **details
    )
    note_event(caregiver_id=caregiver.pk, by=by, kind=TimelineEvent.Kind.PEOPLE, text=f"Betrokken: {name}.")
    record_access(by=by, event="create", action="C", obj=involvement, subject=caregiver.pk, fields=("involvements",))
    return involvement


@as_a_whole
def end_involvement(*, involvement: Involvement, by, note: str = "", on: datetime.date | None = None) -> None:
    _refuse_strangers(involvement.caregiver, by)
    involvement = Involvement.objects.select_for_update().filter(pk=involvement.pk).first()
    if involvement is None:
        raise Refused("Haar gegevens zijn intussen gewist.")
    if involvement.ended_on is not None:
        raise Refused(f"{involvement.name} stond al als niet meer betrokken.")
    involvement.ended_on = max(on or timezone.localdate(), involvement.since)
    involvement.end_note = note
    involvement.save(update_fields=["ended_on", "end_note"])
    note_event(
        caregiver_id=involvement.caregiver_id,
        by=by,
        kind=TimelineEvent.Kind.PEOPLE,
        text=f"Niet meer betrokken: {involvement.name}.",
    )
    record_access(
        by=by,
        event="update",
        action="U",
        obj=involvement,
        subject=involvement.caregiver_id,
        fields=("involvements",),
    )


@as_a_whole
def give_withdrawal_code(*, caregiver: Caregiver, by) -> str:
    """A new code with which she takes back what she agreed to, without an account. Any earlier one no longer works.

    Returned once, for her own overview; what is kept is an imprint of it.
    """
    caregiver = locked_record(caregiver, by)
    code = "-".join("".join(secrets.choice(CODE_ALPHABET) for _ in range(4)) for _ in range(4))
    caregiver.withdrawal_code = hashlib.sha256(code.encode()).hexdigest()
    caregiver.save(update_fields=["withdrawal_code"])
    record_access(by=by, event="update", action="U", obj=caregiver, subject=caregiver.pk, fields=("withdrawal_code",))
    return code


def letters_for(code: str, organisation_id: uuid.UUID) -> str:
    """What goes with her code to take back what she shares with this receiver alone. With another code it is other."""
    digits = hashlib.sha256(f"{code}:{organisation_id}".encode()).hexdigest()[:LETTERS]
    return "".join(FOR_HEX[int(digit, 16)] for digit in digits)


def withdraw_with_code(code: str, letters: str = "") -> None:
    """Take back all she agreed to whose code this is, or what she shares with the one receiver whose letters these are.
    Says nothing: nobody learns here whether a code exists.

    What she shared is gone at once; the clock ends the referrals under it and tells who must know.
    """
    with principals.acting(principals.withdrawal_code()), connection.cursor() as cursor:
        cursor.execute("SELECT public.withdraw_with_code(%s, %s)", [code.strip().upper(), letters.strip().upper()])


# Needs --------------------------------------------------------------------------------------------------------------


def in_whose_hands(need: Need, now) -> uuid.UUID:
    """The membership of its owner, or of who stands in for her today. With nobody to stand in it stays hers: it is late
    on the page of a caregiver, and any colleague can take it up.
    """
    away = Absence.objects.stand_ins(timezone.localdate(now), organisation=need.organisation_id)
    return away.get(need.owner_id) or need.owner_id


@as_a_whole
def hand_turn(*, need: Need, now) -> bool:
    """Put an open need that no referral carries in the hands of who is there today. Returns whether it changed."""
    locked = Need.objects.select_for_update().filter(pk=need.pk, ended_at=None, on_referral=False).first()
    if locked is None or (member := in_whose_hands(locked, now)) == locked.turn_member_id:
        return False
    locked.turn_member_id = member
    locked.save(update_fields=["turn_member"])
    return True


def _owners_turn(need: Need, now) -> None:
    need.plan_note = ""
    need.on_referral = False
    need.turn_organisation_id = need.organisation_id
    need.turn_member_id = need.owner_id
    need.turn_on = add_working_days(timezone.localdate(now), NEED_WORKING_DAYS)


ENDING_FIELDS = ["ending", "ending_note", "missing", "ended_at", "ended_by"]
TURN_FIELDS = ["on_referral", "turn_organisation", "turn_member", "turn_on", "plan_note"]


@as_a_whole
def add_need(*, caregiver: Caregiver, by, kind=None, words: str = "", prefers_free: bool = False, now=None) -> Need:
    """What she asks now. `kind` is a referable SupportKind, or None: still to be found out together."""
    caregiver = locked_record(caregiver, by)
    _refuse_way_of_working(kind)
    now = now or timezone.now()
    need = Need(
        caregiver=caregiver,
        organisation_id=caregiver.organisation_id,
        kind=kind,
        words=words,
        prefers_free=prefers_free,
        owner=by.acting,
        created_at=now,
    )
    _owners_turn(need, now)
    need.save(force_insert=True)
    hold(need)
    text = f"Nieuwe hulpvraag: {need.kind_name}."
    note_event(caregiver_id=caregiver.pk, by=by, kind=TimelineEvent.Kind.NEED, text=text, now=now)
    record_access(by=by, event="create", action="C", obj=need, subject=caregiver.pk, fields=("kind", "words"))
    return need


def locked_needs(needs: Iterable[Need]) -> list[Need]:
    """These needs as they are now, locked in a fixed order. Those that are gone are left out."""
    needs = list(needs)
    wanted = [need.pk for need in needs if held(need) is None]
    rows = Need.objects.select_for_update(of=("self",)).select_related("kind").filter(pk__in=wanted).order_by("pk")
    found = {need.pk: hold(need) for need in rows} if wanted else {}
    return [need for need in (held(need) or found.get(need.pk) for need in needs) if need is not None]


def _refuse_way_of_working(kind) -> None:
    if kind is not None and not kind.referable:
        raise Refused(f"{kind.name} is een manier van werken. Kies een vorm van ondersteuning.", field="kind")


def _own_need(need: Need, by) -> Need:
    """The need itself, locked, for a change by its own organisation."""
    need = Need.objects.select_for_update(of=("self",)).select_related("caregiver", "kind").filter(pk=need.pk).first()
    if need is None:
        raise Refused("Haar gegevens zijn intussen gewist.")
    _refuse_strangers(need.caregiver, by)
    return need


@as_a_whole
def change_need(
    *,
    need: Need,
    by,
    kind=None,
    words: str = "",
    prefers_free: bool | None = None,
    seen: dict[str, Any] | None = None,
) -> None:
    """Say better what she asks. Not while a referral carries it: what was shared stays as she agreed to it."""
    need = _own_need(need, by)
    if not need.is_open:
        raise Refused("Deze hulpvraag is al afgesloten.")
    if need.on_referral:
        raise Refused("Deze hulpvraag loopt via een verwijzing. Wat daarin gedeeld is, kun je niet meer wijzigen.")
    refuse_when_overtaken(need, seen)
    _refuse_way_of_working(kind)
    prefers_free = need.prefers_free if prefers_free is None else prefers_free
    if (need.kind, need.words, need.prefers_free) == (kind, words, prefers_free):
        return
    need.kind = kind
    need.words = words
    need.prefers_free = prefers_free
    need.save(update_fields=["kind", "words", "prefers_free"])
    note_event(
        caregiver_id=need.caregiver_id,
        by=by,
        kind=TimelineEvent.Kind.NEED,
        text=f"Hulpvraag gewijzigd: {need.kind_name}.",
    )
    fields = ("kind", "words", "prefers_free")
    record_access(by=by, event="update", action="U", obj=need, subject=need.caregiver_id, fields=fields)


@as_a_whole
def plan_need(*, need: Need, by, on: datetime.date, note: str, now=None) -> None:
    """Take the need up oneself: `by` becomes its owner, with a date of her own choice and what she will do."""
    need = _own_need(need, by)
    today = timezone.localdate(now)
    if not need.is_open:
        raise Refused("Deze hulpvraag is al afgesloten.")
    if need.on_referral:
        raise Refused("Deze hulpvraag loopt via een verwijzing. De datum hoort bij die verwijzing.")
    note = note.strip()
    if not note:
        raise Refused("Schrijf op wat je gaat doen.", field="note")
    if on < today:
        raise Refused("Kies een datum vanaf vandaag.", field="on")
    if on > today + datetime.timedelta(days=PLAN_AT_MOST_DAYS):
        raise Refused(f"Kies een datum binnen {PLAN_AT_MOST_DAYS} dagen.", field="on")
    need.owner = by.acting
    need.turn_member = by.acting
    need.turn_on = on
    need.plan_note = note
    need.save(update_fields=["owner", *TURN_FIELDS])
    note_event(
        caregiver_id=need.caregiver_id,
        by=by,
        kind=TimelineEvent.Kind.NEED,
        text=f"{need.kind_name}: zelf verder. {note}",
        now=now,
    )
    record_access(by=by, event="update", action="U", obj=need, subject=need.caregiver_id, fields=("turn_on",))


@as_a_whole
def close_need(*, need: Need, by, ending: str, note: str = "", missing: Iterable[str] = (), now=None) -> None:
    """Say how it ended. *No offer exists* asks for a note on what was missing: a signal for the municipality.

    `missing` are values of `Missing`; a note without any counts as something else. With another ending it is not kept.
    """
    need = _own_need(need, by)
    if not need.is_open:
        raise ClosedAlready(need)
    if need.on_referral:
        raise Refused("Deze hulpvraag loopt nog via een verwijzing. Trek die eerst in, of wacht op de terugkoppeling.")
    if ending == NeedEnding.NO_OFFER and not note.strip():
        raise Refused("Schrijf op welk aanbod er ontbreekt.", field="note")
    need.ending = ending
    need.ending_note = note
    chosen = set(missing) or {Missing.OTHER}
    need.missing = [what.value for what in Missing if what in chosen] if ending == NeedEnding.NO_OFFER else []
    need.ended_at = now or timezone.now()
    need.ended_by = by.acting
    need.turn_organisation = need.turn_member = need.turn_on = None
    need.plan_note = ""
    need.save(update_fields=[*ENDING_FIELDS, *TURN_FIELDS])
    note_event(
        caregiver_id=need.caregiver_id,
        by=by,
        kind=TimelineEvent.Kind.NEED,
        text=f"Hulpvraag afgesloten: {need.kind_name}, {need.get_ending_display()}.",
        now=now,
    )
    record_access(by=by, event="update", action="U", obj=need, subject=need.caregiver_id, fields=("ending",))


@as_a_whole
def reopen_need(*, need: Need, by, now=None) -> None:
    """Undo a closing: it is the owner's turn again, or the turn of who reopens when the owner has left."""
    need = _own_need(need, by)
    if need.is_open:
        raise Refused("Deze hulpvraag staat al open.")
    if need.owner.ended_at is not None:
        need.owner = by.acting
    clear_ending(need)
    _owners_turn(need, now)
    need.turn_member_id = in_whose_hands(need, now)
    need.save(update_fields=["owner", *ENDING_FIELDS, *TURN_FIELDS])
    note_event(
        caregiver_id=need.caregiver_id,
        by=by,
        kind=TimelineEvent.Kind.NEED,
        text=f"Hulpvraag weer open: {need.kind_name}.",
        now=now,
    )
    record_access(by=by, event="update", action="U", obj=need, subject=need.caregiver_id, fields=("ending",))


def clear_ending(need: Need) -> None:
    need.ending = need.ending_note = ""
    need.missing = []
    need.ended_at = need.ended_by = None


def let_referral_carry(
    *, need: Need, organisation_id: uuid.UUID, member_id: uuid.UUID | None, on: datetime.date
) -> None:
    """The need's turn and date become those of the referral that carries it. Joins the caller's transaction."""
    clear_ending(need)
    need.on_referral = True
    need.plan_note = ""
    need.turn_organisation_id = organisation_id
    need.turn_member_id = member_id
    need.turn_on = on
    need.save(update_fields=[*ENDING_FIELDS, *TURN_FIELDS])


def hand_turn_back(*, need: Need, now) -> None:
    """A referral ended: turn and date return to the need's owner. Joins the caller's transaction."""
    _owners_turn(need, now)
    need.turn_member_id = in_whose_hands(need, now)
    need.save(update_fields=TURN_FIELDS)


# Consent ------------------------------------------------------------------------------------------------------------


def give_consent(
    *,
    caregiver: Caregiver,
    by,
    organisation,
    items: Iterable[str],
    how_given: str,
    guardian: str = Consent.Guardian.NOT_NEEDED,
    guardian_note: str = "",
    valid_until: datetime.date | None = None,
    without_file: bool = False,
    purpose: str = "verwijzing",
    text: str = "",
    text_version: str = VERSION,
    now=None,
) -> Consent:
    """Record that she agreed to share `items` with `organisation`, with the text as it was read to her: the one for a
    referral, or for an organisation that helps her `without_file`, unless `text` is another.

    Under 16 a parent or guardian agrees too, or the reason why not is noted. Raises Refused.
    """
    caregiver = locked_record(caregiver, by)
    chosen = [item.value for item in ConsentItem if item.value in set(items)]
    if not chosen:
        raise Refused("Kies wat je mag delen.", field="items")
    if caregiver.under_16 and guardian == Consent.Guardian.NOT_NEEDED:
        raise Refused(
            "Zij is jonger dan 16: vraag ook een ouder of voogd, of schrijf op waarom niet.", field="guardian"
        )
    if guardian == Consent.Guardian.NOT_ASKED and not guardian_note.strip():
        raise Refused("Schrijf op waarom een ouder of voogd niet is gevraagd.", field="guardian_note")
    if valid_until is not None and valid_until < timezone.localdate(now):
        raise Refused("De einddatum van de toestemming ligt in het verleden.", field="valid_until")
    consent = Consent.objects.create(
        caregiver=caregiver,
        organisation=organisation,
        items=chosen,
        purpose=purpose,
        text_version=VERSION_WITHOUT_FILE if without_file else text_version,
        how_given=how_given,
        valid_until=valid_until,
        given_at=now or timezone.now(),
        recorded_by=by.acting,
    )
    ConsentWords.objects.create(
        consent=consent,
        text=text or consent_text(receiver=organisation.name, items=chosen, without_file=without_file),
        guardian=guardian,
        guardian_note=guardian_note,
    )
    note_event(
        caregiver_id=caregiver.pk,
        by=by,
        kind=TimelineEvent.Kind.CONSENT,
        text=f"Toestemming om te delen met {organisation.name}.",
        now=now,
    )
    record_access(
        by=by,
        event="consent_give",
        action="C",
        obj=consent,
        subject=caregiver.pk,
        consent=consent.pk,
        fields=tuple(chosen),
    )
    return consent
