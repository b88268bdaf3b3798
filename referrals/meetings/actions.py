"""What can be done with a mini-MDO: planning it, inviting one by one, answering, writing down what was agreed.

Locks are taken in one order: the caregiver, her consents, the meeting, what is shared with each guest, the guests, the
agreements. A guest has the last three only.
"""

import datetime
import uuid
from collections.abc import Iterable
from functools import partial

from django.utils import timezone

from accounts.models import WORKS_WITH_CAREGIVERS, Membership
from intake import actions as intake
from intake.consent_text import VERSION_OF_A_MEETING, meeting_text
from intake.models import Caregiver, Consent, ConsentItem, TimelineEvent
from mantelzorg import principals
from mantelzorg.dates import day_in_words, moment_in_words
from mantelzorg.one_by_one import one_by_one
from mantelzorg.refusal import Refused
from mantelzorg.verbs import as_a_whole
from referrals import hints
from referrals.models import (
    FEWEST_GUESTS,
    MOST_AGREEMENTS,
    MOST_GUESTS,
    MOST_POINTS,
    Meeting,
    MeetingAgreement,
    MeetingGuest,
    MeetingShare,
)
from referrals.moving import by_the_clock, end_consent
from trail.actions import enqueue_mail, record_access

PLAN_WITHIN_DAYS = 90
KEEP_WITHIN_DAYS = 60  # an agreement, after the meeting
SHARED_DAYS = 120  # after the day that was planned when she agreed
PURPOSE = "mini-mdo"

State, Chair, Doing = Meeting.State, MeetingGuest.State, MeetingAgreement.State

# Planning -----------------------------------------------------------------------------------------------------------


@as_a_whole
def plan_meeting(
    *,
    caregiver: Caregiver,
    by,
    starts_at: datetime.datetime,
    how: str,
    question: str,
    place: str = "",
    points: Iterable[str] = (),
    now=None,
) -> Meeting:
    """Plan a talk about her. Nobody is told before she is invited."""
    caregiver = intake.locked_record(caregiver, by)
    now = now or timezone.now()
    question, points = _agenda(question, points)
    _check_moment(starts_at, now)
    _check_place(how, place)
    meeting = Meeting.objects.create(
        caregiver=caregiver,
        organisation_id=caregiver.organisation_id,
        organiser=by.acting,
        starts_at=starts_at,
        how=how,
        place=place.strip(),
        question=question,
        points=points,
        created_at=now,
        changed_at=now,
    )
    _note(meeting, by, f"Mini-MDO gepland op {day_in_words(meeting.day)}.", now)
    _log(meeting, "create", by, action="C")
    return meeting


@as_a_whole
def change_meeting(
    *,
    meeting: Meeting,
    by,
    starts_at: datetime.datetime,
    how: str,
    question: str,
    place: str = "",
    points: Iterable[str] = (),
    seen: str = "",
    now=None,
) -> Meeting:
    """Move it, or say better what it is about, until it was held. Who is at the table hears that it changed.

    `seen` is when it was changed last, as she looked at it: raises ChangedMeanwhile when somebody was first.
    """
    meeting = _locked(meeting, by)
    now = now or timezone.now()
    _only_planned(meeting)
    if seen and seen != meeting.changed_at.isoformat():
        raise intake.ChangedMeanwhile(meeting)
    question, points = _agenda(question, points)
    _check_place(how, place)
    outside = [share for share in meeting.open_shares if share.consent_id]
    if question != meeting.question and outside:
        raise Refused(
            "Haar toestemming is voor deze vraag. Een andere vraag? Zeg dit overleg af en plan een nieuw.",
            field="question",
        )
    if starts_at != meeting.starts_at:
        _check_moment(starts_at, now)
        _check_within_consent(outside, timezone.localdate(starts_at))
    changed = {
        "starts_at": starts_at,
        "how": how,
        "place": place.strip(),
        "question": question,
        "points": points,
    }
    fields = [name for name, value in changed.items() if getattr(meeting, name) != value]
    if not fields:
        return meeting
    for name in fields:
        setattr(meeting, name, changed[name])
    meeting.changed_at = now
    meeting.save(update_fields=[*fields, "changed_at"])
    _log(meeting, "update", by)
    _tell_guests(meeting, "Een overleg waarvoor je bent uitgenodigd, is veranderd.", by=by, now=now)
    return meeting


