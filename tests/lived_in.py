"""A portal that has been lived in: every kind of thing there is, in every state it can be in.

`move_in(cast)` makes it with the verbs that the pages call. What the proofs over the whole site point at has a name:
`lived_in["sent"]` are the arguments of the addresses about a referral that was just sent. Every caregiver has a last
name of her own, so that the pages of who may not know her can be searched for it: see `NOT_FOR`.
"""

import copy
import datetime
from hashlib import sha256
from types import SimpleNamespace

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives.asymmetric import ec
from django.http.request import HttpHeaders
from django.test import Client
from django.utils import timezone
from fido2 import cose, webauthn
from fido2.utils import websafe_encode

from accounts.logbook.weeks import last_monday
from accounts.models import Role, Session
from intake import actions as intake
from intake.handing.actions import ask, decline
from intake.measuring.actions import agree, load_items, record_screening, take_back
from intake.models import Caregiver, NeedEnding
from intake.plans.actions import add_task, write_scenario
from intake.talking.actions import Typed, begin_conversation, write_notes
from knowledge.models import Instrument, Phase, Profession
from mantelzorg.ids import uuid7
from referrals import actions as referrals
from referrals.aftercare import actions as aftercare
from referrals.meetings import actions as meetings
from referrals.models import Meeting
from referrals.questions import actions as questions
from referrals.together import actions as together
from referrals.transitions import State
from referrals.work import go_away
from sociale_kaart import actions as sociale_kaart
from sociale_kaart.answering.actions import HowItAnswers, record_answers
from sociale_kaart.editing.actions import propose
from sociale_kaart.freshness import actions as freshness
from sociale_kaart.models import Change, Organisation, Service
from sociale_kaart.search.actions import save_search
from tests.factories import (
    PASSWORD,
    log_in_fully,
    make_booklet,
    make_caregiver,
    make_failed_mail,
    make_import,
    make_invitation,
    make_membership,
    make_need,
    make_organisation,
    make_referral,
    make_service,
)
from trail.actions import beat
from trail.models import AccessLogEntry, Heartbeat

ANONYMOUS = "anonymous"
CAST = (
    "sender",
    "colleague",
    "receiver",
    "receiver_colleague",
    "consulent",
    "coordinator",
    "beheerder",
    "logtoezicht",
    "functional_admin",
    "pom",
    "outsider",
)
PLACES = ("practice", "steunpunt", "gemeente", "ggz_team", "other_practice")

# The last name of the caregiver of each referral: no word that stands on a page for another reason.
TO_THE_STEUNPUNT = {
    State.CONCEPT: "Aarnoutse",
    State.SENT: "Bruggeling",
    State.ACCEPTED: "Croonenborg",
    State.IN_CONTACT: "Dijkgraaff",
    State.COMPLETED: "Eerdmanszoon",
    State.DECLINED: "Feenstraat",
    State.EXPIRED: "Goudsmidt",
    State.NOT_REACHED: "Hagendoornik",
    State.WITHDRAWN: "Kuipershof",
}
BY_PHONE = {
    State.SENT: "Lammersloot",
    State.ACCEPTED: "Meijboomen",
    State.IN_CONTACT: "Noordhoekx",
    State.COMPLETED: "Oosterwaal",
    State.DECLINED: "Pietersz",
    State.NOT_REACHED: "Roggeveldt",
}
BY_LINK = "Zevenbergh"
OVERDUE, TO_THE_POM, KNOWN_WELL = "Spijkerboer", "Tulpenaar", "Uijtdewil"
TOGETHER = {"proposed": "Quispelaar", "planned": "Xaveriusz", "talked": "Ypelaertse"}  # by how far they agreed
OF_THE_RECEIVER, OF_THE_OUTSIDER = "Vlaskamper", "Wijngaardt"
OF_THE_PRACTICE = {*TO_THE_STEUNPUNT.values(), *BY_PHONE.values(), OVERDUE, TO_THE_POM, KNOWN_WELL, BY_LINK}
OF_THE_PRACTICE |= set(TOGETHER.values())
EVERYBODY = OF_THE_PRACTICE | {OF_THE_RECEIVER, OF_THE_OUTSIDER}
SHARED = {TO_THE_STEUNPUNT[state] for state in (State.ACCEPTED, State.IN_CONTACT, State.COMPLETED)}
SHARED |= set(TOGETHER.values())

