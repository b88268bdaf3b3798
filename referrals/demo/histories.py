"""Invented caregivers and referrals in every state, over the past year and a half, from a fixed seed.

They are made by the same verbs that the pages call, each with the moment it is said to have happened.
"""

import datetime
import random
from pathlib import Path

import yaml
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from intake import actions as intake
from intake.measuring.actions import record_screening
from intake.models import Caregiver, Missing, NeedEnding
from knowledge.models import Instrument, Phase, SupportKind
from mantelzorg.principals import acting, job, member
from mantelzorg.refusal import Refused
from mantelzorg.working_days import add_working_days, is_working_day
from referrals import actions, clock
from referrals.models import Referral
from referrals.transitions import State
from sociale_kaart.models import PostcodeArea, Service
from trail.models import OutboxMessage

SEED = 20261122
MISSING = [Missing.NOTHING_HERE, Missing.NO_ROOM, Missing.TIME, Missing.TOO_FAR, Missing.COSTS]
STORIES = Path(__file__).with_name("stories.yaml")

# How many referrals end up in each state, and how many working days ago the last step was: open ones are recent.
WANTED = {
    State.SENT: (9, (0, 3)),
    State.ACCEPTED: (9, (0, 6)),
    State.IN_CONTACT: (10, (1, 18)),
    State.COMPLETED: (40, (3, 190)),
    State.DECLINED: (12, (1, 150)),
    State.EXPIRED: (4, (15, 150)),
    State.NOT_REACHED: (4, (8, 200)),
    State.WITHDRAWN: (5, (4, 250)),
    State.CONCEPT: (3, (0, 5)),
}
PC4 = {
    "GM0479": ["1501", "1502", "1503", "1505", "1506", "1509"],
    "GM0439": ["1441", "1443", "1444", "1448"],
    "GM0880": ["1521", "1531"],
    "GM0431": ["1511"],
    "GM0415": ["1121"],
    "GM0852": ["1141"],
    "GM0385": ["1131"],
}
WEIGHTS = [("GM0479", 24), ("GM0439", 22), ("GM0880", 8), ("GM0431", 5), ("GM0415", 5), ("GM0852", 7), ("GM0385", 8)]


