"""Eight questions to a sent referral, on one page; and passing on a caregiver who is already known."""

import datetime
import html
import re
import threading
import uuid

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from intake.consent_text import consent_text
from intake.models import Caregiver, Consent, Need
from mantelzorg.refusal import Refused
from referrals import actions
from referrals.matching.groups import WHAT_PLAYS, WHO_SHE_IS, About, MeantFor, meant_for
from referrals.models import Referral, SharedItem
from referrals.transitions import State
from sociale_kaart.actions import refresh_search
from sociale_kaart.models import Municipality, TargetGroup
from tests.factories import fresh, make_caregiver, make_need, make_referral, make_service
from trail.models import AccessLogEntry, OutboxMessage

NEW = "/mantelzorgers/nieuw/"
BUSY = "Zij zorgt dag en nacht voor haar man en slaapt slecht."


@pytest.fixture
def service(steunpunt):
    """What she is referred to: a conversation at the steunpunt, which works with the portal."""
    return findable(
        make_service(steunpunt, "Gesprek met een consulent", call_within_days=3, capacity="plek", capacity_on=today())
    )


def findable(service):
    refresh_search(service)
    return service


def today():
    return timezone.localdate()


def answers(**changed):
    """The eight questions, answered, with her consent. None takes an answer away."""
    filled = {
        "form_key": str(uuid.uuid4()),
        "stap": "verstuur",
        "name": "Anneke Vermeer",
        "phone": "06 55501234",
        "postcode": "1506 AB",
        "relation": "partner",
        "situation_kind": "dementie",
        "kind": "gesprek-mantelzorgconsulent",
        "words": "Ik wil weer eens een nacht doorslapen.",
        "service": "gesprek-met-een-consulent",
        "handover_text": BUSY,
        "handover_read": "on",
        "urgency": "gewoon",
        "warm_mode": "ontvanger-belt",
        "items": ["naam", "telefoon", "eigen-woorden", "overdracht"],
        "agreed": "on",
        "how_given": "mondeling",
    }
    filled = {name: value for name, value in (filled | changed).items() if value is not None}
    return {"shown": as_read(filled)} | filled


COMES_FROM = {
    "e-mail": "email",
    "fase": "phase",
    "zwaarte": "burden",
    "eigen-woorden": "words",
    "overdracht": "handover_text",
}


def as_read(filled) -> str:
    """The text that was on the page with these answers, for the service of these tests."""
    spoken = [item for item in filled.get("items", []) if item not in COMES_FROM or filled.get(COMES_FROM[item])]
    if filled.get("situation_kind") != "dementie":
        spoken = [item for item in spoken if item != "fase"]
    return consent_text(receiver="Steunpunt Mantelzorg Zaanstad", items=spoken)


def shown_on(response) -> str:
    """The text to read aloud as it was on this page, which its form sends along."""
    page = page_of(response)
    sent_along = re.search(r'<input type="hidden" name="shown" value="([^"]*)">', page)[1]
    assert f">{sent_along}</blockquote>" in page
    return sent_along


def page_of(response) -> str:
    assert response.status_code == 200, response.status_code
    return html.unescape(response.content.decode())


def errors_of(response) -> dict[str, list[str]]:
    page_of(response)
    return dict(response.context["form"].errors)


def nothing_was_stored() -> bool:
    return not (
        Caregiver.objects.exists()
        or Need.objects.exists()
        or Consent.objects.exists()
        or Referral.objects.exists()
        or OutboxMessage.objects.exists()
    )


# The whole way ------------------------------------------------------------------------------------------------------


def test_eight_questions_end_in_a_sent_referral(client_of, sender, practice, steunpunt, service):
    response = client_of(sender).post(NEW, answers())

    referral = Referral.objects.get()
    assert response.status_code == 302
    assert response.url == f"/verwijzingen/{referral.pk}/verstuurd/"
    caregiver = referral.caregiver
    assert (caregiver.name, caregiver.phone, caregiver.postcode) == ("Anneke Vermeer", "06 55501234", "1506 AB")
    assert caregiver.municipality_id == "GM0479"
    assert caregiver.organisation == practice
    assert caregiver.fixed_contact.user == sender
    assert (referral.state, referral.receiver_organisation) == (State.SENT, steunpunt)
    assert referral.handover_text == BUSY
    need = Need.objects.get()
    assert (need.kind_id, need.words) == ("gesprek-mantelzorgconsulent", "Ik wil weer eens een nacht doorslapen.")
    assert need.on_referral
    consent = Consent.objects.get()
    assert consent.items == ["naam", "telefoon", "eigen-woorden", "overdracht"]
    assert "Steunpunt Mantelzorg Zaanstad" in consent.words.text
    assert set(SharedItem.objects.values_list("item", flat=True)) == set(consent.items)
    assert OutboxMessage.objects.count() <= 1


def test_the_page_after_sending_says_what_happens_and_gives_two_lines_to_copy(client_of, sender, service):
    browser = client_of(sender)
    page = page_of(browser.get(browser.post(NEW, answers()).url))

    referral = Referral.objects.get()
    assert "Steunpunt Mantelzorg Zaanstad antwoordt" in page
    assert "Steunpunt Mantelzorg Zaanstad belt haar" in page
    own_record = re.search(r"<pre>(.*?)</pre>", page, re.DOTALL)[1]
    assert own_record.count("\n") == 1
    assert referral.number in own_record
    assert "Gesprek met mantelzorgconsulent" in own_record
    for hers in ("Anneke", "Vermeer", "55501234", "1506", "dementie", "nacht"):
        assert hers not in own_record, hers
    assert reverse("caregiver_detail", args=[referral.caregiver_id]) in page


def test_a_referral_by_phone_says_whom_to_call_now(client_of, sender, steunpunt, service):
    steunpunt.uses_portal = False
    steunpunt.save()
    browser = client_of(sender)
    page = page_of(browser.get(browser.post(NEW, answers()).url))

    assert "Bel nu de ontvanger" in page
    told = page[page.index("Dit mag je vertellen") : page.index("De inhoud staat op")]
    assert "haar telefoonnummer" in told
    assert "haar e-mailadres" not in told
    assert 'href="tel:0751234567"' in page
    assert "Ik bel Steunpunt Mantelzorg Zaanstad, uiterlijk" in page
    assert OutboxMessage.objects.count() == 0


