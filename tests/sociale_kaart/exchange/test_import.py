"""What comes in by CSV: a preview first, then all or nothing, and back again."""

import pytest
from django.utils import timezone

from accounts.models import Role
from sociale_kaart import actions as kaart
from sociale_kaart.exchange import actions, jobs
from sociale_kaart.exchange.planning import OF_ANOTHER
from sociale_kaart.freshness import actions as freshness
from sociale_kaart.models import Contact, Import, ImportRow, Location, Organisation, Report, SearchRow, Service
from tests.factories import fresh, make_appointment, make_organisation, make_service
from tests.sociale_kaart.exchange.conftest import Desk, counts, reasons

TWO = """Organisatie;Naam;In één zin;Ondersteuningsvormen;Gemeenten;Status;Telefoon
Welzijn Zaan;Maatjes;Iemand die langskomt.;maatje-vrijwilliger;Zaanstad;gepubliceerd;075 123 45 67
Welzijn Zaan;Kookatelier;Samen koken.;;Zaanstad;gepubliceerd;
"""


@pytest.fixture
def kind():
    from knowledge.models import SupportKind

    return SupportKind.objects.referable().order_by("pk").first()


@pytest.fixture
def two(kind):
    return TWO.replace("maatje-vrijwilliger", kind.pk)


def test_a_file_changes_nothing_before_somebody_agrees(desk, two):
    job = desk.bring(two)
    assert job.state == Import.State.READY, job.message
    assert counts(job) == (3, 0, 0, 0, 0)  # the organisation and its two services
    assert not Organisation.objects.filter(name="Welzijn Zaan").exists()
    assert "Blijft een concept: om te publiceren is nog nodig: een ondersteuningsvorm." in reasons(job)


def test_what_was_agreed_is_there_and_is_found(desk, two):
    job = desk.take_in(two)
    assert job.state == Import.State.DONE, job.message
    maatjes = Service.objects.get(name="Maatjes")
    assert maatjes.status == "published"
    assert maatjes.checked_by == desk.by
    assert maatjes.home_municipality_id == "GM0479"
    assert maatjes.slug == "maatjes"
    assert SearchRow.objects.filter(service=maatjes).exists()
    assert Service.objects.get(name="Kookatelier").status == "draft"


def test_the_same_file_again_changes_nothing(desk, two):
    desk.take_in(two)
    job = desk.bring(two)
    assert counts(job) == (0, 0, 2, 0, 0)
    assert Service.objects.filter(name="Maatjes").count() == 1


def test_what_differs_is_shown_side_by_side_and_changed(desk, two):
    desk.take_in(two)
    job = desk.bring(two.replace("Iemand die langskomt.", "Iemand die elke week langskomt."))
    assert counts(job) == (0, 1, 1, 0, 0)
    row = ImportRow.objects.get(job=job, outcome="gewijzigd")
    assert row.changes == [["in één zin", "Iemand die langskomt.", "Iemand die elke week langskomt."]]
    desk.agree(job)
    assert Service.objects.get(name="Maatjes").summary == "Iemand die elke week langskomt."


def test_an_import_is_undone_to_the_last_row(desk, two):
    before = Service.objects.count(), Organisation.objects.count(), SearchRow.objects.count()
    job = desk.undo(desk.take_in(two))
    assert job.state == Import.State.UNDONE, job.message
    assert (Service.objects.count(), Organisation.objects.count(), SearchRow.objects.count()) == before


def test_a_change_is_undone_to_what_it_was(desk, two):
    desk.take_in(two)
    job = desk.take_in(two.replace("langskomt", "belt").replace("075 123 45 67", "075 765 43 21"))
    desk.undo(job)
    maatjes = Service.objects.get(name="Maatjes")
    assert (maatjes.summary, maatjes.phone) == ("Iemand die langskomt.", "075 123 45 67")


def test_what_somebody_changed_since_is_not_undone(desk, two):
    job = desk.take_in(two)
    kaart.update_service(service=Service.objects.get(name="Maatjes"), by=desk.by, summary="Met de hand.")
    job = desk.undo(job)
    assert job.state == Import.State.DONE
    assert "“Maatjes”" in job.message
    assert Service.objects.get(name="Maatjes").summary == "Met de hand."