class Maker:
    def __init__(self, people: dict[str, User], now: datetime.datetime):
        self.people = people
        self.now = now
        self.random = random.Random(SEED)  # noqa: S311 (the same demo every time, nothing secret)
        self.stories = yaml.safe_load(STORIES.read_text(encoding="utf-8"))
        self.names = [f"{first} {last}" for first in self.stories["voornamen"] for last in self.stories["achternamen"]]
        self.random.shuffle(self.names)
        self.count = 0

    def moment(self, working_days_ago: int) -> datetime.datetime:
        """A moment in office hours, so many working days ago, never in the future."""
        day = timezone.localdate(self.now)
        for _ in range(working_days_ago):
            day -= datetime.timedelta(days=1)
            while not is_working_day(day):
                day -= datetime.timedelta(days=1)
        at = datetime.time(self.random.randint(8, 16), self.random.randint(0, 59))
        return min(timezone.make_aware(datetime.datetime.combine(day, at)), self.now)

    def caregiver(self, story: dict, by: User, at: datetime.datetime) -> Caregiver:
        self.count += 1
        code = self.random.choices([code for code, _ in WEIGHTS], [weight for _, weight in WEIGHTS])[0]
        pc4 = self.random.choice(PC4[code])
        letters = "".join(self.random.choice("ABCDEFGHJKLMNPRSTVWXZ") for _ in range(2))
        caregiver = intake.record_caregiver(
            by=by,
            now=at,
            name=self.names[self.count],
            phone=f"06 55 50 {self.count:02d} {self.random.randint(10, 99)}",
            safe_moment=self.random.choice(self.stories["momenten"]),
            not_when_other_is_there=self.random.random() < 0.3,
            postcode=f"{pc4} {letters}",
            municipality=PostcodeArea.objects.get(pk=pc4).municipality,
            relation=story["zorgt_voor"],
            situation_kind=story["situatie"],
        )
        if story.get("fase") and self.random.random() < 0.85:
            phase = Phase.objects.get(pk=story["fase"])
            intake.set_phase(caregiver=caregiver, by=by, phase=phase, since=timezone.localdate(at), now=at)
        if self.random.random() < 0.8:
            burden = min(10, max(0, story["zwaar"] + self.random.randint(-1, 1)))
            intake.set_burden(caregiver=caregiver, by=by, burden=burden, now=at)
            if burden >= 6 and self.random.random() < 0.3:
                self.measure(caregiver, by, burden, at)
        return caregiver

    def measure(self, caregiver: Caregiver, by: User, burden: int, at: datetime.datetime) -> None:
        """Twice the same questionnaire, half a year apart; the last time something was agreed."""
        csi = Instrument.objects.get(pk="csi")
        for days, total in ((180, burden - 2), (0, burden + 1)):
            moment = at - datetime.timedelta(days=days)
            record_screening(
                caregiver=caregiver,
                by=by,
                instrument=csi,
                version=csi.makers[:120],
                taken_on=timezone.localdate(moment),
                total=total,
                agreed="" if days else "We bellen over twee weken opnieuw.",
                now=at,
            )

    def need(self, story: dict, caregiver: Caregiver, by: User, at: datetime.datetime):
        kind = SupportKind.objects.get(pk=story["vraag"]) if story["vraag"] else None
        return intake.add_need(caregiver=caregiver, by=by, kind=kind, words=story["woorden"], now=at)

    def service_for(self, story: dict, caregiver: Caregiver, *, portal: bool) -> Service | None:
        """A service that fits; for the portal one whose people are in the demo, so that somebody can answer."""
        offers = (
            Service.objects.published().filter(zonder_dossier=False).exclude(organisation=caregiver.organisation_id)
        )
        answering = {user.organisation_id for user in self.people.values() if user.works_with_caregivers}
        offers = offers.filter(organisation__in=answering) if portal else offers.filter(organisation__uses_portal=False)
        fitting = offers.in_municipality(caregiver.municipality)
        if story["vraag"]:
            fitting = fitting.of_kind(story["vraag"])
        choices = list(fitting.order_by("slug")[:20]) or list(
            offers.in_municipality(caregiver.municipality).order_by("slug")[:20]
        )
        return self.random.choice(choices) if choices else None

    def receiver_of(self, referral: Referral) -> User:
        """Who answers: somebody of the receiver in the portal, the sender herself by phone."""
        if referral.channel == "phone":
            return self.people_of(referral.sender_organisation_id, referral.sender.user_id)
        return self.random.choice(
            [user for user in self.people.values() if user.organisation_id == referral.receiver_organisation_id]
        )

    def people_of(self, organisation_id, user_id) -> User:
        return next(user for user in self.people.values() if user.pk == user_id)

    def referral(self, state: str, days_ago: tuple[int, int]) -> None:
        story = self.random.choice(self.stories["verhalen"])
        by = self.people[self.random.choices(["poh", "poh2", "casemanager", "consulent"], [8, 3, 5, 2])[0]]
        last = self.random.randint(*days_ago)
        answer, call, feedback = self.random.randint(0, 2), self.random.randint(1, 5), self.random.randint(5, 20)
        started = {
            State.COMPLETED: last + feedback + call + answer,
            State.IN_CONTACT: last + call + answer,
            State.ACCEPTED: last + answer,
            State.NOT_REACHED: last + call + answer,
        }.get(State(state), last)
        at = self.moment(started)
        with acting(member(by)):
            referral = self.passed_on(story, state, by, at)
        if referral is not None and referral.state == State.SENT:
            self.answer(referral, state, at, answer, call, last)

    def passed_on(self, story: dict, state: str, by: User, at: datetime.datetime) -> Referral | None:
        """Recorded, and drafted or sent; nothing more when there is no service that fits."""
        caregiver = self.caregiver(story, by, at)
        need = self.need(story, caregiver, by, at)
        service = self.service_for(story, caregiver, portal=self.random.random() < 0.65)
        if service is None:
            return None
        urgent = self.random.random() < 0.15
        referral = actions.draft(
            caregiver=caregiver,
            needs=[need],
            service=service,
            by=by,
            urgency="spoed" if urgent else "gewoon",
            handover_text=story["overdracht"],
            now=at,
        )
        if state == State.CONCEPT:
            return referral
        items = ["naam", "telefoon", "postcode", "zorgt-voor", "eigen-woorden", "overdracht"]
        items += [item for item in ("situatie", "zwaarte", "fase") if self.random.random() < 0.6]
        agreed = {"items": items, "how_given": "mondeling", "handover_read": True}
        return actions.send(referral=referral, by=by, now=at, **agreed)

    def answer(self, referral, state, at, answer_days, call_days, last) -> None:
        if state == State.EXPIRED:
            clock.expire(referral=referral, now=at + datetime.timedelta(days=20))
        elif state == State.WITHDRAWN:
            when = self.moment(max(0, last - self.random.randint(0, 3)))
            sender = self.people_of(None, referral.sender.user_id)
            with acting(member(sender)):
                if self.random.random() < 0.5:
                    actions.withdraw(referral=referral, by=sender, note="Zij vond zelf al hulp.", now=when)
                else:
                    actions.withdraw_consent(consent=referral.consent, by=sender, how="mondeling", now=when)
        else:
            receiver = self.receiver_of(referral)
            with acting(member(receiver)):
                done = self.answer_of(receiver, referral, state, at, answer_days, call_days, last)
            if done:
                self.close(referral, *done)

    def answer_of(self, receiver, referral, state, at, answer_days, call_days, last) -> tuple | None:
        """Returns outcome and day for the sender to act upon, when it was completed."""
        if state == State.DECLINED:
            no = self.random.choice(self.stories["afwijzingen"])
            when = self.moment(max(0, last - answer_days))
            actions.decline(
                referral=referral,
                by=receiver,
                reason=no["reden"],
                note=no["zin"],
                elsewhere=no.get("waar", ""),
                now=when,
            )
        if state not in (State.ACCEPTED, State.NOT_REACHED, State.IN_CONTACT, State.COMPLETED):
            return None
        accepted = self.later(at, answer_days)
        referral = actions.accept(referral=referral, by=receiver, name="mevrouw Fictief", now=accepted)
        tries = 3 if state == State.NOT_REACHED else self.random.randint(0, 1)
        when = accepted
        for _ in range(tries):
            when = self.later(when, 1)
            referral = actions.log_call(referral=referral, by=receiver, result="niet-bereikt", at=when, now=when)
        if state == State.NOT_REACHED:
            actions.give_up(referral=referral, by=receiver, note="", now=self.later(when, 1))
        if state in (State.IN_CONTACT, State.COMPLETED):
            contacted = self.later(when, call_days)
            referral = actions.log_call(referral=referral, by=receiver, result="gesproken", at=contacted, now=contacted)
        if state == State.COMPLETED:
            done = self.later(contacted, self.random.randint(5, 20))
            outcome = self.random.choices(
                ["gestart", "informatie", "anders-besloten", "niet-geholpen", "doorverwezen"], [12, 5, 2, 1, 2]
            )[0]
            outcomes = {link.pk: (outcome, "het wijkteam") for link in referral.referral_needs.all()}
            feedback = self.random.choice(self.stories["terugkoppelingen"])
            actions.complete(referral=referral, by=receiver, outcomes=outcomes, feedback=feedback, now=done)
            return outcome, self.later(done, 1)
        return None

    def close(self, referral, outcome, when) -> None:
        """Most senders say soon whether she is helped; what ended this week still waits for that."""
        if outcome in ("niet-geholpen", "doorverwezen") or when > self.now - datetime.timedelta(days=6):
            return
        sender = self.people_of(None, referral.sender.user_id)
        with acting(member(sender)):
            for link in referral.referral_needs.select_related("need"):
                ending = NeedEnding.NOT_WANTED if outcome == "anders-besloten" else NeedEnding.HELPED
                intake.close_need(need=link.need, by=sender, ending=ending, now=when)

    def later(self, moment: datetime.datetime, working_days: int) -> datetime.datetime:
        day = add_working_days(timezone.localdate(moment), working_days)
        at = datetime.time(self.random.randint(9, 16), self.random.randint(0, 59))
        then = timezone.make_aware(datetime.datetime.combine(day, at))
        return min(max(then, moment + datetime.timedelta(minutes=20)), self.now)

    def clean_up_old_needs(self) -> None:
        """Needs that came back long ago were picked up since; recent ones are what *Vandaag* shows."""
        for person in self.people.values():
            if person.works_with_caregivers:
                with acting(member(person)):
                    self.clean_up_after(person)

    def clean_up_after(self, person: User) -> None:
        for need in person.acting.needs.open().filter(on_referral=False).order_by("created_at", "pk"):
            if need.turn_on > timezone.localdate(self.now) - datetime.timedelta(days=10):
                continue
            when = min(timezone.make_aware(datetime.datetime.combine(need.turn_on, datetime.time(11))), self.now)
            if self.random.random() < 0.3:
                missing = [MISSING[when.day % len(MISSING)]]
                note = "Geen aanbod met nachtopvang binnen de gemeente."
                intake.close_need(
                    need=need, by=person, ending=NeedEnding.NO_OFFER, missing=missing, note=note, now=when
                )
            elif self.random.random() < 0.6:
                intake.close_need(need=need, by=person, ending=NeedEnding.HELPED, now=when)
            else:
                on = add_working_days(timezone.localdate(self.now), self.random.randint(0, 8))
                intake.plan_need(need=need, by=person, on=on, note="Ik bel haar zelf.", now=self.now)

    def only_recorded(self, count: int) -> None:
        """Caregivers without a referral, some still with an open need."""
        for number in range(count):
            story = self.random.choice(self.stories["verhalen"])
            by = self.people["buiten" if number < 3 else self.random.choice(["poh", "poh", "casemanager", "consulent"])]
            at = self.moment(self.random.randint(0, 3) if number % 2 else self.random.randint(30, 300))
            with acting(member(by)):
                caregiver = self.caregiver(story, by, at)
                need = self.need(story, caregiver, by, at)
                if not number % 2:
                    intake.close_need(need=need, by=by, ending=NeedEnding.HELPED, now=self.later(at, 3))


@transaction.atomic
def make_histories(people: dict[str, User], *, now: datetime.datetime | None = None) -> int:
    """Make the caregivers and their referrals, once. Returns how many referrals there are."""
    if _are_there_any():
        return _how_many()
    maker = Maker(people, now or timezone.now())
    for state, (count, days_ago) in WANTED.items():
        made = 0
        for _attempt in range(count * 3):
            before = _how_many()
            try:
                with transaction.atomic():
                    maker.referral(state, days_ago)
            except Refused:
                continue
            made += _how_many() - before
            if made == count:
                break
    maker.only_recorded(46)
    maker.clean_up_old_needs()
    with acting(job("mail")):
        OutboxMessage.objects.filter(sent_at=None).update(sent_at=maker.now)  # invented history sends no mail
    return _how_many()


def _are_there_any() -> bool:
    with acting(job("klok")):
        return Caregiver.objects.exists()


def _how_many() -> int:
    with acting(job("klok")):
        return Referral.objects.count()
