"""The forms of passing on: a new caregiver with her first referral on one page, and a referral of one we know.

Both can be sent, kept as a draft or (a new caregiver) saved without a referral. What is not needed for the button that
was pressed is not asked for, but it is kept: see `Step`.
"""

from collections.abc import Iterable
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils import timezone

from intake.doubles import Double, possible_doubles
from intake.forms import CHOOSE, UNDECIDED, UNDECIDED_IN_WORDS, by_category
from intake.models import OF_A_REFERRAL, Caregiver, ConsentItem, Need, Relation, SituationKind
from intake.place import PlaceForm
from knowledge.models import Phase, SupportKind
from mantelzorg import forms
from referrals.forms.consent import NEEDED, ConsentForm, SaysWhatHasWords
from referrals.matching import THINKS_ALONG, About, Suggestions, about_her, suggest
from referrals.models import Referral, WarmMode
from referrals.transitions import Urgency
from sociale_kaart.models import Municipality, Service
from trail.actions import made_before


class Step(StrEnum):
    """The button that was pressed."""

    OFFER = "aanbod"  # show what fits: nothing is checked, nothing is stored
    SEND = "verstuur"
    DRAFT = "concept"
    SAVE = "bewaar"  # without a referral
    DISCARD = "weg"

    @classmethod
    def _missing_(cls, value):
        return cls.OFFER


TO_AGREE = {"items", "shown", "agreed", "how_given", "guardian", "guardian_note", "handover_read"}
TO_REFER = {"service", "handover_text", "urgency", "warm_mode", "warm_with", "warm_on", "target_groups"}
NOT_LOOKED_AT = {Step.SEND: set(), Step.DRAFT: TO_AGREE, Step.SAVE: TO_AGREE | TO_REFER}
A_STORY = {"handover_text", "handover_read"}  # goes to who keeps a file
MAY_BE_EMPTY = {Step.SEND: set(), Step.DRAFT: {"handover_text"}, Step.SAVE: {"kind"}}


class SlugsField(forms.MultipleChoiceField):
    """Which of these may be chosen depends on the service: `referral_details` keeps only what it asks about."""

    def valid_value(self, value):
        return True


