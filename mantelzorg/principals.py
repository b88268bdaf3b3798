"""Who is asking the database, told to PostgreSQL for one transaction at a time.

Row-level security (mantelzorg/rights/policies.py) reads what is set here, and shows nothing to who set nothing. There
are four kinds of principals: a member acting for her organisation, a link to one referral, a withdrawal code that may
do one thing, and a job of the system with its own narrow rights. Nothing of it outlives the transaction.
"""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields

from django.db import DatabaseError, connection, transaction

PREFIX = "mantelzorg"  # of the names of the variables in PostgreSQL


@dataclass(frozen=True)
class Principal:
    """The values of the variables, as PostgreSQL gets them: an empty text where there is none."""

    user: str = ""  # whose account it is: what she was typing when her session ran out is hers alone
    keeps: str = ""  # the organisation whose caregivers she works with
    member: str = ""  # her membership: drafts are their maker's alone
    log_of: str = ""  # the organisation whose access log she reviews
    admin: str = ""  # "yes" for the functional admin of the installation
    link: str = ""  # the one referral that a link opens
    job: str = ""  # the name of a job
    subject: str = ""  # the one caregiver a job is about
    overview_of: str = ""  # the organisation a job counts for
    overview_in: str = ""  # codes of the municipalities a job counts for, with commas
    step: str = ""  # the referral that somebody who is a party to it is taking a step with


NOBODY = Principal()

_step: ContextVar[str] = ContextVar("step", default="")

SET = "SELECT " + ", ".join(f"set_config('{PREFIX}.{field.name}', %s, true)" for field in fields(Principal))
GET = "SELECT " + ", ".join(
    f"coalesce(current_setting('{PREFIX}.{field.name}', true), '')" for field in fields(Principal)
)
SET_STEP = f"SELECT set_config('{PREFIX}.step', %s, true)"


def account(user) -> Principal:
    """Somebody with an account who is not at work: what was kept for her, and nothing else."""
    return Principal(user=str(user.pk))


def member(user) -> Principal:
    """Somebody with an account, acting for the organisation of this moment, with what her roles there give her."""
    acting = user.acting
    if acting is None:
        return Principal(user=str(user.pk), admin="yes" if user.is_functional_admin else "")
    return Principal(
        user=str(user.pk),
        keeps=str(acting.organisation_id) if user.works_with_caregivers else "",
        member=str(acting.pk),
        log_of=str(acting.organisation_id) if user.is_logtoezicht else "",
        admin="yes" if user.is_functional_admin else "",
    )


def link(referral_id: uuid.UUID) -> Principal:
    """Somebody without an account, in a session that a link and a one-time code opened: one referral, nothing else."""
    return Principal(link=str(referral_id))


def withdrawal_code() -> Principal:
    """Somebody with the code on a caregiver's own overview. She reads nothing; one function does what she came for."""
    return NOBODY


def job(
    name: str,
    *,
    subject: uuid.UUID | None = None,
    overview_of: uuid.UUID | None = None,
    overview_in: Iterable[str] = (),
    log_of: uuid.UUID | None = None,
    member: uuid.UUID | None = None,
) -> Principal:
    """A job of the system, by its name in the policies: `klok`, `mail`, `overzicht`, `naam`, `logboek`, ..."""
    return Principal(
        job=name,
        member=str(member or ""),
        log_of=str(log_of or ""),
        subject=str(subject or ""),
        overview_of=str(overview_of or ""),
        overview_in=",".join(sorted(overview_in)),
    )


def become(principal: Principal) -> None:
    """From here to the end of this transaction, or of the `acting` that surrounds it."""
    _set(principal)


@contextmanager
def acting(principal: Principal) -> Iterator[None]:
    """As this principal, in one transaction; afterwards as who it was in the transaction around it, or as nobody."""
    if not connection.in_atomic_block:
        with transaction.atomic():
            _set(principal)
            yield
        return
    before = _get()
    _set(principal)
    try:
        yield
    except DatabaseError:
        raise  # PostgreSQL takes no more orders, and forgets who it was with the rest of what it rolls back
    except BaseException:
        _set(before)
        raise
    _set(before)


@contextmanager
def a_verb() -> Iterator[None]:
    """What surrounds a verb: a step that was taken in it ends with it."""
    before = _step.get()
    token = _step.set(before)
    try:
        yield
        if _step.get() != before:
            _set_step(before)
    finally:
        _step.reset(token)


def is_taking_a_step() -> bool:
    return bool(_step.get())


def take_step(referral_id: uuid.UUID) -> None:
    """To the end of this verb, a party to this referral reaches what it carries: needs, consent, who is around her."""
    if _step.get() != str(referral_id):
        _set_step(str(referral_id))
        _step.set(str(referral_id))


def _set(principal: Principal) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SET, [getattr(principal, field.name) for field in fields(Principal)])


def _set_step(referral_id: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SET_STEP, [referral_id])


def _get() -> Principal:
    with connection.cursor() as cursor:
        cursor.execute(GET)
        return Principal(*cursor.fetchone())