def test_a_service_that_is_in_use_is_not_taken_away(desk, two, sender):
    from tests.factories import make_referral

    job = desk.take_in(two)
    maatjes = Service.objects.get(name="Maatjes")
    make_referral("sent", sender=sender, service=maatjes)
    job = desk.undo(job)
    assert job.state == Import.State.DONE
    assert "“Maatjes” wordt intussen gebruikt" in job.message
    assert Service.objects.filter(name="Kookatelier").exists()


def test_what_people_wrote_about_it_since_is_not_thrown_away(desk, two, sender):
    job = desk.take_in(two)
    report = freshness.report(
        service=Service.objects.get(name="Maatjes"), by=sender, what=Report.What.CONTACT, words="Er neemt niemand op."
    )
    job = desk.undo(job)
    assert job.message == "Dit is niet terug te draaien: over “Maatjes” is intussen iets gemeld of voorgesteld."
    assert Report.objects.filter(pk=report.pk).exists()
    assert Service.objects.filter(name="Kookatelier").exists()


def test_a_file_does_not_move_a_service_to_another_organisation(desk, two):
    desk.take_in(two)
    maatjes = Service.objects.get(name="Maatjes")
    file = f"Nummer;Organisatie;Naam;In één zin\n{maatjes.pk};Een Ander;Maatjes;Van ons nu.\n"
    job = desk.bring(file)
    assert OF_ANOTHER in reasons(job)
    assert counts(job)[3] == 1
    maatjes.refresh_from_db()
    assert (maatjes.organisation.name, maatjes.summary) == ("Welzijn Zaan", "Iemand die langskomt.")


def test_a_way_of_working_is_no_support_that_can_be_offered(desk, two, kind):
    job = desk.bring(two.replace(f";{kind.pk};", ";Warme overdracht;"))
    assert "Ondersteuningsvormen: Warme overdracht is een manier van werken, geen aanbod." in reasons(job)
    assert counts(job)[3] == 1


def test_what_the_file_does_not_say_is_said_before_somebody_agrees(desk, two):
    said = reasons(desk.bring(two))
    assert "Er staat niet bij wanneer het is nagekeken: met jouw akkoord is dat vandaag." in said
    assumed = "zonder verwijzing, de organisatie belt de mantelzorger"
    assert f"Het bestand zegt dit niet, wij nemen aan: {assumed}." in said


def test_an_older_day_in_a_file_does_not_undo_a_newer_check(desk, two):
    desk.take_in(two)
    today = timezone.localdate()
    file = "Organisatie;Naam;Gemeenten;Nagekeken op\nWelzijn Zaan;Maatjes;Zaanstad;2024-01-31\n"
    job = desk.bring(file)
    assert counts(job)[1] == 0
    assert "Hier is het later nagekeken; die dag blijft staan." in reasons(job)
    assert Service.objects.get(name="Maatjes").checked_on == today


def test_of_two_at_once_the_second_gets_a_new_preview(desk, consulent, two):
    other = Desk(consulent)
    mine, hers = desk.bring(two), other.bring(two)
    assert (mine.new, hers.new) == (3, 3)
    desk.agree(mine)
    hers = other.agree(hers)
    assert hers.state == Import.State.READY
    assert hers.message.startswith("Sinds je voorbeeld is hier iets veranderd: “")
    assert counts(hers) == (0, 0, 2, 0, 0)
    assert Service.objects.filter(name="Maatjes").count() == 1


def test_a_file_is_agreed_to_once(desk, two):
    from mantelzorg.refusal import Refused

    job = desk.bring(two)
    actions.confirm_import(job=job, by=desk.by)
    with pytest.raises(Refused):
        actions.confirm_import(job=job, by=desk.by)


def test_a_consulent_leaves_other_municipalities_alone(her_desk, two):
    job = her_desk.bring(two.replace("Zaanstad;gepubliceerd;075", "Purmerend;gepubliceerd;075"))
    assert job.foreign == 1
    assert "Dit aanbod is niet van jouw gemeenten." in reasons(job)
    her_desk.agree(job)
    assert not Service.objects.filter(name="Maatjes").exists()
    assert Service.objects.filter(name="Kookatelier").exists()


