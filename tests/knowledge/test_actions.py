"""Loading: everything or nothing, safe to repeat, and honest about what it did."""

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from knowledge import actions
from knowledge.actions import load_knowledge
from knowledge.loading import ContentError
from knowledge.models import LoadedContent, Phase, Profession, Resource, Sector, SupportKind, Synonym, Theme, Tip
from tests.factories import make_organisation, make_service

pytestmark = pytest.mark.django_db


def test_a_second_load_changes_nothing_and_asks_one_query(content, django_assert_num_queries):
    load_knowledge(folder=content.path)

    with django_assert_num_queries(1):  # is this the version that was loaded last
        report = load_knowledge(folder=content.path)

    assert not report
    assert str(report) == "Geen wijzigingen: de kennis staat er al zo in."


def test_comparing_everything_again_finds_no_difference(content):
    load_knowledge(folder=content.path)

    assert not load_knowledge(folder=content.path, everything=True)


def test_the_number_of_queries_does_not_grow_with_the_entries(content, django_assert_max_num_queries):
    load_knowledge(folder=content.path)
    entries = "".join(f"- slug: sector-{number}\n  naam: Sector {number}\n" for number in range(200))
    content.write("extra.yaml", f"sectoren:\n{entries}")

    with django_assert_max_num_queries(70):
        report = load_knowledge(folder=content.path)

    assert len(report.added["sectoren"]) == 200


def test_a_change_is_written_and_reported(content):
    content.replace("themas.yaml", "naam: Respijt en lucht", "naam: Respijt en adem")

    report = load_knowledge(folder=content.path)

    assert Theme.objects.get(pk="respijt-en-lucht").name == "Respijt en adem"
    assert report.changed == {"themas": {"respijt-en-lucht": ["naam"]}}
    assert not any((report.added, report.removed, report.retired))
    assert "Gewijzigd: themas 1: respijt-en-lucht (naam)" in str(report)


def test_a_change_in_a_part_is_written_once(content):
    content.replace("fasen.yaml", "bron_naam: Mantelzorgcoach, waarvoor: luisterend oor", "bron_naam: Coach")
    content.replace(
        "fasen.yaml",
        "  - {beroep: vrijwilliger-maatje, bron_naam: Vrijwilliger/maatje, waarvoor: sociaal contact}\n",
        "",
    )

    report = load_knowledge(folder=content.path)

    names = Phase.objects.get(pk="niet-pluis").involvements.values_list("source_name", flat=True)
    assert list(names) == ["Huisarts/POH", "Huisarts/POH", "Welzijnsmedewerker/buurtteam", "Coach"]
    assert report.changed == {"fasen": {"niet-pluis": ["betrokken"]}}


def test_a_change_in_a_link_is_written(content):
    content.replace("beroepen/poh.yaml", "  sectoren: [medisch, eerstelijnszorg]", "  sectoren: [zorg]")

    report = load_knowledge(folder=content.path)

    assert [sector.pk for sector in Profession.objects.get(pk="poh").sectors.all()] == ["zorg"]
    assert report.changed == {"beroepen": {"poh": ["sectoren"]}}


def test_the_report_names_every_key_that_changed_and_every_entry_that_went(content):
    poh = "beroepen/poh.yaml"
    content.replace(poh, "  nummer: 6\n", "  nummer: 66\n")
    content.replace(poh, "[praktijkverpleegkundige huisartsenpraktijk (PVH), ", "[")
    content.replace(poh, "  websites: [mantelzorgnl, movisie, vilans]", "  websites: [mantelzorgnl]")
    content.write("tips.yaml", "")
    tips = (content.path / "themas.yaml").read_text(encoding="utf-8")
    content.write("themas.yaml", tips[: tips.index("tips:")])

    report = load_knowledge(folder=content.path)

    assert report.changed == {"beroepen": {"poh": ["nummer", "ook_genoemd", "websites"]}}
    assert "Gewijzigd: beroepen 1: poh (nummer, ook_genoemd, websites)" in str(report)
    assert len(report.removed["tips"]) == 10
    assert all(slug in str(report) for slug in report.removed["tips"])


def test_a_value_that_left_the_file_leaves_the_table(content):
    content.replace("beroepen/wmo-consulent.yaml", "  financiering: [wmo]\n", "")
    content.replace("beroepen/wmo-consulent.yaml", "  nummer: 4\n", "")

    load_knowledge(folder=content.path)

    profession = Profession.objects.get(pk="wmo-consulent")
    assert profession.number is None
    assert not profession.financing.exists()


def test_an_addition_is_reported_and_its_neighbours_are_not(content):
    content.replace("sectoren.yaml", "sectoren:\n", "sectoren:\n- {slug: onderwijs, naam: Onderwijs}\n")

    report = load_knowledge(folder=content.path)

    assert report.added == {"sectoren": ["onderwijs"]}
    assert not report.changed
    assert [sector.pk for sector in Sector.objects.all()][:2] == ["onderwijs", "medisch"]


def test_two_phases_can_swap_numbers(content):
    content.replace("fasen.yaml", "- slug: diagnose\n  nummer: 2", "- slug: diagnose\n  nummer: 1")
    content.replace("fasen.yaml", "- slug: niet-pluis\n  nummer: 1", "- slug: niet-pluis\n  nummer: 2")

    load_knowledge(folder=content.path)

    assert [phase.pk for phase in Phase.objects.all()][:2] == ["diagnose", "niet-pluis"]