def _agenda(question: str, points: Iterable[str]) -> tuple[str, list[str]]:
    question, points = question.strip(), [point.strip() for point in points if point.strip()]
    if not question:
        raise Refused("Schrijf op welke vraag jullie bespreken.", field="question")
    if len(points) > MOST_POINTS:
        raise Refused(f"Een kort overleg heeft hooguit {MOST_POINTS} punten.", field="points")
    return question, points


def _check_moment(starts_at: datetime.datetime, now) -> None:
    if starts_at <= now:
        raise Refused("Kies een moment dat nog komt.", field="day")
    if timezone.localdate(starts_at) > timezone.localdate(now) + datetime.timedelta(days=PLAN_WITHIN_DAYS):
        raise Refused(f"Plan het overleg binnen {PLAN_WITHIN_DAYS} dagen.", field="day")


def _check_place(how: str, place: str) -> None:
    if how == Meeting.How.VISIT and not place.strip():
        raise Refused("Schrijf op bij wie jullie elkaar zien.", field="place")


def _check_within_consent(shares: list[MeetingShare], day: datetime.date) -> None:
    """Who agreed to a talk in spring did not agree to one in winter."""
    ends = [share.consent.valid_until for share in shares if share.consent.valid_until]
    last = min(ends) - datetime.timedelta(days=KEEP_WITHIN_DAYS) if ends else day
    if day > last:
        raise Refused(
            f"Haar toestemming is voor een overleg tot en met {day_in_words(last)}. Plan anders een nieuw overleg.",
            field="day",
        )


@as_a_whole
def cancel_meeting(*, meeting: Meeting, by, now=None) -> None:
    """It does not take place. Who was invited is told and sees nothing of it any more."""
    meeting = _locked(meeting, by)
    now = now or timezone.now()
    _only_planned(meeting)
    _tell_guests(meeting, "Een overleg waarvoor je bent uitgenodigd, gaat niet door.", by=by, now=now)
    for share in meeting.open_shares:
        _close(share, Chair.OFF, by=by, now=now)
    meeting.agreements.all().delete()
    meeting.state = State.CANCELLED
    meeting.changed_at = now
    meeting.save(update_fields=["state", "changed_at"])
    _note(meeting, by, f"Mini-MDO van {day_in_words(meeting.day)} afgezegd.", now)
    _log(meeting, "meeting_cancel", by)


# Who comes ----------------------------------------------------------------------------------------------------------


@as_a_whole
def invite(
    *,
    meeting: Meeting,
    by,
    member: Membership,
    items: Iterable[str] = (),
    how_given: str = "",
    guardian: str = Consent.Guardian.NOT_NEEDED,
    guardian_note: str = "",
    now=None,
) -> MeetingGuest:
    """Invite one person. Of another organisation only with the caregiver's consent for that organisation."""
    meeting = _locked(meeting, by)
    now = now or timezone.now()
    _only_planned(meeting)
    member = Membership.objects.select_related("user", "organisation").get(pk=member.pk)
    _check_guest(meeting, member)
    caregiver = meeting.caregiver
    consent = None
    if member.organisation_id != meeting.organisation_id:
        items = set(items)
        if ConsentItem.AGENDA not in items:
            raise Refused("Zonder te weten waar het over gaat, kan niemand meepraten.", field="items")
        until = shared_until(meeting)
        consent = intake.give_consent(
            caregiver=caregiver,
            by=by,
            organisation=member.organisation,
            items=items & {ConsentItem.NAME, ConsentItem.AGENDA},
            how_given=how_given,
            guardian=guardian,
            guardian_note=guardian_note,
            valid_until=until,
            purpose=PURPOSE,
            text=text_for(meeting, member, items),
            text_version=VERSION_OF_A_MEETING,
            now=now,
        )
    guest = MeetingGuest.objects.create(
        meeting=meeting,
        steward_id=meeting.organisation_id,
        member=member,
        organisation_id=member.organisation_id,
        asked_at=now,
    )
    is_named = consent is None or ConsentItem.NAME in consent.items
    MeetingShare.objects.create(
        guest=guest,
        meeting=meeting,
        steward_id=meeting.organisation_id,
        member=member,
        organisation_id=member.organisation_id,
        consent=consent,
        her_name=caregiver.name if is_named else first_name(caregiver.name),
    )
    _log(meeting, "meeting_invite", by, consent=consent)
    _mail(meeting, member, "Je bent uitgenodigd voor een kort overleg. Laat weten of je meedoet.", now=now)
    return guest


