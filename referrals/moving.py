"""The shape that every verb of a referral shares. Each is one transaction: lock, ask permission, follow the table,
write the state, hand turns over, add the event, the log row, the line in her timeline and the mail.

Locks are taken in one order: the caregiver, then referrals, then consents and needs. What time it is, is asked after
that: of two who act at once, the one who had to wait acted later.
"""

import uuid
from collections.abc import Callable
from functools import wraps

from django.db import IntegrityError
from django.utils import timezone

from accounts.models import Absence
from intake import actions as intake
from intake.models import Consent, Need, TimelineEvent
from mantelzorg import principals
from mantelzorg.refusal import Refused
from mantelzorg.verbs import as_a_whole, held, make_what_waits
from referrals import hints
from referrals.linked import actions as linked
from referrals.models import JointTalk, Referral, ReferralEvent, ReferralNeed
from referrals.permissions import why_not
from referrals.transitions import Party, State, Verb, transition_of, turn_date, turn_party
from trail.actions import enqueue_mail, record_access


def verb(do: Callable) -> Callable:
    """As a whole or not at all; and what row-level security lets a party reach during a step ends with it."""

    @as_a_whole
    @wraps(do)
    def in_one_transaction(*args, **kwargs):
        with principals.a_verb():
            result = do(*args, **kwargs)
            if principals.is_taking_a_step():
                make_what_waits()  # while she reaches the timeline of another organisation's caregiver
            return result

    return in_one_transaction


def by_the_clock(do: Callable) -> Callable:
    """A verb that nobody presses: the database knows it as the job `klok`."""

    @wraps(do)
    def as_the_clock(*args, **kwargs):
        with principals.acting(principals.job("klok")):
            return do(*args, **kwargs)

    return as_the_clock


def locked(referral: Referral) -> Referral:
    """As it is now. Who accepted it and what she agreed to are asked for when it is ours: a row that is joined is as it
    was before we had to wait.
    """
    at_hand = held(referral)  # a draft that this verb made or changed
    if at_hand is not None:
        return at_hand
    locked = (
        Referral.objects.select_for_update(of=("self",))
        .select_related(
            "caregiver",
            "handover",
            "service__organisation",
            "sender_organisation",
            "receiver_organisation__referral_terms",
            "sender__user",
        )
        .filter(pk=referral.pk)
        .first()
    )
    if locked is None:
        raise Refused("Dit concept is al weggegooid.")
    return locked


def asked(referral: Referral, verb: Verb, by, now) -> Referral:
    """The referral, locked, if `by` may do this verb now. Raises Refused with the reason why not."""
    return allowed(referral, by, lambda referral: why_not(by, verb, referral, now=now))


def allowed(referral: Referral, by, refusal_of: Callable[[Referral], str]) -> Referral:
    """The referral, locked, and within reach of who is a party to it. Raises Refused with what `refusal_of` says."""
    referral = locked(referral)
    if refusal := refusal_of(referral):
        raise Refused(refusal)
    if by.organisation_id != referral.sender_organisation_id:
        principals.take_step(referral.pk)
    return referral


def needs_of(referral: Referral) -> list[ReferralNeed]:
    """The links to her needs, with the needs locked in a fixed order."""
    if held(referral) is not None:
        return held(referral).links
    list(Need.objects.select_for_update().filter(referral_needs__referral=referral).order_by("pk").values_list("pk"))
    return list(referral.referral_needs.select_related("need", "kind").order_by("pk"))


# What a verb may have changed when the referral moves.
MOVED = (
    *("state", "changed_at", "ended_at", "turn_organisation", "turn_member", "turn_on"),
    *("channel", "municipality", "consent", "handover_read", "without_file", "sent_at", "expires_on"),
    *("receiver", "receiver_name", "accepted_at", "contact_at", "feedback", "watch_for"),
    *("decline_reason", "decline_note", "elsewhere", "withdraw_reason", "unreachable_at"),
)


