"""What one person may read of one referral at this moment, in words.

Pages show a `Line` (in a list) or a `Reading` (the page of one referral) and never the referral itself: what a stage
does not allow is not in there, so a template cannot let it slip. `Referral.stage_for` decides the stage.
"""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone

from intake import turns
from intake.models import ConsentItem
from mantelzorg.dates import date_in_words, day_in_words, days_late, moment_in_words
from referrals.aftercare.reading import After, after_of
from referrals.aftercare.steps import Step
from referrals.models import BADGES, Outcome, Referral, WarmMode, WithdrawReason
from referrals.transitions import ATTEMPTS_BEFORE_GIVING_UP, Channel, State, Urgency, Verb

Stage = Referral.Stage

WARM_MODE_IN_WORDS = {
    WarmMode.RECEIVER_CALLS: "De ontvanger belt haar",
    WarmMode.CALLED_RECEIVER: "De afzender belde de ontvanger al",
    WarmMode.CALL_TOGETHER: "Afzender en ontvanger bellen haar samen",
    WarmMode.TALK_TOGETHER: "Een gesprek met z'n drieën",
}
NOT_YET, NO_MORE, ERASED, NOT_SHARED = "nog niet aangenomen", "niet meer zichtbaar", "gegevens gewist", "niet gedeeld"


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def listed(names: list[str]) -> str:
    """Een, twee en drie."""
    names = [name for name in names if name]
    return f"{', '.join(names[:-1])} en {names[-1]}" if len(names) > 1 else "".join(names)


def state_in_words(state: str) -> str:
    return sentence(State(state).label)


# Whose turn it is ---------------------------------------------------------------------------------------------------


def whose_turn(referral: Referral, user) -> str:
    """`Jij`, `Jullie`, a colleague by name, or the other organisation (and by name, once somebody there took it on)."""
    if not referral.is_open:
        return ""
    receiver_has_it = referral.turn_organisation_id == referral.receiver_organisation_id
    organisation = referral.receiver_organisation if receiver_has_it else referral.sender_organisation
    return turns.who(
        user,
        organisation_id=referral.turn_organisation_id,
        organisation=organisation.name,
        member_id=referral.turn_member_id,
        member=_turn_in_person(referral),
    )


def _turn_in_person(referral: Referral) -> str:
    """By name; behind a link she has no account, but said who she is."""
    if referral.turn_member_id:
        return str(referral.turn_member.user)
    return referral.receiver_name if referral.by_link and referral.state != State.SENT else ""


def turn_sentence(referral: Referral, user) -> str:
    return turns.in_a_sentence(whose_turn(referral, user), referral.turn_on) if referral.is_open else ""


# One row of a list --------------------------------------------------------------------------------------------------


def task_of(referral: Referral, who: str, kinds: str) -> str:
    """What has to happen now, as a sentence that begins with a verb. `who` is her name, where it may be said."""
    organisation = referral.receiver_organisation_name
    if referral.channel == Channel.PHONE:
        return {
            State.SENT: f"Bel {organisation} over {who}",
            State.ACCEPTED: f"Vraag {organisation} of {who} is gebeld",
            State.IN_CONTACT: f"Haal bij {organisation} op wat ervan kwam voor {who}",
        }[referral.state]
    if referral.state == State.SENT:
        return f"Antwoord: neem aan of wijs af ({kinds or 'zonder dossier'})"
    if referral.state == State.IN_CONTACT:
        return f"Geef terugkoppeling over {who}"
    return {
        WarmMode.CALL_TOGETHER: f"Bel {who}, samen met {referral.sender_name}",
        WarmMode.TALK_TOGETHER: f"Spreek {who}, samen met {referral.sender_name}",
    }.get(referral.warm_mode, f"Bel {who}")


WAITING = {
    State.SENT: "moet nog antwoorden",
    State.ACCEPTED: "heeft beloofd haar te bellen",
    State.IN_CONTACT: "koppelt terug",
}


