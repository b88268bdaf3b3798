"""What people can do with a referral: the verbs. The shape that all of them share is in referrals/moving.py."""

import datetime
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone

from intake import actions as intake
from intake.models import Caregiver, Consent, ConsentItem, Involvement, Need, TimelineEvent
from mantelzorg import principals
from mantelzorg.refusal import Refused
from mantelzorg.verbs import hold, make_what_waits
from referrals.meetings import actions as meetings
from referrals.models import (
    FEEDBACK,
    NO_REASON_WITHOUT_FILE,
    ONLY_AFTER_ACCEPTANCE,
    CallAttempt,
    DeclineReason,
    Handover,
    Outcome,
    Referral,
    ReferralNeed,
    SharedItem,
    WarmMode,
    WithdrawReason,
)
from referrals.moving import (
    asked,
    end_consent,
    locked,
    log,
    move,
    needs_of,
    note_on_timeline,
    note_step,
    tell_receiver,
    tell_sender,
    verb,
)
from referrals.permissions import may_add_need, may_log_calls, may_take_back
from referrals.sealing import to_store
from referrals.transitions import (
    Channel,
    State,
    Urgency,
    Verb,
    expiry_date,
)
from trail.actions import (
    claim_once,
    drop_mail_about,
    record_access,
    settle_once,
    unlink_mail_about,
)

# What is said, and all that is said, by who keeps no file.
THERE_WAS_CONTACT = "Er was contact. Meer laat deze organisatie niet weten: zij werkt zonder dossier."
NO_WORDS = "Meer schreef deze organisatie er niet bij: zij werkt zonder dossier."

# Drafting and sending -----------------------------------------------------------------------------------------------


@verb
def draft(
    *,
    caregiver: Caregiver,
    needs: Iterable[Need],
    service,
    by,
    urgency: str = Urgency.NORMAL,
    warm_mode: str = WarmMode.RECEIVER_CALLS,
    warm_with: str = "",
    warm_on: datetime.date | None = None,
    handover_text: str = "",
    target_groups: Iterable = (),
    is_kept: bool = True,
    now=None,
) -> Referral:
    """A private draft: the needs keep their turn, nobody else sees it, untouched for 14 days it is deleted.

    One that is not kept is sent in the same breath, and it is the sending that stands in the log.
    """
    if not by.works_with_caregivers or caregiver.organisation_id != by.organisation_id:
        raise Refused("Alleen de organisatie die haar gegevens beheert, kan haar verwijzen.")
    _check_service(service)
    caregiver = intake.locked_record(caregiver, by)
    now = now or timezone.now()
    referral = Referral.objects.create(
        caregiver=caregiver,
        municipality_id=caregiver.municipality_id,
        sender_organisation=by.organisation,
        sender=by.acting,
        service=service,
        receiver_organisation=service.organisation,
        channel=service.channel,
        urgency=urgency,
        warm_mode=warm_mode,
        warm_with=warm_with,
        warm_on=warm_on,
        created_at=now,
        changed_at=now,
    )
    Handover.objects.create(referral=referral, text=handover_text)
    referral.target_groups.add(*target_groups)
    _link_needs(referral, needs, is_kept=is_kept)
    if is_kept:
        log(referral, "refer_draft", by, action="C")
    return referral


@verb
def change_draft(
    *, referral: Referral, by, needs: Iterable[Need], target_groups: Iterable = (), now=None, **details: Any
):
    """Change a draft's service, needs, texts and choices. Only its maker can."""
    referral = locked(referral)
    if referral.state != State.CONCEPT or referral.sender_id != by.acting.pk:
        raise Refused("Dit concept is al verstuurd of niet van jou.")
    for field in ("service", "urgency", "warm_mode", "warm_with", "warm_on"):
        if field in details:
            setattr(referral, field, details[field])
    if "handover_text" in details:
        referral.handover.text = details["handover_text"]
        referral.handover.save(update_fields=["text"])
    _check_service(referral.service)
    referral.receiver_organisation_id = referral.service.organisation_id
    referral.channel = referral.service.channel
    referral.changed_at = now or timezone.now()
    referral.save()
    referral.target_groups.set(target_groups)
    referral.referral_needs.all().delete()
    _link_needs(referral, needs, is_kept=True)
    log(referral, "refer_draft", by)
    return referral


