"""What must never be lost: who looked at what, which mail has to go out, and which form was already handled.

This room knows everyone and everything by UUID only: no foreign keys, so nothing here disappears with a row elsewhere.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Func, Q
from django.utils import timezone

from mantelzorg.ids import uuid7


class ClockTimestamp(Func):
    """The time of the row itself, not of the start of its transaction."""

    function = "clock_timestamp"
    output_field = models.DateTimeField()


class AccessLogEntry(models.Model):
    """One look or one act, with the fields of NEN 7513. Rows are only ever added.

    Names of fields are kept, never their values; the caregiver is `subject`, one row per caregiver shown.
    """

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
    user_id = models.UUIDField(null=True)
    on_behalf_of = models.UUIDField(null=True)
    role = models.CharField(max_length=100, blank=True)
    organisation_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=100, blank=True)
    ip = models.GenericIPAddressField(null=True)
    session_hash = models.CharField(max_length=64, blank=True)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=60, blank=True)
    subject_id = models.UUIDField(null=True)
    fields = ArrayField(models.CharField(max_length=60), default=list)
    filters = ArrayField(models.CharField(max_length=60), default=list)
    hit_count = models.PositiveIntegerField(null=True)
    policy_version = models.CharField(max_length=20, blank=True)
    relation = models.CharField(max_length=20, blank=True)
    consent_id = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "-at"], name="log_by_organisation"),
            models.Index(fields=["subject_id", "-at"], name="log_by_subject"),
        ]


class OutboxQuerySet(models.QuerySet):
    def due(self, now):
        return self.filter(sent_at=None, failed_at=None, next_try_at__lte=now).order_by("next_try_at")

    def failed(self):
        return self.exclude(failed_at=None).order_by("-failed_at")


class OutboxMessage(models.Model):
    """A mail that has to go out, written in the transaction that causes it and sent by the worker.

    `template` names the texts in templates/emails/; `context` holds what they need and no personal data: the worst a
    mailbox can betray is that there is something to see in the portal.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    template = models.CharField(max_length=60)
    to = models.EmailField()
    context = models.JSONField(default=dict)
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.UUIDField(null=True)
    subject_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    next_try_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(failed_at=None), name="a_mail_is_not_both_sent_and_failed"
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], name="outbox_due", condition=Q(sent_at=None, failed_at=None)),
            models.Index(fields=["about_id"], name="outbox_about"),
        ]


class HandledForm(models.Model):
    """A form that makes something carries a hidden key; a second arrival of the same key makes nothing twice."""

    key = models.UUIDField(primary_key=True)
    verb = models.CharField(max_length=60)
    user_id = models.UUIDField()
    result_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(db_default=TransactionNow())


class Heartbeat(models.Model):
    """When a background process last said that it is alive."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