class Line:
    """One referral in a list, for this person. `referral` comes from `for_list()`: no line asks the database anything.

    Each thing is put in words when it is asked for: one list shows this of a referral, another that. What her stage
    does not allow, no line says.
    """

    def __init__(self, referral: Referral, user, *, now: datetime.datetime):
        self._referral, self._user = referral, user
        self._stage = referral.stage_for(user, now=now)
        self._today = timezone.localdate(now)
        self._is_own = self._stage == Stage.OWN
        self._is_bare = referral.without_file and not self._is_own  # nothing but her name, and that once accepted
        self._is_stub = self._stage == Stage.STUB
        self._is_open = referral.is_open and not self._is_stub
        self.id = referral.pk
        self.number = referral.number
        self.who = self._name() or ""  # empty where it may not be shown; `not_who` says why
        self.shown_of = referral.caregiver_id if self.who else None  # for the access log
        self.relation = "owner" if self._is_own else "referral"

    def _name(self) -> str | None:
        if self._is_own:
            return self._referral.caregiver_name
        return self._referral.shared_name if self._stage == Stage.SHARED else ""

    @property
    def not_who(self) -> str:
        if self.who:
            return ""
        return {Stage.OWN: ERASED, Stage.SHARED: NOT_SHARED, Stage.MINIMUM: NOT_YET, Stage.STUB: NO_MORE}[self._stage]

    @property
    def url(self) -> str:
        return reverse("referral_draft" if self._referral.state == State.CONCEPT else "referral_detail", args=[self.id])

    @property
    def kinds(self) -> str:
        return "" if self._is_stub or self._is_bare else listed(self._referral.kind_names)

    @property
    def service(self) -> str:
        return "" if self._is_stub else self._referral.service_name

    @property
    def organisation(self) -> str:
        """On the other side."""
        return self._referral.receiver_organisation_name if self._is_own else self._referral.sender_organisation_name

    @property
    def other(self) -> str:
        return f"naar {self.organisation}" if self._is_own else f"van {self.organisation}"

    @property
    def state(self) -> str:
        return state_in_words(self._referral.state)

    @property
    def badge(self) -> str:
        return self._referral.badge

    @property
    def urgent(self) -> bool:
        return self._is_open and self._referral.is_urgent and not self._is_bare

    @property
    def until(self) -> str:
        return day_in_words(self._referral.turn_on) if self._is_open else ""

    @property
    def late(self) -> str:
        return days_late(self._referral.turn_on, self._today) if self._is_open else ""

    @property
    def when(self) -> str:
        """Whose turn it is and until when; when it ended; or when a draft was kept."""
        if self._is_open:
            return f"{self._turn_in_short()}, tot en met {self.until}"
        return date_in_words(self._referral.ended_at or self._referral.changed_at)

    @property
    def changed(self) -> str:
        return date_in_words(self._referral.changed_at)

    @property
    def task(self) -> str:
        if self._is_stub and self._referral.is_open:  # until the clock has ended it
            return "Neem geen contact meer op: de toestemming is ingetrokken"
        return task_of(self._referral, self.who or "de mantelzorger", self.kinds) if self._is_open else ""

    @property
    def unreachable(self) -> bool:
        """For the sender: a mail to the other side did not arrive."""
        return self._is_own and self._is_open and self._referral.unreachable_at is not None

    @property
    def waiting(self) -> str:
        return f"{self._turn()} {WAITING[self._referral.state]}" if self._is_open else ""

    @property
    def meta(self) -> str:
        if self._is_stub:
            return ""
        if self._is_own:
            return f"{self.kinds} · {self.service} · {self.other}"
        sender = f"van {self._referral.sender_name}, {self.organisation}"
        if self._is_bare:
            return f"Zonder dossier · {self.service} · {sender}"
        if self._stage == Stage.MINIMUM:
            return f"{self.service} · {self._referral.municipality_name} · {sender}"
        return f"{self.kinds} · {self.service} · {sender}"

    def _turn(self) -> str:
        referral = self._referral
        receiver_has_it = referral.turn_organisation_id == referral.receiver_organisation_id
        return turns.who(
            self._user,
            organisation_id=referral.turn_organisation_id,
            organisation=referral.receiver_organisation_name if receiver_has_it else referral.sender_organisation_name,
            member_id=referral.turn_member_id,
            member=referral.turn_member_name,
        )

    def _turn_in_short(self) -> str:
        """The same for a list that names the other organisation already."""
        referral = self._referral
        if referral.turn_member_id and referral.turn_member_id != self._user.acting.pk:
            return referral.turn_member_name
        if referral.turn_organisation_id == self._user.organisation_id:
            return self._turn()
        return "Ontvanger" if referral.turn_organisation_id == referral.receiver_organisation_id else "Afzender"


# The page of one referral -------------------------------------------------------------------------------------------