@verb
def discard_draft(*, referral: Referral, by) -> None:
    referral = locked(referral)
    if referral.state != State.CONCEPT or referral.sender_id != by.acting.pk:
        raise Refused("Dit concept is al verstuurd of niet van jou.")
    log(referral, "refer_discard", by, action="D")
    referral.delete()


def _check_service(service) -> None:
    if service.status != "published":
        raise Refused("Dit aanbod staat niet meer in de sociale kaart. Kies een ander aanbod.", field="service")


def _link_needs(referral: Referral, needs: Iterable[Need], *, is_kept: bool) -> None:
    """Say in a draft, which this verb has locked, for which needs it is. One that is sent at once carries them now."""
    needs = intake.locked_needs(needs)
    if not needs:
        raise Refused("Kies minstens één hulpvraag.", field="needs")
    for need in needs:
        if need.caregiver_id != referral.caregiver_id:
            raise Refused("Deze hulpvraag is van een andere mantelzorger.", field="needs")
        if not need.is_open:
            raise Refused(f"De hulpvraag “{need.kind_name}” is al afgesloten.", field="needs")
        if not is_kept:
            _check_free(need)
    links = [ReferralNeed(referral=referral, need=need, kind=need.kind, is_open=not is_kept) for need in needs]
    hold(referral).links = ReferralNeed.objects.bulk_create(links)


@verb
def send(
    *,
    referral: Referral,
    by,
    items: Iterable[str],
    how_given: str,
    handover_read: bool,
    guardian: str = Consent.Guardian.NOT_NEEDED,
    guardian_note: str = "",
    valid_until: datetime.date | None = None,
    now=None,
) -> Referral:
    """Send a draft with her consent: the chosen items are frozen, and the turn passes to the referral.

    What the service promises at this moment, holds for this referral to its end: without a file no more goes along than
    her name, her number and when to call.
    """
    referral = asked(referral, Verb.SEND, by, now)
    now = now or timezone.now()
    _check_service(referral.service)
    items = set(items)
    referral.without_file = referral.service.zonder_dossier
    if referral.without_file:
        _leave_behind(referral, items)
    elif not handover_read:
        raise Refused("Lees de overdracht voor aan de mantelzorger en vink dat aan.", field="handover_read")
    elif not referral.handover_text.strip():
        raise Refused(
            "Schrijf een korte overdracht, zodat zij haar verhaal niet opnieuw hoeft te doen.", field="handover_text"
        )
    if not {ConsentItem.NAME, ConsentItem.PHONE} <= items:
        raise Refused("Zonder haar naam en telefoonnummer kan niemand haar bellen.", field="items")
    if referral.warm_mode == WarmMode.CALLED_RECEIVER and not (referral.warm_with and referral.warm_on):
        raise Refused("Schrijf op wie je sprak en wanneer.", field="warm_with")
    links = needs_of(referral)
    for link in links:
        _check_free(link.need)
    consent = intake.give_consent(
        caregiver=referral.caregiver,
        by=by,
        organisation=referral.receiver_organisation,
        items=items,
        how_given=how_given,
        guardian=guardian,
        guardian_note=guardian_note,
        valid_until=valid_until,
        without_file=referral.without_file,
        now=now,
    )
    referral.consent = consent
    referral.channel = referral.service.channel
    referral.municipality_id = referral.caregiver.municipality_id
    referral.handover_read = not referral.without_file
    referral.sent_at = now
    referral.expires_on = expiry_date(timezone.localdate(now))
    move(
        referral,
        Verb.SEND,
        by=by,
        now=now,
        timeline=f"Verwezen naar {referral.service.name}, {referral.receiver_organisation.name}",
        links=links,
    )
    _share(referral, consent, links)
    tell_receiver(referral, "Er staat een nieuwe verwijzing voor jullie klaar.", now=now)
    return referral


def _leave_behind(referral: Referral, items: set[str]) -> None:
    """To who keeps no file goes no story and nothing that says to which group she belongs; nor anything else of her."""
    if items - {ConsentItem.NAME, ConsentItem.PHONE}:
        raise Refused(
            "Dit aanbod werkt zonder dossier: deel alleen haar naam, haar nummer en een goed moment.", field="items"
        )
    Handover.objects.filter(referral=referral).update(text="")
    referral.handover.text = ""
    referral.target_groups.clear()