# Who may stand on no page that this person can reach, by her last name.
NOT_FOR = {
    ANONYMOUS: EVERYBODY,
    "sender": EVERYBODY - OF_THE_PRACTICE,
    "colleague": EVERYBODY - OF_THE_PRACTICE,
    "receiver": EVERYBODY - SHARED - {OF_THE_RECEIVER},
    "receiver_colleague": EVERYBODY - SHARED - {OF_THE_RECEIVER},
    "consulent": EVERYBODY - SHARED - {OF_THE_RECEIVER},
    "coordinator": EVERYBODY,
    "beheerder": EVERYBODY,
    "logtoezicht": EVERYBODY,
    "functional_admin": EVERYBODY,
    "pom": EVERYBODY - {TO_THE_POM},
    "outsider": EVERYBODY - {OF_THE_OUTSIDER},
}


def cast_of(request) -> SimpleNamespace:
    """The people and organisations of conftest.py, all of them."""
    return SimpleNamespace(**{name: request.getfixturevalue(name) for name in (*PLACES, *CAST)})


def browser_of(user, *, enforce_csrf_checks: bool = False) -> Client:
    """Her browser, just after she typed her password: pages about security do not ask for it again."""
    browser = Client(enforce_csrf_checks=enforce_csrf_checks, raise_request_exception=False)
    if user is not None:
        log_in_fully(browser, user)
        browser.handler.enforce_csrf_checks = False
        browser.post("/account/reauthenticate/", {"password": PASSWORD})
        browser.handler.enforce_csrf_checks = enforce_csrf_checks
    browser.get("/account/password/reset/")  # for the cookie that goes with the tokens in forms
    return browser


def next_browser(browser: Client, headers: dict | None = None) -> Client:
    """The same browser as it is now: what happens in this one leaves no cookie behind in the other."""
    other = copy.copy(browser)  # with the same handler: to load the middleware takes longer than most pages
    other.cookies = copy.deepcopy(browser.cookies)
    other.defaults = browser.defaults | HttpHeaders.to_wsgi_names(headers or {})
    return other


def move_in(cast: SimpleNamespace) -> dict[str, dict]:
    """Make everything; returns the arguments of the addresses about each thing, by its name."""
    for name in CAST:
        getattr(cast, name).set_password(PASSWORD)
        getattr(cast, name).save()
    beat(name=Heartbeat.OUTBOX_WORKER, now=timezone.now())
    things = {"-": {}, "nothing": {"pk": "01900000-0000-7000-8000-000000000000"}}
    talk, stay, course = _services(cast, things)
    _referrals(cast, talk, stay, course, things)
    _somebody_known_well(cast, stay, things)
    _meetings(cast, things)
    _others(cast, stay)
    _questions(cast, things)
    _team(cast, things)
    _away(cast, things)
    _log(cast, things)
    _kept_fresh(cast, things)
    things["csv"] = {"kind": "csv"}
    things["import"] = {"pk": make_import(cast.consulent).pk}
    make_booklet(cast.consulent)
    things["failed_mail"] = {"message_id": make_failed_mail().pk}
    things |= {"poh": {"slug": "poh"}, "phase": {"slug": Phase.objects.current().first().pk}}
    things |= {"theme": {"slug": "overbelasting"}, "story": {"slug": "volle-spons"}, "instrument": {"slug": "csi"}}
    things |= {"support_kind": {"slug": "logeerzorg"}, "conversation": {"slug": "pom-gesprek"}}
    things |= {"zaanstad": {"slug": "zaanstad"}}
    return things