def first_name(name: str) -> str:
    return name.split()[0] if name.split() else name


def shared_until(meeting: Meeting) -> datetime.date:
    return meeting.day + datetime.timedelta(days=SHARED_DAYS)


def text_for(meeting: Meeting, member: Membership, items: Iterable[str]) -> str:
    """As it is read to her: it names this guest and this meeting."""
    return meeting_text(receiver=who_and_where(member), items=items, **said_of(meeting))


def who_and_where(member: Membership) -> str:
    return f"{member.user} van {member.organisation}"


def said_of(meeting: Meeting) -> dict[str, str]:
    """What the text that is read aloud says of the meeting."""
    return {
        "day": day_in_words(meeting.day),
        "until": day_in_words(shared_until(meeting)),
        "question": meeting.question,
    }


def _check_guest(meeting: Meeting, member: Membership) -> None:
    works = any(role in member.roles for role in WORKS_WITH_CAREGIVERS) and member.user.is_active
    if member.ended_at is not None or not works or not member.organisation.uses_portal:
        raise Refused(f"{member.user} kan niet worden uitgenodigd: zij werkt niet (meer) met het portaal.")
    if member.pk == meeting.organiser_id:
        raise Refused("Wie het overleg plant, doet al mee.")
    taken = [share.member_id for share in meeting.open_shares]
    if member.pk in taken:
        raise Refused(f"{member.user} is al uitgenodigd.")
    if len(taken) >= MOST_GUESTS:
        raise Refused(f"Een mini-MDO blijft klein: nodig hooguit {MOST_GUESTS} anderen uit.")


@as_a_whole
def answer(*, meeting: Meeting, by, comes: bool, note: str = "", now=None) -> None:
    """A guest says yes or no, with a sentence. Who said yes may think again until it was held; a no closes it."""
    now = now or timezone.now()
    shares = MeetingShare.objects.open_to(by).select_for_update(of=("self",)).filter(meeting=meeting.pk)
    share = shares.first() if by.works_with_caregivers else None
    if share is None:
        raise Refused("Dit overleg gaat voor jou niet meer door.")
    guest = MeetingGuest.objects.select_for_update(of=("self",)).get(pk=share.pk)
    meeting = Meeting.objects.for_user(by).for_page().get(pk=meeting.pk)
    _only_planned(meeting)
    note = note.strip()
    if not comes and not note:
        raise Refused("Schrijf in een zin waarom je niet kunt.", field="note")
    guest.state = Chair.YES if comes else Chair.NO
    guest.answered_at = now
    guest.save(update_fields=["state", "answered_at"])
    relation = "owner" if guest.is_colleague else "meeting"
    _log(meeting, "meeting_answer", by, relation=relation, consent_id=share.consent_id)
    if not comes:
        _come_back(share, Chair.NO)  # while she is at the table still
    share.note = note
    share.is_open = comes
    share.save(update_fields=["note", "is_open"])
    line = "Iemand doet mee aan je overleg." if comes else "Iemand kan niet meedoen aan je overleg."
    _tell_organiser(meeting, line, by=by, now=now)