def _check_free(need: Need) -> None:
    if not need.is_open:
        raise Refused(f"De hulpvraag “{need.kind_name}” is al afgesloten.", field="needs")
    if need.on_referral:
        raise Refused(f"De hulpvraag “{need.kind_name}” loopt al via een andere verwijzing.", field="needs")


def _share(referral: Referral, consent: Consent, links: list[ReferralNeed]) -> None:
    """Freeze what she agreed to share; what is empty is not shared."""
    values = shareable(referral, links)
    SharedItem.objects.bulk_create(
        SharedItem(
            referral=referral, consent=consent, item=item, value=to_store(values[item], seal=referral.without_file)
        )
        for item in consent.items
        if values.get(item)
    )


def shareable(referral: Referral, links: Iterable[ReferralNeed]) -> dict[str, str]:
    """Each item as words, as it stands now in her own record. `links` are the needs in it."""
    caregiver = referral.caregiver
    phone = [caregiver.phone, caregiver.safe_moment]
    if caregiver.not_when_other_is_there:
        phone.append("liever niet als de ander erbij is")
    words = [f"{link.kind_name}: {link.need.words}" for link in links if link.need.words]
    return {
        ConsentItem.NAME: caregiver.name,
        ConsentItem.PHONE: "; ".join(part for part in phone if part),
        ConsentItem.EMAIL: caregiver.email,
        ConsentItem.POSTCODE: caregiver.postcode,
        ConsentItem.RELATION: caregiver.get_relation_display(),
        ConsentItem.SITUATION: caregiver.get_situation_kind_display(),
        ConsentItem.PHASE: caregiver.phase.name if caregiver.phase else "",
        ConsentItem.BURDEN: f"{caregiver.burden} van de 10" if caregiver.burden is not None else "",
        ConsentItem.WORDS: "\n".join(words),
        ConsentItem.HANDOVER: referral.handover_text,
    }


@verb
def refer(*, caregiver, needs, service, by, consent: Mapping[str, Any], now=None, **details: Any) -> Referral:
    """Draft and send in one go: the fast path. `consent` holds the arguments of `send`."""
    referral = draft(caregiver=caregiver, needs=needs, service=service, by=by, now=now, is_kept=False, **details)
    return send(referral=referral, by=by, now=now, **consent)


class WithdrawnAlready(Refused):
    """Somebody was first, or pressed twice: what she wants is so already."""

    def __init__(self):
        super().__init__("Deze toestemming was al ingetrokken. Zij zien niets meer van haar.")


# Pages that pass on. `key` is the form's hidden key: a second arrival makes nothing and is told what the first made;
# with another `digest`, of what was typed, it is refused (SentBefore).
# `details` are the arguments of `draft`, `agreement` those of `send`; without `agreement` it stays a draft.


CAREGIVER_NEW, REFERRAL_NEW = "caregiver_new", "referral_new"


@verb
def record_and_refer(
    *,
    key: uuid.UUID,
    by,
    person: Mapping[str, Any],
    phase=None,
    burden: int | None = None,
    need: Mapping[str, Any] | None = None,
    details: Mapping[str, Any] | None = None,
    agreement: Mapping[str, Any] | None = None,
    digest: str = "",
    now=None,
) -> uuid.UUID:
    """Record a caregiver, with what she asks, and refer her: all of it or nothing. Without `details` she is only
    recorded. Returns the id of the referral, or of the caregiver when there is none.
    """
    first, result = claim_once(key=key, verb=CAREGIVER_NEW, by=by, digest=digest)
    if not first:
        return result
    made = caregiver = intake.record_caregiver(by=by, now=now, **person)
    if phase is not None:
        intake.set_phase(caregiver=caregiver, by=by, phase=phase, since=timezone.localdate(now), now=now)
    if burden is not None:
        intake.set_burden(caregiver=caregiver, by=by, burden=burden, now=now)
    needs = _with_new([], need, caregiver, by=by, now=now)
    if details is not None:
        made = draft(caregiver=caregiver, needs=needs, by=by, now=now, is_kept=agreement is None, **details)
        if agreement is not None:
            made = send(referral=made, by=by, now=now, **agreement)
    settle_once(key=key, result=made.pk)
    return made.pk


