"""What must never be lost: who looked at what, which mail has to go out, and which form was already handled.

This room knows everyone and everything by UUID only: no foreign keys, so nothing here disappears with a row elsewhere.
"""

import datetime
import re

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Count, Func, Q
from django.utils import timezone

from mantelzorg.ids import uuid7
from mantelzorg.personal import PersonalFields
from trail.words import Event


class ClockTimestamp(Func):
    """The time of the row itself, not of the start of its transaction."""

    function = "clock_timestamp"
    output_field = models.DateTimeField()


OPENING, CLOSING = 7, 20  # office hours, wide
OPENED = ~Q(object_id="") & Q(subject_id__isnull=False, outcome="ok") & ~Q(event__in=[Event.SEARCH, Event.LOG_READ])


class AccessLogQuerySet(models.QuerySet):
    """Reads that end in rows are bounded by a period or by a page: this table only grows."""

    def for_user(self, user):
        """What the people of her organisation did, for who reviews its log."""
        if not user.is_logtoezicht:
            return self.none()
        return self.filter(organisation_id=user.organisation_id)

    def between(self, start: datetime.datetime, end: datetime.datetime):
        return self.filter(at__gte=start, at__lt=end)

    def by_person(self, user_id):
        return self.filter(user_id=user_id)

    def of_event(self, event: str):
        return self.filter(event=event)

    def denied(self):
        return self.filter(outcome=AccessLogEntry.Outcome.DENIED)

    def about(self, subject_id):
        """Every look at this caregiver, whoever's."""
        return self.filter(subject_id=subject_id)

    def about_somebody(self):
        return self.exclude(subject_id=None)

    def opened(self):
        """Where one caregiver was opened or changed, and not only seen among others in a list."""
        return self.filter(OPENED)

    def per_person(self, *, free_days=(), these=()):
        """Of each person how many caregivers she opened, how many of them outside office hours or on `free_days`, how
        often one of `these`, how many names she asked for, and how often something was refused to her.
        """
        outside_hours = Q(at__iso_week_day__gte=6) | Q(at__hour__lt=OPENING) | Q(at__hour__gte=CLOSING)
        outside_hours |= Q(at__date__in=free_days)
        return (
            self.exclude(user_id=None)
            .order_by()
            .values("user_id")
            .annotate(
                caregivers=Count("subject_id", distinct=True, filter=OPENED),
                outside_hours=Count("subject_id", distinct=True, filter=OPENED & outside_hours),
                colleagues=Count("id", filter=OPENED & Q(subject_id__in=these)),
                names=Count("id", filter=Q(event=Event.LOG_READ, subject_id__isnull=False)),
                denied=Count("id", filter=Q(outcome="denied") & ~Q(event=Event.LOGIN_FAILED)),
            )
        )

    def in_order(self):
        return self.order_by("at", "id")

    def first_moment(self) -> datetime.datetime | None:
        return self.order_by("at").values_list("at", flat=True).first()


class AccessLogEntry(models.Model):
    """One look or one act, with the fields of NEN 7513. Rows are only ever added, by `trail.actions`.

    Names of fields are kept, never their values; the caregiver is `subject`, one row per caregiver shown. The table is
    partitioned by month on `at` (migration 0002): its key in the database is (id, at), and `id` alone for Django.
    """

    personal = PersonalFields(
        about="professional",
        fields=("user_id", "on_behalf_of", "role", "purpose", "ip", "session_hash", "object_id", "subject_id"),
        purpose="laten zien wie de gegevens van een mantelzorger heeft ingezien of veranderd, en waarom",
        ground="wettelijke plicht: NEN 7513 en artikel 32 AVG",
        retention="5 jaar",
    )
    not_personal = (
        *("at", "event", "action", "outcome", "request_id", "organisation_id", "object_type"),
        *("fields", "filters", "hit_count", "policy_version", "relation", "consent_id"),
    )

    class Action(models.TextChoices):
        CREATE = "C", "maken"
        READ = "R", "lezen"
        UPDATE = "U", "wijzigen"
        DELETE = "D", "verwijderen"
        EXECUTE = "E", "uitvoeren"

    class Outcome(models.TextChoices):
        OK = "ok", "gelukt"
        DENIED = "denied", "geweigerd"
        ERROR = "error", "fout"

    at = models.DateTimeField(db_default=ClockTimestamp())
    event = models.CharField(max_length=40)
    action = models.CharField(max_length=1, choices=Action)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OK)
    request_id = models.UUIDField(null=True)
    user_id = models.UUIDField("gebruiker", null=True)
    on_behalf_of = models.UUIDField("namens wie", null=True)
    role = models.CharField("rol", max_length=100, blank=True)
    organisation_id = models.UUIDField(null=True)
    purpose = models.CharField("waarom", max_length=200, blank=True)
    ip = models.GenericIPAddressField("internetadres", null=True)
    session_hash = models.CharField("kenmerk van de sessie", max_length=64, blank=True)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField("wat is ingezien", max_length=60, blank=True)
    subject_id = models.UUIDField("mantelzorger", null=True)
    fields = ArrayField(models.CharField(max_length=60), default=list)
    filters = ArrayField(models.CharField(max_length=60), default=list)
    hit_count = models.PositiveIntegerField(null=True)
    policy_version = models.CharField(max_length=20, blank=True)
    relation = models.CharField(max_length=20, blank=True)
    consent_id = models.UUIDField(null=True)

    objects = AccessLogQuerySet.as_manager()

    class Meta:
        verbose_name = "regel in het logboek"
        indexes = [
            models.Index(fields=["organisation_id", "-at"], name="log_by_organisation"),
            models.Index(fields=["subject_id", "-at"], name="log_by_subject"),
        ]