@as_a_whole
def take_off(*, guest: MeetingGuest, by, now=None) -> None:
    """The organiser takes somebody off: she is told, and sees nothing of it any more. What she would do comes back."""
    meeting = _locked(guest.meeting, by)
    now = now or timezone.now()
    share = next((one for one in meeting.open_shares if one.pk == guest.pk), None)
    if share is None:
        raise Refused("Zij deed al niet meer mee.")
    _mail(meeting, share.member, "Een overleg gaat voor jou niet meer door.", now=now)
    _close(share, Chair.OFF, by=by, now=now)
    _log(meeting, "meeting_off", by)


def _close(share: MeetingShare, state: str, *, by, now) -> None:
    """She is at the table no longer: nothing is shared with her from here on, and what she would do comes back."""
    share.is_open = False
    share.save(update_fields=["is_open"])
    MeetingGuest.objects.filter(pk=share.pk).update(state=state)
    if share.consent_id and share.consent.withdrawn_at is None:
        end_consent(share.consent, by=by, how=Consent.WithdrawnHow.OVER, now=now)
    _come_back(share, state)


def _come_back(share: MeetingShare, state: str) -> None:
    """What she would do is with who called the meeting together."""
    hers = MeetingAgreement.objects.filter(meeting=share.meeting_id, member=share.member_id, state=Doing.OPEN)
    hers.update(state=Doing.BACK, note=COMES_BACK[state])


COMES_BACK = {
    Chair.NO: "Zij doet niet meer mee.",
    Chair.OFF: "Zij doet niet meer mee.",
    Chair.NO_CONSENT: "De mantelzorger trok de toestemming voor haar organisatie in.",
}

# What was agreed ----------------------------------------------------------------------------------------------------


@as_a_whole
def agree(*, meeting: Meeting, by, who: Membership, what: str, before: datetime.date, now=None) -> MeetingAgreement:
    """Write down who does what, before when: in the talk or after it. She finds it at Vandaag at once."""
    meeting = _locked(meeting, by)
    now = now or timezone.now()
    _only_not_cancelled(meeting)
    _check_agreement(meeting, who, what, before, now)
    taken = set(meeting.agreements.values_list("position", flat=True))
    place = next((number for number in range(1, MOST_AGREEMENTS + 1) if number not in taken), None)
    if place is None:
        raise Refused(f"Er staan al {MOST_AGREEMENTS} afspraken. Haal er eerst een weg.")
    agreement = MeetingAgreement.objects.create(
        meeting=meeting,
        steward_id=meeting.organisation_id,
        position=place,
        member=who,
        what=what.strip(),
        before=before,
        recorded_by=by.acting,
        created_at=now,
    )
    _log(meeting, "create", by, action="C", fields=("agreements",))
    _tell_of_agreement(meeting, agreement, by=by, now=now)
    return agreement


@as_a_whole
def change_agreement(
    *, agreement: MeetingAgreement, by, who: Membership, what: str, before: datetime.date, now=None
) -> None:
    """Say better what was agreed, or give what came back to somebody who can. What is done, is done."""
    meeting = _locked(agreement.meeting, by)
    now = now or timezone.now()
    _only_not_cancelled(meeting)
    agreement = _locked_agreement(agreement)
    if agreement.state == Doing.DONE:
        raise Refused("Deze afspraak is al gedaan.")
    _check_agreement(meeting, who, what, before, now)
    is_anothers = agreement.member_id != who.pk or agreement.state == Doing.BACK
    agreement.member, agreement.what, agreement.before = who, what.strip(), before
    agreement.state, agreement.note = Doing.OPEN, ""
    agreement.save(update_fields=["member", "what", "before", "state", "note"])
    _log(meeting, "update", by, fields=("agreements",))
    if is_anothers:
        _tell_of_agreement(meeting, agreement, by=by, now=now)