@verb
def refer_known(
    *,
    key: uuid.UUID,
    by,
    caregiver: Caregiver,
    needs: Iterable[Need],
    need: Mapping[str, Any] | None,
    details: Mapping[str, Any],
    agreement: Mapping[str, Any] | None,
    digest: str = "",
    now=None,
) -> uuid.UUID:
    """Refer a caregiver we know: for needs she has, and for a new `need`. Returns the id of the referral."""
    first, result = claim_once(key=key, verb=REFERRAL_NEW, by=by, digest=digest)
    if not first:
        return result
    needs = _with_new(needs, need, caregiver, by=by, now=now)
    made = draft(caregiver=caregiver, needs=needs, by=by, now=now, is_kept=agreement is None, **details)
    if agreement is not None:
        made = send(referral=made, by=by, now=now, **agreement)
    settle_once(key=key, result=made.pk)
    return made.pk


@verb
def go_on(
    *,
    key: uuid.UUID,
    by,
    referral: Referral,
    needs: Iterable[Need],
    need: Mapping[str, Any] | None,
    details: Mapping[str, Any],
    agreement: Mapping[str, Any] | None,
    digest: str = "",
    now=None,
) -> uuid.UUID:
    """Go on with a draft: change it, and send it when she agreed. Returns its id."""
    first, result = claim_once(key=key, verb="referral_draft", by=by, digest=digest)
    if not first:
        return result
    needs = _with_new(needs, need, referral.caregiver, by=by, now=now)
    referral = change_draft(referral=referral, by=by, needs=needs, now=now, **details)
    if agreement is not None:
        referral = send(referral=referral, by=by, now=now, **agreement)
    settle_once(key=key, result=referral.pk)
    return referral.pk


def _with_new(needs: Iterable[Need], new: Mapping[str, Any] | None, caregiver: Caregiver, *, by, now) -> list[Need]:
    return [*needs, *([intake.add_need(caregiver=caregiver, by=by, now=now, **new)] if new else [])]


@verb
def add_need(
    *, referral: Referral, need: Need, by, items: Iterable[str], how_given: str, now=None, **consent
) -> Referral:
    """Add a need to a referral that is already under way, with fresh consent for what is shared."""
    referral = locked(referral)
    now = now or timezone.now()
    if not may_add_need(by, referral):
        raise Refused("Aan deze verwijzing kan geen vraag meer worden toegevoegd.")
    need = Need.objects.select_for_update(of=("self",)).select_related("kind").get(pk=need.pk)
    if need.caregiver_id != referral.caregiver_id:
        raise Refused("Deze hulpvraag is van een andere mantelzorger.", field="needs")
    _check_free(need)
    fresh = intake.give_consent(
        caregiver=referral.caregiver,
        by=by,
        organisation=referral.receiver_organisation,
        items=items,
        how_given=how_given,
        now=now,
        **consent,
    )
    ReferralNeed.objects.create(referral=referral, need=need, kind=need.kind, is_open=True)
    intake.let_referral_carry(
        need=need,
        organisation_id=referral.turn_organisation_id,
        member_id=referral.turn_member_id,
        on=referral.turn_on,
    )
    replaced, referral.consent = referral.consent, fresh
    referral.changed_at = now
    referral.save(update_fields=["consent", "changed_at"])
    referral.shared_items.all().delete()
    _share(referral, fresh, needs_of(referral))
    if replaced.withdrawn_at is None:  # otherwise she took it back by code, and said yes again
        end_consent(replaced, by=by, how=Consent.WithdrawnHow.REPLACED, now=now)
    note_step(referral, "add_need", by=by, now=now, note=need.kind_name)
    note_on_timeline(referral, f"Hulpvraag toegevoegd aan de verwijzing: {need.kind_name}", by=by, now=now)
    log(referral, "refer_add_need", by)
    tell_receiver(referral, "Er is een vraag toegevoegd aan een verwijzing.", now=now)
    return referral


# The receiver's answers (for the phone channel the sender notes them) -----------------------------------------------


@verb
def accept(*, referral: Referral, by, name: str = "", profession: str = "", now=None) -> Referral:
    """Take it on, by name. In the portal that is `by` herself; by phone or link `name` is who took it on there, and
    `profession` what she does, one of those one meets at this service.
    """
    referral = asked(referral, Verb.ACCEPT, by, now)
    now = now or timezone.now()
    if referral.channel == Channel.PORTAL:
        referral.receiver = by.acting
        who = str(by)
    else:
        who = name.strip()
        if not who:
            raise Refused("Schrijf op wie haar gaat bellen.", field="name")
        referral.receiver_name = who
    referral.accepted_at = now
    move(referral, Verb.ACCEPT, by=by, now=now, timeline=f"Aangenomen door {who}")
    Involvement.objects.create(
        caregiver_id=referral.caregiver_id,
        name=who,
        profession=referral.receiver.profession if referral.receiver_id else _met_there(referral, profession),
        organisation=referral.receiver_organisation,
        member=referral.receiver,
        since=timezone.localdate(now),
        recorded_by=by.acting,
    )
    tell_sender(referral, "Je verwijzing is aangenomen.", by=by, now=now)
    return referral