@pytest.mark.parametrize(
    ("caller", "told", "noted"),
    [
        ("mantelzorger", "laat de mantelzorger zelf bellen", "en zij bellen met elkaar, uiterlijk"),
        ("verwijzer", "wil dat jij eerst belt", "belt haar, na overleg met mij, uiterlijk"),
    ],
)
def test_a_service_that_does_not_call_her_says_so_before_and_after_sending(
    client_of, sender, service, caller, told, noted
):
    service.caller = caller
    service.save()
    browser = client_of(sender)
    assert told in page_of(browser.post(NEW, answers(stap="aanbod")))
    page = page_of(browser.get(browser.post(NEW, answers()).url))
    assert told in page
    assert 'href="tel:0751234567"' in page
    assert f"Steunpunt Mantelzorg Zaanstad {noted}" in page


def test_who_calls_together_needs_no_such_warning(client_of, sender, service):
    service.caller = "mantelzorger"
    service.save()
    browser = client_of(sender)
    page = page_of(browser.get(browser.post(NEW, answers(warm_mode="samen-bellen")).url))
    assert "Spreek af wie belt" not in page
    assert "bellen haar samen" in page


def test_what_is_not_asked_is_optional_and_can_be_given(client_of, sender, service):
    client_of(sender).post(
        NEW,
        answers(
            email="anneke@voorbeeld.example",
            safe_moment="dinsdag na 10 uur",
            not_when_other_is_there="on",
            burden="8",
            phase="diagnose",
            urgency="spoed",
            warm_mode="ik-belde",
            warm_with="Sanne",
            warm_on=today().isoformat(),
            items=["naam", "telefoon", "e-mail", "zwaarte", "fase"],
        ),
    )

    caregiver, referral = Caregiver.objects.get(), Referral.objects.get()
    assert (caregiver.email, caregiver.burden, caregiver.phase_id) == ("anneke@voorbeeld.example", 8, "diagnose")
    assert (referral.urgency, referral.warm_with, referral.warm_on) == ("spoed", "Sanne", today())
    shared = dict(referral.shared_items.values_list("item", "value"))
    assert shared["telefoon"] == "06 55501234; dinsdag na 10 uur; liever niet als de ander erbij is"
    assert shared["zwaarte"] == "8 van de 10"
    assert shared["fase"] == "Diagnose"


def test_what_is_ticked_but_was_not_filled_in_is_not_in_her_consent(client_of, sender, service):
    items = ["naam", "telefoon", "e-mail", "zwaarte", "fase", "eigen-woorden"]
    client_of(sender).post(NEW, answers(items=items, words="", situation_kind="ouderdom", phase="diagnose"))

    assert Consent.objects.get().items == ["naam", "telefoon"]
    assert Caregiver.objects.get().phase is None


def test_still_to_be_found_out_together_is_a_need_without_a_kind(client_of, sender, service):
    client_of(sender).post(NEW, answers(kind="samen"))
    assert Need.objects.get().kind is None
    assert Referral.objects.get().state == State.SENT


def test_only_the_target_groups_that_the_service_asks_about_are_kept(client_of, sender, service):
    service.asks_target_groups = True
    service.save()
    service.target_groups.set(TargetGroup.objects.filter(pk__in=["partners", "dementie"]))
    client_of(sender).post(NEW, answers(target_groups=["partners", "verslaving", "bestaat-niet"]))
    assert [group.pk for group in Referral.objects.get().target_groups.all()] == ["partners"]


# Saved, not sent ----------------------------------------------------------------------------------------------------


def test_she_can_be_recorded_without_a_referral(client_of, sender, service):
    response = client_of(sender).post(
        NEW,
        answers(
            stap="bewaar",
            kind=None,
            words=None,
            service=None,
            handover_text="",
            handover_read=None,
            agreed=None,
            items=[],
        ),
    )
    caregiver = Caregiver.objects.get()
    assert response.url == f"/mantelzorgers/{caregiver.pk}/"
    assert not Need.objects.exists()
    assert not Referral.objects.exists()


def test_what_she_asks_is_recorded_with_her(client_of, sender, service):
    client_of(sender).post(NEW, answers(stap="bewaar", kind="", agreed=None))
    need = Need.objects.get()
    assert (need.kind, need.words, need.on_referral) == (None, "Ik wil weer eens een nacht doorslapen.", False)
    assert not Referral.objects.exists()
    assert not Consent.objects.exists()


def test_a_draft_keeps_service_and_handover_and_is_private(client_of, sender, colleague, service):
    response = client_of(sender).post(NEW, answers(stap="concept", agreed=None, handover_read=None, items=[]))
    draft = Referral.objects.get()
    assert response.url == f"/verwijzingen/{draft.pk}/bewerken/"
    assert (draft.state, draft.handover_text) == (State.CONCEPT, BUSY)
    assert not Consent.objects.exists()
    page = page_of(client_of(sender).get(response.url))
    assert BUSY in page
    assert client_of(colleague).get(response.url).status_code == 404


# Mistakes -----------------------------------------------------------------------------------------------------------


def test_an_empty_form_says_what_is_missing_at_each_field_and_stores_nothing(client_of, sender, service):
    response = client_of(sender).post(NEW, {"stap": "verstuur"})
    missing = set(errors_of(response))
    assert missing >= {
        "name",
        "phone",
        "postcode",
        "relation",
        "situation_kind",
        "kind",
        "service",
        "handover_text",
        "handover_read",
        "items",
        "agreed",
        "how_given",
    }
    page = page_of(response)
    assert "<title>Fout: Nieuwe mantelzorger" in page
    assert 'id="fouten"' in page
    assert nothing_was_stored()


def test_consent_is_never_ticked_beforehand(client_of, sender, service):
    page = page_of(client_of(sender).get(NEW))
    for name in ("agreed", "handover_read"):
        box = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)[0]
        assert "checked" not in box, box


@pytest.mark.parametrize(
    ("field", "typed", "example"),
    [
        ("phone", "06 1234", "06 12345678"),
        ("postcode", "15060 A", "1506 AB"),
        ("email", "anneke@", "naam@voorbeeld.nl"),
    ],
)
def test_what_cannot_be_right_is_said_with_an_example(client_of, sender, service, field, typed, example):
    response = client_of(sender).post(NEW, answers(**{field: typed}))
    assert example in errors_of(response)[field][0]
    assert f'value="{typed}"' in page_of(response)
    assert nothing_was_stored()