@dataclass
class NeedLine:
    """One need in it. The last four are for the sender alone: what she can do now it is her turn again."""

    kind: str
    outcome: str = ""
    helped: bool = False
    words: str = ""
    now: str = ""
    choices: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Reading:
    id: Any
    url: str
    number: str
    stage: str
    state: str
    badge: str
    urgent: bool
    by_phone: bool
    without_file: bool
    mine: bool  # it is the turn of her, or of her organisation
    who: str = ""
    lead: str = ""
    caregiver_url: str = ""
    turn: str = ""
    late: str = ""
    advice: str = ""
    unreachable: str = ""  # for the sender: a mail did not arrive, and whom to call
    ending: dict[str, str] | None = None
    phone: str = ""  # to call now: the organisation's for a sender by phone, hers for the receiver
    call_when: str = ""
    steps: list[dict[str, str]] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    person: list[tuple[str, str]] = field(default_factory=list)
    needs: list[NeedLine] = field(default_factory=list)
    handover: str = ""
    shared: list[tuple[str, str]] = field(default_factory=list)
    tell: list[tuple[str, str]] = field(default_factory=list)  # what a sender by phone may tell
    consent: dict[str, Any] | None = None
    calls: list[dict[str, str]] = field(default_factory=list)
    attempts: int = 0
    attempts_needed: int = ATTEMPTS_BEFORE_GIVING_UP
    events: list[dict[str, str]] = field(default_factory=list)
    letter: bool = False
    after: After | None = None  # what came after the feedback
    fields: tuple[str, ...] = ()  # names of what is shown, for the access log
    relation: str = "owner"

    @property
    def is_own(self) -> bool:
        return self.stage == Stage.OWN

    @property
    def is_minimum(self) -> bool:
        return self.stage == Stage.MINIMUM

    @property
    def is_stub(self) -> bool:
        return self.stage == Stage.STUB

    @property
    def needs_a_choice(self) -> bool:
        return any(need.choices for need in self.needs)


def read(referral: Referral, user, *, now: datetime.datetime) -> Reading:
    """The page of this referral for this person. `referral` was sent, and comes from `for_reading()`."""
    stage = referral.stage_for(user, now=now)
    reading = Reading(
        id=referral.pk,
        url=reverse("referral_detail", args=[referral.pk]),
        number=referral.number,
        stage=stage,
        state=state_in_words(referral.state),
        badge=BADGES[State(referral.state)],
        urgent=referral.is_urgent and referral.is_open and (stage == Stage.OWN or _may_know(referral, stage)),
        by_phone=referral.channel == Channel.PHONE,
        without_file=referral.without_file,
        mine=referral.is_open and referral.turn_organisation_id == user.organisation_id and stage != Stage.STUB,
        relation="owner" if stage == Stage.OWN else "referral",
        steps=_steps(referral, stage),
    )
    if stage == Stage.STUB:
        reading.ending = _ending_of_a_stub(referral)
        reading.facts = [("Afzender", referral.sender_organisation.name), *_dates(referral)]
        reading.fields = ("number", "dates")
        return reading
    reading.turn = turn_sentence(referral, user)
    reading.late = days_late(referral.turn_on, timezone.localdate(now)) if referral.is_open else ""
    reading.facts = _facts(referral, stage)
    if stage == Stage.MINIMUM:
        _read_minimum(reading, referral)
    elif stage == Stage.SHARED:
        _read_shared(reading, referral)
    else:
        _read_own(reading, referral, user)
    reading.after = after_of(referral, stage, now=now)
    if reading.after:
        reading.fields = (*reading.fields, *reading.after.fields)
    reading.lead = _lead(referral, reading)
    reading.advice = _advice(referral, reading)
    return reading


def _may_know(referral: Referral, stage: Stage) -> bool:
    """Whether a receiver may know more of her than how to reach her: what she asks, where she lives, how it presses."""
    return stage != Stage.STUB and not referral.without_file


def _lead(referral: Referral, reading: Reading) -> str:
    kinds = listed([need.kind for need in reading.needs]) or "zonder dossier"
    side = f"naar {referral.receiver_organisation}" if reading.is_own else f"van {referral.sender_organisation}"
    return f"{reading.who}: {kinds}, {side}" if reading.who else f"{sentence(kinds)}, {side}"


def _read_minimum(reading: Reading, referral: Referral) -> None:
    if referral.without_file:
        reading.fields = ("number", "dates")
        return
    reading.needs = [NeedLine(kind=link.kind_name) for link in referral.referral_needs.all()]
    reading.fields = ("needs", "municipality", "target_groups")