def _met_there(referral: Referral, asked: str):
    """The profession of who took it on by phone; without an answer the only one that one meets there."""
    met = list(referral.service.professions.current())
    return next((profession for profession in met if profession.pk == asked), met[0] if len(met) == 1 else None)


@verb
def decline(
    *, referral: Referral, by, reason: str, note: str = "", elsewhere: str = "", seen: str = "", now=None
) -> Referral:
    """Say no, with a reason and a sentence. The need is open again and it is the sender's turn. Who keeps no file gives
    a reason alone: a sentence could name her.

    `seen` is the state in which she decided: declining what a colleague just took on takes a second look.
    """
    referral = asked(referral, Verb.DECLINE, by, now)
    now = now or timezone.now()
    if seen and seen != referral.state:
        who = referral.accepted_by_name or "iemand anders"
        raise Refused(f"Intussen nam {who} deze verwijzing aan. Er is niets veranderd; overleg eerst met elkaar.")
    if reason in ONLY_AFTER_ACCEPTANCE and referral.state == State.SENT:
        raise Refused("Deze reden kan pas als je de verwijzing hebt aangenomen.", field="reason")
    if referral.without_file:
        if reason in NO_REASON_WITHOUT_FILE:
            raise Refused("Deze reden past niet bij een verwijzing zonder dossier.", field="reason")
        note, elsewhere = NO_WORDS, ""
    if not note.strip():
        raise Refused("Schrijf in een zin waarom.", field="note")
    if reason == DeclineReason.BETTER_ELSEWHERE and not elsewhere.strip():
        raise Refused("Schrijf op waar zij beter geholpen is.", field="elsewhere")
    referral.decline_reason, referral.decline_note, referral.elsewhere = reason, note.strip(), elsewhere.strip()
    _end_involvement(referral, now)
    move(
        referral,
        Verb.DECLINE,
        by=by,
        now=now,
        note=note,
        timeline=f"Afgewezen: {referral.get_decline_reason_display()}",
    )
    tell_sender(referral, "Een verwijzing is afgewezen. Jij bent weer aan zet.", by=by, now=now)
    return referral


@verb
def log_call(*, referral: Referral, by, result: str, note: str = "", at=None, now=None) -> Referral:
    """Note a call to the caregiver. When she was reached, that is the contact."""
    referral = asked(referral, Verb.CONTACT, by, now)
    now = now or timezone.now()
    if not may_log_calls(by, referral):
        raise Refused("Bellen noteren kan nadat de verwijzing is aangenomen.")
    note = "" if referral.without_file else note
    CallAttempt.objects.create(referral=referral, by=by.acting, result=result, note=note, at=at or now)
    if result == CallAttempt.Result.REACHED:
        return contact(referral=referral, by=by, now=now)
    referral.changed_at = now
    referral.save(update_fields=["changed_at"])
    log(referral, "refer_call", by)
    return referral


@verb
def contact(*, referral: Referral, by, now=None) -> Referral:
    """There was contact with the caregiver. For who keeps no file that is all there is to say: the referral is over,
    and her name and number are gone.
    """
    referral = asked(referral, Verb.CONTACT, by, now)
    now = now or timezone.now()
    referral.contact_at = now
    if referral.without_file:
        return _contact_and_no_more(referral, by=by, now=now)
    move(referral, Verb.CONTACT, by=by, now=now, timeline="Contact gelegd")
    tell_sender(referral, "Er is contact gelegd.", by=by, now=now)
    return referral


def _contact_and_no_more(referral: Referral, *, by, now) -> Referral:
    links = needs_of(referral)
    for link in links:
        link.outcome = Outcome.CONTACT
        link.save(update_fields=["outcome"])
    referral.feedback = THERE_WAS_CONTACT
    _end_involvement(referral, now)
    move(referral, Verb.CONTACT, by=by, now=now, timeline="Contact gelegd, zonder dossier", links=links)
    tell_sender(referral, "Er was contact. Vraag hoe het ging: jij bent weer aan zet.", by=by, now=now)
    return referral