def test_after_a_mistake_everything_that_was_filled_in_is_still_there(client_of, sender, service):
    response = client_of(sender).post(
        NEW,
        answers(
            phone="06",
            email="a@b.nl",
            burden="7",
            urgency="spoed",
            items=["naam", "telefoon", "postcode"],
            zoek="praten",
        ),
    )
    page = page_of(response)
    for value in ("Anneke Vermeer", "1506 AB", "a@b.nl", "7", "praten"):
        assert f'value="{value}"' in page, value
    for text in (BUSY, "Ik wil weer eens een nacht doorslapen."):
        assert text in page
    for option in ("partner", "dementie", "gesprek-mantelzorgconsulent"):
        assert f'<option value="{option}" selected' in page, option
    for name, value in (
        ("service", "gesprek-met-een-consulent"),
        ("urgency", "spoed"),
        ("items", "postcode"),
        ("agreed", None),
        ("handover_read", None),
    ):
        found = [
            box
            for box in re.findall(rf'<input[^>]*name="{name}"[^>]*>', page)
            if value is None or f'value="{value}"' in box
        ]
        assert len(found) == 1, name
        assert "checked" in found[0], found
    assert page.count('<details class="disclosure" open>') == 2  # what was filled in there is in sight


@pytest.mark.parametrize(
    "typed",
    [
        "“Geplakt” uit Word – met • een lijst…\n\tén een tab",
        "שלום, היא עייפה مرحبا",
        "🌷👩‍👩‍👧 moe",
        "<script>alert(1)</script> & 'x'",
        "lang " * 190,
    ],
)
def test_text_is_stored_and_shown_as_typed(client_of, sender, service, typed):
    client_of(sender).post(NEW, answers(words=typed, handover_text=typed))
    assert Need.objects.get().words == typed.strip()
    referral = Referral.objects.get()
    assert referral.handover_text == typed.strip()
    wrong = client_of(sender).post(NEW, answers(phone="06", words=typed, name=typed[:40]))
    assert typed.strip() in page_of(wrong)
    assert "<script>alert" not in wrong.content.decode()


def test_without_name_and_number_nobody_can_call_her(client_of, sender, service):
    response = client_of(sender).post(NEW, answers(items=["naam", "overdracht"]))
    assert "kan niemand haar bellen" in errors_of(response)["items"][0]
    assert nothing_was_stored()


def test_who_was_called_and_when_is_asked_only_of_who_called(client_of, sender, service):
    response = client_of(sender).post(NEW, answers(warm_mode="ik-belde"))
    assert set(errors_of(response)) == {"warm_with", "warm_on"}
    assert client_of(sender).post(NEW, answers(warm_mode="samen-bellen")).status_code == 302


def test_when_sending_is_refused_nothing_is_half_stored(sender, service):
    """Everything the form knows was fine, and the action still says no: not even the caregiver stays."""
    person = {
        "name": "Anneke",
        "phone": "06 55501234",
        "postcode": "1506 AB",
        "municipality": Municipality.objects.get(pk="GM0479"),
        "relation": "partner",
        "situation_kind": "dementie",
    }
    with pytest.raises(Refused):
        actions.record_and_refer(
            key=uuid.uuid4(),
            by=sender,
            person=person,
            burden=5,
            need={"kind": None, "words": "moe"},
            details={"service": service, "handover_text": BUSY},
            agreement={"items": ["naam"], "how_given": "mondeling", "handover_read": True},
        )
    assert nothing_was_stored()


def test_a_service_that_was_taken_down_meanwhile_is_not_sent_to(client_of, sender, service):
    service.status = "paused"
    service.save()
    response = client_of(sender).post(NEW, answers())
    assert "niet meer in de sociale kaart" in errors_of(response)["service"][0]
    assert BUSY in page_of(response)
    assert nothing_was_stored()


def test_a_service_without_records_says_so_where_it_is_chosen(client_of, pom, sender, ggz_team):
    without = make_service(ggz_team, "POM-gesprek", kinds=["preventief-gesprek-pom"], zonder_dossier=True)
    refresh_search(without)
    page = page_of(client_of(sender).post(NEW, answers(stap="aanbod", kind="preventief-gesprek-pom", service=None)))
    assert "Werkt zonder dossier: alleen haar naam, haar nummer en een goed moment gaan mee." in page
    assert 'value="pom-gesprek"' in page


# The text she agreed to ---------------------------------------------------------------------------------------------

AGAIN = "De tekst is veranderd. Lees hem opnieuw aan haar voor en vink het dan aan."


def box_of(page, name) -> str:
    return re.search(rf'<input[^>]*name="{name}"[^>]*>', page)[0]


def test_without_a_script_nothing_is_sent_before_the_text_as_stored_was_on_the_page(client_of, sender, service):
    browser = client_of(sender)
    first = shown_on(browser.get(NEW))
    assert "de organisatie die je hierboven koos" in first
    form = answers(shown=first)
    refused = browser.post(NEW, form)
    assert errors_of(refused) == {"agreed": [AGAIN]}
    page = page_of(refused)
    assert "checked" not in box_of(page, "agreed")
    assert "checked" in box_of(page, "handover_read")
    assert BUSY in page
    assert 'value="Anneke Vermeer"' in page
    assert nothing_was_stored()

    assert browser.post(NEW, form | {"shown": shown_on(refused)}).status_code == 302
    assert Consent.objects.get().words.text == shown_on(refused)


@pytest.mark.parametrize(
    "other",
    [
        {"items": ["naam", "telefoon"]},
        {"words": ""},
        {"handover_text": BUSY, "items": ["naam", "telefoon", "overdracht", "e-mail"], "email": "a@voorbeeld.nl"},
    ],
)
def test_what_changed_after_it_was_read_is_asked_again(client_of, sender, service, other):
    read = answers()["shown"]
    browser, form = client_of(sender), answers(**other, shown=read)
    refused = browser.post(NEW, form)
    assert errors_of(refused) == {"agreed": [AGAIN]}
    assert browser.post(NEW, form | {"shown": shown_on(refused)}).status_code == 302
    assert Consent.objects.get().words.text == shown_on(refused) != read


def test_another_text_is_never_agreed_to_beforehand_whatever_else_is_wrong(client_of, sender, service):
    browser = client_of(sender)
    for form in (answers(phone="06", shown="iets anders"), answers(stap="aanbod", shown="iets anders")):
        page = page_of(browser.post(NEW, form))
        assert AGAIN in page
        assert "checked" not in box_of(page, "agreed")
    page = page_of(browser.post(NEW, answers(phone="06")))
    assert AGAIN not in page
    assert "checked" in box_of(page, "agreed")


def test_a_draft_does_not_ask_what_was_read(client_of, sender, service):
    assert client_of(sender).post(NEW, answers(stap="concept", shown="iets anders")).status_code == 302