def _read_shared(reading: Reading, referral: Referral) -> None:
    items = {item.item: item.value for item in referral.shared_items.all()}
    reading.who = items.get(ConsentItem.NAME, "")
    reading.handover = items.pop(ConsentItem.HANDOVER, "")
    if referral.is_open and not reading.by_phone:
        reading.phone, _, reading.call_when = items.get(ConsentItem.PHONE, "").partition("; ")
    reading.person = [(sentence(SHARED_LABELS[item]), items[item]) for item in ConsentItem if item in items]
    reading.calls, reading.attempts = _calls(referral)
    reading.events = _events(referral)
    if referral.without_file:
        reading.fields = tuple(items)
        return
    reading.needs = [_need_line(link) for link in referral.referral_needs.all()]
    reading.ending = _ending_for_receiver(referral)
    reading.letter = True
    reading.fields = (*items, *([ConsentItem.HANDOVER] if reading.handover else []), "needs", "feedback")


def _read_own(reading: Reading, referral: Referral, user) -> None:
    if referral.is_open and referral.unreachable_at:
        reading.unreachable = (
            f"Op {date_in_words(referral.unreachable_at)} kwam een mail aan {referral.receiver_organisation} niet aan. "
            "Zij weten misschien niet dat zij aan zet zijn. Bel even."
        )
        reading.phone = referral.receiver_phone
    caregiver = referral.caregiver
    links = list(referral.referral_needs.all())
    reading.handover = referral.handover_text
    if reading.by_phone and (referral.is_open or referral.state == State.WITHDRAWN):
        reading.phone = referral.receiver_phone
    reading.ending = _ending_for_sender(referral)
    reading.calls, reading.attempts = _calls(referral)
    reading.events = _events(referral)
    reading.letter = referral.has_letter()
    reading.fields = ("needs", "handover", "consents", "feedback", "calls")
    if caregiver is None:
        reading.needs = [_need_line(link) for link in links]
        return
    reading.who = caregiver.name
    reading.caregiver_url = reverse("caregiver_detail", args=[caregiver.pk])
    reading.person = [
        ("Naam", caregiver.name),
        ("Telefoon", caregiver.phone),
        ("Wanneer bellen", _safe_moment(caregiver)),
    ]
    reading.needs = [_own_need_line(referral, link, user) for link in links]
    reading.consent = _consent(referral)
    reading.shared = [
        (sentence(SHARED_LABELS[ConsentItem(item.item)]), item.value) for item in referral.shared_items.all()
    ]
    if reading.by_phone and referral.is_open:
        reading.tell = [(label, value) for label, value in reading.shared if value != reading.handover]
    reading.fields = ("name", "phone", *reading.fields)


SHARED_LABELS = {
    ConsentItem.NAME: "naam",
    ConsentItem.PHONE: "telefoon en wanneer bellen",
    ConsentItem.EMAIL: "e-mailadres",
    ConsentItem.POSTCODE: "postcode",
    ConsentItem.RELATION: "zorgt voor",
    ConsentItem.SITUATION: "wat er speelt",
    ConsentItem.PHASE: "fase",
    ConsentItem.BURDEN: "hoe zwaar is het nu",
    ConsentItem.WORDS: "in haar eigen woorden",
    ConsentItem.HANDOVER: "overdracht",
}


def _safe_moment(caregiver) -> str:
    parts = [caregiver.safe_moment, "liever niet als de ander erbij is" if caregiver.not_when_other_is_there else ""]
    return "; ".join(part for part in parts if part)


# Facts and dates ----------------------------------------------------------------------------------------------------


def _facts(referral: Referral, stage: Stage) -> list[tuple[str, str]]:
    if stage != Stage.OWN and referral.without_file:
        return _facts_without_file(referral)
    sender = referral.sender
    receiver = [referral.accepted_by_name, referral.receiver_organisation.name]
    how = {Channel.PHONE: "Per telefoon: de afzender belt en houdt het hier bij", Channel.LINK: "Via een link per mail"}
    return [
        ("Gemeente", referral.municipality.name),
        ("Spoed", "Ja" if referral.urgency == Urgency.URGENT else ""),
        ("Doelgroepen", listed([group.name for group in referral.target_groups.all()])),
        ("Aanbod", referral.service.name),
        ("Ontvanger", ", ".join(part for part in receiver if part) if stage != Stage.MINIMUM else ""),
        ("Telefoon ontvanger", referral.receiver_phone if stage == Stage.OWN else ""),
        ("Hoe gaat het antwoord", how.get(Channel(referral.channel), "")),
        ("Afzender", f"{_with_profession(sender)}, {referral.sender_organisation.name}"),
        ("Telefoon afzender", (sender.phone or referral.sender_organisation.phone) if stage != Stage.OWN else ""),
        ("Warme overdracht", _warm_mode(referral)),
        ("Zonder dossier", "Ja: zij krijgen alleen naam, nummer en goed moment" if referral.without_file else ""),
    ]