@verb
def give_up(*, referral: Referral, by, note: str = "", now=None) -> Referral:
    """She could not be reached, after three logged attempts. It is the sender's turn again."""
    referral = asked(referral, Verb.GIVE_UP, by, now)
    now = now or timezone.now()
    _end_involvement(referral, now)
    move(referral, Verb.GIVE_UP, by=by, now=now, note=note, timeline="Niet bereikt na drie pogingen")
    tell_sender(referral, "De mantelzorger is niet bereikt. Jij bent weer aan zet.", by=by, now=now)
    return referral


@verb
def complete(
    *,
    referral: Referral,
    by,
    outcomes: Mapping[Any, tuple[str, str]],
    feedback: str,
    watch_for: str = "",
    now=None,
) -> Referral:
    """Finish with feedback: what happened and what now, and what the sender should keep an eye on (`watch_for`).
    `outcomes` gives per ReferralNeed id the outcome and, when passed on, to whom.
    """
    referral = asked(referral, Verb.COMPLETE, by, now)
    now = now or timezone.now()
    if not feedback.strip():
        raise Refused("Schrijf een terugkoppeling voor de afzender.", field="feedback")
    links = needs_of(referral)
    for link in links:
        outcome, passed_on_to = outcomes.get(link.pk, ("", ""))
        if outcome not in FEEDBACK:
            raise Refused(f"Kies een uitkomst voor “{link.kind_name}”.", field="outcomes")
        if outcome == Outcome.PASSED_ON and not passed_on_to.strip():
            raise Refused("Schrijf op naar wie zij is doorverwezen.", field="outcomes")
        link.outcome, link.passed_on_to = outcome, passed_on_to.strip()
        link.save(update_fields=["outcome", "passed_on_to"])
    referral.feedback, referral.watch_for = feedback.strip(), watch_for.strip()
    move(referral, Verb.COMPLETE, by=by, now=now, timeline="Afgerond, met terugkoppeling", links=links)
    tell_sender(referral, "Er is een terugkoppeling. Kijk of zij geholpen is.", by=by, now=now)
    return referral


def _end_involvement(referral: Referral, now) -> None:
    today = timezone.localdate(now)
    for involvement in Involvement.objects.filter(
        caregiver=referral.caregiver_id,
        organisation=referral.receiver_organisation_id,
        name=referral.accepted_by_name,
        ended_on=None,
    ):
        involvement.ended_on = max(today, involvement.since)
        involvement.end_note = "verwijzing beëindigd"
        involvement.save(update_fields=["ended_on", "end_note"])


# The sender's -------------------------------------------------------------------------------------------------------


@verb
def withdraw(*, referral: Referral, by, note: str = "", now=None) -> Referral:
    """Recall it. The receiver keeps a stub that says not to contact her any more."""
    referral = asked(referral, Verb.WITHDRAW, by, now)
    now = now or timezone.now()
    return withdraw_because(referral, by=by, reason=WithdrawReason.RECALLED, note=note, now=now)


def withdraw_because(referral: Referral, *, by, reason: str, note: str, now) -> Referral:
    referral.withdraw_reason = reason
    _end_involvement(referral, now)
    move(
        referral,
        Verb.WITHDRAW,
        by=by,
        now=now,
        note=note.strip(),
        timeline=f"Ingetrokken: {referral.get_withdraw_reason_display()}",
    )
    tell_receiver(referral, "Een verwijzing is ingetrokken. Neem geen contact meer op.", now=now)
    if reason == WithdrawReason.CONSENT:
        line = "Een mantelzorger trok haar toestemming in. Jij bent weer aan zet."
        tell_sender(referral, line, by=by, now=now)
    return referral