class LogReviewQuerySet(models.QuerySet):
    def for_user(self, user):
        if not user.is_logtoezicht:
            return self.none()
        return self.filter(organisation_id=user.organisation_id)

    def of_weeks(self, weeks):
        return self.filter(week__in=weeks).order_by("at")


class LogReview(models.Model):
    """Somebody reviewed what an organisation's people did in one week (its Monday), and signed for it."""

    personal = PersonalFields(
        about="professional",
        fields=("user_id", "remark"),
        purpose="laten zien dat het logboek elke week is nagekeken, en door wie",
        ground="wettelijke plicht: NEN 7513 en artikel 32 AVG",
        retention="5 jaar",
    )
    not_personal = ("id", "organisation_id", "week", "own_looks", "at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.UUIDField()
    week = models.DateField()
    user_id = models.UUIDField("wie het nakeek")
    own_looks = models.PositiveIntegerField()  # how many rows of that week are her own looks at a caregiver
    remark = models.CharField("opmerking", max_length=500)
    at = models.DateTimeField(db_default=ClockTimestamp())

    objects = LogReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "nagekeken week van het logboek"
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "week", "user_id"], name="who_reviewed_signs_once"),
            models.CheckConstraint(condition=Q(week__iso_week_day=1), name="a_week_is_named_by_its_monday"),
            models.CheckConstraint(condition=~Q(remark=""), name="who_reviewed_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.week} {self.user_id}"


def without_names(text: str) -> str:
    """Of an e-mail address only where it is: enough to see that a whole organisation cannot be reached."""
    return re.sub(r"[^\s<>'\"@:;,]+@", "…@", text)


def is_refused_for_good(error: Exception) -> bool:
    """The mail server said that there is no use in trying again (SMTP 5xx for every recipient; RFC 5321)."""
    refused = getattr(error, "recipients", None)
    return bool(refused) and all(500 <= code < 600 for code, _ in refused.values())


class OutboxQuerySet(models.QuerySet):
    def due(self, now):
        return self.filter(sent_at=None, failed_at=None, for_digest=False, next_try_at__lte=now).order_by("next_try_at")

    def of_digests(self, *, before):
        """News of before this moment that goes together in one mail a day."""
        return self.filter(sent_at=None, failed_at=None, for_digest=True, created_at__lt=before)

    def untold(self):
        """Mail that did not arrive, of which nobody was told yet."""
        return self.filter(told_at=None).exclude(failed_at=None)

    def with_message_id(self, pk):
        return self.select_for_update().filter(pk=pk).first()

    def take_next(self, now) -> "OutboxMessage | None":
        """The next mail to send, locked until the transaction ends; one that another worker has is passed over."""
        return self.due(now).select_for_update(skip_locked=True).first()

    def failed(self):
        return self.exclude(failed_at=None).order_by("-failed_at")

    def forgettable(self, now):
        """Sent or given up longer ago than we keep them. What still waits is never forgotten."""
        limit = now - OutboxMessage.KEPT
        return self.filter(Q(sent_at__lt=limit) | Q(failed_at__lt=limit))


class OutboxMessage(models.Model):
    """A mail that has to go out, written in the transaction that causes it and sent by the worker.

    `template` names the texts in templates/emails/; `context` holds what they need and no personal data: the worst a
    mailbox can betray is that there is something to see in the portal.
    """

    personal = PersonalFields(
        about="professional",
        fields=("to", "subject_id", "last_error"),
        purpose="melden dat er in het portaal iets te zien is",
        ground="uitvoering van de taak van de organisatie",
        retention="1 jaar na het versturen",
    )
    not_personal = (
        *("id", "template", "context", "about_type", "about_id", "organisation_id", "created_at", "next_try_at"),
        *("attempts", "sent_at", "failed_at", "for_digest", "told_at"),
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    template = models.CharField(max_length=60)
    to = models.EmailField("e-mailadres")
    context = models.JSONField(default=dict)
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.UUIDField(null=True)
    subject_id = models.UUIDField("mantelzorger", null=True)
    organisation_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    next_try_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField("wat er misging", blank=True)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    for_digest = models.BooleanField(default=False)  # waits for the one mail a day, and goes up in it
    told_at = models.DateTimeField(null=True)  # when whom it concerns was told that it did not arrive

    objects = OutboxQuerySet.as_manager()

    # How long to wait after each failed attempt. After the last one the mail has failed, and somebody has to look.
    WAIT_AFTER_FAILURE = [datetime.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)]
    MAX_ATTEMPTS = len(WAIT_AFTER_FAILURE) + 1
    KEPT = datetime.timedelta(days=365)
    KINDS = {
        "daily_digest": "nieuws van de dag",
        "invitation": "uitnodiging",
        "link_code": "code bij een link",
        "meeting_news": "nieuws over een mini-MDO",
        "referral_link": "link naar een verwijzing",
        "password_reset": "nieuw wachtwoord",
        "referral_news": "nieuws over een verwijzing",
        "security_changed": "beveiliging veranderd",
        "team_changed": "team veranderd",
        "unknown_account": "nieuw wachtwoord voor een onbekend adres",
    }

    class Meta:
        verbose_name = "uitgaande mail"
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(failed_at=None), name="a_mail_is_not_both_sent_and_failed"
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], name="outbox_due", condition=Q(sent_at=None, failed_at=None)),
            models.Index(fields=["-failed_at"], name="outbox_failed", condition=~Q(failed_at=None)),
            models.Index(fields=["about_id"], name="outbox_about"),
            models.Index(fields=["to"], name="outbox_digest", condition=Q(for_digest=True, sent_at=None)),
            models.Index(fields=["failed_at"], name="outbox_untold", condition=Q(told_at=None) & ~Q(failed_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.pk}"

    @property
    def kind(self) -> str:
        return self.KINDS.get(self.template, self.template)

    @property
    def masked_to(self) -> str:
        return without_names(self.to)

    @property
    def masked_error(self) -> str:
        return without_names(self.last_error)

    def about_ids(self, model) -> list:
        """The keys of what it is about, of this model: a mail with the news of a day is about several things."""
        if self.template == "daily_digest":
            return self.context.get("about", [])
        return [self.about_id] if self.about_type == model._meta.label_lower else []

    def note_sent(self, now) -> None:
        self.attempts += 1
        self.sent_at = now
        self.last_error = ""

    def note_return(self, reason: str, now) -> None:
        """It was sent, and came back."""
        self.sent_at = None
        self.failed_at = now
        self.last_error = reason[:1000]

    def note_failure(self, error: Exception, now) -> None:
        self.attempts += 1
        self.last_error = f"{type(error).__name__}: {error}"[:1000]
        if self.attempts < self.MAX_ATTEMPTS and not is_refused_for_good(error):
            self.next_try_at = now + self.WAIT_AFTER_FAILURE[self.attempts - 1]
        else:
            self.failed_at = now


class HandledFormQuerySet(models.QuerySet):
    def result_of(self, **form):
        return self.filter(**form).values_list("result_id", flat=True).first()

    def forgettable(self, now):
        return self.filter(created_at__lt=now - HandledForm.KEPT)


class HandledForm(models.Model):
    """A form that makes something carries a hidden key; a second arrival of the same key makes nothing twice."""

    personal = PersonalFields(
        about="professional",
        fields=("user_id",),
        purpose="niets dubbel vastleggen als een formulier twee keer aankomt",
        ground="uitvoering van de taak van de organisatie",
        retention="30 dagen",
    )
    not_personal = ("key", "verb", "digest", "result_id", "created_at")

    key = models.UUIDField(primary_key=True)
    verb = models.CharField(max_length=60)
    user_id = models.UUIDField("gebruiker")
    digest = models.CharField(max_length=64, blank=True)  # of what was sent, keyed: nothing can be read from it
    result_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(db_default=TransactionNow())

    objects = HandledFormQuerySet.as_manager()

    KEPT = datetime.timedelta(days=30)  # no browser keeps a form open for so long

    class Meta:
        verbose_name = "verwerkt formulier"

    def __str__(self) -> str:
        return f"{self.verb} {self.key}"


class HeartbeatQuerySet(models.QuerySet):
    def beat(self, name: str, now) -> None:
        self.bulk_create(
            [Heartbeat(name=name, at=now)], update_conflicts=True, unique_fields=["name"], update_fields=["at"]
        )

    def is_alive(self, name: str, now) -> bool:
        return self.filter(name=name, at__gt=now - Heartbeat.SILENCE).exists()


class Heartbeat(models.Model):
    """When a background process last said that it is alive."""

    OUTBOX_WORKER = "outbox_worker"
    SILENCE = datetime.timedelta(minutes=2)  # one slow mail server may keep a worker busy for a while

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