def _facts_without_file(referral: Referral) -> list[tuple[str, str]]:
    """Where it comes from, and nothing of her."""
    sender = referral.sender
    return [
        ("Aanbod", referral.service.name),
        ("Afzender", f"{_with_profession(sender)}, {referral.sender_organisation.name}"),
        ("Telefoon afzender", sender.phone or referral.sender_organisation.phone),
        ("Warme overdracht", WARM_MODE_IN_WORDS[WarmMode(referral.warm_mode)]),
        ("Zonder dossier", "Ja: zodra er contact is, worden haar naam en nummer gewist"),
    ]


def _with_profession(member) -> str:
    return f"{member.user}, {member.profession.name}" if member.profession_id else str(member.user)


def _warm_mode(referral: Referral) -> str:
    words = WARM_MODE_IN_WORDS[WarmMode(referral.warm_mode)]
    if referral.warm_mode == WarmMode.CALLED_RECEIVER and referral.warm_on:
        return f"{words}: {referral.warm_with}, {day_in_words(referral.warm_on)}"
    return words


def _dates(referral: Referral) -> list[tuple[str, str]]:
    return [
        ("Verstuurd", date_in_words(referral.sent_at)),
        ("Aangenomen", date_in_words(referral.accepted_at)),
        ("Contact", date_in_words(referral.contact_at)),
        (state_in_words(referral.state), date_in_words(referral.ended_at)) if referral.ended_at else ("", ""),
    ]


def _steps(referral: Referral, stage: Stage) -> list[dict[str, str]]:
    """The way of a referral: what is done, what is now, and what did not come."""
    name = "" if stage == Stage.STUB else referral.accepted_by_name
    until = f"uiterlijk {day_in_words(referral.turn_on)}" if referral.is_open and stage != Stage.STUB else ""
    completed_at = referral.ended_at if referral.state == State.COMPLETED else None
    way = [
        ("Verstuurd", "", referral.sent_at, State.CONCEPT, ""),
        ("Aangenomen", "Antwoord", referral.accepted_at, State.SENT, f"door {name}" if name else ""),
        ("Contact gelegd", "Contact", referral.contact_at, State.ACCEPTED, ""),
    ]
    if not referral.without_file:
        way.append(("Teruggekoppeld", "Terugkoppeling", completed_at, State.IN_CONTACT, ""))
    steps = []
    for done, to_come, moment, before, text in way:
        if moment:
            steps.append({"label": done, "state": "done", "meta": date_in_words(moment), "text": text})
        elif referral.is_open:
            now = referral.state == before
            steps.append({"label": to_come, "state": "current" if now else "todo", "meta": until if now else ""})
    if referral.ended_at and referral.state != State.COMPLETED:
        kind = "error" if referral.state == State.WITHDRAWN else "warning"
        steps.append({"label": state_in_words(referral.state), "state": kind, "meta": date_in_words(referral.ended_at)})
    return steps


# Needs, and what the sender can choose ------------------------------------------------------------------------------


def _need_line(link) -> NeedLine:
    outcome = link.get_outcome_display()
    if link.outcome == Outcome.PASSED_ON:
        outcome = f"{outcome} naar {link.passed_on_to}"
    helped = link.outcome in (Outcome.STARTED, Outcome.INFORMED, Outcome.CONTACT)  # or so one may hope
    return NeedLine(kind=link.kind_name, outcome=sentence(outcome), helped=helped)


def _own_need_line(referral: Referral, link, user) -> NeedLine:
    line = _need_line(link)
    need = link.need
    if need is None:
        return line
    line.words = need.words
    if referral.is_open:
        return line
    if not need.is_open:
        line.now = f"Afgesloten op {date_in_words(need.ended_at)}: {need.get_ending_display()}."
        if need.ending_note:
            line.now += f" {need.ending_note}"
    elif need.on_referral:
        line.now = "Loopt nu via een andere verwijzing."
    else:
        mine = need.turn_member_id == user.acting.pk
        who = "jij bent" if mine else f"{need.turn_member.user} is"
        line.now = f"Staat open: {who} aan zet, tot en met {day_in_words(need.turn_on)}."
        line.choices = need_choices(need, first_close=line.helped)
    return line


