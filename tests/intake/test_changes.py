"""What can be changed about a caregiver: forms that keep what was typed, work once, and lose nobody's change."""

import json
import re
import uuid
from html import unescape

import pytest
from django.utils import timezone

from intake import actions
from intake.models import Involvement, Need, PhaseStep
from knowledge.models import Phase, SupportKind
from sociale_kaart.models import Municipality, PostcodeArea
from tests.factories import make_caregiver, make_need, make_referral, make_service
from tests.intake.conftest import words

TODAY = timezone.localdate


@pytest.fixture
def anna(sender):
    return make_caregiver(sender, "Anna de Boer")


def address(caregiver, part: str) -> str:
    return f"/mantelzorgers/{caregiver.pk}/{part}/"


def filled_in(page) -> dict[str, str]:
    """What a browser would send back of the form on this page."""
    html = page.content.decode()
    form = html[html.index('class="form card"') :]
    data = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        to_tick = re.search(r'type="(checkbox|radio)"', tag)
        if name and not (to_tick and " checked" not in tag):
            data[name[1]] = unescape(value[1]) if value else "on" if to_tick else ""
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        data[name] = unescape(chosen[1]) if chosen else ""
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>\s*(.*?)</textarea>', form, re.S):
        data[name] = unescape(text)
    data.pop("csrfmiddlewaretoken", None)
    return data


# Her details --------------------------------------------------------------------------------------------------------


def test_her_details_can_be_changed(client_of, colleague, anna):
    client = client_of(colleague)
    data = filled_in(client.get(address(anna, "wijzigen")))
    data |= {"name": "Anna Bakker-de Boer", "phone": "0755550199", "safe_moment": "na achten", "under_16": "on"}
    answer = client.post(address(anna, "wijzigen"), data)
    assert answer["Location"] == f"/mantelzorgers/{anna.pk}/"
    anna.refresh_from_db()
    assert (anna.name, anna.phone, anna.safe_moment, anna.under_16) == (
        "Anna Bakker-de Boer",
        "075 555 0199",
        "na achten",
        True,
    )
    assert anna.search_last_name == "boer"


def test_saving_without_a_change_changes_nothing(client_of, sender, anna):
    client = client_of(sender)
    client.post(address(anna, "wijzigen"), filled_in(client.get(address(anna, "wijzigen"))))
    before = anna.changed_at
    anna.refresh_from_db()
    assert anna.changed_at == before


def test_another_notation_of_what_was_there_is_not_a_change(client_of, sender, looks):
    anna = make_caregiver(sender, "Anna de Boer", phone="06-555 012 34")
    client = client_of(sender)
    data = filled_in(client.get(address(anna, "wijzigen"))) | {"safe_moment": "na achten"}
    client.post(address(anna, "wijzigen"), data)
    anna.refresh_from_db()
    assert (anna.phone, anna.safe_moment) == ("06-555 012 34", "na achten")
    assert looks(sender, event="update").get().fields == ["safe_moment"]


def test_her_postcode_tells_the_municipality(client_of, sender, anna):
    client = client_of(sender)
    data = filled_in(client.get(address(anna, "wijzigen"))) | {"postcode": "1441ab"}
    client.post(address(anna, "wijzigen"), data)
    anna.refresh_from_db()
    assert (anna.postcode, anna.municipality.name) == ("1441 AB", "Purmerend")


def test_a_postcode_in_several_municipalities_asks_which(client_of, sender, anna):
    area = PostcodeArea.objects.filter(other_municipalities__isnull=False).first()
    where = [municipality.pk for municipality in Municipality.objects.of_postcode(area.pk)]
    client = client_of(sender)
    data = filled_in(client.get(address(anna, "wijzigen"))) | {"postcode": f"{area.pk} AB", "safe_moment": "na achten"}
    asked = client.post(address(anna, "wijzigen"), data)
    assert "Kies haar gemeente." in words(asked)
    assert filled_in(asked)["safe_moment"] == "na achten"
    client.post(address(anna, "wijzigen"), filled_in(asked) | {"municipality": where[1]})
    anna.refresh_from_db()
    assert anna.municipality_id == where[1]


