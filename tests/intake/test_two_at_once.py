"""Two colleagues save the same caregiver at the same moment: one is first, the other is told so."""

import threading

import pytest
from django.db import connection

from intake import actions
from intake.models import Caregiver
from mantelzorg.principals import acting, member
from tests.factories import fresh, make_caregiver


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_first_and_the_other_is_told(sender, colleague):
    anna = make_caregiver(sender, "Anna de Boer")
    seen = actions.as_seen(anna, ("name", "safe_moment"))
    gate, answers = threading.Barrier(2), []

    def save(by, **details):
        gate.wait(timeout=10)
        try:
            with acting(member(by)):
                actions.change_caregiver(caregiver=anna, by=by, seen=seen, **details)
            answers.append("saved")
        except actions.ChangedMeanwhile as meanwhile:
            answers.append(meanwhile.current)
        finally:
            connection.close()

    typed = [(fresh(sender), {"name": "Anna Bakker"}), (fresh(colleague), {"safe_moment": "na achten"})]
    threads = [threading.Thread(target=save, args=(by,), kwargs=details) for by, details in typed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert answers.count("saved") == 1
    told = next(answer for answer in answers if answer != "saved")
    now = Caregiver.objects.get()
    assert (told.name, told.safe_moment) == (now.name, now.safe_moment)
    assert (now.name, now.safe_moment) in {("Anna Bakker", ""), ("Anna de Boer", "na achten")}
