"""The rows that search reads. Written only by `actions.refresh_search`; see `sociale_kaart.search`."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class SearchRow(models.Model):
    """One narrow row per published service: what it is found by, and how well it stands.

    Narrow because ranking reads the text of every match; joined with the service only for the twenty that are shown.
    All filters and the text share one GIN index, so PostgreSQL combines them inside the index.
    """

    service = models.OneToOneField("sociale_kaart.Service", models.CASCADE, primary_key=True, related_name="search_row")
    document = SearchVectorField()
    municipalities = ArrayField(models.CharField(max_length=6))
    kinds = ArrayField(models.CharField(max_length=60))
    phases = ArrayField(models.CharField(max_length=60))
    target_groups = ArrayField(models.CharField(max_length=60))
    traits = ArrayField(models.CharField(max_length=40), default=list)  # of a few values each: see search/traits.py
    places = ArrayField(models.CharField(max_length=4), default=list)  # the PC4 of its locations: where one goes to
    checked_on = models.DateField()
    next_check_on = models.DateField()
    is_full = models.BooleanField()
    standing = models.IntegerField()  # order of a list without search words: with room first, then newest check

    class Meta:
        indexes = [
            GinIndex(
                fields=["document", "municipalities", "kinds", "phases", "target_groups", "traits", "places"],
                name="search_row_by_anything",
                fastupdate=False,
            ),
            models.Index(fields=["-standing", "-service"], name="search_row_by_standing"),
            models.Index(fields=["-checked_on", "-service"], name="search_row_by_check"),
        ]


class SearchWord(models.Model):
    """A word that occurs in a published service: what a typing error is compared with."""

    word = models.CharField(max_length=60, primary_key=True)
    weight = models.FloatField(default=3)  # how much it says: little when most services hold it; see index.py

    class Meta:
        indexes = [GinIndex(OpClass("word", name="gin_trgm_ops"), name="search_word_by_trigram")]


class KnowledgeRow(models.Model):
    """One row per thing that the knowledge pages can answer: for the one search over knowledge and services."""

    key = models.CharField(max_length=130, primary_key=True)  # what it is and which: "beroep:poh"
    group = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField()  # its place within the group, where nothing else decides
    title = models.CharField(max_length=300)
    summary = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=200)
    document = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["document"], name="knowledge_row_by_words", fastupdate=False)]