def _away(cast, things) -> None:
    """Next month the sender is away, and her colleague stands in."""
    month = timezone.localdate() + datetime.timedelta(days=30)
    week = month + datetime.timedelta(days=7)
    absence = go_away(
        by=cast.sender, stand_in=cast.colleague.acting, first_day=month, last_day=week, now=timezone.now()
    )
    things["absence"] = {"pk": absence.pk}


def _log(cast, things) -> None:
    about_somebody = AccessLogEntry.objects.filter(organisation_id=cast.practice.pk).about_somebody()
    things["log_line"] = {"pk": about_somebody.in_order().first().pk}
    monday = last_monday(timezone.localdate())
    AccessLogEntry.objects.create(
        at=timezone.make_aware(datetime.datetime.combine(monday, datetime.time(12))),
        event="login",
        action="E",
        user_id=cast.sender.pk,
        organisation_id=cast.practice.pk,
    )
    year, number, _ = monday.isocalendar()
    things["last_week"] = {"year": year, "number": number}


def _services(cast, things) -> tuple[Service, Service, Service]:
    soon = timezone.localdate() + datetime.timedelta(days=30)
    talk = make_service(
        cast.steunpunt,
        "Gesprek met de mantelzorgconsulent",
        kinds=["gesprek-mantelzorgconsulent"],
        phases=[Phase.objects.current().first()],
        call_within_days=3,
        capacity="plek",
        capacity_on=timezone.localdate(),
        usual_answer_days=2,
    )
    asks = make_service(
        cast.steunpunt,
        "Groep voor mantelzorgers",
        kinds=["lotgenotencontact"],
        asks_target_groups=True,
        checked_on=timezone.localdate() - datetime.timedelta(days=190),
        next_check_on=timezone.localdate() - datetime.timedelta(days=10),
        capacity="wachtlijst",
        wait_weeks=4,
        capacity_on=timezone.localdate(),
    )
    asks.target_groups.set(["partners", "werkende-mantelzorgers"])
    linden = make_organisation(
        "Logeerhuis De Linden", uses_portal=False, municipalities=["GM0479"], website="https://delinden.example"
    )
    stay = make_service(linden, "Logeren", kinds=["logeerzorg"], phone="075 555 0199", cost_kind="eigen-bijdrage")
    course = make_service(cast.ggz_team, "Cursus voor naasten", kinds=["psychologische-ondersteuning"])
    make_service(
        cast.ggz_team, "POM-gesprek", kinds=["preventief-gesprek-pom"], zonder_dossier=True, phone="023 555 0100"
    )
    draft = make_service(cast.steunpunt, "Nog niet klaar", status=Service.Status.DRAFT, next_check_on=soon)
    sociale_kaart.refresh_search()
    note = sociale_kaart.write_local_note(
        text="In Zaanstad werkt de POH ook voor wie hier alleen zorgt.",
        municipalities=[stay.home_municipality],
        profession=Profession.objects.get(pk="poh"),
        by=cast.consulent,
    )
    question = {"q": "oppas", "gemeente": "GM0479"}
    search = save_search(name="Oppas in Zaanstad", question=question, wants_mail=True, by=cast.sender)
    things |= {
        "saved_search": {"pk": search.pk},
        "local_note": {"pk": note.pk},
        "service": {"slug": talk.slug},
        "stale_service": {"slug": asks.slug},
        "unpublished_service": {"slug": draft.slug},
        "organisation": {"slug": cast.steunpunt.slug},
    }
    often_late = HowItAnswers(usual_days=2, in_time_of_ten=4, accepted_of_ten=5, is_late=True, declines_often=True)
    record_answers(found={talk.pk: often_late}, on=timezone.localdate())
    _kept_by_hand(cast, talk, things)
    return talk, stay, course