def test_with_a_need_in_her_own_words_these_are_spoken_of(client_of, sender, known, service):
    silent = make_need(known, sender)
    telling = make_need(known, sender, kind="logeerzorg", words="Even weg.")
    browser = client_of(sender)
    form = choices(needs=[str(silent.pk)])
    assert "eigen woorden" not in shown_on(browser.post(refer_url(known), form | {"stap": "aanbod"}))
    form |= {"needs": [str(telling.pk)]}
    asked_again = browser.post(refer_url(known), form)
    assert errors_of(asked_again) == {"agreed": [AGAIN]}
    page = page_of(asked_again)
    assert re.findall(r'<input[^>]*data-gives="eigen-woorden"[^>]*>', page)[0].count(str(telling.pk))
    assert browser.post(refer_url(known), form | {"shown": shown_on(asked_again)}).status_code == 302
    assert Consent.objects.get().words.text == shown_on(asked_again)


# Adding a need ------------------------------------------------------------------------------------------------------


def test_a_need_is_added_with_the_text_that_was_on_the_page(client_of, sender, known, service):
    running = make_referral(State.SENT, sender=sender, service=service, caregiver=known, handover_text=BUSY)
    need = make_need(known, sender, kind="logeerzorg", words="Even weg.")
    browser, url = client_of(sender), reverse("referral_add_need", args=[running.pk])
    opened = browser.get(url)
    form = {
        "needs": str(need.pk),
        "items": ["naam", "telefoon", "eigen-woorden", "overdracht"],
        "how_given": "mondeling",
        "agreed": "on",
        "handover_read": "on",
    }
    refused = browser.post(url, form | {"shown": shown_on(opened)})
    assert errors_of(refused) == {"agreed": [AGAIN]}
    assert "checked" not in box_of(page_of(refused), "agreed")
    assert running.referral_needs.count() == 1

    assert browser.post(url, form | {"shown": shown_on(refused)}).status_code == 302
    running.refresh_from_db()
    assert running.consent.words.text == shown_on(refused)
    assert running.referral_needs.count() == 2


def test_the_handover_that_is_shared_again_is_on_the_page_and_is_read_again(client_of, sender, known, service):
    running = make_referral(State.SENT, sender=sender, service=service, caregiver=known, handover_text=BUSY)
    need = make_need(known, sender, kind="logeerzorg")
    browser, url = client_of(sender), reverse("referral_add_need", args=[running.pk])
    assert BUSY in page_of(browser.get(url))
    form = {"needs": str(need.pk), "how_given": "mondeling", "agreed": "on"}
    refused = browser.post(url, form | {"items": ["naam", "telefoon", "overdracht"]})
    assert set(errors_of(refused)) == {"agreed", "handover_read"}

    form |= {"items": ["naam", "telefoon"]}
    without = browser.post(url, form)
    assert "de tekst die ik net voorlas" not in shown_on(without)
    assert browser.post(url, form | {"shown": shown_on(without)}).status_code == 302


# Once, and not twice ------------------------------------------------------------------------------------------------


def test_sending_the_same_form_again_shows_the_first_result(client_of, sender, service):
    """Also where it would ask whether she is there already: she is her own double."""
    browser, form = client_of(sender), answers()
    assert browser.post(NEW, form).url == browser.post(NEW, form).url
    assert Caregiver.objects.count() == Referral.objects.count() == 1


def test_a_known_caregivers_form_that_comes_again_shows_the_first_result(client_of, sender, known, service):
    """Also where her own words went along: their need is on its way now, so what is read to her is another text."""
    browser, url = client_of(sender), reverse("referral_new", args=[known.pk])
    need = make_need(known, sender, words="Even weg.")
    spoken = consent_text(receiver=service.organisation.name, items=choices()["items"])
    form = choices(needs=[str(need.pk)], shown=spoken)
    assert browser.post(url, form).url == browser.post(url, form).url
    assert Referral.objects.count() == 1


def test_a_form_that_was_sent_and_comes_back_with_other_words_is_refused_and_kept(client_of, sender, service):
    browser, form = client_of(sender), answers()
    browser.post(NEW, form)
    other = form | {"name": "Iemand Anders", "phone": "06 55509999", "really_new": "on"}
    response = browser.post(NEW, other)
    assert "al verstuurd" in errors_of(response)["__all__"][0]
    assert "Iemand Anders" in page_of(response)
    assert Caregiver.objects.count() == 1
    fresh = response.context["form"]["form_key"].value()
    assert fresh != form["form_key"]
    assert browser.post(NEW, other | {"form_key": fresh}).status_code == 302
    assert Caregiver.objects.count() == 2


