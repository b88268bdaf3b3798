"""What somebody keeps asking of the sociale kaart: she is told by mail when something new fits."""

import datetime

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from mantelzorg.ids import uuid7
from mantelzorg.personal import PersonalFields

LIMIT = 20  # for one person: more and nobody reads the mail


class SavedSearchQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(user=user.pk).order_by("name", "pk")

    def with_key(self, key):
        return self.filter(pk=key).first()

    def people_due(self, before: datetime.datetime) -> list:
        """Who may log in, wants news, was not looked for since, and had no mail since."""
        told = self.filter(mailed_at__gt=before).values("user")
        people = self.filter(wants_mail=True, looked_at__lte=before, user__is_active=True).exclude(user__in=told)
        return list(get_user_model().objects.filter(pk__in=people.values("user")).order_by("pk"))

    def of_ended_accounts(self):
        """Of who may not log in any more, or works for no organisation."""
        working = Q(is_functional_admin=True) | Q(memberships__isnull=False, memberships__ended_at=None)
        return self.exclude(user__in=get_user_model().objects.filter(working, is_active=True))


class SavedSearch(models.Model):
    """One question, under a name of her own. The name stands in no mail, and neither does the question."""

    personal = PersonalFields(
        about="professional",
        fields=("user", "name", "question", "found"),
        purpose="een zoekvraag niet steeds opnieuw hoeven te typen, en horen wat er nieuw is",
        ground="uitvoering van de taak van de organisatie",
        retention="tot zij haar weghaalt, of tot haar account of haar laatste lidmaatschap eindigt",
    )
    not_personal = ("id", "wants_mail", "made_at", "looked_at", "mailed_at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches", verbose_name="van"
    )
    name = models.CharField("naam", max_length=60)
    question = models.JSONField("zoekvraag", default=dict)  # the fields of the search form that were filled in
    wants_mail = models.BooleanField("mail bij iets nieuws", default=True)
    made_at = models.DateTimeField("bewaard op", default=timezone.now)
    looked_at = models.DateTimeField("bijgehouden tot", default=timezone.now)  # what is on the card later is new
    mailed_at = models.DateTimeField("laatste mail", null=True, blank=True)
    found = ArrayField(models.UUIDField(), verbose_name="nieuw gevonden", default=list, blank=True)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = "bewaarde zoekvraag"
        verbose_name_plural = "bewaarde zoekvragen"
        ordering = ["name"]
        indexes = [models.Index(fields=["looked_at"], condition=Q(wants_mail=True), name="searches_to_look_at")]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="a_saved_search_has_a_name"),
            models.UniqueConstraint(fields=["user", "name"], name="her_saved_searches_have_different_names"),
        ]

    def __str__(self) -> str:
        return self.name