def _kept_by_hand(cast, service, things) -> None:
    """What a consulent did to the sociale kaart, and what the organisation would have otherwise."""
    by, organisation = cast.consulent, service.organisation
    contact = sociale_kaart.add_contact(
        organisation=organisation, service=service, by=by, name="Mo Planner", title="Planner", phone="075 555 0133"
    )
    location = sociale_kaart.add_location(organisation=organisation, by=by, street="Westzijde 12", place="Zaandam")
    hours = [{"opens_at": "09:00:00", "closes_at": "12:00:00", "byday": "MO,TU", "freq": "WEEKLY"}]
    sociale_kaart.update_service(service=service, by=by, schedules=hours, for_whom="Voor wie voor iemand zorgt.")
    proposal = propose(service=service, fields={"cost_kind": "gratis"}, by=cast.receiver, words="Het is gratis.")
    things |= {
        "contact": {"pk": contact.pk},
        "location": {"pk": location.pk},
        "change": {"pk": Change.objects.of_service(service).exclude(has_names=True).latest("at").pk},
        "proposal": {"pk": proposal.pk},
        "service_step": {"slug": service.slug, "step": "stoppen"},
    }


def _kept_fresh(cast, things) -> None:
    """A question by mail, one that nobody answered, who is not mailed, and what was reported."""
    days = datetime.timedelta(days=1)
    stale = Service.objects.get(**things["stale_service"])
    Organisation.objects.filter(pk=stale.organisation_id).update(email="info@steunpunt.example")
    question = freshness.ask_by_hand(service=stale, by=cast.consulent)
    months_ago = timezone.now() - 60 * days
    linden = Service.objects.get(name="Logeren")
    Organisation.objects.filter(pk=linden.organisation_id).update(email="info@delinden.example")
    checked_on = timezone.localdate(months_ago) - 170 * days
    Service.objects.filter(pk=linden.pk).update(checked_on=checked_on, next_check_on=checked_on + 180 * days)
    silent = freshness.ask_by_hand(service=linden, by=cast.consulent, now=months_ago)
    freshness.close(request_id=silent.pk, now=months_ago + 31 * days)
    pom = Service.objects.get(name="POM-gesprek")
    freshness.mail_about(service=pom, choice="niet-dit", by=cast.consulent)
    reports = [
        freshness.report(service=linden, what="contact", words="Dit nummer is van de buren.", by=cast.sender)
        for _ in range(2)
    ]
    freshness.handle_report(report=reports[1], outcome="opgelost", answer="Aangepast.", by=cast.consulent)
    things |= {
        "check_link": {"token": question.token},
        "check_of_service": {"token": question.token, "slug": stale.slug},
        "wrong_check_link": {"token": "geraden"},
        "report": {"pk": reports[0].pk},
        "handled_report": {"pk": reports[1].pk},
    }