def need_choices(need, *, first_close: bool = False) -> list[dict[str, str]]:
    """What can be done with an open need that no referral carries, the likeliest first."""
    refer = f"{reverse('referral_new', args=[need.caregiver_id])}?vraag={need.pk}"
    close = {"label": "Sluit de hulpvraag af", "url": reverse("need_close", args=[need.pk])}
    others = [
        {"label": "Verwijs naar ander aanbod", "url": refer},
        {"label": "Pak het zelf op", "url": reverse("need_plan", args=[need.pk])},
    ]
    return [close, *others] if first_close else [*others, close]


# How it ended -------------------------------------------------------------------------------------------------------


def _ending_for_sender(referral: Referral) -> dict[str, str] | None:
    """What the other side answered, in a heading and their own words."""
    organisation = referral.receiver_organisation.name
    match referral.state:
        case State.COMPLETED if referral.without_file:
            return {"kind": "ok", "heading": f"Contact gelegd door {organisation}", "text": referral.feedback}
        case State.COMPLETED:
            return {
                "kind": "ok",
                "heading": f"Terugkoppeling van {organisation}",
                "text": referral.feedback,
                "watch": referral.watch_for,
            }
        case State.DECLINED:
            reason = referral.get_decline_reason_display()
            if referral.elsewhere:
                reason = f"{reason}: {referral.elsewhere}"
            return {
                "kind": "warning",
                "heading": f"{organisation} wees de verwijzing af: {reason}",
                "text": referral.decline_note,
            }
        case State.EXPIRED:
            return {
                "kind": "warning",
                "heading": f"{organisation} gaf geen antwoord",
                "text": "Na tien werkdagen is deze verwijzing vanzelf verlopen.",
            }
        case State.NOT_REACHED:
            return {
                "kind": "warning",
                "heading": f"{organisation} kon haar niet bereiken",
                "text": _last_said(referral, Verb.GIVE_UP),
            }
        case State.WITHDRAWN:
            return {
                "kind": "info",
                "heading": f"Ingetrokken: {referral.get_withdraw_reason_display()}",
                "text": _last_said(referral, Verb.WITHDRAW),
            }
    return _opened_again(referral)


def _last_said(referral: Referral, verb: Verb) -> str:
    """With this step, the last time it was taken. It stands with the step and not with the referral, whose row its
    receiver keeps.
    """
    return next((event.note for event in reversed(referral.events.all()) if event.verb == verb), "")


def _opened_again(referral: Referral) -> dict[str, str] | None:
    why = _last_said(referral, Verb.REOPEN)
    if not why:
        return None
    return {
        "kind": "info",
        "heading": f"Opnieuw geopend: {why}",
        "text": f"De eerdere terugkoppeling was: {referral.feedback}",
        "watch": referral.watch_for,
    }


def _ending_for_receiver(referral: Referral) -> dict[str, str] | None:
    if referral.state != State.COMPLETED:
        return _opened_again(referral)
    return {
        "kind": "ok",
        "heading": "De terugkoppeling is gegeven",
        "text": f"{referral.feedback}\n\nJullie zien deze gegevens tot en met "
        f"{day_in_words(timezone.localdate(referral.visible_until))}.",
        "watch": referral.watch_for,
    }


def _ending_of_a_stub(referral: Referral) -> dict[str, str]:
    if referral.state == State.WITHDRAWN or referral.is_open:
        heading = "Ingetrokken, neem geen contact meer op"
        if referral.withdraw_reason == WithdrawReason.RECALLED:
            text = "De afzender haalde deze verwijzing terug. Wat gedeeld was, kunnen jullie niet meer zien."
        else:
            text = "De toestemming geldt niet meer. Wat gedeeld was, kunnen jullie niet meer zien."
        return {"kind": "warning", "heading": heading, "text": text}
    text = {
        State.DECLINED: "Jullie wezen deze verwijzing af. De afzender weet dat en zoekt verder.",
        State.EXPIRED: "Er kwam geen antwoord. De afzender weet dat en zoekt verder.",
        State.NOT_REACHED: "Jullie konden haar niet bereiken. De afzender weet dat en kiest wat er nu gebeurt.",
        State.COMPLETED: "Jullie hebben teruggekoppeld. De gedeelde gegevens zijn na 30 dagen weggehaald.",
    }[State(referral.state)]
    if referral.without_file:
        if referral.state == State.COMPLETED:
            text = "Er was contact. De afzender weet dat."
        text += " Deze verwijzing was zonder dossier: haar naam en nummer zijn gewist."
    return {"kind": "info", "heading": f"Deze verwijzing is {referral.get_state_display()}", "text": text}