def test_an_unknown_postcode_asks_for_the_municipality(client_of, sender, anna):
    assert not PostcodeArea.objects.filter(pk="1999").exists()
    client = client_of(sender)
    data = filled_in(client.get(address(anna, "wijzigen"))) | {"postcode": "1999 AB"}
    assert "Deze postcode staat niet in onze lijst." in words(client.post(address(anna, "wijzigen"), data))
    client.post(address(anna, "wijzigen"), data | {"municipality": "GM0363"})
    anna.refresh_from_db()
    assert anna.municipality.name == "Amsterdam"


def test_without_dementia_the_phase_is_gone(client_of, sender, anna):
    actions.set_phase(caregiver=anna, by=sender, phase=Phase.objects.get(number=1), since=TODAY())
    client = client_of(sender)
    data = filled_in(client.get(address(anna, "wijzigen"))) | {"situation_kind": "ouderdom"}
    client.post(address(anna, "wijzigen"), data)
    anna.refresh_from_db()
    assert anna.phase is None


def test_an_error_is_said_at_the_field_and_keeps_all_that_was_typed(client_of, sender, anna):
    client = client_of(sender)
    data = filled_in(client.get(address(anna, "wijzigen")))
    data |= {"name": "", "phone": "06 123", "postcode": "0123", "email": "anna@", "safe_moment": "’s avonds 🌙"}
    page = client.post(address(anna, "wijzigen"), data)
    said = words(page)
    assert page.status_code == 200
    assert "Fout:" in said
    assert "Pas deze 4 dingen aan" in said
    assert "Vul haar naam in." in said
    for example in ("06 12345678", "1506 AB", "naam@voorbeeld.nl"):
        assert example in said
    kept = filled_in(page)
    for name in ("phone", "postcode", "email", "safe_moment"):
        assert kept[name] == data[name]
    anna.refresh_from_db()
    assert anna.name == "Anna de Boer"


@pytest.mark.parametrize("typed", ["فاطمة", "Zoë 🌷 Ünal", "A" * 200, "O’Brien & <b>Zn</b>"])
def test_a_name_is_kept_as_typed(client_of, sender, anna, typed):
    client = client_of(sender)
    client.post(address(anna, "wijzigen"), filled_in(client.get(address(anna, "wijzigen"))) | {"name": typed})
    anna.refresh_from_db()
    assert anna.name == typed


def test_the_browser_is_asked_to_remember_nothing(client_of, sender, anna):
    for part in ("wijzigen", "hulpvragen/nieuw", "betrokkenen/nieuw"):
        html = client_of(sender).get(address(anna, part)).content.decode()
        fields = re.findall(r'<(?:input(?! type="hidden")|textarea)[^>]*name="(?:name|phone|email|words)"[^>]*>', html)
        assert fields
        assert all('autocomplete="off"' in field for field in fields)


# Two at once --------------------------------------------------------------------------------------------------------


def test_the_second_to_save_sees_what_the_first_changed_and_loses_nothing(client_of, sender, colleague, anna):
    first, second = client_of(colleague), client_of(sender)
    of_first = filled_in(first.get(address(anna, "wijzigen")))
    of_second = filled_in(second.get(address(anna, "wijzigen")))
    first.post(address(anna, "wijzigen"), of_first | {"phone": "06 19991999"})
    page = second.post(address(anna, "wijzigen"), of_second | {"safe_moment": "na achten"})
    assert page.status_code == 200
    said = words(page)
    assert "Dit is intussen gewijzigd door Karim Haddad." in said
    assert "Was: 06 55501234 Nu: 06 19991999" in said
    assert "Jij maakte ervan" not in said
    anna.refresh_from_db()
    assert (anna.phone, anna.safe_moment) == ("06 19991999", "")  # not yet: she looks first
    second.post(address(anna, "wijzigen"), filled_in(page))
    anna.refresh_from_db()
    assert (anna.phone, anna.safe_moment) == ("06 19991999", "na achten")


