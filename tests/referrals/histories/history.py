"""One random history: what people, the clock and the mail do to a few caregivers' needs and referrals, in any order.

A region with a practice, a steunpunt, a stranger, a service by phone and one by link. People refer, answer, go away,
come back, leave and arrive; mail does not arrive; links are asked anew; she takes back what she agreed to, herself with
her code too; the clock runs, twice, late, or is silent for days. Mostly a verb that fits by somebody who may, so that
histories get far; one step in five anything, by anybody.
"""

import datetime
from collections import Counter
from random import Random

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts import actions as accounts
from accounts.models import Absence, Role
from intake import actions as intake
from intake.models import Consent, Need, NeedEnding
from mantelzorg.refusal import Refused
from referrals import actions, work
from referrals.linked import actions as linked
from referrals.linked.principal import ByLink
from referrals.models import FEEDBACK, DeclineReason, Referral, ReferralLink
from referrals.transitions import BY_VERB, OPEN_STATES, Channel, Party, State, Urgency, Verb, allowed_party
from tests.factories import (
    AGREED,
    BARE,
    fresh,
    make_caregiver,
    make_member,
    make_need,
    make_organisation,
    make_service,
)
from trail.actions import note_returned_mail
from trail.models import OutboxMessage

START = datetime.datetime(2026, 3, 27, 9, tzinfo=datetime.UTC)
ITEMS = ["naam", "telefoon", "eigen-woorden", "overdracht", "postcode"]
REFERRAL_VERBS = {
    "discard_draft": (State.CONCEPT,),
    "log_call": (State.ACCEPTED,),
    "add_need": OPEN_STATES,
    **{str(verb): transition.sources for verb, transition in BY_VERB.items() if verb != Verb.EXPIRE},
}
NEED_VERBS = ("close_need", "reopen_need", "plan_need")
CONSENT_VERBS = ("narrow_consent", "withdraw_consent")
ROOMS_OF_THE_CLOCK = ("referrals.", "intake.", "accounts.")
JOBS = [name for name in settings.EVERY_HOUR if name.startswith(ROOMS_OF_THE_CLOCK)]
# What has to happen somewhere, or a history proves less than it says.
EVERYTHING = {
    *REFERRAL_VERBS,
    *NEED_VERBS,
    *CONSENT_VERBS,
    *(
        "refer",
        "draft",
        "erase",
        "withdraw_with_code",
        "take_consent_back",
        "go_away",
        "come_back",
        "end_membership",
        "send_anew",
    ),
    *(f"{state} without a file" for state in (State.ACCEPTED, State.COMPLETED, State.WITHDRAWN)),
    *("expire_due", "lapse_consents", "hand_turns", "remind", "tell_of_failed_mail", "delete_stale_drafts"),
}


class Region:
    """The organisations, people, services and caregivers that every history begins with."""

    def __init__(self):
        practice, steunpunt, elsewhere = make_organisation(), make_organisation(), make_organisation()
        for organisation in (practice, steunpunt, elsewhere):
            organisation.email = f"post@{organisation.slug}.example"
            organisation.save()
        self.people = [
            make_member("", practice),
            make_member("", practice),
            make_member("", steunpunt, Role.CONSULENT),
            make_member("", steunpunt),
            make_member("", elsewhere),
        ]
        self.beheerders = [make_member("", where, Role.BEHEERDER) for where in (practice, steunpunt, elsewhere)]
        by_link = make_organisation(uses_portal=False, answers_by_link=True, email="post@brug.example")
        self.services = [
            make_service(steunpunt),
            make_service(steunpunt, call_within_days=3),
            make_service(make_organisation(uses_portal=False)),
            make_service(by_link),
            make_service(practice),
            make_service(steunpunt, zonder_dossier=True),
        ]
        self.caregivers = [make_caregiver(self.people[number]) for number in (0, 1, 2)]


