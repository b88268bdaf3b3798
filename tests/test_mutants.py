"""Hand-made mistakes, each of which one of the checks has to see: a check that stays silent proves nothing.

A mistake is made in the code by a patch, in the database as the owner, who takes it back afterwards.
"""

import inspect
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace

import pytest
from django.core import mail
from django.db import connection, models, transaction
from django.template.loader import render_to_string
from django.urls import get_resolver, reverse

from intake.models import Need
from intake.models.caregivers import CaregiverQuerySet
from intake.models.needs import NeedQuerySet
from mantelzorg import principals
from mantelzorg.principals import acting, member
from mantelzorg.refusal import Refused
from mantelzorg.rights.enforcing import differences, enforce
from mantelzorg.rights.owner import as_owner
from mantelzorg.rights.policies import CONSENT_STANDS, FUNCTIONS
from referrals import actions, moving
from referrals.models import Referral, SharedItem
from referrals.transitions import BY_VERB, State, Verb
from tests import database_roles, marked
from tests.factories import fresh
from tests.marked import Prober
from tests.test_leaks import drop_filters, what_it_is_about
from tests.test_log_completeness import compare

SOME = {"01", "03", "04", "07", "11", "14", "24"}  # of marked.CASES: one in each stage

# Checks: each says what it found, nothing when all is well ----------------------------------------------------------


def leaks(world) -> list[str]:
    """As in tests/test_leaks.py, the pages on which most of her stands."""
    world.show_rows()
    prober = Prober(world)
    for name in ("caregiver_detail", "need_edit", "referral_detail", "referral_letter"):
        for who in ("receiver", "pom", "coordinator", "outsider"):
            for case in world.cases:
                if (thing := what_it_is_about(name)(case)) is not None:
                    prober.ask(who, "GET", reverse(name, args=[thing.pk]), name=name)
    for name in ("vandaag", "caregiver_list", "referral_list"):
        for who in ("receiver", "outsider"):
            prober.ask(who, "GET", reverse(name))
    return prober.leaks


def closed_pages(world) -> list[str]:
    """As in tests/test_access.py: a page that is not for her role is not there."""
    prober = Prober(world)
    for name in ("caregiver_list", "caregiver_new", "referral_list"):
        prober.ask("coordinator", "GET", reverse(name), closed=True, name=name)
    prober.ask("sender", "GET", reverse("overview"), closed=True, name="overview")
    return prober.wrong


def as_declared(world) -> list[str]:
    return differences(app=database_roles.APP)


def unlogged(world) -> list[str]:
    return [line for line in compare(world, 120)[0] if "not logged" in line]


def try_verb(act: Callable, **arguments) -> str:
    try:
        with transaction.atomic():
            act(**arguments)
    except Refused:
        return "refused"
    except Exception as error:
        return f"not refused: {type(error).__name__}"
    return "done"


def wrong_steps(world) -> list[str]:
    """What nobody may do in these states is refused, in words."""
    receiver, case = fresh(world.cast.receiver), world.case
    tried = {
        "accept what was withdrawn": try_verb(actions.accept, referral=case("11").referral, by=receiver),
        "contact before acceptance": try_verb(actions.contact, referral=case("03").referral, by=receiver),
    }
    return [f"{what}: {answer}" for what, answer in tried.items() if answer != "refused"]


def reach_after_a_step(world) -> list[str]:
    """After she accepted, a receiver reaches her needs no more."""
    receiver = fresh(world.cast.receiver)
    with acting(member(receiver)):
        actions.accept(referral=world.case("03").referral, by=receiver)
        found = Need.objects.count()
    return [f"{found} needs"] if found else []


def left_after_withdrawal(world) -> list[str]:
    referral = world.case("04").referral
    actions.withdraw_consent(consent=referral.consent, by=fresh(world.cast.sender), how="mondeling")
    return [item.item for item in SharedItem.objects.filter(referral=referral)]


def mail_of_what_was_undone(world) -> list[str]:
    with transaction.atomic():
        actions.accept(referral=world.case("03").referral, by=fresh(world.cast.receiver))
        transaction.set_rollback(True)
    return [message.subject for message in mail.outbox]


# Mistakes -----------------------------------------------------------------------------------------------------------


def reach(before: str, after: str) -> str:
    """The function behind the policies of what hangs on a referral, with a mistake in it."""
    signature, body = next((one, text) for one, text in FUNCTIONS.items() if one.startswith("reach_into_referral"))
    assert before in body
    changed = body.replace(before, after)
    return f"CREATE OR REPLACE FUNCTION public.{signature} LANGUAGE plpgsql STABLE AS $body${changed}$body$"


def walk_round(patch) -> None:
    database_roles.walk_round(patch)


def no_filter(patch, rows=CaregiverQuerySet) -> None:
    patch.setattr(rows, "for_user", lambda rows, user: rows.all())


def no_decorator(name: str):
    def drop(patch):
        pattern = _pattern(name)
        patch.setattr(pattern, "callback", inspect.unwrap(pattern.callback))

    return drop


def _pattern(name: str, resolver=None):
    for pattern in (resolver or get_resolver()).url_patterns:
        found = _pattern(name, pattern) if hasattr(pattern, "url_patterns") else pattern
        if found is not None and found.name == name:
            return found
    return None


def too_generous(patch) -> None:
    stage_for = Referral.stage_for

    def stage(referral, user, *, now=None):
        found = stage_for(referral, user, now=now)
        return Referral.Stage.SHARED if found == Referral.Stage.MINIMUM else found

    patch.setattr(Referral, "stage_for", stage)


