"""What the database itself lets through of an overlegvraag, without any filter of Django's."""

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from mantelzorg.principals import NOBODY, acting, job, link, member
from referrals.models import Question, QuestionReminder, QuestionStep
from tests.factories import fresh

pytestmark = pytest.mark.django_db


def seen() -> tuple[int, int, int]:
    return Question.objects.count(), QuestionStep.objects.count(), QuestionReminder.objects.count()


@pytest.fixture
def reminded(asked) -> Question:
    QuestionReminder.objects.create(question=asked, kind="late", turn_on=asked.turn_on, at=timezone.now())
    return asked


def test_only_its_two_organisations_reach_a_question(
    reminded, sender, colleague, receiver, outsider, beheerder, logtoezicht, coordinator, functional_admin, pom
):
    for person in (sender, colleague, receiver):
        with acting(member(fresh(person))):
            assert seen() == (1, 1, 0), person
    for person in (outsider, pom, beheerder, logtoezicht, coordinator, functional_admin):
        with acting(member(fresh(person))):
            assert seen() == (0, 0, 0), person
    for principal in (NOBODY, link(reminded.pk), job("overzicht"), job("mail")):
        with acting(principal):
            assert seen() == (0, 0, 0)
    with acting(job("klok")):
        assert seen() == (1, 1, 1)


def test_nobody_asks_in_the_name_of_another_organisation_or_adds_to_what_is_not_hers(reminded, outsider, receiver):
    step = reminded.steps.get()
    step.pk, step._state.adding = None, True
    with acting(member(fresh(outsider))):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            QuestionStep.objects.bulk_create(
                [
                    QuestionStep(
                        question=reminded,
                        at=timezone.now(),
                        verb="ask",
                        round=1,
                        by=outsider.acting,
                        organisation=outsider.organisation,
                        text="x",
                    )
                ]
            )
        assert Question.objects.filter(pk=reminded.pk).update(subject="x") == 0
    with acting(member(fresh(receiver))):
        assert Question.objects.filter(pk=reminded.pk).delete()[0] == 0
