"""What holds here: written by who keeps the sociale kaart there, read beside the national text, lost by nobody."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role
from knowledge.models import Phase, Profession
from sociale_kaart import actions
from sociale_kaart.models import LocalNote
from tests.factories import fresh, make_appointment, make_member, municipality

NEW = "/sociale-kaart/aanvullingen/nieuw/"
ZAANSTAD, PURMEREND, GRONINGEN = "GM0479", "GM0439", "GM0014"


def write(by, text="Bel Bea op dinsdag.", places=(ZAANSTAD,), profession="poh", **about) -> LocalNote:
    about = about or {"profession": Profession.objects.get(pk=profession)}
    return actions.write_local_note(text=text, municipalities=[municipality(code) for code in places], by=by, **about)


def box_of(response) -> str:
    """The box with what holds here; nothing when it is not there."""
    found = re.search(r'<section class="local-notes".*?</section>', response.text, re.S)
    return found[0] if found else ""


def edit(note) -> str:
    return f"/sociale-kaart/aanvullingen/{note.pk}/"


# Reading --------------------------------------------------------------------------------------------------------------


def test_a_note_stands_in_a_box_of_its_own_with_who_said_it_and_when(consulent, sender, client_of):
    write(consulent, "Eerste regel\n<b>Tweede</b> regel")
    response = client_of(sender).get("/beroepen/poh/")
    box = box_of(response)
    assert "Zo is het in Zaanstad" in box
    assert "Eerste regel\n&lt;b&gt;Tweede&lt;/b&gt; regel" in box
    assert 'class="preserve"' in box
    assert "Fatima Idrissi, Steunpunt Mantelzorg Zaanstad" in box
    today = timezone.localdate()
    assert f"{today.day} " in box
    assert str(today.year) in box
    assert "Eerste regel" not in response.text.replace(box, "")


def test_it_stands_beside_that_sheet_only(consulent, sender, client_of):
    write(consulent)
    write(consulent, "In de buurtkamer.", phase=Phase.objects.get(pk="diagnose"))
    assert box_of(client_of(sender).get("/beroepen/huisarts/")) == ""
    assert "In de buurtkamer." in box_of(client_of(sender).get("/fasen/diagnose/"))
    assert "Bel Bea" not in box_of(client_of(sender).get("/fasen/diagnose/"))


def test_who_looks_elsewhere_does_not_see_it(consulent, sender, outsider, client_of):
    write(consulent)
    assert box_of(client_of(outsider).get("/beroepen/poh/")) == ""
    assert "Bel Bea" in box_of(client_of(outsider).get(f"/beroepen/poh/?gemeente={ZAANSTAD}"))
    assert box_of(client_of(sender).get(f"/beroepen/poh/?gemeente={GRONINGEN}")) == ""


def test_only_who_keeps_these_municipalities_sees_the_buttons(consulent, sender, steunpunt, client_of):
    note = write(consulent)
    other = make_member("Ans Prins", steunpunt, Role.CONSULENT)
    make_appointment(other, Role.CONSULENT, PURMEREND)
    assert "aanvullingen" not in client_of(sender).get("/beroepen/poh/").text
    hers = client_of(consulent).get("/beroepen/poh/").text
    assert f'href="{NEW}?beroep=poh"' in hers
    assert edit(note) in hers
    theirs = client_of(other).get("/beroepen/poh/").text
    assert f'href="{NEW}?beroep=poh"' in theirs
    assert edit(note) not in theirs


def test_notes_cost_the_same_for_one_and_for_fifty(consulent, sender, client_of):
    browser = client_of(sender)
    write(consulent)
    with CaptureQueriesContext(connection) as one:
        browser.get("/beroepen/poh/")
    for number in range(49):
        write(consulent, f"Nummer {number}")
    with CaptureQueriesContext(connection) as fifty:
        browser.get("/beroepen/poh/")
    assert len(one) == len(fifty)  # two are theirs: the notes with who wrote them, and their municipalities


# Writing --------------------------------------------------------------------------------------------------------------


def test_a_consulent_writes_one_and_sees_it(consulent, client_of):
    browser = client_of(consulent)
    page = browser.get(f"{NEW}?fase=diagnose")
    assert "Zaanstad" in page.text
    assert "Purmerend" not in page.text
    typed = {"text": "  Bel het meldpunt.  ", "municipalities": [ZAANSTAD]}
    response = browser.post(f"{NEW}?fase=diagnose", typed, follow=True)
    assert response.redirect_chain == [("/fasen/diagnose/#plaatselijk", 302)]
    assert "Bel het meldpunt." in box_of(response)
    note = LocalNote.objects.get()
    assert (note.text, note.written_by, note.organisation) == ("Bel het meldpunt.", consulent, consulent.organisation)
    assert [place.pk for place in note.municipalities.all()] == [ZAANSTAD]


def test_the_same_form_sent_twice_makes_one_note(consulent, client_of):
    browser = client_of(consulent)
    typed = {"text": "Een", "municipalities": [ZAANSTAD], "form_key": "019e0000-0000-7000-8000-000000000001"}
    for _ in range(2):
        assert browser.post(f"{NEW}?beroep=poh", typed).status_code == 302
    assert LocalNote.objects.count() == 1
    typed["text"] = "Twee"
    assert browser.post(edit(LocalNote.objects.get()), typed | {"form_key": ""}).status_code == 302
    assert LocalNote.objects.standing().get().text == "Twee"


def test_she_is_shown_what_she_wrote_where_it_holds(consulent, client_of):
    make_appointment(consulent, Role.CONSULENT, PURMEREND)
    typed = {"text": "Daar wel.", "municipalities": [PURMEREND]}
    response = client_of(consulent).post(f"{NEW}?beroep=poh", typed, follow=True)
    assert "Daar wel." in box_of(response)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"text": "", "municipalities": [ZAANSTAD]}, "Schrijf op wat hier geldt."),
        ({"text": "   ", "municipalities": [ZAANSTAD]}, "Schrijf op wat hier geldt."),
        ({"text": "Iets"}, "Kies minstens één gemeente."),
        ({"text": "Iets", "municipalities": [GRONINGEN]}, "Selecteer een geldige keuze"),
        ({"text": "x" * 2001, "municipalities": [ZAANSTAD]}, "2000"),
    ],
)
def test_what_cannot_be_kept_comes_back_as_she_typed_it(consulent, client_of, typed, sentence):
    response = client_of(consulent).post(f"{NEW}?beroep=poh", typed)
    assert response.status_code == 200
    assert sentence in response.text
    assert typed["text"] in response.text
    assert not LocalNote.objects.exists()


@pytest.mark.parametrize("about", ["", "?beroep=tovenaar", "?fase=%00", "?beroep=' OR 1=1", "?anders=poh"])
def test_without_a_subject_she_is_told_where_to_begin(consulent, client_of, about):
    response = client_of(consulent).get(f"{NEW}{about}", follow=True)
    assert response.redirect_chain == [("/kennis/", 302)]
    assert "Kies het beroep of de fase." in response.text


def test_nobody_writes_for_a_municipality_that_is_not_hers(consulent, receiver, functional_admin):
    for by, places in (
        (consulent, [GRONINGEN]),
        (consulent, [ZAANSTAD, GRONINGEN]),
        (consulent, []),
        (receiver, [ZAANSTAD]),
        (functional_admin, [ZAANSTAD]),
    ):
        with pytest.raises(PermissionDenied):
            write(by, places=places)


# Changing -------------------------------------------------------------------------------------------------------------


def test_a_change_keeps_what_it_replaces(consulent, client_of):
    note = write(consulent)
    response = client_of(consulent).post(
        edit(note), {"text": "Bel Bea op woensdag.", "municipalities": [ZAANSTAD]}, follow=True
    )
    assert "op woensdag" in box_of(response)
    assert "op dinsdag" not in box_of(response)
    now = LocalNote.objects.standing().get()
    note.refresh_from_db()
    assert (now.replaces, now.profession_id, note.ended_by) == (note, "poh", consulent)
    assert note.text == "Bel Bea op dinsdag."


def test_the_address_of_a_changed_note_leads_to_what_stands_now(consulent, client_of):
    note = write(consulent)
    zaanstad = [municipality(ZAANSTAD)]
    second = actions.change_local_note(note=note, text="Twee", municipalities=zaanstad, by=consulent)
    third = actions.change_local_note(note=second, text="Drie", municipalities=zaanstad, by=consulent)
    response = client_of(consulent).get(edit(note))
    assert (response.status_code, response.url) == (302, edit(third))


def test_the_second_of_two_editors_is_told_and_loses_nothing(consulent, steunpunt, client_of):
    colleague = make_member("Ans Prins", steunpunt, Role.CONSULENT)
    make_appointment(colleague, Role.CONSULENT, ZAANSTAD)
    note = write(consulent)
    client_of(colleague).post(edit(note), {"text": "Tekst van Ans", "municipalities": [ZAANSTAD]})
    newest = LocalNote.objects.standing().get()

    response = client_of(consulent).post(edit(note), {"text": "Tekst van Fatima", "municipalities": [ZAANSTAD]})

    assert response.status_code == 200
    assert "Ans Prins heeft deze aanvulling intussen gewijzigd" in response.text
    assert "Tekst van Ans" in response.text
    assert "Tekst van Fatima" in response.text
    assert f'action="{edit(newest)}"' in response.text
    assert LocalNote.objects.standing().get() == newest
    key = re.search(r'name="form_key" value="([^"]+)"', response.text)[1]
    again = {"text": "Samen", "municipalities": [ZAANSTAD], "form_key": key}
    assert client_of(consulent).post(edit(newest), again).status_code == 302
    assert LocalNote.objects.standing().get().text == "Samen"


def test_a_form_that_was_sent_before_with_other_words_is_said_and_kept(consulent, client_of):
    note, browser = write(consulent), client_of(consulent)
    key = re.search(r'name="form_key" value="([^"]+)"', browser.get(edit(note)).text)[1]
    typed = {"text": "Een", "municipalities": [ZAANSTAD], "form_key": key}
    assert browser.post(edit(note), typed).status_code == 302
    response = browser.post(edit(note), typed | {"text": "Twee"})  # after "back" in the browser
    assert response.status_code == 200
    assert "was al verstuurd" in response.text
    assert ">Twee</textarea>" in response.text.replace("\n", "")
    assert 'blockquote class="quote preserve">Een<' in response.text
    assert LocalNote.objects.standing().get().text == "Een"


def test_she_sees_what_stands_also_when_it_came_while_she_saved(consulent, steunpunt, client_of, monkeypatch):
    colleague = make_member("Ans Prins", steunpunt, Role.CONSULENT)
    make_appointment(colleague, Role.CONSULENT, ZAANSTAD)
    note, change = write(consulent), actions.change_local_note

    def somebody_first(**arguments):
        change(note=note, text="Tekst van Ans", municipalities=[municipality(ZAANSTAD)], by=fresh(colleague))
        return change(**arguments)

    monkeypatch.setattr(actions, "change_local_note", somebody_first)
    response = client_of(consulent).post(edit(note), {"text": "Tekst van Fatima", "municipalities": [ZAANSTAD]})
    assert "Ans Prins heeft deze aanvulling intussen gewijzigd" in response.text
    assert "Tekst van Ans" in response.text


def test_who_changes_what_was_taken_away_can_write_it_anew(consulent, client_of):
    note = write(consulent)
    actions.end_local_note(note=note, by=consulent)
    response = client_of(consulent).post(edit(note), {"text": "Toch wel", "municipalities": [ZAANSTAD]})
    assert "intussen weggehaald" in response.text
    assert "Toch wel" in response.text
    assert f'action="{NEW}?beroep=poh"' in response.text


def test_a_note_for_more_than_her_own_municipalities_is_not_hers(consulent, steunpunt, client_of):
    other = make_member("Ans Prins", steunpunt, Role.CONSULENT)
    for code in (ZAANSTAD, PURMEREND):
        make_appointment(other, Role.CONSULENT, code)
    wide = write(fresh(other), places=(ZAANSTAD, PURMEREND))
    assert client_of(consulent).get(edit(wide)).status_code == 404
    assert "Zo is het in Purmerend en Zaanstad" in box_of(client_of(consulent).get("/beroepen/poh/"))


def test_any_of_its_consulenten_takes_away_a_note_that_nobody_keeps_whole(consulent, steunpunt, client_of):
    other = make_member("Ans Prins", steunpunt, Role.CONSULENT)
    for code in (ZAANSTAD, PURMEREND):
        make_appointment(other, Role.CONSULENT, code)
    wide = write(fresh(other), places=(ZAANSTAD, PURMEREND))
    browser = client_of(consulent)
    box = box_of(browser.get("/beroepen/poh/"))
    assert f"{edit(wide)}weghalen/" in box
    assert f'"{edit(wide)}"' not in box
    assert browser.post(edit(wide), {"text": "Anders", "municipalities": [ZAANSTAD]}).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.change_local_note(note=wide, text="Anders", municipalities=[municipality(ZAANSTAD)], by=consulent)
    response = browser.post(f"{edit(wide)}weghalen/", follow=True)
    assert "De aanvulling is weggehaald." in response.text
    assert "Zet haar terug" not in response.text
    assert not LocalNote.objects.standing().exists()


def test_where_nobody_is_appointed_any_more_the_functional_admin_takes_it_away(
    consulent, functional_admin, outsider, client_of
):
    note = write(consulent)
    consulent.acting.appointments.update(ended_at=timezone.now())
    assert client_of(outsider).post(f"{edit(note)}weghalen/").status_code == 404
    client_of(functional_admin).post(f"{edit(note)}weghalen/")
    assert not LocalNote.objects.standing().exists()


def test_a_note_about_the_same_work_stands_under_each_of_its_names(consulent, client_of):
    write(consulent, "Zij heet hier Carla.", profession="mantelzorgconsulent")
    write(consulent, "En haar collega Bea.", profession="mantelzorgregisseur")
    for slug in ("mantelzorgconsulent", "mantelzorgregisseur"):
        box = box_of(client_of(consulent).get(f"/beroepen/{slug}/"))
        assert "Carla" in box
        assert "Bea" in box
    assert "Carla" not in box_of(client_of(consulent).get("/beroepen/poh/"))


def test_what_was_taken_away_is_not_asked_about_again(consulent, client_of):
    note = write(consulent)
    actions.end_local_note(note=note, by=consulent)
    response = client_of(consulent).get(f"{edit(note)}weghalen/", follow=True)
    assert response.redirect_chain == [("/beroepen/poh/", 302)]
    assert "intussen gewijzigd of weggehaald" in response.text


def test_who_is_no_longer_appointed_can_do_nothing_with_it(consulent, client_of):
    note = write(consulent)
    consulent.acting.appointments.update(ended_at=timezone.now())
    assert client_of(consulent).get(edit(note)).status_code == 404
    assert client_of(consulent).get(f"{NEW}?beroep=poh").status_code == 404


# Taking away ----------------------------------------------------------------------------------------------------------


def test_it_is_asked_first_and_can_be_put_back(consulent, client_of):
    browser, note = client_of(consulent), write(consulent)
    assert "Bel Bea op dinsdag." in browser.get(f"{edit(note)}weghalen/").text
    assert LocalNote.objects.standing().exists()
    response = browser.post(f"{edit(note)}weghalen/", follow=True)
    assert "Bel Bea" not in box_of(response)
    back = re.search(r'<a href="([^"]+)">Zet haar terug</a>', response.text)[1].replace("&amp;", "&")
    page = browser.get(back)
    assert "Bel Bea op dinsdag." in page.text
    assert "checked" in page.text
    assert "Zet haar terug" in browser.post(f"{edit(note)}weghalen/", follow=True).text  # she clicked twice


def test_who_takes_away_what_a_colleague_changed_or_took_away_is_told(consulent, steunpunt, client_of):
    colleague = make_member("Ans Prins", steunpunt, Role.CONSULENT)
    make_appointment(colleague, Role.CONSULENT, ZAANSTAD)
    colleague = fresh(colleague)
    changed, taken = write(consulent), write(consulent, profession="huisarts")
    actions.change_local_note(note=changed, text="Nieuw", municipalities=[municipality(ZAANSTAD)], by=colleague)
    actions.end_local_note(note=taken, by=colleague)
    for note in (changed, taken):
        response = client_of(consulent).post(f"{edit(note)}weghalen/", follow=True)
        assert "intussen gewijzigd of weggehaald" in response.text
    assert LocalNote.objects.standing().get().text == "Nieuw"


@pytest.mark.parametrize("van", ["x", "019e0000-0000-7000-8000-000000000000", "%00"])
def test_a_note_that_is_not_there_is_not_put_back(consulent, client_of, van):
    assert client_of(consulent).get(f"{NEW}?beroep=poh&van={van}").status_code == 200