def test_a_consulent_does_not_change_what_is_elsewhere(desk, her_desk, two):
    desk.take_in(two.replace("Zaanstad", "Purmerend"))
    pk = Service.objects.get(name="Maatjes").pk
    job = her_desk.bring(f"Nummer;Organisatie;Naam;Gemeenten\n{pk};Welzijn Zaan;Gekaapt;Zaanstad\n")
    assert counts(job) == (0, 0, 0, 0, 1)


def test_own_numbers_find_a_service_back_under_another_name(desk):
    desk.take_in("Eigen nummer;Organisatie;Naam;Gemeenten\n17;A;Oud;Zaanstad\n", source="Regiokaart")
    job = desk.take_in("Eigen nummer;Organisatie;Naam;Gemeenten\n17;A;Nieuw;Zaanstad\n", source="regiokaart ")
    assert job.changed == 1
    assert list(Service.objects.filter(organisation__name="A").values_list("name", flat=True)) == ["Nieuw"]


def test_a_wrong_line_is_named_with_its_reason_and_the_rest_goes_on(desk):
    job = desk.bring(
        "Organisatie;Naam;Gemeenten;Kosten;Wachttijd (weken);E-mail\n"
        "A;Goed;Zaanstad;gratis;;\n"
        "A;Fout;Zaanstat;gratis;;\n"
        "A;Fout;Zaanstad;goedkoop;veel;geen adres\n"
        "A;;Zaanstad;;;\n"
        "A;Goed;Zaanstad;gratis;;\n"
    )
    wrong = {row.line: row.reasons for row in ImportRow.objects.filter(job=job, outcome="fout")}
    assert wrong == {
        3: ["Gemeenten: “Zaanstat” kennen we niet."],
        4: [
            "Kosten: “goedkoop” kennen we niet.",
            "Wachttijd (weken): schrijf een heel getal.",
            "E-mail: Voer een geldig e-mailadres in.",
        ],
        5: ["Naam: vul in hoe dit aanbod heet."],
        6: ["Dit aanbod staat ook op regel 2."],
    }
    assert job.new == 2


def test_contacts_locations_and_opening_hours_come_along(desk):
    text = (
        "Organisatie;Naam;Gemeenten;Openingstijden;Locatie: straat;Locatie: postcode;Locatie: plaats;Meer locaties;"
        "Contact: naam;Contact: telefoon;Meer contacten\n"
        'A;B;Zaanstad;ma en do 9-12;Dam 1;1506 AB;Zaandam;"Het Huis | Kerkstraat 2 | 1507 AB | Zaandam\n'
        'Online | | | | | | online";Ria;075 123 45 67;"| balie | | balie@a.example"\n'
    )
    desk.take_in(text)
    service = Service.objects.get(name="B")
    assert {place.street for place in service.locations.all()} == {"Dam 1", "Kerkstraat 2", ""}
    assert {contact.title or contact.name for contact in service.contacts.all()} == {"Ria", "balie"}
    assert [schedule.description for schedule in service.schedules.all()] == ["ma en do 9-12"]
    assert counts(desk.bring(text)) == (0, 0, 1, 0, 0)


def test_a_mistake_of_ours_leaves_nothing_behind(desk, two, monkeypatch, caplog):
    job = desk.bring(two)
    from sociale_kaart.exchange import writing

    def breaks(*args, **kwargs):
        raise RuntimeError("the plug")

    monkeypatch.setattr(writing._Writer, "finish", breaks)
    job = desk.agree(job)
    assert job.state == Import.State.READY
    assert job.message == "Er ging iets mis bij ons. Er is niets veranderd. Probeer het later opnieuw."
    assert not Organisation.objects.filter(name="Welzijn Zaan").exists()
    monkeypatch.undo()
    assert desk.agree(job).state == Import.State.DONE


def test_old_imports_are_forgotten_and_what_they_made_stays(desk, two, settings):
    import datetime

    desk.take_in(two)
    later = timezone.now() + datetime.timedelta(days=settings.IMPORT_KEPT_DAYS + 1)
    actions.forget_old_imports(now=later)
    assert not Import.objects.exists()
    assert Service.objects.filter(name="Maatjes").exists()