@as_a_whole
def drop_agreement(*, agreement: MeetingAgreement, by, now=None) -> None:
    meeting = _locked(agreement.meeting, by)
    agreement = _locked_agreement(agreement)
    if agreement.state == Doing.DONE:
        raise Refused("Deze afspraak is al gedaan.")
    agreement.delete()
    _log(meeting, "update", by, fields=("agreements",))


def _check_agreement(meeting: Meeting, who: Membership, what: str, before: datetime.date, now) -> None:
    coming = {share.member_id for share in meeting.open_shares if share.guest.state == Chair.YES}
    if who.pk not in coming | {meeting.organiser_id}:
        raise Refused("Kies iemand die meedoet aan het overleg.", field="who")
    if not what.strip():
        raise Refused("Schrijf op wat jullie afspraken.", field="what")
    if before < timezone.localdate(now):
        raise Refused("Kies een datum vanaf vandaag.", field="before")
    last = max(meeting.day, timezone.localdate(now)) + datetime.timedelta(days=KEEP_WITHIN_DAYS)
    if before > last:
        raise Refused(f"Kies een datum tot en met {day_in_words(last)}.", field="before")


@as_a_whole
def done(*, agreement: MeetingAgreement, by, now=None) -> None:
    agreement = _hers(agreement, by)
    agreement.state, agreement.done_at, agreement.note = Doing.DONE, now or timezone.now(), ""
    agreement.save(update_fields=["state", "done_at", "note"])
    _log_of_hers(agreement, by)


@as_a_whole
def cannot(*, agreement: MeetingAgreement, by, note: str, now=None) -> None:
    """She cannot do it after all: it is with who called the meeting together, with her reason."""
    agreement = _hers(agreement, by)
    if not note.strip():
        raise Refused("Schrijf in een zin waarom het niet lukt.", field="note")
    agreement.state, agreement.note = Doing.BACK, note.strip()
    agreement.save(update_fields=["state", "note"])
    _log_of_hers(agreement, by)
    line = "Een afspraak uit een overleg lukt niet. Jij bent weer aan zet."
    _tell_organiser(agreement.meeting, line, by=by, now=now or timezone.now())


def _hers(agreement: MeetingAgreement, by) -> MeetingAgreement:
    rows = MeetingAgreement.objects.for_user(by).select_for_update(of=("self",)).filter(pk=agreement.pk)
    agreement = rows.first()
    if agreement is None:
        raise Refused("Deze afspraak is er niet meer.")
    if agreement.member_id != by.acting.pk:
        raise Refused("Alleen wie dit zou doen, kan dit zeggen.")
    if agreement.state != Doing.OPEN:
        raise Refused(f"Deze afspraak was al afgevinkt: {agreement.get_state_display()}.")
    return agreement


def _locked_agreement(agreement: MeetingAgreement) -> MeetingAgreement:
    agreement = MeetingAgreement.objects.select_for_update(of=("self",)).filter(pk=agreement.pk).first()
    if agreement is None:
        raise Refused("Deze afspraak is er niet meer.")
    return agreement


@as_a_whole
def hold_meeting(*, meeting: Meeting, by, conclusion: str, now=None) -> None:
    """It was held: what came of it, in a few words. Who never answered was not there."""
    meeting = _locked(meeting, by)
    now = now or timezone.now()
    _only_planned(meeting)
    conclusion = conclusion.strip()
    if not conclusion:
        raise Refused("Schrijf in een paar zinnen wat eruit kwam.", field="conclusion")
    if meeting.starts_at > now:
        raise Refused(f"Het overleg is pas op {moment_in_words(meeting.starts_at)}.")
    there = [share for share in meeting.open_shares if share.guest.state == Chair.YES]
    if len(there) < FEWEST_GUESTS:
        raise Refused("Een mini-MDO is met drie of vier. Wie meepraatte, zegt eerst in het portaal dat zij meedoet.")
    for share in meeting.open_shares:
        if share not in there:
            _close(share, Chair.OFF, by=by, now=now)
    meeting.state, meeting.conclusion, meeting.held_at, meeting.changed_at = State.HELD, conclusion, now, now
    meeting.save(update_fields=["state", "conclusion", "held_at", "changed_at"])
    _note(meeting, by, f"Mini-MDO gehouden op {day_in_words(meeting.day)}. {conclusion}", now)
    _log(meeting, "meeting_held", by)
    for share in there:
        _mail(meeting, share.member, "Er is een verslag van een overleg, met wie wat doet.", now=now, by=by)