def test_what_both_changed_is_shown_with_both_values(client_of, sender, colleague, anna):
    first, second = client_of(colleague), client_of(sender)
    of_first = filled_in(first.get(address(anna, "wijzigen")))
    of_second = filled_in(second.get(address(anna, "wijzigen")))
    first.post(address(anna, "wijzigen"), of_first | {"name": "Anna Karims", "not_when_other_is_there": "on"})
    page = second.post(address(anna, "wijzigen"), of_second | {"name": "Anna Petra's"})
    said = words(page)
    assert "Was: Anna de Boer Nu: Anna Karims Jij maakte ervan: Anna Petra's" in said
    assert "Was: nee Nu: ja" in said
    again = filled_in(page)
    assert (again["name"], again["not_when_other_is_there"]) == ("Anna Petra's", "on")
    second.post(address(anna, "wijzigen"), again)
    anna.refresh_from_db()
    assert (anna.name, anna.not_when_other_is_there) == ("Anna Petra's", True)


def test_a_changed_postcode_is_taken_over_with_its_municipality(client_of, sender, colleague, anna):
    first, second = client_of(colleague), client_of(sender)
    of_second = filled_in(second.get(address(anna, "wijzigen")))
    first.post(address(anna, "wijzigen"), filled_in(first.get(address(anna, "wijzigen"))) | {"postcode": "1441 AB"})
    page = second.post(address(anna, "wijzigen"), of_second | {"safe_moment": "na achten"})
    assert "Was: Zaanstad Nu: Purmerend" in words(page)
    second.post(address(anna, "wijzigen"), filled_in(page))
    anna.refresh_from_db()
    assert (anna.postcode, anna.municipality.name, anna.safe_moment) == ("1441 AB", "Purmerend", "na achten")


def test_an_answer_to_how_heavy_it_is_gets_in_nobodys_way(client_of, sender, colleague, anna):
    client = client_of(sender)
    data = filled_in(client.get(address(anna, "wijzigen")))
    actions.set_burden(caregiver=anna, by=colleague, burden=6)
    assert client.post(address(anna, "wijzigen"), data | {"safe_moment": "na achten"}).status_code == 302
    anna.refresh_from_db()
    assert (anna.burden, anna.safe_moment) == (6, "na achten")


@pytest.mark.parametrize(
    "seen",
    [
        *("", "geen json", "[]", "3", '{"id": 1}', "[" * 5000, json.dumps({"name": ["Anna"], "phone": {"a": 1}})),
        *(json.dumps({"municipality_id": "\0"}), json.dumps({"name": "\ud800", "municipality_id": "\udfff"})),
    ],
)
def test_who_cannot_say_what_she_saw_is_shown_what_stands_there(client_of, sender, anna, seen):
    client = client_of(sender)
    data = filled_in(client.get(address(anna, "wijzigen"))) | {"seen": seen, "safe_moment": "na achten"}
    page = client.post(address(anna, "wijzigen"), data)
    assert page.status_code == 200
    assert "Intussen gewijzigd" in words(page)
    client.post(address(anna, "wijzigen"), filled_in(page))
    anna.refresh_from_db()
    assert anna.safe_moment == "na achten"


@pytest.mark.parametrize("seen", ['{"name": "\\ud800"}', '{"\\ud800": "Anna"}', "[" * 100_000])
def test_what_no_page_can_have_shown_does_not_come_back_with_an_error(client_of, sender, anna, seen):
    client = client_of(sender)
    data = filled_in(client.get(address(anna, "wijzigen"))) | {"seen": seen, "name": ""}
    page = client.post(address(anna, "wijzigen"), data)
    assert "Vul haar naam in." in words(page)
    assert filled_in(page)["seen"] == "{}"


def test_two_who_say_a_need_better_lose_nothing(client_of, sender, colleague, anna):
    need = make_need(anna, sender, kind="logeerzorg", words="Even weg.")
    where = f"/hulpvragen/{need.pk}/wijzigen/"
    first, second = client_of(colleague), client_of(sender)
    of_first, of_second = filled_in(first.get(where)), filled_in(second.get(where))
    first.post(where, of_first | {"words": "Een weekend weg."})
    page = second.post(where, of_second | {"kind": "samen"})
    assert "Was: Even weg. Nu: Een weekend weg." in words(page)
    second.post(where, filled_in(page))
    need.refresh_from_db()
    assert (need.kind, need.words) == (None, "Een weekend weg.")


# Phase and how heavy it is ------------------------------------------------------------------------------------------