def test_there_is_nothing_to_do_when_nothing_waits(db):
    assert jobs.work_to_do() is None
    assert not jobs.take_up_next()


def test_contacts_and_locations_that_came_along_go_when_it_is_undone(desk):
    text = "Organisatie;Naam;Gemeenten;Locatie: straat;Locatie: plaats;Contact: naam;Contact: telefoon\n"
    before = Location.objects.count(), Contact.objects.count()
    desk.undo(desk.take_in(text + "A;B;Zaanstad;Dam 1;Zaandam;Ria;075 123 45 67\n"))
    assert (Location.objects.count(), Contact.objects.count()) == before


def test_a_consulent_does_not_change_an_organisation_that_is_not_hers(her_desk):
    make_organisation("Groot", phone="010 111 11 11", municipalities=["GM0479", "GM0363"])
    make_organisation("Ons eigen", uses_portal=False, phone="075 111 11 11", municipalities=["GM0479"])
    rows = "".join(f"{name};Nieuw;Zaanstad;075 222 22 22\n" for name in ("Groot", "Ons eigen"))
    job = her_desk.take_in(f"Organisatie;Naam;Gemeenten;Telefoon organisatie\n{rows}")
    assert "De gegevens van de organisatie mag jij niet wijzigen; die blijven zoals ze zijn." in reasons(job)
    assert Organisation.objects.get(name="Groot").phone == "010 111 11 11"
    assert Organisation.objects.get(name="Ons eigen").phone == "075 222 22 22"
    assert Service.objects.filter(name="Nieuw").count() == 2


def test_a_consulent_does_not_change_a_location_that_others_use(her_desk):
    organisation = make_organisation("Gedeeld", uses_portal=False, municipalities=["GM0479"])
    place = Location.objects.create(organisation=organisation, street="Dam 1", place="Zaandam", transport="bus 1")
    for name, code in (("Hier", "GM0479"), ("Daar", "GM0363")):
        make_service(organisation, name, municipalities=[code]).locations.add(place)
    header = "Organisatie;Naam;Locatie: straat;Locatie: plaats;Locatie: bereikbaarheid;Gemeenten\n"
    job = her_desk.take_in(f"{header}Gedeeld;Hier;Dam 1;Zaandam;bus 2;Zaanstad\n")
    assert "Een locatie is ook van aanbod in andere gemeenten; zij blijft zoals zij is." in reasons(job)
    place.refresh_from_db()
    assert place.transport == "bus 1"


def test_what_is_taken_from_a_consulent_meanwhile_she_does_not_import(her_desk, two):
    job = her_desk.bring(two)
    her_desk.by.memberships.get().appointments.all().delete()
    job = confirmed_before_she_lost_it(job)
    assert job.state == Import.State.CANCELLED
    assert job.message == "Je mag dit niet meer. Er is niets veranderd."
    assert not Service.objects.filter(name="Maatjes").exists()


def test_what_is_no_longer_hers_she_does_not_take_back(her_desk, desk, two):
    job = her_desk.take_in(two)
    assert job.state == Import.State.DONE
    appointment = her_desk.by.memberships.get().appointments
    appointment.all().delete()
    make_appointment(her_desk.by, Role.CONSULENT, "GM0363")
    her_desk.by = fresh(her_desk.by)
    job = her_desk.undo(job)
    assert job.state == Import.State.DONE
    assert "niet meer van al deze gemeenten" in job.message
    assert Service.objects.filter(name="Maatjes").exists()
    assert desk.undo(job).state == Import.State.UNDONE
    assert not Service.objects.filter(name="Maatjes").exists()


def confirmed_before_she_lost_it(job):
    Import.objects.filter(pk=job.pk).update(state=Import.State.CONFIRMED)
    jobs.work()
    job.refresh_from_db()
    return job


def test_a_column_that_we_do_not_know_is_reported(desk):
    job = desk.bring("Organisatie;Naam;Gemeenten;Kleur\nA;B;Zaanstad;blauw\nA;C;Zaanstad;rood\nA;D;Zaanstad;\n")
    (loss,) = job.losses
    assert (loss["field"], loss["count"], loss["example"], loss["where"]) == ("Kleur", 2, "blauw", "regel 2")