# When she takes back what she agreed to -----------------------------------------------------------------------------


def end_under(consents: Iterable[Consent], *, by, now) -> None:
    """These consents have ended: who was at a table with one of them is there no longer, and is told. Joins the verb
    of the caller, which has the consents locked.
    """
    shares = MeetingShare.objects.filter(consent__in=list(consents), is_open=True).order_by("pk")
    for share in shares.select_for_update(of=("self",)).select_related("meeting", "member__user", "consent"):
        _close(share, Chair.NO_CONSENT, by=by, now=now)
        if share.meeting.was_held:
            line = "Wat in een overleg is afgesproken, zie je niet meer. Neem er geen contact meer over op."
        else:
            line = "Een overleg gaat voor jou niet meer door. Neem er geen contact meer over op."
        _mail(share.meeting, share.member, line, now=now)
        line = "Een mantelzorger trok haar toestemming voor een overleg in. Kijk wie er nog meedoet."
        _tell_organiser(share.meeting, line, by=by, now=now)


def narrow_under(consent: Consent) -> None:
    """She no longer shares her whole name: what a guest sees is her first."""
    if ConsentItem.NAME not in consent.items:
        shares = MeetingShare.objects.filter(consent=consent)
        shares.update(her_name=first_name(consent.caregiver.name))


def follow_consents(*, now: datetime.datetime) -> int:
    """By the clock: what she took back with her code is told, and what nobody reads under any more ends. Each in a
    transaction of its own; returns how many.
    """
    with principals.acting(principals.job("klok")):
        ended = list(MeetingShare.objects.without_consent().values_list("consent_id", flat=True))
        unused = list(MeetingShare.objects.no_longer_used().values_list("consent_id", flat=True))
    return one_by_one(partial(_follow_consent, consent_id=pk, now=now) for pk in [*ended, *unused])


@by_the_clock
@as_a_whole
def _follow_consent(*, consent_id: uuid.UUID, now: datetime.datetime) -> bool:
    consent = (
        Consent.objects.select_for_update(of=("self",)).select_related("recorded_by").filter(pk=consent_id).first()
    )
    if consent is None:
        return False
    if consent.withdrawn_at is not None:
        end_under([consent], by=None, now=now)
    elif not MeetingShare.objects.filter(consent=consent, is_open=True).exists():
        end_consent(consent, by=None, how=Consent.WithdrawnHow.OVER, now=now)
    return True


def forget(*, caregiver: Caregiver, by, now) -> None:
    """She is erased, and her meetings with her: colleagues who would come are told. Joins the caller's verb."""
    shares = MeetingShare.objects.filter(meeting__caregiver=caregiver, meeting__state=State.PLANNED, is_open=True)
    for share in shares.select_related("meeting", "member__user").order_by("pk"):
        _mail(share.meeting, share.member, "Een overleg gaat voor jou niet meer door.", now=now, by=by)


# Shared -------------------------------------------------------------------------------------------------------------