def move(
    referral: Referral,
    verb: Verb,
    *,
    by,
    now,
    note: str = "",
    timeline: str,
    links: list[ReferralNeed] | None = None,
) -> None:
    """Put the referral in the verb's target state, with its turn and date, and tell the trail.

    `links` are those of `_needs_of`, where the verb has asked for them already.
    """
    before = referral.state
    referral.state = transition_of(verb, without_file=referral.without_file).target
    referral.changed_at = now
    referral.unreachable_at = None
    party = turn_party(referral.channel, referral.state)
    if party is None:
        referral.turn_organisation = referral.turn_member = referral.turn_on = None
        referral.ended_at = now
    else:
        referral.ended_at = None
        referral.turn_organisation_id = (
            referral.sender_organisation_id if party is Party.SENDER else referral.receiver_organisation_id
        )
        referral.turn_member_id = in_whose_hands(referral, now)
        referral.turn_on = turn_date(
            referral.state,
            referral.urgency,
            timezone.localdate(now),
            referral.service.call_within_days,
            referral.terms,
        )
    try:
        referral.save(update_fields=MOVED)
        _pass_turn_to_needs(referral, needs_of(referral) if links is None else links, now)
    except IntegrityError as error:
        raise _doubled(error) from error
    if before == State.ACCEPTED and referral.is_together:
        _let_go_of_the_talk(referral, now)
    still_read = referral.state == State.COMPLETED and not referral.without_file  # by its receiver, for a while
    if party is None and not still_read and referral.consent.withdrawn_at is None:
        referral.shared_items.all().delete()
        end_consent(referral.consent, by=by, how=Consent.WithdrawnHow.OVER, now=now)
    note_step(referral, verb, by=by, now=now, note=note, before=before)
    note_on_timeline(referral, timeline, by=by, now=now)
    log(referral, f"refer_{verb.value}", by)


def note_on_timeline(referral: Referral, text: str, *, by, now) -> None:
    """A line on the timeline of whom it is about, that leads to the referral."""
    intake.note_event(
        caregiver_id=referral.caregiver_id,
        by=by,
        kind=TimelineEvent.Kind.REFERRAL,
        text=f"{text} ({referral.number})",
        referral_id=referral.pk,
        now=now,
    )


def note_step(referral: Referral, verb: str, *, by, now, note: str = "", before: str | None = None) -> None:
    """Add a row to its history; without `before` it is a step that leaves the state as it is. Without a file no step
    has words: they could name her, and a step stays.
    """
    ReferralEvent.objects.create(
        referral=referral,
        at=now,
        verb=verb,
        from_state=before or referral.state,
        to_state=referral.state,
        by=by.acting if by is not None else None,
        organisation_id=by.organisation_id if by is not None else None,
        note="" if referral.without_file else note,
        turn_on=referral.turn_on,
    )


def _let_go_of_the_talk(referral: Referral, now) -> None:
    """The moments go with the state in which they were to be agreed on; what stood in calendars is taken out."""
    talk = JointTalk.objects.of(referral)
    if talk is None:
        return
    JointTalk.objects.let_go(talk)
    if talk.planned_for is not None and talk.planned_for > now:
        tell_both(referral, CALLED_OFF, talk=talk, cancelled=True, now=now)


def in_whose_hands(referral: Referral, now) -> uuid.UUID | None:
    """The membership of who has the turn in person today: whose work it is, or who stands in while she is away. None
    while it is nobody's in person, when she left, and when nobody can stand in: then it is her organisation's.
    """
    worker = referral.whose_work_id
    if worker is None:
        return None
    if worker == referral.receiver_id and referral.turn_party is Party.RECEIVER and referral.receiver.ended_at:
        return None
    away = Absence.objects.stand_ins(timezone.localdate(now), organisation=referral.turn_organisation_id)
    return away.get(worker, worker)


def end_consent(consent: Consent, *, by, how: str, now) -> None:
    consent.withdrawn_at = now
    consent.withdrawn_how = how
    consent.withdrawn_by = by.acting if by is not None else None
    consent.save(update_fields=["withdrawn_at", "withdrawn_how", "withdrawn_by"])
    record_access(
        by=by,
        event="consent_withdraw",
        action="U",
        obj=consent,
        subject=consent.caregiver_id,
        consent=consent.pk,
        relation="owner" if by is None or by.organisation_id != consent.organisation_id else "referral",
        organisation=consent.recorded_by.organisation_id if by is None else None,
    )


