"""The counting of `make kills`: each of its numbers turns red when one row is missing, doubled or half there."""

import uuid
from collections import Counter

import pytest
from django.db import connection, transaction

from benchmarks import ledger
from benchmarks.ledger import BELONGS, Form, Found, Sent
from intake.consent_text import consent_text
from referrals.models import Referral
from sociale_kaart.actions import refresh_search
from tests.factories import make_service
from tests.referrals.test_passing_on import NEW, answers
from trail.models import OutboxMessage


def whole(*numbers: int) -> tuple[list[Form], Found]:
    """Forms that were answered, and a database in which all of it stands as it should."""
    forms = [Form(number, {uuid.uuid4()}, is_answered=True) for number in numbers]
    referrals = [Sent(next(iter(form.told)), form.number) for form in forms]
    about = {what: [sent.id for sent in referrals] * expected for what, (expected, _) in BELONGS.items()}
    mails = {uuid.uuid4(): True for _ in forms}
    return forms, Found(referrals, list(numbers), about, mails, Counter(mails))


def verdict(forms: list[Form], found: Found) -> tuple[int, int, int, int]:
    return (
        len(ledger.lost(forms, found)),
        len(ledger.doubled(forms, found)),
        len(ledger.half_made(found)),
        len(ledger.mails_lost(found)),
    )


def test_nothing_is_wrong_with_what_is_whole():
    assert verdict(*whole(1, 2, 3)) == (0, 0, 0, 0)


def test_who_was_told_that_it_was_sent_and_it_is_not_there_lost_it():
    forms, found = whole(1, 2, 3)
    gone = found.referrals.pop()
    for keys in found.about.values():
        keys[:] = [key for key in keys if key != gone.id]
    assert verdict(forms, found) == (1, 0, 0, 0)


def test_who_was_told_of_a_referral_that_another_form_made_lost_hers():
    forms, found = whole(1, 2)
    forms[0].told, forms[1].told = forms[1].told, forms[0].told
    assert ledger.lost(forms, found) == {1, 2}


def test_a_form_of_which_nobody_was_told_anything_is_not_lost():
    _, found = whole(1)
    assert ledger.lost([Form(1), Form(2)], found) == set()


def test_two_referrals_or_two_caregivers_by_one_form_are_a_double():
    forms, found = whole(1, 2)
    found.referrals.append(Sent(uuid.uuid4(), 2))
    assert ledger.doubled(forms, found) == {2}
    forms, found = whole(1, 2)
    found.caregivers.append(1)
    assert ledger.doubled(forms, found) == {1}
    forms, found = whole(1, 2)
    forms[0].told.add(uuid.uuid4())
    assert ledger.doubled(forms, found) == {1}


@pytest.mark.parametrize("what", BELONGS)
def test_a_row_too_few_too_many_or_of_nothing_is_half_made(what):
    forms, found = whole(1, 2)
    missing = found.about[what].pop()
    assert verdict(forms, found) == (0, 0, 1, 0)
    found.about[what] += [missing, missing]
    assert verdict(forms, found) == (0, 0, 1, 0)
    found.about[what].pop()
    found.about[what] += [None, uuid.uuid4()]
    assert verdict(forms, found) == (0, 0, 2, 0)


def test_a_mail_that_was_not_caught_or_never_sent_is_lost_and_a_double_is_counted_apart():
    forms, found = whole(1, 2, 3)
    one, other, third = found.mails
    del found.caught[one]
    found.mails[other] = False
    found.caught[third] += 1
    assert verdict(forms, found) == (0, 0, 0, 2)
    assert ledger.mails_doubled(found) == 1
    found.caught[uuid.uuid4()] = 1
    assert verdict(forms, found) == (0, 0, 1, 2)


# In the tables themselves -------------------------------------------------------------------------------------------


@pytest.fixture
def sent(client_of, sender, steunpunt) -> list[Form]:
    """Two forms that were sent by the page, as `make kills` fills them in."""
    service = make_service(steunpunt, "Gesprek met een consulent", email="aanbod@voorbeeld.example")
    refresh_search(service)
    forms = []
    for number, postcode in ((7, "1506 AB"), (8, "1506 XZ")):
        form = answers(
            name=f"{ledger.NEW} {number}",
            phone=f"06 5550123{number}",
            postcode=postcode,
            handover_text=f"{ledger.HANDOVER} {number}",
            items=ledger.ITEMS,
            shown=consent_text(receiver=steunpunt.name, items=ledger.ITEMS),
        )
        leads_to = client_of(sender).post(NEW, form).url
        forms.append(Form(number, {uuid.UUID(leads_to.split("/")[2])}, is_answered=True))
    return forms


def look() -> Found:
    """As the run does; and the mail that is in the outbox went out."""
    connection.ensure_connection()
    found = ledger.look(connection.connection)
    found.mails = dict.fromkeys(found.mails, True)
    found.caught = Counter(found.mails)
    return found


def after(broken: str, forms: list[Form]) -> tuple[int, int, int, int]:
    """What is counted when that happened to the rows, past every trigger; afterwards it did not happen."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(broken)
        assert cursor.rowcount > 0
        counted = verdict(forms, look())
        transaction.set_rollback(True)
    return counted


FIRST = "(SELECT id FROM referrals_referral ORDER BY id LIMIT 1)"
HALF = {  # that a sent referral is somebody's turn, the database itself holds
    "no consent": f"""DELETE FROM intake_consent
        WHERE id IN (SELECT consent_id FROM referrals_referral WHERE id = {FIRST})""",
    "no event": f"DELETE FROM referrals_referralevent WHERE referral_id = {FIRST}",
    "one item less": f"DELETE FROM referrals_shareditem WHERE referral_id = {FIRST} AND item = 'postcode'",
    "no need": f"DELETE FROM referrals_referralneed WHERE referral_id = {FIRST}",
    "another turn": f"""UPDATE intake_need SET turn_on = turn_on + 1
        WHERE id IN (SELECT need_id FROM referrals_referralneed WHERE referral_id = {FIRST})""",
    "no line": f"DELETE FROM intake_timelineevent WHERE referral_id = {FIRST}",
    "no log": f"DELETE FROM trail_accesslogentry WHERE event = 'refer_send' AND object_id = {FIRST}::text",
    "no mail": f"DELETE FROM trail_outboxmessage WHERE about_id = {FIRST}",
    "no handled form": f"DELETE FROM trail_handledform WHERE result_id = {FIRST}",
    "a mail of nothing": f"UPDATE trail_outboxmessage SET about_id = gen_random_uuid() WHERE about_id = {FIRST}",
    "a log row of nothing": f"""UPDATE trail_accesslogentry SET object_id = 'x'
        WHERE event = 'refer_send' AND object_id = {FIRST}::text""",
}


@pytest.mark.django_db
def test_the_tables_are_read_as_they_are(sent):
    assert verdict(sent, look()) == (0, 0, 0, 0)
    assert Referral.objects.count() == OutboxMessage.objects.count() == 2

    for what, broken in HALF.items():
        assert after(broken, sent)[2] > 0, what
    assert after(f"DELETE FROM referrals_referral WHERE id = {FIRST}", sent)[0] == 1
    to_the_other = f"SET text = (SELECT text FROM referrals_handover WHERE referral_id = {FIRST})"
    assert after(f"UPDATE referrals_handover {to_the_other}", sent)[1] == 1
    assert after(f"UPDATE intake_caregiver SET name = '{ledger.NEW} 7'", sent)[1] == 1
    assert verdict(sent, look()) == (0, 0, 0, 0)