def _locked(meeting: Meeting, by) -> Meeting:
    """The meeting as it is now, for somebody of the organisation that keeps her record; with who is at the table."""
    if not by.works_with_caregivers or meeting.organisation_id != by.organisation_id:
        raise Refused("Alleen de organisatie die haar gegevens beheert, kan dit doen.")
    caregiver = Caregiver.objects.filter(pk=meeting.caregiver_id).first()
    if caregiver is None:
        raise Refused("Haar gegevens zijn intussen gewist.")
    caregiver = intake.locked_record(caregiver, by)
    consents = Consent.objects.select_for_update(of=("self",)).filter(meeting_shares__meeting=meeting.pk)
    consents = {consent.pk: consent for consent in consents.select_related("caregiver", "organisation").order_by("pk")}
    locked = Meeting.objects.select_for_update(of=("self",)).for_page().filter(pk=meeting.pk).first()
    if locked is None:
        raise Refused("Dit overleg is er niet meer.")
    locked.caregiver = caregiver
    shares = locked.shares.select_for_update(of=("self",)).filter(is_open=True).order_by("pk")
    guests = MeetingGuest.objects.select_for_update(of=("self",)).filter(meeting=locked).order_by("pk")
    locked.open_shares = list(shares.select_related("member__user"))
    by_key = {guest.pk: guest for guest in guests}
    for share in locked.open_shares:
        share.guest = by_key[share.pk]
        share.consent = consents.get(share.consent_id)
    return locked


def _only_planned(meeting: Meeting) -> None:
    if not meeting.is_planned:
        raise Refused(f"Dit overleg is al {meeting.get_state_display()}.")


def _only_not_cancelled(meeting: Meeting) -> None:
    if meeting.state == State.CANCELLED:
        raise Refused("Dit overleg is afgezegd.")


def _note(meeting: Meeting, by, text: str, now) -> None:
    kind = TimelineEvent.Kind.PEOPLE
    intake.note_event(caregiver_id=meeting.caregiver_id, by=by, kind=kind, text=text, now=now)


def _log(
    meeting: Meeting,
    event: str,
    by,
    *,
    action: str = "U",
    fields: tuple[str, ...] = ("meetings",),
    relation: str = "owner",
    consent: Consent | None = None,
    consent_id: uuid.UUID | None = None,
) -> None:
    record_access(
        by=by,
        event=event,
        action=action,
        obj=meeting,
        subject=meeting.caregiver_id,
        relation=relation,
        fields=fields,
        consent=consent.pk if consent else consent_id,
    )


def _log_of_hers(agreement: MeetingAgreement, by) -> None:
    relation = "owner" if agreement.steward_id == by.organisation_id else "meeting"
    _log(agreement.meeting, "update", by, fields=("agreements",), relation=relation)


def _tell_guests(meeting: Meeting, line: str, *, by, now) -> None:
    for share in meeting.open_shares:
        _mail(meeting, share.member, line, now=now, by=by)


def _tell_of_agreement(meeting: Meeting, agreement: MeetingAgreement, *, by, now) -> None:
    _mail(meeting, agreement.member, "Er is een afspraak voor je uit een overleg.", now=now, by=by)


def _tell_organiser(meeting: Meeting, line: str, *, by, now) -> None:
    """Or who stands in for her. Not when she did it herself."""
    if by is not None and by.acting is not None and by.acting.pk == meeting.organiser_id:
        return
    for hint in hints.whoever_is_there(meeting.organiser, timezone.localdate(now)):
        _put_in_the_post(meeting, hint, line, meeting.organisation_id, now)


def _mail(meeting: Meeting, member: Membership, line: str, *, now, by=None) -> None:
    """To herself: nobody else of her organisation is at the table. Not about what she did herself."""
    is_there = member.ended_at is None and member.user.is_active
    if is_there and (by is None or by.acting.pk != member.pk):
        _put_in_the_post(meeting, hints.of_member(member), line, member.organisation_id, now)


def _put_in_the_post(meeting: Meeting, hint: hints.Hint, line: str, organisation_id, now) -> None:
    enqueue_mail(
        template="meeting_news",
        to=hint.to,
        context={"line": line, "path": f"/overleg/{meeting.pk}/"},
        about=meeting,
        subject=meeting.caregiver_id,
        organisation=organisation_id,
        for_digest=hint.daily,
        now=now,
    )