def _pass_turn_to_needs(referral: Referral, links: list[ReferralNeed], now) -> None:
    for link in links:
        carried = referral.is_open
        if link.is_open != carried:
            link.is_open = carried
            link.save(update_fields=["is_open"])
            if not carried:
                intake.hand_turn_back(need=link.need, now=now)
        if carried:
            intake.let_referral_carry(
                need=link.need,
                organisation_id=referral.turn_organisation_id,
                member_id=referral.turn_member_id,
                on=referral.turn_on,
            )


def _doubled(error: IntegrityError) -> Refused:
    """What the database refused, in words. Anything we do not know is an error of ours and is raised again."""
    if "one_open_referral_per_caregiver_and_service" in str(error):
        return Refused("Er loopt al een verwijzing van haar naar dit aanbod. Volg die, of voeg deze vraag daaraan toe.")
    if "a_need_is_in_one_open_referral_at_a_time" in str(error):
        return Refused("Deze hulpvraag loopt al via een andere verwijzing.")
    raise error


def log(referral: Referral, event: str, by, *, action: str = "U", fields: tuple[str, ...] = ()) -> None:
    sender_side = by is None or by.organisation_id == referral.sender_organisation_id
    record_access(
        by=by,
        event=event,
        action=action,
        obj=referral,
        subject=referral.caregiver_id,
        relation="owner" if sender_side else "referral",
        consent=referral.consent_id,
        fields=fields,
        purpose="" if by is not None else "klok",
        organisation=referral.sender_organisation_id,
    )


def _path(referral: Referral) -> str:
    return f"/verwijzingen/{referral.pk}/"


def tell_receiver(referral: Referral, line: str, *, now=None, calendar: dict | None = None) -> None:
    """A hint by mail; the portal's own inbox is the truth. By phone there is nobody to mail."""
    if referral.by_link:
        if (link := linked.link_of(referral, now=now or timezone.now())) is not None:
            linked.mail_link(link, line=line, referral=referral, now=now or timezone.now(), calendar=calendar)
        return
    for hint in hints.at_receiver(referral, timezone.localdate(now)):
        mail(referral, hint, line, referral.receiver_organisation_id, now=now, calendar=calendar)


def tell_sender(referral: Referral, line: str, *, by, now=None) -> None:
    """Or who stands in for her. Not when she did it herself."""
    if by is None or by.acting is None or by.acting.pk != referral.sender_id:
        for hint in hints.at_sender(referral, timezone.localdate(now)):
            mail(referral, hint, line, referral.sender_organisation_id, now=now)


CALLED_OFF = "De afspraak om een mantelzorger samen te spreken gaat niet door."


def tell_both(referral: Referral, line: str, *, talk: JointTalk, cancelled: bool = False, now) -> None:
    """A moment that was agreed on, or that is off: both sides get it for their calendar, also who did it herself."""
    calendar = talk.for_calendar(warm_mode=referral.warm_mode, path=_path(referral), cancelled=cancelled)
    for hint in hints.at_sender(referral, timezone.localdate(now)):
        mail(referral, hint, line, referral.sender_organisation_id, now=now, calendar=calendar)
    if referral.by_link:
        calendar = calendar | {"path": ""}  # the portal is not for them, and their link is in the mail
    tell_receiver(referral, line, now=now, calendar=calendar)


def mail(
    referral: Referral,
    hint: hints.Hint,
    line: str,
    organisation_id,
    *,
    path: str = "",
    now=None,
    calendar: dict | None = None,
) -> None:
    """One line and where to look; with `calendar` a file beside it. What presses goes at once, and so does what comes
    with a file, also to who wants her news once a day.
    """
    context = {"line": line, "number": referral.number, "path": path or _path(referral)}
    enqueue_mail(
        template="referral_news",
        to=hint.to,
        context=context | ({"calendar": calendar} if calendar else {}),
        about=referral,
        subject=referral.caregiver_id,
        organisation=organisation_id,
        for_digest=hint.daily and not referral.is_urgent and calendar is None,
        now=now,
    )