def test_a_phase_is_noted_with_its_day(client_of, sender, anna):
    phase = Phase.objects.get(number=3)
    client = client_of(sender)
    data = filled_in(client.get(address(anna, "fase"))) | {"phase": phase.pk, "since": "2026-03-27"}
    assert client.post(address(anna, "fase"), data).status_code == 302
    anna.refresh_from_db()
    assert anna.phase == phase
    assert f"{phase.label} sinds 27 maart 2026" in words(client.get(f"/mantelzorgers/{anna.pk}/"))


def test_an_earlier_phase_added_later_does_not_become_the_present_one(client_of, sender, anna):
    client = client_of(sender)
    for number, day in ((4, "2026-10-01"), (2, "2026-01-01")):
        data = filled_in(client.get(address(anna, "fase")))
        client.post(address(anna, "fase"), data | {"phase": Phase.objects.get(number=number).pk, "since": day})
    anna.refresh_from_db()
    assert anna.phase.number == 4
    assert anna.phase_steps.count() == 2


def test_without_dementia_the_page_for_a_phase_says_why_not(client_of, sender):
    piet = make_caregiver(sender, "Piet", situation_kind="ouderdom")
    for method in ("get", "post"):
        answer = getattr(client_of(sender), method)(address(piet, "fase"), {"phase": "diagnose"}, follow=True)
        assert "Een fase hoort alleen bij dementie." in words(answer)
    assert not PhaseStep.objects.exists()


def test_how_heavy_it_is_is_her_own_answer_from_0_to_10(client_of, sender, anna):
    client = client_of(sender)
    data = filled_in(client.get(address(anna, "zwaarte")))
    for wrong in ("11", "-1", "veel", ""):
        assert "Hoe zwaar is het nu?" in words(client.post(address(anna, "zwaarte"), data | {"burden": wrong}))
    assert client.post(address(anna, "zwaarte"), data | {"burden": "0", "on": "01-11-2026"}).status_code == 302
    anna.refresh_from_db()
    assert (anna.burden, anna.burden_on.isoformat()) == (0, "2026-11-01")


@pytest.mark.parametrize(("part", "field"), [("fase", "since"), ("zwaarte", "on"), ("betrokkenen/nieuw", "since")])
def test_a_day_that_has_yet_to_come_is_refused(client_of, sender, anna, part, field):
    tomorrow = TODAY() + timezone.timedelta(days=1)
    page = client_of(sender).post(address(anna, part), {field: tomorrow.isoformat(), "name": "Riet", "burden": "3"})
    assert "Deze dag moet nog komen." in words(page)


# Needs --------------------------------------------------------------------------------------------------------------


def test_a_need_is_of_one_kind_and_in_her_words(client_of, sender, anna):
    client = client_of(sender)
    data = filled_in(client.get(address(anna, "hulpvragen/nieuw")))
    text = "Even naar tennis.\n\nمرحبا 🎾"
    answer = client.post(address(anna, "hulpvragen/nieuw"), data | {"kind": "logeerzorg", "words": text})
    assert answer["Location"] == f"/mantelzorgers/{anna.pk}/"
    need = Need.objects.get()
    assert (need.kind_id, need.words, need.turn_member) == ("logeerzorg", text, sender.acting)


def test_the_kinds_stand_by_category_and_ways_of_working_are_not_among_them(client_of, sender, anna):
    html = client_of(sender).get(address(anna, "hulpvragen/nieuw")).content.decode()
    assert html.count("<optgroup") == SupportKind.objects.referable().values("category").distinct().count()
    for kind in SupportKind.objects.filter(referable=False):
        assert f'value="{kind.pk}"' not in html
    assert "Nog samen uitzoeken" in html


def test_straight_on_to_who_can_help(client_of, sender, anna):
    client = client_of(sender)
    data = filled_in(client.get(address(anna, "hulpvragen/nieuw"))) | {"kind": "samen", "daarna": "verwijs"}
    answer = client.post(address(anna, "hulpvragen/nieuw"), data)
    assert answer["Location"] == f"/mantelzorgers/{anna.pk}/verwijzen/?vraag={Need.objects.get().pk}"