class History:
    def __init__(self, region: Region, seed: int, done: Counter):
        self.random = Random(seed)
        self.done = done
        self.now = START
        self.settled = True  # the clock ran after the last thing that is the clock's to settle
        self.people = [fresh(person) for person in region.people]
        self.gone = []
        self.beheerders = [fresh(person) for person in region.beheerders]
        self.services, self.caregivers = region.services, list(region.caregivers)
        for caregiver in self.caregivers:
            self.ask(caregiver)

    def play(self, steps: int, check) -> None:
        """`check` is asked after every step."""
        kinds = [self.refer] * 4 + [self.move_on] * 8 + [self.answer] * 7 + [self.decide] * 2 + [self.take_back] * 2
        kinds += [self.let_time_pass] * 3 + [self.be_away, self.come_and_go, self.lose_mail, self.send_link_anew]
        kinds += [self.ask_something]
        for number in range(steps):
            if number == steps // 2:
                self.erase()
            self.random.choice(kinds)()
            check(self)

    # Who, and what ----------------------------------------------------------------------------------------------------

    def members_of(self, organisation_id):
        return [person for person in self.people if person.organisation_id == organisation_id]

    def member_of(self, organisation_id):
        return self.random.choice(self.members_of(organisation_id))

    def anybody(self):
        return self.random.choice([*self.people, *self.gone])

    def pick(self, rows):
        rows = sorted(rows, key=lambda row: row.pk)  # the same every time
        return self.random.choice(rows) if rows else None

    def anyhow(self) -> bool:
        return self.random.random() < 0.2

    def try_to(self, verb, **arguments):
        """A refusal is a fine answer; what matters is what the rows say afterwards."""
        try:
            result = verb(**arguments)
        except Refused:
            self.done["refused"] += 1
            return None
        self.done[verb.__name__] += 1
        return result

    # Steps ------------------------------------------------------------------------------------------------------------

    def ask_something(self):
        self.ask(self.random.choice(self.caregivers))

    def ask(self, caregiver):
        by = self.member_of(caregiver.organisation_id)
        self.works_while_away(by)
        return make_need(caregiver, by, words=self.random.choice(["", "Een middag vrij."]), now=self.now)

    def works_while_away(self, by):
        """What she takes up then is hers until the clock looks again."""
        if Absence.objects.on(timezone.localdate(self.now)).filter(membership=by.acting).exists():
            self.settled = False

    def let_time_pass(self):
        """Days go by; then the clock runs at some hour of the day. Or nobody starts it, and it is later still."""
        self.now += datetime.timedelta(days=self.random.choice([1, 1, 2, 5, 12]))
        self.now = self.now.replace(hour=self.random.choice([3, 9, 9, 13, 20]))
        self.settled = False
        if self.random.random() < 0.8:
            self.run_the_clock()
            again = self.run_the_clock()
            assert not any(again.values()), f"the clock did something twice: {again}"

    def run_the_clock(self) -> dict[str, int]:
        did = Counter()
        for name in JOBS:
            did[name.rsplit(".", 1)[-1]] += import_string(name)(now=self.now) or 0
        self.done.update(did)
        self.settled = True
        return did

    def refer(self):
        needs = Need.objects.all() if self.anyhow() else Need.objects.open().filter(on_referral=False)
        need = self.pick(needs.select_related("caregiver")) or self.ask(self.random.choice(self.caregivers))
        together = self.random.random() < 0.3
        until = self.random.choice([None, None, None, 10])
        arguments = {
            "caregiver": need.caregiver,
            "needs": list(need.caregiver.needs.open()) if together else [need],
            "service": self.random.choice(self.services),
            "by": self.anybody() if self.anyhow() else self.member_of(need.organisation_id),
            "urgency": self.random.choice(Urgency.values),
            "now": self.now,
            "handover_text": "Zij is moe.",
        }
        if self.random.random() < 0.35:
            self.try_to(actions.draft, **arguments)
            return
        items = {"naam", "telefoon", *self.random.sample(ITEMS, 2)}
        valid_until = timezone.localdate(self.now) + datetime.timedelta(days=until) if until else None
        agreed = self.agreed_with(arguments["service"], items)
        self.try_to(actions.refer, consent={**agreed, "valid_until": valid_until}, **arguments)

    def agreed_with(self, service, items) -> dict:
        """Who works without a file gets no more than her name and number; now and then more is ticked."""
        if service.zonder_dossier and not self.anyhow():
            return BARE
        return {**AGREED, "items": items}

    def move_on(self):
        """The next good step of a referral, the further the likelier; a completed one may be opened again."""
        next_verb = {State.SENT: "accept", State.ACCEPTED: "log_call", State.IN_CONTACT: "complete"}
        rows = list(Referral.objects.filter(state__in=[*OPEN_STATES, State.COMPLETED], erased_at=None))
        if rows:
            chances = [1 + list(State).index(State(row.state)) for row in rows]
            referral = self.random.choices(rows, chances)[0]
            self.answer(next_verb.get(State(referral.state), "reopen"), referral)

    def answer(self, verb=None, referral=None):
        verb = verb or self.random.choice(list(REFERRAL_VERBS))
        if referral is None:
            rows = Referral.objects.filter(erased_at=None)
            rows = rows if self.anyhow() else rows.filter(state__in=REFERRAL_VERBS[verb])
            referral = self.pick(rows.select_related("caregiver"))
        if referral is None:
            return
        party = allowed_party(verb, referral.channel) if verb in BY_VERB else Party.SENDER
        if verb == "log_call":
            party = allowed_party(Verb.CONTACT, referral.channel)
        by = self.anybody() if self.anyhow() else self.side(referral, party)
        if verb == Verb.GIVE_UP and not self.anyhow():
            for _ in range(3):
                self.try_to(actions.log_call, referral=referral, by=by, result="niet-bereikt", now=self.now)
        arguments = self.said_with(verb, referral)
        self.try_to(getattr(actions, verb), referral=referral, by=by, **arguments)

    def side(self, referral, party):
        if party is Party.SENDER:
            makers = [person for person in self.people if person.acting.pk == referral.sender_id]
            return makers[0] if makers else self.member_of(referral.sender_organisation_id)
        if referral.channel == Channel.LINK and (link := ReferralLink.objects.last_of(referral)):
            return ByLink.of(link)
        if referral.channel == Channel.LINK:
            return self.anybody()
        return self.member_of(referral.receiver_organisation_id)

    def said_with(self, verb, referral) -> dict:
        """What is typed with a verb; now and then nothing, which must be refused."""
        words = "" if self.anyhow() else "Een zin."
        said = {
            "discard_draft": {},
            "log_call": {"result": self.random.choice(["niet-bereikt", "gesproken", "bericht"])},
            "send": self.agreed_with(referral.service, AGREED["items"]),
            "accept": {"name": words},
            "decline": {"reason": self.random.choice(DeclineReason.values), "note": words, "elsewhere": words},
            "complete": {
                "outcomes": {link.pk: (self.random.choice(FEEDBACK), words) for link in referral.referral_needs.all()},
                "feedback": words,
            },
            "reopen": {"note": words},
        }.get(verb, {})
        if verb == "add_need":
            free = referral.caregiver.needs.open().filter(on_referral=False)
            need = self.pick(free) or self.ask(referral.caregiver)
            said = {"need": need, "items": AGREED["items"], "how_given": "mondeling"}
        return said if verb == "discard_draft" else {**said, "now": self.now}

    def decide(self):
        verb = self.random.choice(NEED_VERBS)
        rows = Need.objects.all()
        if not self.anyhow():
            rows = rows.exclude(ended_at=None) if verb == "reopen_need" else rows.open().filter(on_referral=False)
        need = self.pick(rows)
        if need is None:
            return
        by = self.anybody() if self.anyhow() else self.member_of(need.organisation_id)
        self.works_while_away(by)
        said = {}
        if verb == "close_need":
            said = {"ending": self.random.choice(NeedEnding.values), "note": "" if self.anyhow() else "Het is zo."}
        elif verb == "plan_need":
            said = {"on": timezone.localdate(self.now) + datetime.timedelta(days=7), "note": "Ik bel haar zelf."}
        self.try_to(getattr(intake, verb), need=need, by=by, now=self.now, **said)

    def take_back(self):
        chance = self.random.random()
        if chance < 0.3:
            self.take_back_herself()
            return
        if chance < 0.5:
            self.tell_the_receiver()
            return
        verb = self.random.choice(CONSENT_VERBS)
        consent = self.pick(Consent.objects.filter(withdrawn_at=None).select_related("caregiver"))
        if consent is None:
            return
        by = self.anybody() if self.anyhow() else self.member_of(consent.caregiver.organisation_id)
        said = {"items": ["naam", "telefoon"]} if verb == "narrow_consent" else {"how": "mondeling"}
        self.try_to(getattr(actions, verb), consent=consent, by=by, now=self.now, **said)

    def take_back_herself(self):
        """With the code on her overview; now and then a code that is nobody's."""
        caregiver = self.random.choice(self.caregivers)
        code = intake.give_withdrawal_code(caregiver=caregiver, by=self.member_of(caregiver.organisation_id))
        intake.withdraw_with_code("BBBB-CCCC-DDDD-FFFF" if self.anyhow() else code)
        self.done["withdraw_with_code"] += 1
        self.settled = False

    def tell_the_receiver(self):
        """She says it to who helps her there."""
        rows = Referral.objects.exclude(state=State.CONCEPT).exclude(channel=Channel.PHONE).filter(erased_at=None)
        shared = (State.ACCEPTED, State.IN_CONTACT, State.COMPLETED)
        referral = self.pick(rows if self.anyhow() else rows.filter(state__in=shared))
        if referral is not None:
            by = self.anybody() if self.anyhow() else self.side(referral, Party.RECEIVER)
            self.try_to(actions.take_consent_back, referral=referral, by=by, how="mondeling", now=self.now)

    def be_away(self):
        """Somebody goes away, from today or later, or is back before the day."""
        standing = self.pick(Absence.objects.filter(ended_at=None))
        if standing is not None and self.random.random() < 0.4:
            by = next((person for person in self.people if person.acting.pk == standing.membership_id), self.people[0])
            self.try_to(work.come_back, absence=standing, by=by, now=self.now)
            return
        by = self.anybody()
        others = [person for person in self.members_of(by.organisation_id) if person != by]
        stand_in = self.anybody() if self.anyhow() or not others else self.random.choice(others)
        first_day = timezone.localdate(self.now) + datetime.timedelta(days=self.random.choice([0, 0, 1, 3]))
        self.try_to(
            work.go_away,
            by=by,
            stand_in=stand_in.acting,
            first_day=first_day,
            last_day=first_day + datetime.timedelta(days=self.random.choice([0, 4, 14])),
            now=self.now,
        )

    def come_and_go(self):
        """Somebody leaves, or somebody new arrives. One stays everywhere: an organisation without people is none."""
        person = self.random.choice(self.people)
        if len(self.members_of(person.organisation_id)) < 2:
            self.people.append(make_member("", person.organisation))
            return
        beheerder = next(one for one in self.beheerders if one.organisation_id == person.organisation_id)
        self.leave(person, beheerder)

    def leave(self, person, beheerder):
        ended = self.try_to(accounts.end_membership, membership=person.acting, by=beheerder, now=self.now)
        if ended is not None:
            self.people.remove(person)
            self.gone.append(person)
            person.acting.refresh_from_db()
            self.settled = False  # for whom she stood in

    def lose_mail(self):
        """A mail that was sent comes back."""
        message = self.pick(OutboxMessage.objects.filter(failed_at=None, for_digest=False).order_by("pk"))
        if message is not None:
            message.sent_at = self.now
            message.save()
            note_returned_mail(message_id=message.pk, reason="Teruggekomen", now=self.now)
            self.settled = False

    def send_link_anew(self):
        referral = self.pick(Referral.objects.open().filter(channel=Channel.LINK))
        if referral is not None:
            by = self.anybody() if self.anyhow() else self.member_of(referral.sender_organisation_id)
            self.try_to(linked.send_anew, referral=referral, by=by, now=self.now)

    def erase(self):
        caregiver = self.caregivers.pop()
        self.try_to(actions.erase, caregiver=caregiver, by=self.member_of(caregiver.organisation_id), now=self.now)

    # What the promises ask --------------------------------------------------------------------------------------------

    def there_for(self, membership_id, today):
        """Who does what is this person's today: she, or along the chain who stands in for her. None: nobody can."""
        away = {absence.membership_id: absence.stand_in_id for absence in Absence.objects.on(today)}
        working = {person.acting.pk for person in self.people}
        seen, there = set(), membership_id
        while there in away:
            seen.add(there)
            there = away[there]
            if there in seen or there not in working:
                return None
        return there

    @property
    def left(self) -> set:
        return {person.acting.pk for person in self.gone}