class PassingOnForm(ConsentForm):
    """What she asks, to which service, the handover and her consent: what both pages share."""

    form_key = forms.OnceField()
    kind = forms.ChoiceField(
        label="Wat vraagt zij?",
        error_messages={"required": "Kies wat zij vraagt, of kies “nog samen uitzoeken”."},
        widget=forms.Select,
    )
    words = forms.TextField(
        label="In haar eigen woorden",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    zoek = forms.CharField(label="Zoek op een woord", required=False, max_length=100)
    service = forms.CharField(
        label="Aanbod",
        error_messages={"required": "Kies naar wie je haar verwijst."},
        widget=forms.RadioSelect,
    )
    target_groups = SlugsField(label="Doelgroepen", required=False)
    handover_text = forms.TextField(
        label="Overdracht",
        help_text="Wat zij niet twee keer wil vertellen. Houd het kort. Geen medische gegevens.",
        max_length=4000,
        error_messages={"required": "Schrijf een korte overdracht, dan hoeft zij haar verhaal niet opnieuw te doen."},
    )
    handover_read = forms.BooleanField(
        label="Ik las de overdracht aan haar voor",
        error_messages={"required": "Lees de overdracht aan haar voor en vink dat aan."},
    )
    urgency = forms.ChoiceField(
        label="Spoed",
        choices=[(Urgency.NORMAL, "Gewoon: antwoord binnen 2 werkdagen"), (Urgency.URGENT, "Spoed: binnen 1 werkdag")],
        initial=Urgency.NORMAL,
        widget=forms.RadioSelect,
    )
    warm_mode = forms.ChoiceField(
        label="Hoe draag je warm over?",
        choices=[(mode.value, mode.label[:1].upper() + mode.label[1:]) for mode in WarmMode],
        initial=WarmMode.RECEIVER_CALLS,
        widget=forms.RadioSelect,
    )
    warm_with = forms.CharField(label="Alleen als je de ontvanger belde: wie sprak je?", max_length=120)
    warm_on = forms.DateField(label="Alleen als je de ontvanger belde: wanneer?")

    FOLDED_REFERRAL = ("urgency", "warm_mode", "warm_with", "warm_on")

    def __init__(self, *args, by, step: Step = Step.SEND, **kwargs):
        super().__init__(*args, **kwargs)
        self.sent_in = self.data  # as it came: what is no longer as she agreed to, is taken out of `data`
        self.by, self.step = by, step
        self.fields["items"].widget.is_offered = lambda item: item in NEEDED or not self.without_file
        self.fields["kind"].choices = self._kind_choices  # asked of the database when they are needed: not for a piece

    @classmethod
    def as_typed(cls, data, **kwargs):
        """What was typed so far, without saying what is wrong with it."""
        typed = {name: field.widget.value_from_datadict(data, {}, name) for name, field in cls.base_fields.items()}
        form = cls(initial=typed, **kwargs)
        if typed["agreed"] and not form.is_as_shown(typed["shown"]):
            form.initial["agreed"], form.asks_again = False, True
        return form

    def begin_with(self, service: str) -> None:
        """Opened from the page of a service: that one is chosen and, if she asks nothing yet, what it gives."""
        self.initial["service"] = service
        if self.chosen is not None and "needs" not in self.fields:
            self.initial["kind"] = next((kind.pk for kind in self.chosen.kinds.referable()), "")

    @cached_property
    def kinds(self) -> dict[str, SupportKind]:
        return {kind.pk: kind for kind in SupportKind.objects.referable()}

    def _kind_choices(self) -> list:
        return [CHOOSE, (UNDECIDED, UNDECIDED_IN_WORDS), *by_category(self.kinds.values())]

    def may_be_empty(self) -> set[str]:
        empty = super().may_be_empty() | NOT_LOOKED_AT[self.step] | MAY_BE_EMPTY[self.step] | {"warm_with", "warm_on"}
        return empty | A_STORY if self.without_file else empty

    def full_clean(self):
        super().full_clean()
        for name in NOT_LOOKED_AT[self.step] | (A_STORY if self.without_file else set()):
            self._errors.pop(name, None)

    def clean_service(self) -> Service | None:
        if self.cleaned_data["service"] and self.chosen is None:
            raise forms.ValidationError("Dit aanbod staat niet meer in de sociale kaart. Kies een ander aanbod.")
        return self.chosen

    def clean_warm_on(self):
        day = self.cleaned_data["warm_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError("Deze dag moet nog komen. Kies de dag waarop je belde.")
        return day

    def clean(self):
        cleaned = super().clean()
        if self.step is Step.SEND and cleaned.get("warm_mode") == WarmMode.CALLED_RECEIVER:
            if not cleaned.get("warm_with"):
                self.add_error("warm_with", "Schrijf op wie je sprak.")
            if not cleaned.get("warm_on") and "warm_on" not in self.errors:
                self.add_error("warm_on", "Vul in op welke dag je belde.")
        return cleaned

    @property
    def without_file(self) -> bool:
        return self.chosen is not None and self.chosen.zonder_dossier

    def has_something_to_share(self, item: str) -> bool:
        return item in NEEDED if self.without_file else self.is_there(item)

    def is_there(self, item: str) -> bool:
        """Whether there is something of this to share with who keeps a file."""
        return item != ConsentItem.HANDOVER or self._is_filled_in("handover_text")

    def _is_filled_in(self, name: str) -> bool:
        value = self[name].value()
        return value is not None and str(value).strip() != ""

    # What the actions ask --------------------------------------------------------------------------------------------

    @property
    def key(self) -> UUID:
        return self.cleaned_data["form_key"]

    def digest(self) -> str:
        """The same words as they were sent: which fields there are depends on what was made of them the first time."""
        typed = {name: self.sent_in.getlist(name) for name in self.base_fields if name != "form_key"}
        return forms.digest_of(typed, self.step)

    def was_made(self, *, verb: str) -> UUID | None:
        """What this very form made when it arrived earlier. Asked when it is in order no more, because of that."""
        if not self.is_bound:
            return None
        key = self.fields["form_key"].clean(self.data.get("form_key"))
        return made_before(key=key, verb=verb, by=self.by, digest=self.digest())

    def need_details(self) -> dict[str, Any] | None:
        """The need that was typed, if one was: only words and no kind is a need to find out together."""
        kind, words = self.cleaned_data.get("kind", ""), self.cleaned_data["words"]
        return {"kind": self.kinds.get(kind), "words": words} if kind or words else None

    def referral_details(self) -> dict[str, Any] | None:
        if self.step is Step.SAVE:
            return None
        service = self.cleaned_data["service"]
        asks = service.asks_target_groups and not self.without_file
        asked = set(self.cleaned_data["target_groups"]) if asks else set()
        called = self.cleaned_data["warm_mode"] == WarmMode.CALLED_RECEIVER
        return {
            "service": service,
            "target_groups": [group for group in service.target_groups.all() if group.pk in asked] if asked else [],
            "handover_text": self.cleaned_data.get("handover_text", ""),
            "urgency": self.cleaned_data["urgency"],
            "warm_mode": self.cleaned_data["warm_mode"],
            "warm_with": self.cleaned_data["warm_with"] if called else "",
            "warm_on": self.cleaned_data["warm_on"] if called else None,
        }

    def agreement(self) -> dict[str, Any] | None:
        """The arguments of `send`; None when this is not sent now."""
        if self.step is not Step.SEND:
            return None
        return {**self.consent_details(), "handover_read": self.cleaned_data["handover_read"] and not self.without_file}

    # What the page shows ---------------------------------------------------------------------------------------------

    @cached_property
    def chosen(self) -> Service | None:
        """The service that is chosen so far, as long as it is published."""
        slug = forms.slug_or_nothing(self["service"].value())
        return Service.objects.published().select_related("organisation").filter(slug=slug).first() if slug else None

    @property
    def receiver(self) -> str:
        return self.chosen.organisation.name if self.chosen else super().receiver

    @cached_property
    def ticked_target_groups(self) -> set[str]:
        return set(self["target_groups"].value() or [])

    @property
    def unfold_referral(self) -> bool:
        return self._differs(self.FOLDED_REFERRAL)

    def _differs(self, names: Iterable[str]) -> bool:
        """Whether something in a folded part was filled in or is wrong: then it opens by itself."""
        return any(self[name].errors or (self[name].value() or "") != (self._usual(name) or "") for name in names)

    def _usual(self, name: str):
        return self.fields[name].initial

    def asked_kinds(self) -> list[str]:
        kind = forms.slug_or_nothing(self["kind"].value())
        return [THINKS_ALONG if kind == UNDECIDED else kind] if kind else []

    def where(self) -> list[str]:
        raise NotImplementedError

    def about(self) -> About:
        raise NotImplementedError

    def prefers_free(self) -> bool:
        return False

    def her_words(self) -> str:
        """What she asks in her own words, as far as that was kept: what is being typed is not sent along for this."""
        return ""

    def running(self) -> dict[UUID, UUID]:
        return {}

    @cached_property
    def offer(self) -> Suggestions:
        return suggest(
            municipalities=self.where(),
            kinds=self.asked_kinds(),
            about=self.about(),
            prefers_free=self.prefers_free(),
            words=self.her_words(),
            text=self["zoek"].value() or "",
            chosen=self.chosen,
            running=self.running(),
        )


class NewCaregiverForm(PlaceForm, PassingOnForm):
    """Eight questions to a sent referral."""

    name = forms.CharField(label="Naam", max_length=200, error_messages={"required": "Vul haar naam in."})
    phone = forms.PhoneField(
        label="Veilig telefoonnummer",
        help_text="Waarop zij vrij kan praten.",
        error_messages={"required": "Vul een telefoonnummer in waarop zij vrij kan praten."},
    )
    safe_moment = forms.CharField(
        label="Goed moment om te bellen",
        help_text="Bijvoorbeeld: dinsdag na 10 uur.",
        required=False,
        max_length=200,
    )
    not_when_other_is_there = forms.BooleanField(label="Liever niet als de ander erbij is", required=False)
    relation = forms.ChoiceField(
        label="Zij zorgt voor",
        choices=[CHOOSE, *Relation.choices],
        error_messages={"required": "Kies voor wie zij zorgt."},
    )
    situation_kind = forms.ChoiceField(
        label="Wat speelt er?",
        choices=[CHOOSE, *SituationKind.choices],
        error_messages={"required": "Kies wat er speelt, of “zegt zij liever niet”."},
    )
    phase = forms.ChoiceField(label="Alleen bij dementie: in welke fase?", required=False)
    email = forms.EmailField(label="E-mailadres", required=False)
    burden = forms.IntegerField(
        label="Hoe zwaar is het nu?",
        help_text="Haar eigen antwoord, van 0 (niet zwaar) tot 10 (heel zwaar).",
        required=False,
        min_value=0,
        max_value=10,
        error_messages={
            "invalid": "Vul een heel getal in van 0 tot 10.",
            "min_value": "Vul een heel getal in van 0 tot 10.",
            "max_value": "Vul een heel getal in van 0 tot 10.",
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w-xs"}),
    )
    under_16 = forms.BooleanField(label="Zij is jonger dan 16 jaar", required=False)
    really_new = forms.BooleanField(label="Dit is iemand anders", required=False)

    field_order = (
        "name",
        "phone",
        "safe_moment",
        "not_when_other_is_there",
        "really_new",
        "postcode",
        "municipality",
        "relation",
        "situation_kind",
        "phase",
        "email",
        "burden",
        "under_16",
        "kind",
        "words",
        "zoek",
        "service",
        "target_groups",
        "urgency",
        "warm_mode",
        "warm_with",
        "warm_on",
        "handover_text",
        "items",
        "handover_read",
        "agreed",
        "how_given",
        "guardian",
        "guardian_note",
    )
    FOLDED_PERSON = ("email", "burden", "under_16")
    SHARED_FROM = {
        ConsentItem.EMAIL: "email",
        ConsentItem.PHASE: "phase",
        ConsentItem.BURDEN: "burden",
        ConsentItem.WORDS: "words",
        ConsentItem.HANDOVER: "handover_text",
    }
    doubles: list[Double] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["phase"].choices = self._phase_choices
        self.fields["items"].widget.comes_from = self.SHARED_FROM

    @cached_property
    def phases(self) -> dict[str, Phase]:
        return {phase.pk: phase for phase in Phase.objects.current()}

    def _phase_choices(self) -> list[tuple[str, str]]:
        phases = self.phases.values()
        return [("", "Niet gevraagd"), *((phase.pk, f"{phase.number}. {phase.name}") for phase in phases)]

    def is_under_16(self) -> bool:
        return bool(self.cleaned_data.get("under_16"))

    def clean(self):
        cleaned = super().clean()
        if {"name", "phone", "postcode"} <= cleaned.keys() and not cleaned["really_new"]:
            self.doubles = possible_doubles(
                self.by, name=cleaned["name"], phone=cleaned["phone"], postcode=cleaned["postcode"]
            )
            if self.doubles:
                self.add_error("really_new", "Kijk of zij er al staat. Is zij iemand anders? Vink dit dan aan.")
        return cleaned

    def is_there(self, item: str) -> bool:
        if item == ConsentItem.PHASE and not self.is_dementia:
            return False
        return item not in self.SHARED_FROM or self._is_filled_in(self.SHARED_FROM[item])

    @property
    def is_dementia(self) -> bool:
        return self["situation_kind"].value() == SituationKind.DEMENTIA

    def arguments(self) -> dict[str, Any]:
        """The arguments of `record_and_refer`, once the form is valid."""
        cleaned = self.cleaned_data
        person = {
            name: cleaned[name]
            for name in (
                "name",
                "phone",
                "email",
                "safe_moment",
                "not_when_other_is_there",
                "postcode",
                "relation",
                "situation_kind",
                "under_16",
            )
        }
        person["municipality"] = self.chosen_municipality()
        return {
            "key": self.key,
            "person": person,
            "phase": self.phases.get(cleaned["phase"]) if cleaned["phase"] and self.is_dementia else None,
            "burden": cleaned["burden"],
            "need": self.need_details(),
            "details": self.referral_details(),
            "agreement": self.agreement(),
            "digest": self.digest(),
        }

    # What the page shows ---------------------------------------------------------------------------------------------

    @property
    def unfold_person(self) -> bool:
        return self._differs(self.FOLDED_PERSON)

    @property
    def found_municipality(self) -> Municipality | None:
        return None if "municipality" in self.fields else next(iter(self.municipalities.values()), None)

    def where(self) -> list[str]:
        """One municipality, or the few in which her postcode lies; none while we do not know."""
        asked = self.fields.get("municipality")
        chosen = self["municipality"].value() if asked else None
        if chosen in self.municipalities:
            return [chosen]
        anywhere = asked is not None and not isinstance(asked.widget, forms.RadioSelect)
        return [] if anywhere else list(self.municipalities)

    def about(self) -> About:
        return About(
            relation=self["relation"].value() or "",
            situation=self["situation_kind"].value() or "",
            phase=forms.slug_or_nothing(self["phase"].value()) if self.is_dementia else "",
            is_young=bool(self["under_16"].value()),
        )


class NeedsToTick(SaysWhatHasWords, forms.CheckboxSelectMultiple):
    pass


class ReferForm(PassingOnForm):
    """A referral of a caregiver we know: of needs she has, or of a new one. Also to go on with a draft."""

    needs = forms.MultipleChoiceField(
        label="Waarvoor verwijs je haar?",
        widget=NeedsToTick,
        error_messages={
            "invalid_choice": "Een hulpvraag die je koos, loopt al via een andere verwijzing of is al afgesloten."
        },
    )

    field_order = (
        "needs",
        "kind",
        "words",
        "zoek",
        "service",
        "target_groups",
        "urgency",
        "warm_mode",
        "warm_with",
        "warm_on",
        "handover_text",
        "items",
        "handover_read",
        "agreed",
        "how_given",
        "guardian",
        "guardian_note",
    )

    def __init__(self, *args, caregiver: Caregiver, draft: Referral | None = None, need: str = "", **kwargs):
        self.caregiver, self.draft = caregiver, draft
        self.open_needs = list(Need.objects.for_user(kwargs["by"]).open_of(caregiver))
        self.free_needs = {str(need.pk): need for need in self.open_needs if not need.on_referral}
        super().__init__(*args, under_16=caregiver.under_16, items=_items_of(caregiver), **kwargs)
        self.fields["items"].widget.comes_from = {ConsentItem.WORDS: "words", ConsentItem.HANDOVER: "handover_text"}
        self.fields["needs"].choices = [(pk, _described(need)) for pk, need in self.free_needs.items()]
        self.fields["needs"].widget.with_words = {pk for pk, need in self.free_needs.items() if need.words}
        if not self.free_needs:
            del self.fields["needs"]
        is_fresh = not self.is_bound and draft is None and "handover_text" not in self.initial
        self.initial = self._to_begin_with(need) | self.initial
        self.told_before = self._told_before() if is_fresh else None

    def may_be_empty(self) -> set[str]:
        return super().may_be_empty() | {"needs", "kind"}  # one of both; `clean` asks for it

    def _to_begin_with(self, need: str) -> dict[str, Any]:
        """What the draft says; otherwise the need that was asked for, or the only one there is."""
        if self.draft is None:
            only = list(self.free_needs) if len(self.free_needs) == 1 else []
            return {"needs": [need] if need in self.free_needs else only}
        draft = self.draft
        return {
            "needs": [str(link.need_id) for link in draft.referral_needs.all()],
            "service": draft.service.slug,
            "target_groups": [group.pk for group in draft.target_groups.all()],
            "handover_text": draft.handover_text,
            "urgency": draft.urgency,
            "warm_mode": draft.warm_mode,
            "warm_with": draft.warm_with,
            "warm_on": draft.warm_on,
        }

    def _told_before(self) -> Referral | None:
        """She tells her story once: what the last referral of this need said is there to begin with, to read again."""
        need = self.free_needs.get(next(iter(self.initial["needs"]), ""))
        last = Referral.objects.sent_by(self.by).last_of(need) if need else None
        if last is not None and last.without_file:
            return None  # that one told nothing
        if last is not None:
            names = ("handover_text", "urgency", "warm_mode")
            self.initial = {name: getattr(last, name) for name in names} | self.initial
        return last

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("needs") and not cleaned.get("kind") and not cleaned.get("words"):
            without = {"needs", "kind"} & self.errors.keys()
            if not without:
                self.add_error("needs" if "needs" in self.fields else "kind", "Kies waarvoor je haar verwijst.")
        return cleaned

    def is_there(self, item: str) -> bool:
        if item == ConsentItem.WORDS:
            return self._is_filled_in("words") or any(need.words for need in self.needs_so_far)
        return super().is_there(item)

    def _ticked(self) -> list[Need]:
        return [self.free_needs[pk] for pk in self.cleaned_data.get("needs", [])]

    def arguments(self) -> dict[str, Any]:
        """The arguments of `refer_known` and `go_on`, once the form is valid."""
        return {
            "key": self.key,
            "needs": self._ticked(),
            "need": self.need_details(),
            "details": self.referral_details(),
            "agreement": self.agreement(),
            "digest": self.digest(),
        }

    # What the page shows ---------------------------------------------------------------------------------------------

    @property
    def unfold_new_need(self) -> bool:
        return not self.free_needs or self._differs(("kind", "words"))

    @property
    def carried_needs(self) -> list[Need]:
        return [need for need in self.open_needs if need.on_referral]

    @property
    def needs_so_far(self) -> list[Need]:
        ticked = (self["needs"].value() or []) if "needs" in self.fields else []
        return [self.free_needs[pk] for pk in map(str, ticked) if pk in self.free_needs]

    @property
    def first_need(self) -> str:
        return str(self.needs_so_far[0].pk) if self.needs_so_far else ""

    def asked_kinds(self) -> list[str]:
        kinds = [need.kind_id or THINKS_ALONG for need in self.needs_so_far]
        return list(dict.fromkeys([*kinds, *super().asked_kinds()]))

    def about(self) -> About:
        return about_her(self.caregiver)

    def prefers_free(self) -> bool:
        return any(need.prefers_free for need in self.needs_so_far)

    def her_words(self) -> str:
        return " ".join(need.words for need in self.needs_so_far if need.kind_id)

    def where(self) -> list[str]:
        return [self.caregiver.municipality_id]

    def running(self) -> dict[UUID, UUID]:
        return Referral.objects.for_user(self.by).running_per_service(self.caregiver)


def _items_of(caregiver: Caregiver) -> list[str]:
    """What there is of her to share; her words and the handover are of the page itself."""
    missing = {
        ConsentItem.EMAIL: not caregiver.email,
        ConsentItem.PHASE: caregiver.phase_id is None,
        ConsentItem.BURDEN: caregiver.burden is None,
    }
    return [item.value for item in OF_A_REFERRAL if not missing.get(item)]


def _described(need: Need) -> str:
    return f"{need.kind_name}: {need.words}" if need.words else need.kind_name
