"""A mini-MDO: three or four professionals who talk once about one caregiver, and what they agree.

Who is of another organisation sees of it what the caregiver agreed to, as long as she does. That is why it is in four
tables, for row-level security shows a row whole or not at all: the meeting, who is invited to it (which its guests know
of each other), what is shared with each guest (which is hers, and opens the meeting to her), and the agreements.
"""

import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from accounts.models import IsAnyOf, Membership
from intake.models import Caregiver, ConsentItem
from intake.models.caregivers import GROUND, RETENTION
from mantelzorg import triggers
from mantelzorg.ids import uuid7
from mantelzorg.personal import PersonalFields

MOST_POINTS = 5
MOST_GUESTS = 3
FEWEST_GUESTS = 2
MOST_AGREEMENTS = 10  # and texts are short: the report is one page
WHO_SHE_IS = ("member__user", "member__profession", "organisation")


class MeetingQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those of her organisation, and those that she is invited to while the caregiver agrees."""
        if not user.works_with_caregivers:
            return self.none()
        invited = MeetingShare.objects.open_to(user).values("meeting")
        return self.filter(Q(organisation=user.organisation_id) | Q(pk__in=invited))

    def kept_by(self, user):
        """Those of her organisation: who may plan, change and write up."""
        if not user.works_with_caregivers:
            return self.none()
        return self.filter(organisation=user.organisation_id)

    def for_page(self):
        """Without the caregiver: a guest of another organisation has no row of hers."""
        return self.select_related("organiser__user", "organiser__profession", "organisation")

    def with_key(self, pk) -> "Meeting | None":
        return self.filter(pk=pk).first()

    def of_her(self, caregiver):
        return self.filter(caregiver=caregiver).order_by("-starts_at", "-pk")

    def under(self, consents):
        """With somebody at the table by one of these consents."""
        there = MeetingShare.objects.filter(is_open=True, consent__in=consents).values("meeting")
        return self.filter(pk__in=there).order_by("starts_at", "pk")

    def to_write_up(self, user, now: datetime.datetime):
        """Past its moment, while nobody has written yet what was agreed; the longest ago first. Of whom she called
        together herself, or a colleague who can no longer.
        """
        hers = IsAnyOf("organiser", Membership.objects.in_whose_place(user))
        past = self.kept_by(user).filter(hers, state=Meeting.State.PLANNED, starts_at__lt=now)
        return past.annotate(
            meeting_key=F("pk"),
            on=TruncDate("starts_at"),
            about=F("caregiver_id"),
            about_whom=_her_name("caregiver", user),
            is_own=Value(True),
        ).order_by("starts_at", "pk")


class Meeting(models.Model):
    """One talk about one caregiver: when, how, about which question, and what came of it."""

    class State(models.TextChoices):
        PLANNED = "gepland", "gepland"
        HELD = "gehouden", "gehouden"
        CANCELLED = "afgezegd", "afgezegd"

    class How(models.TextChoices):
        PHONE = "telefonisch", "telefonisch"
        VIDEO = "video", "met beeldbellen"
        VISIT = "op-bezoek", "bij een van ons"

    SHARED = ("starts_at", "how", "place", "question", "points")

    personal = PersonalFields(
        about="mantelzorger",
        fields=("caregiver", "starts_at", "how", "place", "question", "points", "conclusion"),
        purpose="met wie om haar heen staan bespreken wat haar helpt, en afspreken wie wat doet",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = ("id", "organisation", "organiser", "state", "held_at", "created_at", "changed_at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    caregiver = models.ForeignKey(Caregiver, models.CASCADE, related_name="meetings")
    organisation = models.ForeignKey("sociale_kaart.Organisation", models.PROTECT, related_name="+")  # that keeps her
    organiser = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    starts_at = models.DateTimeField("wanneer")
    how = models.CharField("hoe", max_length=20, choices=How)
    place = models.CharField("waar", max_length=120, blank=True)
    question = models.CharField("vraag voor het overleg", max_length=200)
    points = ArrayField(
        models.CharField(max_length=120), verbose_name="punten om te bespreken", default=list, blank=True
    )
    conclusion = models.TextField("conclusie", max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    held_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "mini-MDO"
        indexes = [
            models.Index(fields=["caregiver", "-starts_at"], name="meetings_of_a_caregiver"),
            models.Index(fields=["organiser", "starts_at"], name="meetings_to_write_up", condition=Q(state="gepland")),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(question=""), name="a_meeting_has_a_question"),
            models.CheckConstraint(condition=Q(points__len__lte=MOST_POINTS), name="a_meeting_has_five_points_at_most"),
            models.CheckConstraint(
                condition=Q(state="gehouden", held_at__isnull=False) | (~Q(state="gehouden") & Q(held_at=None)),
                name="a_meeting_that_was_held_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state="gehouden") | Q(conclusion=""), name="a_conclusion_is_of_what_was_held"
            ),
        ]
        triggers = [
            triggers.Refuses(
                name="a_meeting_that_is_over_stays",
                operation=triggers.Update,
                condition=triggers.InSQL(
                    "OLD.state <> 'gepland' AND (OLD.state, OLD.starts_at, OLD.how, OLD.place, OLD.question, "
                    "OLD.points, OLD.conclusion) IS DISTINCT FROM (NEW.state, NEW.starts_at, NEW.how, NEW.place, "
                    "NEW.question, NEW.points, NEW.conclusion)"
                ),
            ),
            triggers.ReadsOnly(name="a_meeting_stays_about_her", fields=["caregiver", "organisation"]),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_planned(self) -> bool:
        return self.state == self.State.PLANNED

    @property
    def was_held(self) -> bool:
        return self.state == self.State.HELD

    @property
    def day(self) -> datetime.date:
        return timezone.localdate(self.starts_at)


class MeetingGuestQuerySet(models.QuerySet):
    def of_meeting(self, meeting):
        """In the order in which they were asked."""
        return self.filter(meeting=meeting).select_related(*WHO_SHE_IS).order_by("asked_at", "pk")

    def kept_by(self, user):
        if not user.works_with_caregivers:
            return self.none()
        return self.filter(steward=user.organisation_id).select_related("meeting", "member__user")

    def last_of(self, user, meeting_pk) -> "MeetingGuest | None":
        """What became of her invitation; also when she sees nothing else of it any more."""
        if not user.works_with_caregivers:
            return None
        return self.filter(meeting_id=meeting_pk, member=user.acting).order_by("-asked_at", "-pk").first()


class MeetingGuest(models.Model):
    """Somebody who is invited to a meeting, and whether she comes."""

    class State(models.TextChoices):
        ASKED = "gevraagd", "nog geen antwoord"
        YES = "ja", "doet mee"
        NO = "nee", "kan niet meedoen"
        OFF = "eraf", "hoeft niet meer mee te doen"
        NO_CONSENT = "geen-toestemming", "toestemming ingetrokken"

    AT_THE_TABLE = (State.ASKED, State.YES)

    personal = PersonalFields(
        about="mantelzorger",
        fields=("meeting", "member", "organisation", "state"),
        purpose="weten wie er meepraten over wat haar helpt",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = ("id", "steward", "asked_at", "answered_at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="guests")
    steward = models.ForeignKey("sociale_kaart.Organisation", models.PROTECT, related_name="+")  # of the meeting
    member = models.ForeignKey(
        "accounts.Membership", models.PROTECT, related_name="invited_to", verbose_name="wie is uitgenodigd"
    )
    organisation = models.ForeignKey(
        "sociale_kaart.Organisation", models.PROTECT, related_name="+", verbose_name="organisatie"
    )
    state = models.CharField("doet zij mee", max_length=20, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)

    objects = MeetingGuestQuerySet.as_manager()

    class Meta:
        verbose_name = "deelnemer aan een mini-MDO"
        indexes = [models.Index(fields=["member"], name="meetings_to_answer", condition=Q(state="gevraagd"))]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member"],
                condition=Q(state__in=["gevraagd", "ja"]),
                name="somebody_has_one_chair_at_a_meeting",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_colleague(self) -> bool:
        return self.organisation_id == self.steward_id

    @property
    def is_at_the_table(self) -> bool:
        return self.state in self.AT_THE_TABLE


class MeetingShareQuerySet(models.QuerySet):
    def standing(self):
        """Of a colleague, or with her consent as it is now, for what the meeting is about."""
        today = timezone.localdate()
        agreed = Q(consent__withdrawn_at=None, consent__items__contains=[ConsentItem.AGENDA.value]) & (
            Q(consent__valid_until=None) | Q(consent__valid_until__gte=today)
        )
        return self.filter(Q(consent=None) | agreed)

    def open_to(self, user):
        return self.standing().filter(is_open=True, member=user.acting, organisation=user.organisation_id)

    def to_answer(self, user):
        """Invitations to her that wait for an answer, the first meeting first. They name nobody."""
        waiting = self.open_to(user).filter(guest__state=MeetingGuest.State.ASKED)
        return waiting.annotate(
            meeting_key=F("meeting_id"),
            on=TruncDate("meeting__starts_at"),
            about=Value(None, output_field=models.UUIDField()),
            about_whom=Value(""),
            is_own=Value(False),
        ).order_by("meeting__starts_at", "pk")

    def without_consent(self):
        """Open, while she took back what it rests on: by her code, which tells nobody."""
        return self.filter(is_open=True, consent__withdrawn_at__isnull=False)

    def no_longer_used(self):
        """Closed, while what she agreed to for it still stands: nobody reads under it any more."""
        return self.filter(is_open=False, consent__withdrawn_at=None, consent__isnull=False)


class MeetingShare(models.Model):
    """What a guest sees of a meeting, and what she answered. For a colleague it needs no consent."""

    personal = PersonalFields(
        about="mantelzorger",
        fields=("guest", "meeting", "member", "organisation", "consent", "her_name", "note"),
        purpose="laten zien wat zij goedvond, aan wie meepraat over wat haar helpt",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = ("steward", "is_open")

    guest = models.OneToOneField(MeetingGuest, models.CASCADE, primary_key=True, related_name="share")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="shares")
    steward = models.ForeignKey("sociale_kaart.Organisation", models.PROTECT, related_name="+")
    member = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+", verbose_name="met wie gedeeld")
    organisation = models.ForeignKey(
        "sociale_kaart.Organisation", models.PROTECT, related_name="+", verbose_name="organisatie"
    )
    consent = models.ForeignKey("intake.Consent", models.CASCADE, null=True, related_name="meeting_shares")
    her_name = models.CharField("haar naam of voornaam", max_length=200)
    note = models.CharField("wat de deelnemer erbij schreef", max_length=300, blank=True)
    is_open = models.BooleanField(default=True)  # while she is at the table

    objects = MeetingShareQuerySet.as_manager()

    class Meta:
        verbose_name = "wat een deelnemer aan een mini-MDO ziet"
        indexes = [models.Index(fields=["meeting", "member"], name="shares_of_a_meeting")]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation=F("steward"), consent=None)
                | (~Q(organisation=F("steward")) & Q(consent__isnull=False)),
                name="who_is_of_another_organisation_comes_with_consent",
            ),
        ]
        triggers = [
            triggers.ReadsOnly(
                name="a_share_stays_with_whom_it_is_for",
                fields=["meeting", "steward", "member", "organisation", "consent"],
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class MeetingAgreementQuerySet(models.QuerySet):
    def for_user(self, user):
        if not user.works_with_caregivers:
            return self.none()
        invited = MeetingShare.objects.open_to(user).values("meeting")
        return self.filter(Q(steward=user.organisation_id) | Q(meeting__in=invited))

    def kept_by(self, user):
        if not user.works_with_caregivers:
            return self.none()
        return self.filter(steward=user.organisation_id)

    def for_page(self):
        return self.select_related("member__user", "member__profession", "member__organisation").order_by("position")

    def with_meeting(self):
        return self.select_related("meeting", "member__user")

    def to_do(self, user):
        """What she said she would do and has not done yet, the first date first; with what she knows of her name."""
        hers = self.for_user(user).filter(member=user.acting, state=MeetingAgreement.State.OPEN)
        return hers.annotate(
            meeting_key=F("meeting_id"),
            on=F("before"),
            about=F("meeting__caregiver_id"),
            about_whom=_her_name("meeting__caregiver", user),
            is_own=Case(When(steward=user.organisation_id, then=True), default=False),
        ).order_by("before", "pk")

    def returned_to(self, user):
        """What somebody cannot do, of the meetings that she called together, or a colleague who can no longer."""
        hers = IsAnyOf("meeting__organiser", Membership.objects.in_whose_place(user))
        back = self.kept_by(user).filter(hers, state=MeetingAgreement.State.BACK)
        return back.annotate(
            meeting_key=F("meeting_id"),
            on=F("before"),
            about=F("meeting__caregiver_id"),
            about_whom=_her_name("meeting__caregiver", user),
            is_own=Value(True),
        ).order_by("before", "pk")


class MeetingAgreement(models.Model):
    """Who does what, before when."""

    class State(models.TextChoices):
        OPEN = "open", "nog te doen"
        DONE = "gedaan", "gedaan"
        BACK = "terug", "lukt niet"  # it is with who called the meeting together

    personal = PersonalFields(
        about="mantelzorger",
        fields=("meeting", "member", "what", "before", "state", "note"),
        purpose="weten wie wat voor haar doet, en wanneer",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = ("id", "steward", "position", "recorded_by", "created_at", "done_at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agreements")
    steward = models.ForeignKey("sociale_kaart.Organisation", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    member = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+", verbose_name="wie")
    what = models.CharField("wat", max_length=200)
    before = models.DateField("vóór wanneer")
    state = models.CharField("hoe staat het", max_length=10, choices=State, default=State.OPEN)
    note = models.CharField("waarom het niet lukt", max_length=300, blank=True)
    recorded_by = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    done_at = models.DateTimeField(null=True)

    objects = MeetingAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = "afspraak uit een mini-MDO"
        verbose_name_plural = "afspraken uit een mini-MDO"
        indexes = [
            models.Index(fields=["member", "before"], name="agreements_to_keep", condition=Q(state="open")),
            models.Index(fields=["steward", "before"], name="agreements_that_came_back", condition=Q(state="terug")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="agreements_have_their_own_place"),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=MOST_AGREEMENTS), name="ten_agreements_are_enough"
            ),
            models.CheckConstraint(condition=~Q(what=""), name="an_agreement_is_something"),
            models.CheckConstraint(condition=~Q(state="terug") | ~Q(note=""), name="what_cannot_be_done_says_why"),
            models.CheckConstraint(
                condition=Q(state="gedaan", done_at__isnull=False) | (~Q(state="gedaan") & Q(done_at=None)),
                name="what_is_done_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.what

    def is_open_for(self, user) -> bool:
        return self.state == self.State.OPEN and self.member_id == user.acting.pk


def _her_name(caregiver: str, user):
    """Of her own organisation her name, for a guest what is shared of it. By subquery: a row that one may not see would
    in a join take the other with it.
    """
    own = Caregiver.objects.for_user(user).filter(pk=OuterRef(f"{caregiver}_id")).values("name")[:1]
    meeting = "meeting_id" if caregiver.startswith("meeting") else "pk"
    shared = MeetingShare.objects.open_to(user).filter(meeting=OuterRef(meeting)).values("her_name")[:1]
    return Coalesce(Subquery(own), Subquery(shared), output_field=models.CharField())