@verb
def withdraw_consent(*, consent: Consent, by, how: str, now=None) -> None:
    """She takes her consent back for this receiver: all she shares with them is gone at once, open referrals end.

    `by` is None when the clock does it because the end date passed; then it is this consent alone.
    """
    consents = _standing_consents(consent, by=by)
    now = now or timezone.now()
    if consent.pk not in {standing.pk for standing in consents}:
        raise WithdrawnAlready
    for one in consents:
        end_consent(one, by=by, how=how, now=now)
    meetings.end_under(consents, by=by, now=now)
    one = consents[0]
    intake.note_event(
        caregiver_id=one.caregiver_id,
        by=by,
        kind=TimelineEvent.Kind.CONSENT,
        text=f"Toestemming voor {one.organisation.name} ingetrokken: {one.get_withdrawn_how_display()}.",
        now=now,
    )
    for referral in Referral.objects.filter(consent__in=consents).order_by("pk"):
        referral = locked(referral)
        referral.shared_items.all().delete()
        referral.questions.lapse(now=now)
        if referral.is_open:
            withdraw_because(referral, by=by, reason=WithdrawReason.CONSENT, note="", now=now)


@verb
def take_consent_back(*, referral: Referral, by, how: str, now=None) -> Referral:
    """She told the receiver that she takes back what she agreed to share with them: it is gone at once, what runs with
    them ends, and who referred her hears it. A meeting that one of them was invited to closes for them too; the clock
    tells who called it together.
    """
    referral = locked(referral)
    if not may_take_back(by, referral, now=now):
        raise Refused("Zij deelt via deze verwijzing niets meer met jullie.")
    now = now or timezone.now()
    with_us = Referral.objects.with_standing_consent(referral.caregiver_id, receiver=by.organisation_id)
    for one in with_us:
        one = locked(one)
        principals.take_step(one.pk)
        if one.consent.withdrawn_at is None:
            end_consent(one.consent, by=by, how=how, now=now)
        one.shared_items.all().delete()
        if one.is_open:
            withdraw_because(one, by=by, reason=WithdrawReason.CONSENT, note="", now=now)
    for consent in Consent.objects.standing_of(referral.caregiver_id).for_receiver(by.organisation_id).order_by("pk"):
        end_consent(consent, by=by, how=how, now=now)
    intake.note_event(
        caregiver_id=referral.caregiver_id,
        by=by,
        kind=TimelineEvent.Kind.CONSENT,
        text=f"Toestemming voor {referral.receiver_organisation.name} ingetrokken: zij zei het daar.",
        now=now,
    )
    return locked(referral)


def _standing_consents(consent: Consent, *, by) -> list[Consent]:
    """All she still agrees to with this receiver, locked after the referrals under it; for the clock this one alone."""
    if by is not None and (not by.works_with_caregivers or consent.caregiver.organisation_id != by.organisation_id):
        raise Refused("Alleen de organisatie die haar gegevens beheert, kan dit noteren.")
    same = Q(pk=consent.pk) if by is None else Q(caregiver=consent.caregiver_id, organisation=consent.organisation_id)
    consents = Consent.objects.filter(same, withdrawn_at=None)
    list(Referral.objects.select_for_update().filter(consent__in=consents).order_by("pk").values_list("pk"))
    locked = consents.select_for_update(of=("self",)).select_related("caregiver", "organisation")
    return list(locked.order_by("pk"))


@verb
def withdraw_all_consents(*, caregiver: Caregiver, by, how: str, now=None) -> None:
    """She takes back everything she agreed to share, with everyone."""
    caregiver = intake.locked_record(caregiver, by)
    standing = caregiver.consents.filter(withdrawn_at=None).select_related("caregiver")
    for consent in standing.order_by("organisation_id", "pk").distinct("organisation_id"):
        withdraw_consent(consent=consent, by=by, how=how, now=now)
    now = now or timezone.now()
    for referral in Referral.objects.open().about(caregiver).order_by("pk"):  # of which she took it back by code
        withdraw_because(locked(referral), by=by, reason=WithdrawReason.CONSENT, note="", now=now)


@verb
def narrow_consent(*, consent: Consent, items: Iterable[str], by, now=None) -> Consent:
    """She shares less: the items she takes back are gone for the receiver, who is told; the referral goes on."""
    standing = _standing_consents(consent, by=by)
    now = now or timezone.now()
    one = next((row for row in standing if row.pk == consent.pk), None)
    if one is None or not one.is_valid(now=now):
        raise Refused("Deze toestemming geldt niet meer.")
    taken = set(one.items) - set(items)
    if not taken:
        return one
    if ConsentItem.AGENDA in taken:
        raise Refused(
            "Zonder te weten waar het over gaat, kan niemand meepraten. Haal diegene dan van het overleg af.",
            field="items",
        )
    if any(set(row.items) <= taken for row in standing):
        raise Refused("Als zij niets meer wil delen, trek de toestemming dan in.", field="items")
    for row in standing:
        _narrow(row, taken, by=by, now=now)
    labels = ", ".join(item.label for item in ConsentItem if item.value in taken)
    intake.note_event(
        caregiver_id=one.caregiver_id,
        by=by,
        kind=TimelineEvent.Kind.CONSENT,
        text=f"Niet meer delen met {one.organisation.name}: {labels}.",
        now=now,
    )
    return one