def _referrals(cast, talk, stay, course, things) -> None:
    def made(name: str, state: str, service: Service, receiver=None, **fields):
        caregiver = make_caregiver(cast.sender, f"Anna {name}", email="anna@voorbeeld.example")
        needs = [make_need(caregiver, cast.sender, words=f"Kan iemand van {name} mij helpen?")]
        if state == State.IN_CONTACT:
            needs.append(make_need(caregiver, cast.sender, kind=None, words="En wie neemt het een dag over?"))
        return make_referral(
            state, sender=cast.sender, service=service, receiver=receiver, caregiver=caregiver, needs=needs, **fields
        )

    for state, name in TO_THE_STEUNPUNT.items():
        referral = made(name, state, talk, cast.receiver, urgency="spoed" if state == State.SENT else "gewoon")
        things[str(state)] = {"pk": referral.pk}
        if state == State.ACCEPTED:
            things["her"] = {"pk": referral.caregiver_id}
            things["csi"] = {"slug": "csi"}
            things["her_csi"] = {"pk": referral.caregiver_id, "slug": "csi"}
            things["carried_need"] = {"pk": referral.referral_needs.get().need_id}
            things["consent"] = {"pk": referral.consent_id}
        if state == State.COMPLETED:
            aftercare.ask(referral=referral, by=cast.sender, words="Komt zij nog?")
            aftercare.record_experience(referral=referral, by=cast.colleague, answer="beetje", words="Het scheelt.")
    for state, name in BY_PHONE.items():
        things[f"{state}_by_phone"] = {"pk": made(name, state, stay).pk}
    brug = make_organisation("Stichting De Brug", uses_portal=False, answers_by_link=True, email="post@brug.example")
    by_link = made(BY_LINK, State.SENT, make_service(brug, "Maatje van De Brug", kinds=["lotgenotencontact"]))
    token = by_link.receiver_links.get().token
    things |= {
        "sent_by_link": {"pk": by_link.pk},
        "receiver_link": {"token": token},
        "wrong_receiver_link": {"token": "geraden"},
        "answer_link": {"token": token, "what": "aannemen"},
    }
    week_ago = timezone.now() - datetime.timedelta(days=7)
    for how_far, name in TOGETHER.items():
        now = week_ago if how_far == "talked" else timezone.now()
        referral = made(name, State.ACCEPTED, talk, cast.receiver, warm_mode="driegesprek", now=now)
        moment = timezone.localtime(now).replace(hour=10, minute=0, second=0) + datetime.timedelta(days=2)
        together.propose(referral=referral, by=cast.receiver, moments=[moment], place="bij-haar", now=now)
        if how_far != "proposed":
            seen = referral.joint_talk.pk
            together.choose(referral=referral, by=cast.sender, moment=moment, seen=seen, now=now)
        things[how_far] = {"pk": referral.pk}
    weeks_ago = timezone.now() - datetime.timedelta(days=20)
    made(OVERDUE, State.SENT, talk, now=weeks_ago)
    made(TO_THE_POM, State.ACCEPTED, course, cast.pom)


def _somebody_known_well(cast, stay, things) -> None:
    """A caregiver of the colleague, with all that a record can hold."""
    by = cast.colleague
    her = make_caregiver(by, f"Berta {KNOWN_WELL}", safe_moment="dinsdag na tien uur", not_when_other_is_there=True)
    first, second = Phase.objects.current()[:2]
    today = timezone.localdate()
    for phase, days in ((first, 90), (second, 10)):
        intake.set_phase(caregiver=her, by=by, phase=phase, since=today - datetime.timedelta(days=days))
    intake.set_burden(caregiver=her, by=by, burden=4, on=today - datetime.timedelta(days=40))
    intake.set_burden(caregiver=her, by=by, burden=8)
    csi = Instrument.objects.get(pk="csi")
    old, new = (
        record_screening(
            caregiver=her,
            by=by,
            instrument=csi,
            version=csi.makers,
            taken_on=today,
            total=total,
            note=f"{total} keer ja",
        )
        for total in (5, 8)
    )
    take_back(screening=old, by=by, why="Verkeerd geteld")
    agree(screening=new, by=by, words="Volgende week bellen we samen.")
    things["screening"] = {"pk": new.pk}
    things["phase_step"] = {"pk": her.phase_steps.for_page().first().pk}
    texts = [f"Vraag {number}" for number in range(1, 14)]
    load_items(instrument=csi, by=cast.beheerder, texts=texts, version="Verzonnen, 2026")
    task = add_task(caregiver=her, by=by, what="Elke week de was doen", wish="overdragen", to="haar broer")
    things["task"] = {"pk": task.pk}
    write_scenario(caregiver=her, by=by, moment="crisis", red="Zij slaapt niet meer", numbers="Broer Jan: 06 55500013")
    things["her_known"] = {"pk": her.pk}
    things["her_crisis"] = {"pk": her.pk, "moment": "crisis"}
    talk = begin_conversation(caregiver=her, by=by, held_on=today, other_present="zonder", sofa="O")
    typed = {"stap.vraag-stellen": Typed("Zij slaapt weinig en wil even naar tennis.")}
    write_notes(conversation=talk, by=by, window=uuid7(), typed=typed)
    things["talk"] = {"pk": talk.pk}
    sister, nurse = (
        intake.add_involvement(caregiver=her, by=by, name=name, profession=profession, phone="06 55500011")
        for name, profession in (
            ("Zus Anja", None),
            ("Piet van de thuiszorg", Profession.objects.get(pk="wijkverpleegkundige")),
        )
    )
    intake.end_involvement(involvement=nurse, by=by, note="Met pensioen.")
    answered = ask(caregiver=her, by=by, to=cast.sender.acting, note="Kun jij haar overnemen?")
    decline(request=answered, by=cast.sender, note="Nu nog niet, na de zomer wel.")
    asked = ask(caregiver=her, by=by, to=cast.sender.acting, note="De zomer is voorbij. Kan het nu?")
    things |= {"contact_answered": {"pk": answered.pk}, "contact_request": {"pk": asked.pk}}
    free = make_need(her, by, kind="lotgenotencontact", words="Iemand die het kent.")
    planned = make_need(her, by, kind=None)
    intake.plan_need(need=planned, by=by, on=today + datetime.timedelta(days=3), note="Ik bel haar zelf.")
    closed = make_need(her, by)
    intake.close_need(need=closed, by=by, ending=NeedEnding.HELPED)
    narrowed = make_referral(
        State.SENT, sender=by, service=stay, caregiver=her, needs=[make_need(her, by, kind="logeerzorg")]
    )
    referrals.narrow_consent(consent=narrowed.consent, by=by, items=["naam", "telefoon"])
    things |= {
        "need": {"pk": free.pk},
        "closed_need": {"pk": closed.pk},
        "sister": {"pk": sister.pk},
    }


