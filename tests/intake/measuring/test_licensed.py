"""Questions that an organisation has a licence for: loaded as a file, asked one by one, counted by the stated rules."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from intake.measuring import actions
from intake.models import LicensedItems, Screening
from knowledge.models import Instrument
from mantelzorg.refusal import Refused
from tests.factories import make_caregiver
from tests.intake.conftest import words

CSI = "/team/vragenlijsten/csi/"


@pytest.fixture
def anna(sender):
    return make_caregiver(sender, "Anna de Boer")


def loaded(by, slug="csi", count=13) -> LicensedItems:
    texts = [f"Verzonnen vraag nummer {number}" for number in range(1, count + 1)]
    return actions.load_items(instrument=Instrument.objects.get(pk=slug), by=by, texts=texts, version="Proef, 2026")


def file_of(lines: list[str] | bytes, name="vragen.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, lines if isinstance(lines, bytes) else "\r\n".join(lines).encode())


def sent(**more) -> dict:
    lines = [f"Vraag {number}" for number in range(1, 14)]
    return {"file": file_of(lines), "version": "Proef, 2026", "is_licensed": "on"} | more


def filled(counts: list[int], **more) -> dict:
    answers = {str(number): str(choice) for number, choice in enumerate(counts, 1)}
    return {"form_key": str(uuid.uuid4()), "taken_on": timezone.localdate().isoformat(), **answers, **more}


# Loading ------------------------------------------------------------------------------------------------------------


def test_the_beheerder_loads_a_file_and_takes_it_away_again(client_of, beheerder, looks):
    browser = client_of(beheerder)
    browser.post(CSI, sent())
    items = LicensedItems.objects.get()
    assert (len(items.texts), items.texts[0], items.version) == (13, "Vraag 1", "Proef, 2026")
    assert items.organisation_id == beheerder.organisation_id
    assert "Geladen" in words(browser.get("/team/vragenlijsten/"))
    browser.post(CSI, sent(version="Beter, 2027"))  # in place of the first
    assert LicensedItems.objects.get().version == "Beter, 2027"
    browser.post(f"{CSI}weghalen/")
    assert not LicensedItems.objects.exists()
    assert looks(beheerder, object_type="intake.licenseditems").count() == 3


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"file": file_of(["Een", "Twee"])}, "heeft 13 vragen. In dit bestand staan er 2."),
        ({"file": file_of(b"\xff\xfe\x00")}, "geen tekstbestand in UTF-8"),
        ({"file": file_of(["Vraag\x00"] * 13)}, "tekens die geen tekst zijn"),
        ({"file": file_of(["x" * 401] * 13)}, "hoogstens 400 tekens"),
        ({"file": file_of(b"x" * 20_001)}, "te groot"),
        ({"file": file_of(b"")}, "Dit bestand is leeg."),
        ({"file": ""}, "Kies een bestand."),
        ({"version": ""}, "Vul in welke versie dit is."),
        ({"is_licensed": ""}, "toestemming hebben van wie de rechten heeft"),
    ],
)
def test_what_is_wrong_with_it_is_said_and_nothing_is_kept(client_of, beheerder, data, said):
    assert said in words(client_of(beheerder).post(CSI, sent(**data)))
    assert not LicensedItems.objects.exists()


@pytest.mark.parametrize("slug", ["carerqol-7d", "zbi-22", "mantelscan", "bestaat-niet"])
def test_of_others_nothing_can_be_loaded(client_of, beheerder, slug):
    assert client_of(beheerder).get(f"/team/vragenlijsten/{slug}/").status_code == 404


def test_only_the_beheerder_loads(client_of, sender, beheerder):
    assert client_of(sender).get(CSI).status_code == 404
    with pytest.raises(Refused, match="Alleen de beheerder"):
        loaded(sender)


# Asking -------------------------------------------------------------------------------------------------------------


def test_they_are_asked_one_by_one_and_counted_by_the_rule(client_of, sender, beheerder, anna):
    loaded(beheerder)
    browser, address = client_of(sender), f"/mantelzorgers/{anna.pk}/metingen/nieuw/csi/"
    assert "Verzonnen vraag nummer 13" in words(browser.get(address))
    browser.post(address, filled([0] * 9 + [1] * 4))  # ja is the first answer: nine times one point
    screening = Screening.objects.get()
    assert (screening.total, screening.version, screening.is_over) == (9, "Proef, 2026", True)
    assert screening.answers == {str(number): int(number <= 9) for number in range(1, 14)}


@pytest.mark.parametrize(
    ("choices", "total"), [([0] * 9, 0), ([1] * 9, 0), ([2] * 9, 9), ([4, 3, 2, 1, 0, 0, 0, 0, 0], 3)]
)
def test_of_the_ediz_min_of_meer_counts_too(client_of, sender, beheerder, anna, choices, total):
    """Pot, van Dyck, Deeg (1995): min of meer, ja and ja! are a point each."""
    loaded(beheerder, "ediz", 9)
    client_of(sender).post(f"/mantelzorgers/{anna.pk}/metingen/nieuw/ediz/", filled(choices))
    assert Screening.objects.get().total == total


def test_without_one_answer_there_is_no_score_and_nothing_is_lost(client_of, sender, beheerder, anna):
    loaded(beheerder)
    data = filled([0] * 12, note="Blijft staan")
    answer = client_of(sender).post(f"/mantelzorgers/{anna.pk}/metingen/nieuw/csi/", data)
    assert "Zonder dit antwoord is er geen score." in words(answer)
    assert "Blijft staan" in answer.text
    assert not Screening.objects.exists()


def test_a_score_counted_on_paper_is_still_possible(client_of, sender, beheerder, anna):
    loaded(beheerder)
    address = f"/mantelzorgers/{anna.pk}/metingen/nieuw/csi/?hoe=score"
    assert "Verzonnen vraag" not in client_of(sender).get(address).text
    client_of(sender).post(address, filled([], total="5"))
    assert Screening.objects.get().total == 5


def test_another_organisation_never_sees_them(client_of, outsider, beheerder):
    loaded(beheerder)
    ben = make_caregiver(outsider, "Ben")
    assert "Verzonnen vraag" not in client_of(outsider).get(f"/mantelzorgers/{ben.pk}/metingen/nieuw/csi/").text


def test_points_that_no_answer_gives_are_refused(sender, anna):
    csi = Instrument.objects.get(pk="csi")
    with pytest.raises(Refused, match="niet de som"):
        actions.record_screening(
            caregiver=anna,
            by=sender,
            instrument=csi,
            version="1995",
            taken_on=timezone.localdate(),
            total=13,
            answers={"1": 13} | {str(number): 0 for number in range(2, 14)},
        )