def _narrow(consent: Consent, taken: set[str], *, by, now) -> None:
    """Take these items out of one consent, and away from the receiver of each open referral under it."""
    consent.items = [item for item in consent.items if item not in taken]
    consent.save(update_fields=["items"])
    SharedItem.objects.filter(consent=consent, item__in=taken).delete()
    meetings.narrow_under(consent)
    for referral in consent.referrals.open().order_by("pk"):
        referral = locked(referral)
        note_step(referral, "narrow", by=by, now=now)
        tell_receiver(referral, "De mantelzorger deelt minder dan eerst.", now=now)
    record_access(
        by=by,
        event="consent_narrow",
        action="U",
        obj=consent,
        subject=consent.caregiver_id,
        consent=consent.pk,
        fields=tuple(sorted(taken)),
    )


@verb
def reopen(*, referral: Referral, by, note: str, now=None) -> Referral:
    """Open a completed referral again: the help did not hold. The receiver has the turn, with a new date to call."""
    referral = asked(referral, Verb.REOPEN, by, now)
    now = now or timezone.now()
    if not note.strip():
        raise Refused("Schrijf op waarom de verwijzing opnieuw open moet.", field="note")
    links = needs_of(referral)
    for link in links:
        if link.need.on_referral:
            raise Refused(f"De hulpvraag “{link.kind_name}” loopt al via een andere verwijzing.")
        link.outcome = link.passed_on_to = ""
        link.save(update_fields=["outcome", "passed_on_to"])
    referral.questions.lapse(now=now)
    referral.accepted_at = now
    referral.contact_at = None
    move(referral, Verb.REOPEN, by=by, now=now, note=note.strip(), timeline="Opnieuw geopend", links=links)
    tell_receiver(referral, "Een afgeronde verwijzing is opnieuw geopend.", now=now)
    return referral


# Erasure ------------------------------------------------------------------------------------------------------------


@verb
def erase(*, caregiver: Caregiver, by, now=None) -> None:
    """Erase everything that can be traced to her, everywhere. Receivers are told to stop; they keep a stub without her.

    The access log keeps who looked, under a key that leads to nobody any more.
    """
    now = now or timezone.now()
    caregiver = Caregiver.objects.select_for_update().filter(pk=caregiver.pk).first()
    if caregiver is None:
        raise Refused("Haar gegevens zijn al gewist.")
    if not by.works_with_caregivers or caregiver.organisation_id != by.organisation_id:
        raise Refused("Alleen de organisatie die haar gegevens beheert, kan haar gegevens wissen.")
    caregiver_id = caregiver.pk
    drop_mail_about(subject=caregiver_id)
    withdraw_all_consents(caregiver=caregiver, by=by, how=Consent.WithdrawnHow.ERASED, now=now)
    meetings.forget(caregiver=caregiver, by=by, now=now)
    record_access(by=by, event="delete", action="D", obj=caregiver, subject=caregiver_id)
    referrals = Referral.objects.select_for_update().filter(caregiver=caregiver).order_by("pk")
    for referral in referrals:
        if referral.state == State.CONCEPT:
            referral.delete()
            continue
        referral.shared_items.all().delete()
        referral.call_attempts.all().delete()
        referral.events.update(note="")
        referral.referral_needs.update(need=None)
        referral.referral_needs.exclude(passed_on_to="").update(passed_on_to="gewist")
        referral.target_groups.clear()
        referral.caregiver = referral.consent = None
        Handover.objects.filter(referral=referral).delete()
        referral.questions.all().delete()
        referral.feedback = referral.watch_for = referral.decline_note = referral.elsewhere = ""
        referral.erased_at = now
        referral.save()
    make_what_waits()  # it goes with her
    caregiver.experiences.all().delete()
    caregiver.needs.all().delete()
    caregiver.consents.all().delete()
    caregiver.delete()
    unlink_mail_about(subject=caregiver_id)