@pytest.mark.parametrize("kind", ["", "warme-overdracht", "bestaat-niet"])
def test_a_need_without_a_kind_keeps_her_words(client_of, sender, anna, kind):
    client = client_of(sender)
    data = filled_in(client.get(address(anna, "hulpvragen/nieuw"))) | {"kind": kind, "words": "Even naar tennis."}
    page = client.post(address(anna, "hulpvragen/nieuw"), data)
    assert page.status_code == 200
    assert filled_in(page)["words"] == "Even naar tennis."
    assert not Need.objects.exists()


def test_words_that_are_too_long_are_said_and_kept(client_of, sender, anna):
    client = client_of(sender)
    data = filled_in(client.get(address(anna, "hulpvragen/nieuw"))) | {"kind": "samen", "words": "é" * 1001}
    page = client.post(address(anna, "hulpvragen/nieuw"), data)
    assert "1000" in words(page)
    assert filled_in(page)["words"] == "é" * 1001


def test_a_need_on_its_way_cannot_be_changed(client_of, sender, receiver, steunpunt, anna):
    need = make_need(anna, sender, words="Praten.")
    where = f"/hulpvragen/{need.pk}/wijzigen/"
    client = client_of(sender)
    data = filled_in(client.get(where))
    make_referral(
        "sent", sender=sender, receiver=receiver, service=make_service(steunpunt), needs=[need], caregiver=anna
    )
    page = client.post(where, data | {"words": "Iets anders."})
    assert "Deze hulpvraag loopt via een verwijzing." in words(page)
    assert filled_in(page)["words"] == "Iets anders."
    need.refresh_from_db()
    assert need.words == "Praten."


def test_a_kind_that_is_no_longer_offered_stays_what_she_asked(client_of, sender, anna):
    need = make_need(anna, sender, kind="logeerzorg", words="Weg.")
    SupportKind.objects.filter(pk="logeerzorg").update(retired=True)
    where = f"/hulpvragen/{need.pk}/wijzigen/"
    client = client_of(sender)
    assert client.post(where, filled_in(client.get(where)) | {"words": "Even weg."}).status_code == 302
    need.refresh_from_db()
    assert (need.kind_id, need.words) == ("logeerzorg", "Even weg.")


# Who is around her --------------------------------------------------------------------------------------------------


def test_somebody_around_her_is_noted_and_later_gone(client_of, sender, steunpunt, anna):
    client = client_of(sender)
    data = filled_in(client.get(address(anna, "betrokkenen/nieuw")))
    data |= {"name": "Riet", "profession": "poh", "organisation": str(steunpunt.pk), "phone": "0755550199"}
    assert client.post(address(anna, "betrokkenen/nieuw"), data | {"since": "2026-05-01"}).status_code == 302
    riet = Involvement.objects.get()
    assert (riet.name, riet.profession_id, riet.organisation, riet.phone) == ("Riet", "poh", steunpunt, "075 555 0199")
    end = f"/betrokkenen/{riet.pk}/beeindigen/"
    assert "vóór de dag waarop dit begon" in words(client.post(end, {"on": "2026-04-30", "note": "verhuisd"}))
    assert client.post(end, {"on": "2026-06-01", "note": "verhuisd"}).status_code == 302
    riet.refresh_from_db()
    assert (riet.ended_on.isoformat(), riet.end_note) == ("2026-06-01", "verhuisd")


def test_who_had_gone_already_is_not_an_error(client_of, sender, anna):
    riet = actions.add_involvement(caregiver=anna, by=sender, name="Riet")
    client = client_of(sender)
    for _ in range(2):
        answer = client.post(f"/betrokkenen/{riet.pk}/beeindigen/", {"on": TODAY().isoformat()}, follow=True)
        assert answer.status_code == 200
    assert "stond al als niet meer betrokken" in words(answer)


def test_an_organisation_from_elsewhere_is_not_offered(client_of, sender, other_practice, anna):
    client = client_of(sender)
    data = filled_in(client.get(address(anna, "betrokkenen/nieuw"))) | {"name": "Riet"}
    page = client.post(address(anna, "betrokkenen/nieuw"), data | {"organisation": str(other_practice.pk)})
    assert page.status_code == 200
    assert not Involvement.objects.exists()