# What to do now -----------------------------------------------------------------------------------------------------


def _advice(referral: Referral, reading: Reading) -> str:
    organisation = referral.receiver_organisation.name
    taker = referral.accepted_by_name or organisation
    match (reading.stage, State(referral.state)):
        case (Stage.MINIMUM, _) if referral.without_file:
            return (
                "Deze verwijzing is zonder dossier. Neem je haar aan, dan zie je haar naam, haar telefoonnummer en een "
                "goed moment om te bellen. Meer krijgen jullie niet."
            )
        case (Stage.MINIMUM, _):
            return (
                "Je ziet nu alleen wat nodig is om te kiezen. Haar naam, telefoonnummer en de overdracht zie je zodra "
                "je haar aanneemt."
            )
        case (Stage.SHARED, State.ACCEPTED) if ConsentItem.PHONE not in reading.fields:
            phone = referral.sender.phone or referral.sender_organisation.phone
            return f"Zij deelt haar telefoonnummer niet meer. Overleg met {referral.sender.user}: {phone}."
        case (Stage.SHARED, State.ACCEPTED) if referral.without_file:
            return (
                f"{_how_to_call(referral)} Noteer elke poging. Is er contact geweest, leg dan alleen dat vast: haar "
                "naam en nummer worden meteen gewist. Dat gebeurt ook als je haar na "
                f"{ATTEMPTS_BEFORE_GIVING_UP} pogingen teruggeeft."
            )
        case (Stage.SHARED, State.ACCEPTED):
            return (
                f"{_how_to_call(referral)} Noteer elke poging. Na {ATTEMPTS_BEFORE_GIVING_UP} pogingen zonder contact "
                "kun je de verwijzing teruggeven."
            )
        case (Stage.SHARED, State.IN_CONTACT):
            return "Laat de afzender weten wat ervan kwam. Alleen met een terugkoppeling is een verwijzing afgerond."
        case (Stage.OWN, State.SENT) if reading.by_phone and referral.without_file:
            return (
                f"{organisation} werkt niet met dit portaal, en zonder dossier. Bel hen, geef alleen haar naam, haar "
                "nummer en een goed moment door, en vraag wie haar gaat bellen. Schrijf die naam op."
            )
        case (Stage.OWN, State.ACCEPTED) if referral.without_file and not reading.by_phone:
            return f"{taker} belt haar. Zij werken zonder dossier: je hoort alleen dat er contact was."
        case (Stage.OWN, State.SENT) if reading.by_phone:
            return (
                f"{organisation} werkt niet met dit portaal. Bel hen, vertel wat zij wil delen, en vraag wie haar gaat "
                "bellen. Schrijf die naam op."
            )
        case (Stage.OWN, State.ACCEPTED) if reading.by_phone:
            return f"Vraag {taker} van {organisation} of zij is gebeld. Schrijf op wat je hoort."
        case (Stage.OWN, State.IN_CONTACT) if reading.by_phone:
            return f"Vraag {taker} van {organisation} wat ervan kwam, en schrijf het hier op."
        case (Stage.OWN, State.SENT):
            return (
                f"{organisation} neemt haar aan of wijst af. Komt er geen antwoord tot en met "
                f"{day_in_words(referral.expires_on)}, dan verloopt de verwijzing en ben jij weer aan zet."
            )
        case (Stage.OWN, State.ACCEPTED) if referral.is_together:
            return f"{taker} en jij spreken haar samen. Je krijgt bericht als er contact is."
        case (Stage.OWN, State.ACCEPTED):
            return f"{taker} belt haar. Je krijgt bericht als er contact is."
        case (Stage.OWN, State.IN_CONTACT):
            return f"{taker} heeft contact met haar en laat weten wat ervan komt."
        case (Stage.OWN, State.WITHDRAWN) if reading.by_phone:
            return f"Bel {organisation} en zeg dat zij geen contact meer met haar opnemen."
    if reading.needs_a_choice and referral.state == State.COMPLETED and referral.without_file:
        return "Vraag haar hoe het ging. Kies daarna wat er nu gebeurt."
    if reading.needs_a_choice:
        return "De hulpvraag ligt weer bij jullie. Kies wat er nu gebeurt."
    return ""


