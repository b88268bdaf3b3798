"""What the portal knows: how much there is, how it hangs together, and which words it does not use."""

import re

import pytest
from django.db import IntegrityError, transaction

from knowledge.loading import CONTENT
from knowledge.models import (
    ConversationGuide,
    FinancingKind,
    Instrument,
    NationalOrganisation,
    Phase,
    PhaseInvolvement,
    Profession,
    Resource,
    Source,
    Story,
    SupportCategory,
    SupportKind,
    Synonym,
    Theme,
    Tip,
    WorkCardContribution,
    WorkCardOption,
    WorkCardStep,
)

pytestmark = pytest.mark.django_db


def test_how_much_there_is():
    assert Profession.objects.sheets().count() == 13
    assert Profession.objects.roles().count() == 15
    assert Phase.objects.count() == 6
    assert Theme.objects.count() == 9
    assert SupportCategory.objects.count() == 6
    assert SupportKind.objects.filter(own=False).count() == 31
    assert WorkCardStep.objects.count() == 9
    assert NationalOrganisation.objects.count() == 24
    assert Story.objects.count() == 6
    assert Tip.objects.count() == 10
    assert FinancingKind.objects.count() == 9
    assert ConversationGuide.objects.get().topics.count() == 3
    assert Instrument.objects.count() == 9
    assert WorkCardContribution.objects.filter(side="gemeente").count() == 6
    assert WorkCardContribution.objects.filter(side="ggz").count() == 7
    assert WorkCardOption.objects.count() == 6


def test_two_forms_of_support_are_our_own():
    own = SupportKind.objects.filter(own=True).values_list("slug", "name")

    assert dict(own) == {
        "gesprek-mantelzorgconsulent": "Gesprek met mantelzorgconsulent",
        "preventief-gesprek-pom": "Preventief gesprek (POM)",
    }


def test_ways_of_working_cannot_be_referred_to():
    working = set(SupportKind.objects.exclude(referable=True).values_list("slug", flat=True))

    assert working == {
        "een-aanspreekpunt",
        "mini-mdo",
        "warme-overdracht",
        "kleine-waardering",
        "vroegsignalering",
        "een-gezicht-een-verhaal",
        "warm-netwerk",
        "taal-timing-vertrouwen",
        "laagdrempelig",
    }
    assert SupportKind.objects.referable().count() == 24
    assert not SupportKind.objects.referable().filter(category="werkzame-principes").exists()


def test_the_forms_of_support_come_in_the_order_of_their_categories(django_assert_num_queries):
    with django_assert_num_queries(1):  # the kinds with their category
        numbers = [kind.category.number for kind in SupportKind.objects.referable()]

    assert numbers == sorted(numbers)


def test_a_sheet_is_complete():
    for profession in Profession.objects.sheets().for_page():
        assert profession.number in range(1, 14)
        assert profession.sectors.all()
        assert profession.when_to_involve
        assert profession.attention_points
        assert profession.chances
        assert profession.uses_by_part["hulpmiddelen"]
        assert profession.association_rows.all()
        assert profession.quote_function
        assert profession.sources.all()


def test_a_role_is_short_and_may_lead_to_a_sheet():
    for profession in Profession.objects.roles().for_page():
        assert profession.role
        assert profession.when_to_involve
        assert not profession.attention_points
        assert profession.sources.all()
    leads = dict(Profession.objects.roles().exclude(see_also=None).values_list("slug", "see_also"))
    assert leads == {
        "mantelzorgregisseur": "mantelzorgconsulent",
        "poh-ggz": "poh",
        "wijkverpleging-thuiszorg": "wijkverpleegkundige",
    }


def test_every_national_organisation_belongs_to_a_profession():
    assert not NationalOrganisation.objects.filter(professions=None).exists()


def test_the_phases_name_forms_of_support_as_ours_are_called():
    kinds = PhaseInvolvement.objects.exclude(support_kind=None).values_list("source_name", "support_kind")

    assert dict(kinds) == {
        "Lotgenoten contact": "lotgenotencontact",
        "Dagbesteding": "dagbesteding-duo",
        "Hulp bij huishouden": "wmo-voorzieningen",
        "Respijt- of logeerzorg": "logeerzorg",
    }