def _meetings(cast, things) -> None:
    """About her who was accepted: one that was held, and one that is to come. Of two guests of other organisations one
    may know her whole name, as she does already.
    """
    her, by, now = Caregiver.objects.get(**things["her"]), cast.sender, timezone.now()

    def planned(question: str):
        meeting = meetings.plan_meeting(
            caregiver=her,
            by=by,
            starts_at=now + datetime.timedelta(days=3),
            how="telefonisch",
            question=question,
            points=["Wie komt er als zij weg is?"],
        )
        for person, items in ((cast.receiver, ["naam", "overleg"]), (cast.pom, ["overleg"])):
            member = person.acting
            meetings.invite(meeting=meeting, by=by, member=member, items=items, how_given="mondeling")
        return meeting

    held = planned("Hoe houdt zij het vol?")
    for person in (cast.receiver, cast.pom):
        meetings.answer(meeting=held, by=person, comes=True)
    hers = []
    for person, what in ((cast.receiver, "De dagbesteding bellen"), (by, "Haar broer bellen")):
        before = timezone.localdate() + datetime.timedelta(days=7)
        hers.append(meetings.agree(meeting=held, by=by, who=person.acting, what=what, before=before))
    Meeting.objects.filter(pk=held.pk).update(starts_at=now - datetime.timedelta(hours=2))
    meetings.hold_meeting(meeting=held, by=by, conclusion="Zij krijgt de woensdagmiddag vrij.")
    to_come = planned("Hoe krijgt zij een vrije middag?")
    meetings.invite(meeting=to_come, by=by, member=cast.colleague.memberships.get(organisation=cast.practice))
    meetings.answer(meeting=to_come, by=cast.pom, comes=False, note="Dan heb ik vakantie.")
    things |= {
        "meeting": {"pk": to_come.pk},
        "held_meeting": {"pk": held.pk},
        "meeting_guest": {"pk": to_come.guests.get(member=cast.receiver.acting).pk},
        "meeting_person": {"pk": to_come.pk, "member": cast.consulent.acting.pk},
        "agreement": {"pk": hers[0].pk},
    }


def _others(cast, stay) -> None:
    hers = make_caregiver(cast.receiver, f"Carla {OF_THE_RECEIVER}")
    make_referral(State.ACCEPTED, sender=cast.receiver, service=stay, caregiver=hers)
    make_need(make_caregiver(cast.outsider, f"Dora {OF_THE_OUTSIDER}"), cast.outsider)