# Once ---------------------------------------------------------------------------------------------------------------

ONCE = [
    ("hulpvragen/nieuw", {"kind": "samen", "words": "Even weg."}, "needs"),
    ("betrokkenen/nieuw", {"name": "Riet", "since": "2026-05-01"}, "involvements"),
    ("fase", {"phase": "diagnose", "since": "2026-05-01"}, "phase_steps"),
]


@pytest.mark.parametrize(("part", "data", "made"), ONCE)
def test_a_form_that_arrives_twice_makes_one_thing(client_of, sender, anna, part, data, made):
    client = client_of(sender)
    data = filled_in(client.get(address(anna, part))) | data
    first, second = (client.post(address(anna, part), data) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert getattr(anna, made).count() == 1


def test_how_heavy_it_is_is_noted_once(client_of, sender, anna):
    client = client_of(sender)
    data = filled_in(client.get(address(anna, "zwaarte"))) | {"burden": "6"}
    for _ in range(2):
        client.post(address(anna, "zwaarte"), data)
    assert anna.timeline.filter(kind="zwaarte").count() == 1


def test_a_form_with_an_error_can_be_sent_in_again(client_of, sender, anna):
    client = client_of(sender)
    data = filled_in(client.get(address(anna, "hulpvragen/nieuw")))
    page = client.post(address(anna, "hulpvragen/nieuw"), data | {"kind": ""})
    assert filled_in(page)["form_key"] == data["form_key"]
    client.post(address(anna, "hulpvragen/nieuw"), filled_in(page) | {"kind": "samen"})
    assert anna.needs.count() == 1


SENT_BEFORE = "Dit formulier was al verstuurd. Kijk na wat je typte en verstuur het opnieuw."


@pytest.mark.parametrize(
    ("part", "first", "second"),
    [
        ("hulpvragen/nieuw", {"kind": "samen", "words": "Even weg."}, {"kind": "samen", "words": "Een rolstoel."}),
        ("betrokkenen/nieuw", {"name": "zus Anja"}, {"name": "zoon Piet"}),
        ("zwaarte", {"burden": "6"}, {"burden": "9"}),
    ],
)
def test_a_form_that_was_sent_before_with_something_else_is_not_called_kept(
    client_of, sender, anna, part, first, second
):
    client = client_of(sender)
    data = filled_in(client.get(address(anna, part)))
    client.post(address(anna, part), data | first)
    kept = anna.timeline.count()
    page = client.post(address(anna, part), data | second)
    assert SENT_BEFORE in words(page)
    assert anna.timeline.count() == kept
    again = filled_in(page)
    assert again["form_key"] != data["form_key"]
    assert again.items() >= second.items()
    assert client.post(address(anna, part), again).status_code == 302
    assert anna.timeline.count() == kept + 1


def test_the_other_button_of_a_form_makes_nothing_twice(client_of, sender, anna):
    client = client_of(sender)
    data = filled_in(client.get(address(anna, "hulpvragen/nieuw"))) | {"kind": "samen"}
    client.post(address(anna, "hulpvragen/nieuw"), data)
    answer = client.post(address(anna, "hulpvragen/nieuw"), data | {"daarna": "verwijs"})
    assert answer["Location"].endswith(f"?vraag={anna.needs.get().pk}")


def test_the_key_of_somebody_else_is_refused(client_of, sender, colleague, anna):
    data = {"form_key": str(uuid.uuid4()), "kind": "samen", "words": "Even weg."}
    client_of(sender).post(address(anna, "hulpvragen/nieuw"), data)
    assert client_of(colleague).post(address(anna, "hulpvragen/nieuw"), data).status_code == 400
    assert anna.needs.count() == 1


# The log ------------------------------------------------------------------------------------------------------------


def test_every_change_is_logged_by_the_names_of_the_fields(client_of, colleague, anna, looks):
    client = client_of(colleague)
    data = filled_in(client.get(address(anna, "wijzigen"))) | {"name": "Anna Bakker", "email": "a@voorbeeld.nl"}
    client.post(address(anna, "wijzigen"), data)
    row = looks(colleague, event="update", subject_id=anna.pk).get()
    assert sorted(row.fields) == ["email", "name"]