def test_a_phase_names_either_a_profession_or_a_form_of_support():
    phase = Phase.objects.get(pk="diagnose")
    for wrong in ({}, {"profession_id": "poh", "support_kind_id": "logeerzorg"}):
        with pytest.raises(IntegrityError, match="phase_names_a"), transaction.atomic():
            PhaseInvolvement.objects.create(phase=phase, order=99, source_name="x", **wrong)


def test_every_source_has_a_title_a_publisher_and_a_year():
    for source in Source.objects.all():
        assert source.name
        assert source.publisher
        assert source.year


def test_what_is_not_verified_has_no_link():
    unverified = Resource.objects.filter(unverified=True)

    assert unverified.exclude(url="").exists()
    assert [resource.href for resource in unverified] == [""] * len(unverified)
    assert [resource.host for resource in unverified] == [""] * len(unverified)
    for profession in Profession.objects.filter(quote_unverified=True):
        assert profession.quote_url
        assert profession.quote_href == ""


def test_left_over_links_of_the_sheets_were_not_taken_over():
    coordinator = Profession.objects.get(pk="coordinator-vrijwilligerswerk")

    assert not coordinator.resources.filter(pk__in=["edomah", "wie-is-wie-bij-dementie", "sofa-model"]).exists()


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("oppas", "respijt-aan-huis"),
        ("even vrij", "respijt-welzijn"),
        ("formulieren", "mantelzorgmakelaar"),
        ("logeerhuis", "logeerzorg"),
        ("regisseur", "gesprek-mantelzorgconsulent"),
        ("respijt", "logeerzorg"),
    ],
)
def test_everyday_words_lead_to_a_form_of_support(word, kind):
    assert Synonym.objects.get(pk=word).support_kinds.filter(pk=kind).exists()


@pytest.mark.parametrize(
    ("word", "profession"),
    [
        ("regisseur", "mantelzorgconsulent"),
        ("praktijkverpleegkundige", "poh"),
        ("dementieconsulent", "casemanager-dementie"),
        ("ouderenadviseur", "sociaal-werker"),
        ("klantmanager wmo", "wmo-consulent"),
    ],
)
def test_other_names_lead_to_a_profession(word, profession):
    assert Synonym.objects.get(pk=word).professions.filter(pk=profession).exists()


def shown_text() -> list[tuple[str, str]]:
    """What the files say, without comments and without the keys."""
    lines = []
    for path in sorted(CONTENT.rglob("*.yaml")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.lstrip().startswith("#"):
                lines.append((f"{path.name}: {line.strip()}", line))
    return lines


def test_a_caregiver_is_called_a_caregiver():
    """'Naaste' means the caregiver in mental health care and the other in dementia care: neither, in our own words.

    It stays in official names, in what people type, and where one line explains it.
    """
    official = re.compile(
        r"Familie-/naaste-ervaringsdeskundige|[Ww]erkkaart-naasten|naasten/mantelzorgers|zorgstandaard Naasten"
        r"|Zorgstandaard Naasten|zorgstandaard-naasten|ondersteunen van naasten|Wat heeft een naaste nodig"
        r"|Handvatten voor naasten|[Nn]aasten in kracht|naasten-in-kracht|naastenorganisaties|mantelzorger-en-naaste"
        r"|Mantelzorger en naaste|staat een naaste\. Wie|woorden: \[pom"
    )
    found = [where for where, line in shown_text() if re.search(r"naaste", line, re.I) and not official.search(line)]

    assert found == []


def test_nobody_is_a_case():
    """Nor is it said in the templates of the knowledge pages."""
    pages = (CONTENT.parents[1] / "templates" / "knowledge").rglob("*.html")
    said = [*shown_text(), *((page.name, page.read_text(encoding="utf-8")) for page in pages)]
    found = [where for where, text in said if re.search(r"\bcasus|\bcliënt(?!ondersteun)", text, re.I)]

    assert [where for where in found if "naastenorganisaties" not in where] == []


def test_nobody_is_called_a_client():
    official = re.compile(r"[Cc]li[eë]ntondersteun|Cliënten- en naastenorganisaties|ciz\.nl/client/")
    found = [where for where, line in shown_text() if re.search(r"cli[eë]nt", line, re.I) and not official.search(line)]

    assert found == []