def no_state_check(patch) -> None:
    patch.setattr(moving, "why_not", lambda *args, **kwargs: "")


def one_transition_more(patch) -> None:
    accept = BY_VERB[Verb.ACCEPT]
    patch.setitem(BY_VERB, Verb.ACCEPT, replace(accept, sources=(*accept.sources, State.WITHDRAWN)))
    patch.setattr("referrals.permissions.consent_is_over", lambda *args, **kwargs: False)


def no_end_of_a_step(patch) -> None:
    patch.setattr(principals, "a_verb", nullcontext)


def shared_items_stay(patch) -> None:
    delete = models.QuerySet.delete
    patch.setattr(
        models.QuerySet, "delete", lambda rows: (0, {}) if rows.model is SharedItem else delete(rows), raising=True
    )


def mail_at_once(patch) -> None:
    patch.setattr(
        moving, "enqueue_mail", lambda *, template, to, **_: mail.send_mail(template, "", "portaal@x.example", [to])
    )


def no_log(patch) -> None:
    patch.setattr("referrals.views.one_referral.record_access", lambda **_: None)


@dataclass(frozen=True)
class Mistake:
    seen_by: Callable
    in_code: tuple[Callable, ...] = ()
    in_database: tuple[str, ...] = ()


EVERYBODYS = "CREATE POLICY mistake ON {} FOR ALL USING (true)"
MISTAKES = {
    "the filter of caregivers dropped, before row-level security": Mistake(leaks, (walk_round, no_filter)),
    "the filter of needs dropped, before row-level security": Mistake(
        leaks, (walk_round, lambda patch: no_filter(patch, NeedQuerySet))
    ),
    "the filter of caregivers dropped, and a policy for everybody": Mistake(
        leaks, (no_filter,), (EVERYBODYS.format("intake_caregiver"),)
    ),
    "a policy for everybody": Mistake(as_declared, in_database=(EVERYBODYS.format("intake_caregiver"),)),
    "a policy dropped": Mistake(as_declared, in_database=("DROP POLICY read ON referrals_shareditem",)),
    "row-level security off for what is shared, and no filters": Mistake(
        leaks, (drop_filters,), ("ALTER TABLE referrals_shareditem DISABLE ROW LEVEL SECURITY",)
    ),
    "consent not asked by the database, and no filters": Mistake(
        leaks, (drop_filters,), (reach(f"AND {CONSENT_STANDS}", ""),)
    ),
    "a row of the log may be changed": Mistake(
        as_declared, in_database=(f"GRANT UPDATE ON trail_accesslogentry TO {database_roles.APP}",)
    ),
    "caregiver_workers_only dropped": Mistake(closed_pages, (no_decorator("caregiver_list"),)),
    "coordinators_only dropped": Mistake(closed_pages, (no_decorator("overview"),)),
    "one state too generous, with its policy": Mistake(
        leaks, (too_generous,), (reach("WHEN r.state = 'sent' THEN 'minimum'", "WHEN r.state = 'sent' THEN 'shared'"),)
    ),
    "no check of the state": Mistake(wrong_steps, (no_state_check,)),
    "one transition more": Mistake(wrong_steps, (one_transition_more,)),
    "a step that does not end": Mistake(reach_after_a_step, (no_end_of_a_step,)),
    "withdrawal leaves what was shared": Mistake(left_after_withdrawal, (shared_items_stay,)),
    "mail outside the transaction": Mistake(mail_of_what_was_undone, (mail_at_once,)),
    "a view that does not log": Mistake(unlogged, (no_log,)),
}
CHECKS = {mistake.seen_by.__name__: mistake.seen_by for mistake in MISTAKES.values()}


@pytest.fixture
def mistake(request, django_db_setup, django_db_blocker):
    """Made in the database before the test begins, and taken back when all else of it is undone."""
    wrong = MISTAKES[request.param]
    if not wrong.in_database:
        yield wrong
        return

    def as_the_owner(act: Callable) -> None:
        with django_db_blocker.unblock(), as_owner():
            act()

    def make() -> None:
        with connection.cursor() as cursor:
            for statement in wrong.in_database:
                cursor.execute(statement)

    try:
        as_the_owner(make)
        yield wrong
    finally:
        as_the_owner(lambda: enforce(app=database_roles.APP, backup=database_roles.BACKUP))


@pytest.fixture
def world(db, monkeypatch, caplog):
    caplog.set_level("CRITICAL")
    monkeypatch.setattr("mantelzorg.pdf.render_pdf", lambda template, made: render_to_string(template, made).encode())
    return marked.move_in(marked.the_cast(), SOME)


def test_without_a_mistake_there_is_nothing_to_say(world):
    said = {}
    for name, check in CHECKS.items():
        with transaction.atomic():
            said[name] = check(world)
            transaction.set_rollback(True)
    assert said == {name: [] for name in CHECKS}


@pytest.mark.parametrize("without", [drop_filters, walk_round])
def test_one_layer_less_is_no_leak_yet(without, world, monkeypatch):
    """So what a mistake adds to it is what is seen."""
    without(monkeypatch)
    assert leaks(world) == []


@pytest.mark.parametrize("mistake", MISTAKES, indirect=True)
def test_every_mistake_is_seen(mistake, world, monkeypatch):
    for make in mistake.in_code:
        make(monkeypatch)
    assert mistake.seen_by(world)


@pytest.mark.django_db
def test_afterwards_the_database_is_as_declared():
    assert differences(app=database_roles.APP) == []