def test_a_referral_and_a_draft_that_come_back_with_other_words_are_refused(client_of, sender, known, service):
    browser, url = client_of(sender), reverse("referral_new", args=[known.pk])
    form = answers(stap="concept")
    draft = browser.post(url, form).url
    assert browser.post(url, form).url == draft
    assert "al verstuurd" in errors_of(browser.post(url, form | {"handover_text": "Iets anders."}))["__all__"][0]
    need = Need.objects.get()
    again = form | {"form_key": str(uuid.uuid4()), "handover_text": "Nog iets anders.", "needs": [str(need.pk)]}
    again |= {"kind": "", "words": ""}
    assert browser.post(draft, again).status_code == 302
    assert "al verstuurd" in errors_of(browser.post(draft, again | {"urgency": "spoed"}))["__all__"][0]
    needed = {"form_key": str(uuid.uuid4()), "needs": [str(need.pk)], "kind": "", "words": ""}
    sent = answers(**needed, items=["naam", "telefoon"])
    assert browser.post(url, sent).url == browser.post(url, sent).url != draft


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_referral(client_of, sender, service):
    form, browsers, urls = answers(really_new="on"), [client_of(sender), client_of(sender)], []
    gate = threading.Barrier(2)

    def click(browser):
        try:
            gate.wait(timeout=10)
            urls.append(browser.post(NEW, form).url)
        finally:
            connection.close()

    threads = [threading.Thread(target=click, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(urls) == 2
    assert len(set(urls)) == 1
    assert Caregiver.objects.count() == Referral.objects.count() == Need.objects.count() == 1


@pytest.mark.parametrize(
    "same", [{"phone": "+31 6 5550 1234", "name": "A. Vermeer", "postcode": "1507 AB"}, {"phone": "06 55509999"}]
)
def test_who_seems_to_be_known_already_is_said_once(client_of, sender, service, same):
    known = make_caregiver(sender, "Anneke Vermeer", phone="06 55501234", postcode="1506 AB")
    form = answers(**same)
    response = client_of(sender).post(NEW, form)
    assert "really_new" in errors_of(response)
    page = page_of(response)
    assert reverse("caregiver_detail", args=[known.pk]) in page
    assert BUSY in page
    assert AccessLogEntry.objects.filter(event="search", subject_id=known.pk).exists()

    assert client_of(sender).post(NEW, form | {"really_new": "on"}).status_code == 302
    assert Caregiver.objects.count() == 2


def test_a_caregiver_of_another_organisation_is_never_called_known(client_of, sender, outsider, service):
    make_caregiver(outsider, "Anneke Vermeer", phone="06 55501234", postcode="1506 AB")
    assert client_of(sender).post(NEW, answers()).status_code == 302


# Under sixteen ------------------------------------------------------------------------------------------------------


def test_under_16_a_parent_agrees_too_or_there_is_a_reason_why_not(client_of, sender, service):
    browser = client_of(sender)
    assert set(errors_of(browser.post(NEW, answers(under_16="on")))) == {"guardian"}
    refused = browser.post(NEW, answers(under_16="on", guardian="niet-gevraagd"))
    assert set(errors_of(refused)) == {"guardian_note"}
    assert nothing_was_stored()

    browser.post(NEW, answers(under_16="on", guardian="niet-gevraagd", guardian_note="Haar vader mag het niet weten."))
    consent = Consent.objects.get()
    assert (consent.words.guardian, consent.words.guardian_note) == ("niet-gevraagd", "Haar vader mag het niet weten.")
    assert Caregiver.objects.get().under_16


def test_who_is_older_needs_no_parent(client_of, sender, service):
    client_of(sender).post(NEW, answers(guardian="niet-gevraagd", guardian_note="verdwaald"))
    consent = Consent.objects.get()
    assert (consent.words.guardian, consent.words.guardian_note) == ("niet-nodig", "")


# Where she lives ----------------------------------------------------------------------------------------------------


def test_a_postcode_in_two_municipalities_asks_which(client_of, sender, service):
    assert [place.pk for place in Municipality.objects.of_postcode("1096")] == ["GM0363", "GM0437"]
    browser = client_of(sender)
    response = browser.post(NEW, answers(postcode="1096 AB"))
    assert errors_of(response) == {"municipality": ["Kies haar gemeente."]}
    assert 'value="GM0437"' in page_of(response)
    assert nothing_was_stored()

    assert "municipality" in errors_of(browser.post(NEW, answers(postcode="1096 AB", municipality="GM0479")))
    browser.post(NEW, answers(postcode="1096 AB", municipality="GM0437"))
    assert Caregiver.objects.get().municipality_id == "GM0437"


def test_an_unknown_postcode_asks_for_the_municipality(client_of, sender, service):
    browser = client_of(sender)
    response = browser.post(NEW, answers(postcode="1000 AA"))
    assert errors_of(response) == {"municipality": ["Kies haar gemeente."]}
    browser.post(NEW, answers(postcode="1000 AA", municipality="GM0479"))
    assert Caregiver.objects.get().municipality_id == "GM0479"


# What fits ----------------------------------------------------------------------------------------------------------


def test_what_fits_is_shown_without_javascript_with_everything_kept(client_of, sender, service):
    response = client_of(sender).post(NEW, answers(stap="aanbod", service=None, agreed=None))
    page = page_of(response)
    assert 'value="gesprek-met-een-consulent"' in page
    for fact in ("Steunpunt Mantelzorg Zaanstad", "Belt haar binnen 3 werkdagen", "Er is plek", "Nagekeken op"):
        assert fact in page, fact
    assert 'value="Anneke Vermeer"' in page
    assert BUSY in page
    assert 'id="fouten"' not in page
    assert "utrecht-form-field--invalid" not in page
    assert nothing_was_stored()


def test_a_piece_holds_the_offer_and_the_municipality_and_nothing_of_her(client_of, sender, service):
    response = client_of(sender, HTTP_HX_REQUEST="true").post(
        NEW, {"stap": "aanbod", "postcode": "1506ab", "kind": "gesprek-mantelzorgconsulent"}
    )
    page = page_of(response)
    assert "<html" not in page
    assert 'value="gesprek-met-een-consulent"' in page
    assert "Gemeente Zaanstad" in page
    assert len(response.content) < 8_000


def test_only_what_is_offered_where_she_lives_is_shown(client_of, sender, other_practice):
    here = make_service(other_practice, "Hier", municipalities=["GM0479"])
    there = make_service(other_practice, "Daar", municipalities=["GM0439"])
    refresh_search(here)
    refresh_search(there)
    page = page_of(client_of(sender).post(NEW, answers(stap="aanbod", service=None)))
    assert 'value="hier"' in page
    assert 'value="daar"' not in page

    page = page_of(client_of(sender).get(f"{NEW}?aanbod=daar"))
    assert re.search(r'value="daar"[^>]*checked', page)
    page = page_of(client_of(sender).post(NEW, answers(stap="aanbod", service="daar")))
    assert "Niet in haar gemeente" in page


def test_from_the_page_of_a_service_that_one_is_chosen_with_what_it_gives(client_of, sender, service):
    browser = client_of(sender)
    page = page_of(browser.get(f"{NEW}?aanbod={service.slug}"))
    assert re.search(rf'value="{service.slug}"[^>]*checked', page)
    assert '<option value="gesprek-mantelzorgconsulent" selected' in page

    anna = make_caregiver(sender, "Anna")
    page = page_of(browser.get(f"/mantelzorgers/{anna.pk}/verwijzen/?aanbod={service.slug}"))
    assert re.search(rf'value="{service.slug}"[^>]*checked', page)
    assert '<option value="gesprek-mantelzorgconsulent" selected' in page


def test_what_she_asks_already_comes_before_what_a_service_gives(client_of, sender, service):
    anna = make_caregiver(sender, "Anna")
    make_need(anna, sender, kind="logeerzorg")
    page = page_of(client_of(sender).get(f"/mantelzorgers/{anna.pk}/verwijzen/?aanbod={service.slug}"))
    assert re.search(rf'value="{service.slug}"[^>]*checked', page)
    assert '<option value="gesprek-mantelzorgconsulent" selected' not in page


def test_the_mistake_about_the_service_leads_somewhere_whatever_is_shown(client_of, sender, service):
    browser = client_of(sender)
    for form in (
        answers(service=None),
        answers(service=None, kind=None),
        answers(postcode="", agreed=None),
        answers(zoek="xq"),
    ):
        page = page_of(browser.post(NEW, form | {"phone": "06"}))
        assert page.count('id="id_service_0"') == 1


def test_a_word_finds_what_another_kind_would_hide(client_of, sender, steunpunt):
    cooking = make_service(steunpunt, "Samen koken", kinds=["cultuursensitieve-daginvulling"])
    refresh_search(cooking)
    browser = client_of(sender)
    assert 'value="samen-koken"' not in page_of(browser.post(NEW, answers(stap="aanbod", service=None)))
    assert 'value="samen-koken"' in page_of(browser.post(NEW, answers(stap="aanbod", service=None, zoek="koken")))
    assert "Er is niets gevonden" in page_of(browser.post(NEW, answers(stap="aanbod", service=None, zoek="xqzxqz")))


def test_what_fits_her_phase_comes_first(client_of, sender, steunpunt):
    earlier = make_service(steunpunt, "Past niet bij de fase", checked_on=today())
    fitting = make_service(
        steunpunt, "Past bij de fase", phases=["diagnose"], checked_on=today() - datetime.timedelta(days=90)
    )
    for service in (earlier, fitting):
        refresh_search(service)
    page = page_of(client_of(sender).post(NEW, answers(stap="aanbod", service=None, phase="diagnose")))
    assert page.index('value="past-bij-de-fase"') < page.index('value="past-niet-bij-de-fase"')
    assert page.count("Past bij haar fase") == 1


def test_what_is_meant_for_others_does_not_stand_above_what_is_for_everyone(client_of, sender, steunpunt):
    """A daughter of a parent with a physical illness."""
    names = {
        "Jong": ["jonge-mantelzorgers", "ggz"],
        "Rouw": ["na-overlijden"],
        "Ggz": ["ggz"],
        "Partners": ["partners", "lichamelijk"],
        "Iedereen": [],
        "Werkend": ["werkende-mantelzorgers"],
        "Dochters": ["kinderen-van-ouders", "lichamelijk"],
    }
    for days, (name, groups) in enumerate(names.items()):
        made = make_service(steunpunt, name, checked_on=today() - datetime.timedelta(days=days))
        made.target_groups.set(groups)
        refresh_search(made)
    page = page_of(
        client_of(sender).post(
            NEW, answers(stap="aanbod", service=None, relation="ouder", situation_kind="lichamelijk")
        )
    )
    order = re.findall(r'name="service" value="([a-z]+)"', page)
    assert order[0] == "dochters"
    assert set(order[1:3]) == {"iedereen", "werkend"}
    assert set(order[3:]) == {"jong", "rouw", "ggz", "partners"}
    assert "Voor: jonge mantelzorgers, mantelzorgers bij psychische klachten" in page
    assert page.count("Voor: ") == 6


@pytest.mark.parametrize(
    ("groups", "about", "meant"),
    [
        ([], About("partner", "dementie"), MeantFor.ANYONE),
        (["partners"], About("partner", "dementie"), MeantFor.HER),
        (["partners", "dementie"], About("partner", "psychisch"), MeantFor.OTHERS),
        (["partners", "kinderen-van-ouders"], About("ouder", "anders"), MeantFor.HER),
        (["jonge-mantelzorgers", "ggz"], About("ouder", "psychisch"), MeantFor.OTHERS),
        (["jonge-mantelzorgers", "ggz"], About("ouder", "psychisch", is_young=True), MeantFor.HER),
        (["werkende-mantelzorgers"], About("ouder", "psychisch", works=True), MeantFor.HER),
        (["werkende-mantelzorgers"], About("ouder", "psychisch", works=False), MeantFor.OTHERS),
        (["werkende-mantelzorgers"], About("ouder", "psychisch"), MeantFor.ANYONE),
        (["ggz"], About("partner", "zegt-liever-niet"), MeantFor.ANYONE),
        (["ggz", "partners"], About(), MeantFor.ANYONE),
        (["na-overlijden"], About("partner", "dementie", "verlies-rouw"), MeantFor.HER),
        (["na-overlijden"], About("partner", "dementie"), MeantFor.OTHERS),
        (["werkende-mantelzorgers", "migratieachtergrond"], About("vriend-buur", "nah"), MeantFor.ANYONE),
    ],
)
def test_for_whom_a_service_is_meant(groups, about, meant):
    assert meant_for(groups, about) is meant


def test_every_target_group_that_counts_is_in_the_directory(db):
    counted = {*WHO_SHE_IS, *WHAT_PLAYS, "jonge-mantelzorgers", "na-overlijden"}
    assert TargetGroup.objects.filter(pk__in=counted).count() == len(counted)


@pytest.mark.parametrize("odd", ["\x00", "x" * 5000, "../../etc", "'; DROP TABLE", "%F0%9F"])
def test_odd_input_is_answered_and_never_an_error_of_ours(client_of, sender, odd):
    browser = client_of(sender)
    assert browser.get(NEW, {"aanbod": odd}).status_code == 200
    for step in ("aanbod", "verstuur", odd):
        fields = ("postcode", "municipality", "kind", "phase", "zoek", "service", "form_key", "burden", "needs")
        assert browser.post(NEW, {"stap": step, **dict.fromkeys(fields, odd)}).status_code == 200
    assert nothing_was_stored()


def test_nothing_of_her_is_in_an_address(client_of, sender, service):
    browser = client_of(sender)
    page = page_of(browser.get(NEW))
    assert 'method="post"' in page
    assert "data-hx-get" not in page
    response = browser.post(NEW, answers())
    for hers in ("Anneke", "55501234", "1506"):
        assert hers not in response.url
    sent = page_of(browser.get(response.url))
    links = re.findall(r'href="([^"]*)"', sent)
    assert not [link for link in links if "Anneke" in link or "55501234" in link or "1506" in link]


# A caregiver we know ------------------------------------------------------------------------------------------------


@pytest.fixture
def known(sender):
    return make_caregiver(sender, "Ria de Wit", burden=None)


def refer_url(caregiver) -> str:
    return f"/mantelzorgers/{caregiver.pk}/verwijzen/"


def choices(**changed):
    """The answers of the page on which somebody who is known is referred."""
    asked_of_new = ("name", "phone", "postcode", "relation", "situation_kind", "kind", "words")
    return answers(**(dict.fromkeys(asked_of_new) | changed))


def test_a_known_caregiver_is_referred_for_the_needs_that_are_chosen(client_of, sender, known, service):
    one, other = make_need(known, sender), make_need(known, sender, kind="logeerzorg", words="Even weg.")
    page = page_of(client_of(sender).get(f"{refer_url(known)}?vraag={other.pk}"))
    assert re.search(rf'value="{other.pk}"[^>]*checked', page)
    assert not re.search(rf'value="{one.pk}"[^>]*checked', page)

    items = ["naam", "telefoon", "eigen-woorden", "overdracht"]
    spoken = consent_text(receiver="Steunpunt Mantelzorg Zaanstad", items=items)
    response = client_of(sender).post(refer_url(known), choices(needs=[str(one.pk), str(other.pk)], shown=spoken))
    referral = Referral.objects.get()
    assert response.url == f"/verwijzingen/{referral.pk}/verstuurd/"
    assert set(referral.referral_needs.values_list("need", flat=True)) == {one.pk, other.pk}


def test_the_only_need_is_chosen_already_and_a_new_one_can_be_added(client_of, sender, known, service):
    need = make_need(known, sender)
    assert re.search(rf'value="{need.pk}"[^>]*checked', page_of(client_of(sender).get(refer_url(known))))
    client_of(sender).post(refer_url(known), choices(needs=[str(need.pk)], kind="logeerzorg", words="Een week weg."))
    assert Referral.objects.get().referral_needs.count() == 2


def test_a_referral_is_for_something(client_of, sender, known, service):
    make_need(known, sender)
    assert set(errors_of(client_of(sender).post(refer_url(known), choices()))) == {"needs"}
    assert not Referral.objects.exists()


def test_a_need_that_is_under_way_cannot_be_chosen(client_of, sender, known, steunpunt, service):
    need = make_need(known, sender)
    other = make_service(steunpunt, "Iets anders")
    make_referral(State.SENT, sender=sender, service=other, caregiver=known, needs=[need])
    page = page_of(client_of(sender).get(refer_url(known)))
    assert str(need.pk) not in page
    assert "loopt al via een verwijzing" in page
    response = client_of(sender).post(refer_url(known), choices(needs=[str(need.pk)], kind="logeerzorg"))
    assert response.status_code in (200, 302)
    assert Referral.objects.open().filter(referral_needs__need=need).count() == 1


def test_a_second_referral_to_the_same_service_offers_to_follow_or_to_join_the_first(client_of, sender, known, service):
    first = make_referral(State.SENT, sender=sender, service=service, caregiver=known)
    need = make_need(known, sender)
    page = page_of(client_of(sender).get(refer_url(known)))
    assert f'href="/verwijzingen/{first.pk}/"' in page
    assert f'href="{reverse("referral_add_need", args=[first.pk])}?vraag={need.pk}"' in page
    assert 'value="gesprek-met-een-consulent"' not in page

    response = client_of(sender).post(refer_url(known), choices(needs=[str(need.pk)]))
    assert "loopt al een verwijzing" in str(errors_of(response))
    assert Referral.objects.count() == 1
    assert not Consent.objects.exclude(referrals=first).exists()


def test_what_the_decliner_suggested_is_shown(client_of, sender, receiver, known, service):
    need = make_need(known, sender)
    referral = make_referral(State.SENT, sender=sender, service=service, caregiver=known, needs=[need])
    actions.decline(
        referral=referral, by=receiver, reason="elders", note="Zij werken met jongeren.", elsewhere="Jong en Zorgzaam"
    )
    page = page_of(client_of(sender).get(f"{refer_url(known)}?vraag={need.pk}"))
    assert "Steunpunt Mantelzorg Zaanstad raadde aan" in page
    assert "Jong en Zorgzaam" in page


def test_after_a_decline_she_does_not_tell_her_story_again(client_of, sender, receiver, known, service):
    need, other = make_need(known, sender), make_need(known, sender)
    told = {"handover_text": BUSY, "urgency": "spoed", "warm_mode": "samen-bellen"}
    referral = make_referral(State.SENT, sender=sender, service=service, caregiver=known, needs=[need], **told)
    actions.decline(referral=referral, by=receiver, reason="geen-plek", note="Vol.")
    browser = client_of(sender)
    page = page_of(browser.get(f"{refer_url(known)}?vraag={need.pk}"))
    assert f"De overdracht komt uit verwijzing {referral.number}" in page
    assert BUSY in page
    assert "de tekst die ik net voorlas" in page
    for name, value in (("urgency", "spoed"), ("warm_mode", "samen-bellen")):
        assert re.search(rf'<input[^>]*name="{name}" value="{value}"[^>]*checked', page), name
    for name in ("agreed", "handover_read"):
        assert "checked" not in box_of(page, name)
    assert BUSY not in page_of(browser.get(f"{refer_url(known)}?vraag={other.pk}"))
    cleared = choices(stap="aanbod", needs=[str(need.pk)], handover_text="")
    assert BUSY not in page_of(browser.post(refer_url(known), cleared))


def test_a_child_we_know_needs_a_parent_without_being_asked_her_age_again(client_of, sender, service):
    child = make_caregiver(sender, "Noor", under_16=True)
    need = make_need(child, sender)
    assert set(errors_of(client_of(sender).post(refer_url(child), choices(needs=[str(need.pk)])))) == {"guardian"}
    response = client_of(sender).post(refer_url(child), choices(needs=[str(need.pk)], guardian="gegeven"))
    assert response.status_code == 302
    assert Consent.objects.get().words.guardian == "gegeven"


def test_opening_the_page_of_a_known_caregiver_is_logged(client_of, sender, known):
    client_of(sender).get(refer_url(known))
    assert AccessLogEntry.objects.filter(event="view", subject_id=known.pk, user_id=sender.pk).count() == 1


def test_the_need_comes_along_to_the_page_that_adds_it(client_of, sender, known, service):
    running = make_referral(State.SENT, sender=sender, service=service, caregiver=known)
    make_need(known, sender)
    other = make_need(known, sender, kind="logeerzorg")
    page = page_of(client_of(sender).get(f"{reverse('referral_add_need', args=[running.pk])}?vraag={other.pk}"))
    assert re.search(rf'value="{other.pk}"[^>]*checked', page)


def test_the_page_after_sending_is_logged(client_of, sender, known, service):
    sent = make_referral(State.SENT, sender=sender, service=service, caregiver=known)
    client_of(sender).get(f"/verwijzingen/{sent.pk}/verstuurd/")
    assert AccessLogEntry.objects.filter(event="view", object_id=str(sent.pk), subject_id=known.pk).count() == 1


# Drafts -------------------------------------------------------------------------------------------------------------


def draft_url(referral) -> str:
    return f"/verwijzingen/{referral.pk}/bewerken/"


def test_a_draft_can_be_changed_sent_and_then_no_longer_changed(client_of, sender, known, service):
    need = make_need(known, sender)
    browser = client_of(sender)
    draft = make_referral(State.CONCEPT, sender=sender, service=service, caregiver=known, needs=[need])
    page = page_of(browser.get(draft_url(draft)))
    assert re.search(r'value="gesprek-met-een-consulent"[^>]*checked', page)
    assert re.search(rf'value="{need.pk}"[^>]*checked', page)

    kept = browser.post(
        draft_url(draft), choices(stap="concept", needs=[str(need.pk)], handover_text="Anders.", agreed=None)
    )
    assert kept.url == draft_url(draft)
    draft.refresh_from_db()
    assert (draft.state, draft.handover_text) == (State.CONCEPT, "Anders.")

    form = choices(needs=[str(need.pk)])
    sent = browser.post(draft_url(draft), form)
    assert sent.url == f"/verwijzingen/{draft.pk}/verstuurd/"
    assert browser.post(draft_url(draft), form).url == sent.url
    assert browser.get(draft_url(draft)).url == f"/verwijzingen/{draft.pk}/"
    assert Consent.objects.count() == 1


def test_a_draft_can_be_thrown_away_and_the_need_stays(client_of, sender, known, service):
    draft = make_referral(State.CONCEPT, sender=sender, service=service, caregiver=known)
    response = client_of(sender).post(draft_url(draft), {"stap": "weg"})
    assert response.url == f"/mantelzorgers/{known.pk}/"
    assert not Referral.objects.exists()
    assert Need.objects.get().is_open


def test_a_draft_to_a_service_that_is_gone_says_so(client_of, sender, known, service):
    draft = make_referral(State.CONCEPT, sender=sender, service=service, caregiver=known)
    service.status = "archived"
    service.save()
    refresh_search(service)
    page = page_of(client_of(sender).get(draft_url(draft)))
    assert "staat niet meer in de sociale kaart" in page
    assert draft.handover_text in page


# Who may ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["coordinator", "beheerder", "logtoezicht", "functional_admin"])
def test_who_does_not_work_with_caregivers_finds_no_page(client_of, request, person, sender, known, service):
    referral = make_referral(State.CONCEPT, sender=sender, service=service, caregiver=known)
    sent = make_referral(State.SENT, sender=sender, service=service)
    browser = client_of(request.getfixturevalue(person))
    for url in (NEW, refer_url(known), draft_url(referral), f"/verwijzingen/{sent.pk}/verstuurd/"):
        assert browser.get(url).status_code == 404, url
        assert browser.post(url, answers()).status_code in (404, 405), url


@pytest.mark.parametrize("person", ["outsider", "receiver"])
def test_strangers_find_nothing_of_hers(client_of, request, person, sender, known, service):
    draft = make_referral(State.CONCEPT, sender=sender, service=service, caregiver=known)
    sent = make_referral(State.SENT, sender=sender, service=service)
    browser = client_of(request.getfixturevalue(person))
    for url in (refer_url(known), draft_url(draft), f"/verwijzingen/{sent.pk}/verstuurd/"):
        assert browser.get(url).status_code == 404, url
        assert browser.post(url, choices()).status_code in (404, 405), url
    assert Referral.objects.count() == 2


def test_the_need_of_somebody_else_cannot_be_slipped_in(client_of, sender, outsider, known, service):
    mine, theirs = make_need(known, sender), make_need(make_caregiver(outsider), outsider)
    other = make_need(make_caregiver(sender, "Een ander"), sender)
    for need in (theirs, other):
        response = client_of(sender).post(refer_url(known), choices(needs=[str(mine.pk), str(need.pk)]))
        assert "needs" in errors_of(response)
        assert str(need.pk) not in page_of(client_of(sender).get(f"{refer_url(known)}?vraag={need.pk}"))
    assert not Referral.objects.exists()


def test_a_colleague_can_refer_the_same_caregiver(client_of, sender, colleague, known, service):
    need = make_need(known, sender)
    assert client_of(colleague).post(refer_url(known), choices(needs=[str(need.pk)])).status_code == 302
    assert Referral.objects.get().sender.user == fresh(colleague)


def test_anonymous_is_asked_to_log_in(client, known):
    for url in (NEW, refer_url(known)):
        assert client.get(url).status_code == 302


# Light --------------------------------------------------------------------------------------------------------------

# Every request: session, user, memberships, and the savepoint that a test makes of the request's transaction (2).
FRAME = 6


def test_an_empty_page_asks_little(client_of, sender, service, django_assert_num_queries):
    browser = client_of(sender)
    with django_assert_num_queries(FRAME + 2):  # kinds, phases
        response = browser.get(NEW)
    assert len(response.content) < 25_000


def test_sending_asks_of_each_thing_once_and_looks_nothing_up_again(
    client_of, sender, service, django_assert_num_queries
):
    asked = FRAME + 26
    # municipality, kinds, service, doubles; savepoint (2); the key: claimed, settled (2);
    # she and her log row (2), what she asks and its (2), the draft (itself, handover, needs: 3), consent, its words and
    # its (3);
    # sent: how long they take, referral, her need, step, log, shared, whom to mail (7); the timeline of it all (1)
    browser = client_of(sender)
    with django_assert_num_queries(asked):
        assert browser.post(NEW, answers()).status_code == 302


def test_a_piece_asks_as_much_for_one_service_as_for_many(
    client_of, sender, steunpunt, service, django_assert_num_queries
):
    browser = client_of(sender, HTTP_HX_REQUEST="true")
    form = {"stap": "aanbod", "postcode": "1506 AB", "kind": "gesprek-mantelzorgconsulent"}
    asked = FRAME + 3  # the municipalities of the postcode, search, services with their organisations
    with django_assert_num_queries(asked):
        browser.post(NEW, form)
    for number in range(12):
        findable(make_service(steunpunt, f"Nog een {number}"))
    with django_assert_num_queries(asked):
        response = browser.post(NEW, form)
    assert page_of(response).count('name="service"') == 8
    assert "Er is meer" in page_of(response)


def test_the_page_of_a_known_caregiver_asks_as_much_for_one_need_as_for_many(
    client_of, sender, known, service, django_assert_num_queries
):
    browser = client_of(sender)
    make_need(known, sender)
    # caregiver, her needs, its last referral, kinds, log, advice of decliners, running referrals, search, services
    with django_assert_num_queries(FRAME + 9):
        browser.get(refer_url(known))
    for number in range(20):
        make_need(known, sender, words=f"Vraag {number}")
    with django_assert_num_queries(FRAME + 6):  # nothing chosen yet: no search, and no services
        browser.get(refer_url(known))


def test_sending_asks_a_fixed_number_of_questions(client_of, sender, service, django_assert_max_num_queries):
    browser = client_of(sender)
    with django_assert_max_num_queries(54):  # 12 of them savepoints: every verb is a transaction of its own
        browser.post(NEW, answers())