def _how_to_call(referral: Referral) -> str:
    sender, talk = referral.sender.user, referral.talk
    how = "het moment staat hierboven" if talk and talk.is_planned else "spreek eerst een moment af"
    return {
        WarmMode.CALL_TOGETHER: f"Jij en {sender} bellen haar samen: {how}.",
        WarmMode.TALK_TOGETHER: f"Jij en {sender} spreken haar samen: {how}.",
    }.get(WarmMode(referral.warm_mode), "Bel haar op een moment dat voor haar goed is.")


# Consent, calls, history --------------------------------------------------------------------------------------------


def _consent(referral: Referral) -> dict[str, Any] | None:
    consent = referral.consent
    if consent is None:
        return None
    valid = consent.is_valid()
    ended = ""
    if consent.withdrawn_at:
        ended = f"Geëindigd op {date_in_words(consent.withdrawn_at)}: {consent.get_withdrawn_how_display()}."
    elif not valid:
        ended = f"Verlopen na {day_in_words(consent.valid_until)}."
    return {
        "items": consent.item_labels,
        "text": consent.words.text,
        "given": f"{date_in_words(consent.given_at)}, {consent.get_how_given_display()}",
        "until": day_in_words(consent.valid_until) if consent.valid_until else "",
        "ended": ended,
        "withdraw_url": reverse("consent_withdraw", args=[consent.pk]) if valid else "",
        "narrow_url": reverse("consent_narrow", args=[consent.pk]) if valid else "",
    }


CALL_BADGES = {"gesproken": "safe", "niet-bereikt": "neutral", "bericht": "neutral", "nog-niet": "warning"}


def _calls(referral: Referral) -> tuple[list[dict[str, str]], int]:
    attempts = list(referral.call_attempts.all())
    in_vain = [
        attempt
        for attempt in attempts
        if referral.accepted_at and attempt.at >= referral.accepted_at and attempt.result in attempt.IN_VAIN
    ]
    calls = [
        {
            "when": moment_in_words(attempt.at),
            "result": sentence(attempt.get_result_display()),
            "badge": CALL_BADGES[attempt.result],
            "note": attempt.note,
            "by": str(attempt.by.user) if attempt.by_id else referral.receiver_organisation.name,
        }
        for attempt in attempts
    ]
    return calls, len(in_vain)


EVENTS = {
    Verb.SEND: ("Verstuurd", "active"),
    Verb.ACCEPT: ("Aangenomen", "active"),
    Verb.DECLINE: ("Afgewezen", "warning"),
    Verb.CONTACT: ("Contact gelegd", "active"),
    Verb.GIVE_UP: ("Niet bereikt", "warning"),
    Verb.COMPLETE: ("Afgerond, met terugkoppeling", "safe"),
    Verb.WITHDRAW: ("Ingetrokken", "neutral"),
    Verb.EXPIRE: ("Verlopen zonder antwoord", "warning"),
    Verb.REOPEN: ("Opnieuw geopend", "active"),
    "add_need": ("Hulpvraag toegevoegd", "active"),
    "talk_propose": ("Momenten voorgesteld", "active"),
    "talk_plan": ("Moment afgesproken", "active"),
    "talk_take_back": ("Voorstel teruggenomen", "neutral"),
    "talk_call_off": ("Afspraak afgezegd", "warning"),
    "talk_not_held": ("Het gesprek ging niet door", "warning"),
    "narrow": ("Zij deelt minder dan eerst", "neutral"),
    "hand_turn": ("Iemand anders neemt het waar", "neutral"),
    Step.THANK: ("Bedankt", "safe"),
    Step.ASK: ("Vraag gesteld", "active"),
    Step.ANSWER: ("Vraag beantwoord", "safe"),
    Step.TAKE_BACK: ("Vraag teruggenomen", "neutral"),
    Step.LAPSE: ("Vraag vervallen", "neutral"),
    "mail_failed": ("De mail aan de ontvanger kwam niet aan", "warning"),
}


def _who_did(event) -> str:
    """By name; behind a link the organisation; otherwise the clock."""
    if event.by_id:
        return f"{event.by.user}, {event.organisation.name}"
    return event.organisation.name if event.organisation_id else "vanzelf"


def _events(referral: Referral) -> list[dict[str, str]]:
    return [
        {
            "when": moment_in_words(event.at),
            "title": EVENTS[event.verb][0],
            "kind": EVENTS[event.verb][1],
            "by": _who_did(event),
            "text": event.note,
        }
        for event in referral.events.all()
    ]