def test_what_nothing_points_to_is_deleted(content):
    content.remove("hulpmiddelen.yaml", "- {slug: welke-professionals-helpen", "\n")
    content.remove("werkkaart.yaml", "- {slug: website-welke-professionals", "\n")

    report = load_knowledge(folder=content.path)

    assert not Resource.objects.filter(pk="welke-professionals-helpen").exists()
    assert report.removed == {
        "werkkaart_links": ["website-welke-professionals"],
        "hulpmiddelen": ["welke-professionals-helpen"],
    }


def test_what_is_still_used_is_kept_as_retired_and_can_return(content):
    organisation = make_organisation("Welzijn Zaanstad", municipalities=["GM0479"])
    service = make_service(organisation, "Samen fotoboeken maken", kinds=["levensverhaal"], municipalities=["GM0479"])
    content.remove("ondersteuning.yaml", "- slug: levensverhaal", "- slug: kleine-waardering")
    content.remove("synoniemen.yaml", "- woorden: [levensboek", "- woorden: [rotary")

    report = load_knowledge(folder=content.path)

    assert report.retired == {"ondersteuningsvormen": ["levensverhaal"]}
    assert report.removed == {"synoniemen": ["fotoboek", "herinneringen", "levensboek"]}
    assert "blijft bestaan omdat het nog gebruikt wordt: ondersteuningsvormen 1: levensverhaal" in str(report)
    assert [kind.pk for kind in service.kinds.all()] == ["levensverhaal"]
    assert not SupportKind.objects.current().filter(pk="levensverhaal").exists()
    assert not SupportKind.objects.referable().filter(pk="levensverhaal").exists()

    report = load_knowledge(everything=True)

    assert report.returned == {"ondersteuningsvormen": ["levensverhaal"]}
    assert SupportKind.objects.referable().filter(pk="levensverhaal").exists()


def test_what_is_retired_goes_once_nothing_uses_it_any_more(content):
    organisation = make_organisation("Welzijn Zaanstad", municipalities=["GM0479"])
    service = make_service(organisation, "Samen fotoboeken maken", kinds=["levensverhaal"], municipalities=["GM0479"])
    content.remove("ondersteuning.yaml", "- slug: levensverhaal", "- slug: kleine-waardering")
    content.remove("synoniemen.yaml", "- woorden: [levensboek", "- woorden: [rotary")
    load_knowledge(folder=content.path)
    service.kinds.clear()

    report = load_knowledge(folder=content.path, everything=True)

    assert report.removed == {"ondersteuningsvormen": ["levensverhaal"]}


def test_a_mistake_leaves_everything_as_it_was(content):
    content.replace("themas.yaml", "naam: Respijt en lucht", "naam: Respijt en adem")
    content.replace("verhalen.yaml", "fasen: [niet-pluis, diagnose]", "fasen: [niet-pluis, diagnoze]")

    with pytest.raises(ContentError):
        load_knowledge(folder=content.path)

    assert Theme.objects.get(pk="respijt-en-lucht").name == "Respijt en lucht"


def test_a_failure_half_way_leaves_everything_as_it_was(content, monkeypatch):
    content.replace("themas.yaml", "naam: Respijt en lucht", "naam: Respijt en adem")

    def fail(gone, report):
        assert Theme.objects.filter(name="Respijt en adem").exists()  # it was written, in this transaction
        raise RuntimeError("the computer stops")

    monkeypatch.setattr(actions, "take_leave", fail)
    before = LoadedContent.objects.get().digest
    with pytest.raises(RuntimeError):
        load_knowledge(folder=content.path)

    assert Theme.objects.get(pk="respijt-en-lucht").name == "Respijt en lucht"
    assert LoadedContent.objects.get().digest == before


def test_the_command_says_what_it_did(content, capsys):
    content.replace("themas.yaml", "naam: Respijt en lucht", "naam: Respijt en adem")

    call_command("load_knowledge", folder=content.path)

    assert "Gewijzigd: themas 1: respijt-en-lucht (naam)" in capsys.readouterr().out


def test_the_command_names_the_place_of_a_mistake(content):
    line = content.replace("themas.yaml", "naam: Respijt en lucht", "naam: 7")

    with pytest.raises(
        CommandError, match=rf"Er is niets geladen.*\ncontent/themas.yaml:{line}: bij 'naam' hoort tekst"
    ):
        call_command("load_knowledge", folder=content.path)


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_both_end_well(content):
    content.replace("sectoren.yaml", "sectoren:\n", "sectoren:\n- {slug: onderwijs, naam: Onderwijs}\n")
    content.remove("themas.yaml", "- {slug: eerst-luisteren", "- {slug: stap-verlicht")
    failures = []

    def load():
        try:
            load_knowledge(folder=content.path)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert Sector.objects.filter(pk="onderwijs").count() == 1
    assert not Tip.objects.filter(pk="eerst-luisteren").exists()
    assert Synonym.objects.exists()


def test_what_only_the_database_knows_to_be_used_is_kept_too(content):
    """As when row-level security hides the rows that use it from the one who loads."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE elsewhere (tip varchar(60) REFERENCES knowledge_tip DEFERRABLE INITIALLY DEFERRED)"
        )
        cursor.execute("INSERT INTO elsewhere VALUES ('eerst-luisteren')")
    content.remove("themas.yaml", "- {slug: eerst-luisteren", "- {slug: stap-verlicht")

    report = load_knowledge(folder=content.path)

    assert report.retired == {"tips": ["eerst-luisteren"]}
    assert not report.removed