def _questions(cast, things) -> None:
    """Overlegvragen of the practice to the steunpunt in every state, and one the other way."""

    def ask(by=cast.sender, organisation=cast.steunpunt, **fields):
        words = {"subject": "Nachtrust bij beginnende dementie", "text": "Zij slaapt slecht. Wat raad je aan?"}
        return questions.ask(by=by, organisation=organisation, **words | fields)

    things["question"] = {"pk": ask(situation_kind="dementie", receiver=cast.receiver.acting).pk}
    ask(by=cast.receiver, organisation=cast.practice, now=timezone.now() - datetime.timedelta(days=20))
    answered = questions.answer(question=ask(), by=cast.receiver, text="Begin met een vast ritme.")
    things["answered_question"] = {"pk": answered.pk}
    declined = questions.decline(question=ask(), by=cast.receiver, text="Wij niet.", elsewhere="Het wijkteam")
    things["declined_question"] = {"pk": declined.pk}
    closed = questions.answer(question=ask(), by=cast.receiver, text="Zo.")
    things["closed_question"] = {"pk": questions.close(question=closed, by=cast.sender).pk}
    things["withdrawn_question"] = {"pk": questions.withdraw(question=ask(), by=cast.sender).pk}


def _team(cast, things) -> None:
    """The colleague works at two places, and has every kind of second step."""
    make_membership(cast.colleague, cast.other_practice, [Role.BEHEERDER])
    TOTP.activate(cast.colleague, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(cast.colleague)
    passkey = WebAuthn.add(cast.colleague, "Mijn telefoon", _passkey(b"passkey of the colleague")).instance
    open_one = make_invitation(cast.practice, by=cast.beheerder, name="Nadia Noor")
    make_invitation(cast.practice, by=cast.beheerder, name="Olga Oud", expires_at=timezone.now())
    first = make_invitation(cast.practice, by=cast.functional_admin, name="Bea Baas", roles=[Role.BEHEERDER])
    practice, steunpunt = {"slug": cast.practice.slug}, {"slug": cast.steunpunt.slug}
    appointment = cast.consulent.memberships.get().appointments.get()
    things |= {
        "practice": practice,
        "practice_in_zaanstad": practice | {"code": "GM0479"},
        "invitation": {"invitation_id": open_one.pk},
        "first_beheerder": practice | {"invitation_id": first.pk},
        "invitation_link": {"invitation_id": open_one.pk, "token": open_one.token},
        "wrong_link": {"invitation_id": open_one.pk, "token": "geraden"},
        "colleague": {"membership_id": cast.colleague.memberships.get(organisation=cast.practice).pk},
        "appointment": steunpunt | {"appointment_id": appointment.pk},
        "passkey": {"pk": passkey.pk},
        "session": {"public_id": _elsewhere(cast.colleague).public_id},
        "reset_link": {"uidb36": "1", "key": "geraden"},
    }


def _elsewhere(person) -> Session:
    """Another browser in which she is logged in."""
    log_in_fully(Client(), person)
    return Session.objects.of(person).latest("started_at")


def _passkey(key_id: bytes) -> dict:
    """What a browser hands over when it has made a passkey."""
    public = cose.ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    flags = webauthn.AuthenticatorData.FLAG
    made = webauthn.AuthenticatorData.create(
        sha256(b"testserver").digest(),
        flags.UP | flags.UV | flags.AT,
        0,
        webauthn.AttestedCredentialData.create(bytes(16), key_id, public),
    )
    said = webauthn.CollectedClientData.create("webauthn.create", b"a challenge", "http://testserver")
    return {
        "id": websafe_encode(key_id),
        "rawId": websafe_encode(key_id),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(said),
            "attestationObject": websafe_encode(webauthn.AttestationObject.create("none", made, {})),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }
