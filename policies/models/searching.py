"""Where readers can search: the places of what is published now."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from policies.models.publication import Publication


class Place(models.TextChoices):
    """What kind of place of a factsheet an entry is about."""

    FACTSHEET = "factsheet", _("Names of countries")
    INTRODUCTION = "introduction", _("Introductions")
    POLICY = "policy", _("Names of policies")
    SECTION = "section", _("Cells of the policy table")
    CRITERION = "criterion", _("Texts on criteria")
    CHAPTER = "chapter", _("Further chapters")
    REFERENCE = "reference", _("Bibliographies")


class SearchEntry(models.Model):
    """A place of a current publication, in the words that its reader sees there.

    An index and no record: it is written anew with every version, and it can always be made again
    from the publications (`index_publications`). A folded column is its original letter by letter,
    without case, accents and punctuation, so that what is found in one can be marked in the other.
    The context helps to find an entry, but one that has none of the words itself is not found.
    A factsheet itself is an entry, too, by the name that its country has today.
    Both databases keep an index of words in step with it (migration 0005, `searching.sqlite`).
    """

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="search_entries")
    anchor = models.CharField(max_length=250)
    part = models.CharField(max_length=20, choices=Place)
    section = models.SlugField(blank=True)
    title = models.TextField()
    policy = models.TextField(blank=True)
    labels = models.TextField(blank=True)
    text = models.TextField(blank=True)
    title_folded = models.TextField()
    context_folded = models.TextField()  # country, as it is called today, and policy
    labels_folded = models.TextField(blank=True)
    text_folded = models.TextField(blank=True)
    filed_under = models.CharField(max_length=60)  # a word for each value that filters ask for

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")

    def __str__(self) -> str:
        return f"{self.publication_id}#{self.anchor}"
