"""Forms as a person meets them: what a field says, how it is wired for a screen reader, what it takes and keeps."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.template import Context, Template

from mantelzorg import forms


class Recording(forms.Form):
    autocomplete_off = True

    name = forms.CharField(label="Hoe heet zij?")
    phone = forms.PhoneField(label="Veilig telefoonnummer", help_text="Een nummer waarop bellen kan.")
    email = forms.EmailField(label="E-mailadres", required=False)
    situation = forms.ChoiceField(
        label="Soort situatie",
        widget=forms.RadioSelect(attrs={"class": "choices--inline"}),
        choices=[("a", "A"), ("b", "B")],
    )
    agreed = forms.BooleanField(label="Voorgelezen en akkoord")
    once = forms.OnceField()


def rendered(form, template="{{ form }}"):
    return Template(template).render(Context({"form": form}))


def test_a_field_is_tied_to_its_label_its_description_and_its_error():
    html = rendered(Recording({"phone": "12"}), "{{ form.phone.as_field_group }}")
    assert '<label class="utrecht-form-label" for="id_phone">Veilig telefoonnummer</label>' in html
    assert 'id="id_phone_helptext"' in html
    assert 'id="id_phone_error"' in html
    assert 'aria-describedby="id_phone_helptext id_phone_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'type="tel"' in html


def test_a_field_without_mistakes_says_nothing_about_errors():
    html = rendered(Recording(), "{{ form.name.as_field_group }}")
    assert "aria-invalid" not in html
    assert "_error" not in html
    assert "required" not in html  # the browser's own bubbles are not ours to word


def test_what_may_be_left_out_says_so():
    html = rendered(Recording())
    assert html.count("(niet verplicht)") == 1
    assert "E-mailadres <span" in html


def test_a_search_form_does_not_call_every_field_optional():
    class Search(forms.Form):
        mark_optional = False
        q = forms.CharField(label="Zoek", required=False)

    assert "niet verplicht" not in rendered(Search())


def test_radios_are_a_group_with_a_legend_and_keep_the_wrappers_class_to_themselves():
    html = rendered(Recording({}), "{{ form.situation.as_field_group }}")
    assert '<fieldset class="choices" aria-describedby="id_situation_error">' in html
    assert "<legend>Soort situatie</legend>" in html
    assert html.count("choices--inline") == 1
    assert html.count('class="utrecht-radio-button"') == 2
    assert "aria-invalid" not in html  # not allowed on a radio; the group describes the error


def test_a_single_box_has_its_label_behind_it():
    html = rendered(Recording(), "{{ form.agreed.as_field_group }}")
    assert html.index('type="checkbox"') < html.index('for="id_agreed"')
    assert "checked" not in html


def test_the_browser_does_not_offer_another_caregivers_data():
    html = rendered(Recording())
    assert html.count('autocomplete="off"') == 3  # name, phone, email; on boxes and hidden fields it is not allowed


def test_the_summary_links_to_every_field_that_did_not_pass():
    form = Recording({"phone": "12"})
    form.add_error(None, "Dit aanbod zit vol.")
    html = rendered(form, "{% error_summary form %}")
    assert 'tabindex="-1"' in html
    assert "Pas deze 5 dingen aan" in html
    assert "Dit aanbod zit vol." in html
    assert '<a href="#id_name">Hoe heet zij? Vul dit in.</a>' in html
    assert '<a href="#id_situation_0">Soort situatie: Kies een antwoord.</a>' in html
    assert '<a href="#id_agreed">Voorgelezen en akkoord: Zet hier een vinkje om verder te gaan.</a>' in html


def test_there_is_no_summary_before_something_was_sent():
    assert rendered(Recording(), "{% error_summary form %}").strip() == ""


def test_the_summary_takes_formsets_too():
    formset = forms.formset_factory(Recording, extra=1)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-name": "x"}
    )
    html = rendered(formset, "{% error_summary form %}")
    assert 'href="#id_form-0-phone"' in html


def test_a_title_starts_with_fout_when_any_form_of_the_page_did_not_pass():
    page = Template("<title>{% error_prefix %}Nieuw</title>")
    assert page.render(Context({"whatever": Recording({})})) == "<title>Fout: Nieuw</title>"
    assert page.render(Context({"whatever": Recording()})) == "<title>Nieuw</title>"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("06 12345678", "06 12345678"),
        ("0612345678", "06 12345678"),
        ("+31 6 1234 5678", "06 12345678"),
        ("0031612345678", "06 12345678"),
        ("+31 (0)6-12345678", "06 12345678"),
        ("06 00000001", "06 00000001"),
        ("075 555 0123", "075 555 0123"),
        ("(075) 555-0123", "075 555 0123"),
        ("0800 1234", "0800 1234"),
        ("+32 470 12 34 56", "+32 470 12 34 56"),
    ],
)
def test_a_phone_number_is_kept_the_way_people_here_read_it(typed, kept):
    assert forms.PhoneField().clean(typed) == kept


@pytest.mark.parametrize(
    "typed", ["12", "06-1234567", "06 1234 56789", "zaanstad", "06 BEL NU 11", "+31", "06 12345678 thuis"]
)
def test_a_phone_number_that_cannot_be_right_is_refused_with_an_example(typed):
    with pytest.raises(ValidationError, match="06 12345678"):
        forms.PhoneField().clean(typed)


@pytest.mark.parametrize("typed", ["1506AB", "1506 ab", " 1506  AB "])
def test_a_postcode_is_kept_in_one_way(typed):
    assert forms.PostcodeField().clean(typed) == "1506 AB"


@pytest.mark.parametrize("typed", ["1506", "0506 AB", "15O6 AB", "1506 SS", "1506 ABC"])
def test_a_postcode_that_cannot_be_right_is_refused_with_an_example(typed):
    with pytest.raises(ValidationError, match="1506 AB"):
        forms.PostcodeField().clean(typed)


def test_an_email_address_is_no_longer_than_a_row_can_keep():
    part = "a" * 60
    assert forms.EmailField().clean(f"{part}@{part}.{part}.{part}.example")[-1] == "e"
    with pytest.raises(forms.ValidationError, match="254"):
        forms.EmailField().clean(f"{part}@{part}.{part}.{part}.{part}.example")


def test_an_email_address_that_cannot_be_right_is_refused_with_an_example():
    with pytest.raises(ValidationError, match=r"naam@voorbeeld\.nl"):
        forms.EmailField().clean("naam@praktijk")


def test_text_is_kept_as_typed():
    typed = "“Ik kan niet meer” 😔\r\nمرحبا\rو \u2013 klaar" + "x" * 5000
    kept = forms.TextField().clean(typed)
    assert kept == typed.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("typed", ["\u200b", "\ufeff \n", "\u200d\u200e", "\u202e\x07", "\u00ad"])
def test_what_nobody_can_see_is_no_text(typed):
    with pytest.raises(ValidationError):
        forms.TextField().clean(typed)


def test_what_turns_a_text_around_or_rings_goes_and_what_joins_letters_stays():
    assert forms.TextField().clean("a\u202eb\x1b[31m\x07c\u200b") == "ab[31mc"
    for typed in ("می\u200cخواهم", "👩\u200d👩\u200d👧", "een\ttab", "café"):
        assert forms.TextField().clean(typed) == typed
    with pytest.raises(ValidationError):
        forms.TextField().clean("a\x00b")


def test_line_ends_do_not_count_twice_against_the_longest_length():
    assert forms.TextField(max_length=3).clean("a\r\nb") == "a\nb"


def test_a_date_may_be_typed_the_dutch_way():
    assert forms.DateField().clean("27-03-2026") == datetime.date(2026, 3, 27)
    assert forms.DateField().clean("2026-03-27") == datetime.date(2026, 3, 27)
    with pytest.raises(ValidationError, match="27-03-2026"):
        forms.DateField().clean("31-02-2026")


def test_yes_and_no_are_answers_and_silence_is_neither():
    assert forms.YesNoField().clean("ja") is True
    assert forms.YesNoField().clean("nee") is False
    assert forms.YesNoField(required=False).clean("") is None
    with pytest.raises(ValidationError):
        forms.YesNoField().clean("")


def test_the_answer_yes_is_shown_again():
    class Question(forms.Form):
        rush = forms.YesNoField(label="Haast?")

    html = rendered(Question(initial={"rush": False}))
    assert 'value="nee" class="utrecht-radio-button" id="id_rush_1" checked' in html


def test_a_form_has_one_key_for_as_long_as_it_is_filled_in():
    first = Recording()
    key = str(first["once"].value())
    again = Recording({"once": key})
    again.full_clean()
    assert f'value="{key}"' in rendered(first)
    assert f'value="{key}"' in rendered(again)
    assert str(again.cleaned_data["once"]) == key


@pytest.mark.parametrize("sent", ["", "geen sleutel"])
def test_a_lost_key_is_replaced_and_never_an_error(sent):
    assert forms.OnceField().clean(sent).version == 7


def test_a_hostile_value_comes_back_as_text():
    html = rendered(Recording({"name": '"><script>alert(1)</script>'}))
    assert "<script>" not in html
