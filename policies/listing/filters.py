"""What a list can be filtered by. A filter is a condition that can also be left out again.

django-filter reads and checks the address; what a value means for a row is said here, as a `Q`, so
that an empty list can be counted again without each of its filters, all in one query.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Concat, ExtractYear
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from policies.finding import YEAR
from policies.insight.matrix import NO_POLICY, UNRESEARCHED
from policies.insight.statistics import AGES, AGES_IN_WORDS, KINDS_IN_WORDS, UNKNOWN_AGE
from policies.listing.choices import ALL, Choices
from policies.models import (
    Availability,
    CategoryUse,
    Country,
    Kind,
    Level,
    Of,
    Period,
    Place,
    PoliciesStatus,
    Publication,
    PublishedPolicy,
    PublishedScore,
    PublishedSection,
    SearchEntry,
    Standing,
    Translation,
)
from policies.presentation.words import specified
from policies.searching import engine
from policies.searching.query import parse

Data = Mapping[str, Any]  # what the form made of the address: a value for every filter

LONGEST = 200  # characters of a text
CODE = "factsheet__country__code"


class By(django_filters.Filter):
    """A filter that says what it asks of a row, given the values of all filters."""

    def __init__(self, condition: Callable[[Data], Q], **kwargs: Any) -> None:
        self.condition = condition
        super().__init__(required=False, **kwargs)


UNKNOWN = {"invalid_choice": _("“%(value)s” is not among the choices.")}


class ByChoice(By):
    field_class = forms.ChoiceField

    def __init__(self, condition: Callable[[Data], Q], **kwargs: Any) -> None:
        super().__init__(condition, error_messages=UNKNOWN, **kwargs)


class ByChoices(By):
    field_class = forms.MultipleChoiceField

    def __init__(self, condition: Callable[[Data], Q], **kwargs: Any) -> None:
        super().__init__(condition, error_messages=UNKNOWN, **kwargs)


class ByPoints(By):
    field_class = forms.DecimalField


class ByText(By):
    field_class = forms.CharField


class ByDay(By):
    """A day that has come, written like 2022-12-31."""

    field_class = forms.DateField

    def __init__(self, condition: Callable[[Data], Q], **kwargs: Any) -> None:
        message = _("Write a day that has come, like 2022-12-31.")
        super().__init__(
            condition,
            input_formats=["%Y-%m-%d"],
            validators=[_has_come],
            error_messages={"invalid": message},
            **kwargs,
        )


def _has_come(day: date) -> None:
    if day > timezone.localdate():
        raise ValidationError(_("This day has not come yet."))


# Outside of the form, where no “Score” stands above them.
LABELS = {"total_from": _("Score from"), "total_to": _("Score to")}


def everything(data: Data) -> Q:
    """A setting and no filter: how the others are meant, or how rows are sorted."""
    return Q()


class Filters(django_filters.FilterSet):
    """What both lists share. `choices` are those of the database today."""

    CHOSEN: tuple[str, ...] = ()  # filters whose choices come from the database
    COUPLED: dict[str, tuple[str, ...]] = {}  # filters whose condition heeds the one named
    SETTINGS: tuple[str, ...] = ("match", "sort", "on")
    LINKED: tuple[str, ...] = ("on",)  # asked for by links of other pages, and by no control

    def __init__(self, data: Any, choices: Choices) -> None:
        super().__init__(data, self._meta.model._default_manager.none())
        self.choices = choices
        for name in self.CHOSEN:
            self.filters[name].extra["choices"] = getattr(choices, name)

    def conditions(self, without: str = "") -> dict[str, Q]:
        """By filter that is in use, as if the filter named `without` were not."""
        asked = self.form.cleaned_data
        data = {**asked, without: _nothing(asked[without])} if without else asked
        used = [name for name in self.filters if self._is_used(name, data)]
        if "category" in used:
            data = {**data, "keys": [self.choices.keys[value] for value in data["category"]]}
        asked_for = {name: self.filters[name].condition(data) for name in used}
        return {name: condition for name, condition in asked_for.items() if condition}

    def _is_used(self, name: str, data: Data) -> bool:
        empty = data[name] in django_filters.constants.EMPTY_VALUES
        return name not in self.SETTINGS and not empty


def _edition(data: Data, year: str) -> Q:
    return Q() if data["edition"] == ALL else Q(**{year: data["edition"]})


def _text(data: Data, publication: str) -> Q:
    """All words are found in one place of the factsheet; for a policy, in one of its own cells.

    The name of the country is such a place for both; its name in other languages finds it too.
    """
    query = parse(data["q"])
    if not query.terms:
        return Q()
    # By an expression, not by the key itself: SQLite would walk all matches for every row.
    entries = SearchEntry.objects.alias(key=F("pk") + 0).filter(
        key__in=engine().entries(query.terms), publication=OuterRef(publication)
    )
    if publication != "pk":
        own = Q(anchor__startswith=Concat(OuterRef("code"), Value(".")))
        entries = entries.filter(own | Q(part=Place.FACTSHEET))
    country = CODE if publication == "pk" else f"{publication}__{CODE}"
    named = reduce(or_, (Q(**{f"{each}__iexact": data["q"]}) for each in Translation.LANGUAGES))
    countries = Translation.objects.filter(named, of=Of.COUNTRY, key=OuterRef(country))
    return Q(Exists(entries)) | Q(Exists(countries))


def together(conditions: Iterable[Q]) -> Q:
    return reduce(and_, conditions, Q())


def _nothing(value: Any) -> Any:
    return [] if isinstance(value, list) else ""


MATCH = (("any", _("any of them")), ("all", _("all of them")))


# Factsheets: conditions on a publication


def _policies(data: Data) -> Q:
    """A policy that counts, of one of the kinds and on one of the levels asked for."""
    policies = PublishedPolicy.objects.filter(
        publication=OuterRef("pk"),
        standing=Standing.IN_FORCE,
        **({"kind__in": data["kind"]} if data["kind"] else {}),
        **({"level__in": data["level"]} if data["level"] else {}),
    )
    return Q(Exists(policies))


def _points(data: Data) -> Q:
    """Any of the points asked for, in every criterion that points were asked for."""
    asked: dict[str, list[str]] = {}
    for value in data["points"]:
        criterion, _dash, points = value.rpartition("-")
        asked.setdefault(criterion, []).append(points)
    return together(
        Q(
            Exists(
                PublishedScore.objects.filter(
                    publication=OuterRef("pk"), criterion=criterion, points__in=points
                )
            )
        )
        for criterion, points in asked.items()
    )


def _categories(data: Data, place: str) -> Q:
    """A use of any category, or of each; `place` leads from a use to the row of the list."""
    in_force = {} if place == "policy" else {"policy__standing": Standing.IN_FORCE}
    uses = CategoryUse.objects.filter(**{place: OuterRef("pk")}, **in_force)
    uses = uses.filter(category__in=data["keys"]).order_by()
    if data["match"] == "all":
        counted = uses.values(place).annotate(number=Count("category", distinct=True))
        uses = counted.filter(number=len(data["keys"]))
    return Q(Exists(uses))


def _strongest(data: Data) -> Q:
    """The strongest kind among the policies that count is one of those asked for."""
    counting = PublishedPolicy.objects.filter(
        publication=OuterRef("pk"), standing=Standing.IN_FORCE
    )
    any_policy = Q(Exists(counting))
    unresearched = Q(policies_status=PoliciesStatus.NOT_RESEARCHED)
    found = {NO_POLICY: ~any_policy & ~unresearched, UNRESEARCHED: ~any_policy & unresearched}
    for kind, stronger in zip(Kind.values, _stronger(), strict=True):
        found[kind] = Q(Exists(counting.filter(kind=kind))) & ~Q(
            Exists(counting.filter(kind__in=stronger))
        )
    return reduce(or_, (found[value] for value in data["strongest"]))


def _stronger() -> list[list[str]]:
    return [Kind.values[place + 1 :] for place in range(len(Kind.values))]


class FactsheetFilters(Filters):
    CHOSEN = ("edition", "points", "category")
    COUPLED = {"kind": ("level",), "level": ("kind",)}
    LINKED = ("strongest", "judged", "on")

    q = ByText(lambda data: _text(data, "pk"), max_length=LONGEST, label=_("Text"))
    edition = ByChoice(lambda data: _edition(data, YEAR), label=_("Edition"))
    group = ByChoices(
        lambda data: Q(factsheet__country__group__in=data["group"]),
        choices=Country.Group.choices,
        label=_("Country group"),
    )
    total_from = ByPoints(
        lambda data: Q(total__gte=data["total_from"]), min_value=0, max_value=99, label=_("from")
    )
    total_to = ByPoints(
        lambda data: Q(total__lte=data["total_to"]), min_value=0, max_value=99, label=_("to")
    )
    points = ByChoices(_points, label=_("Points"))
    kind = ByChoices(_policies, choices=Kind.choices, label=_("Kind of policy"))
    level = ByChoices(_policies, choices=Level.choices, label=_("Level of policy"))
    category = ByChoices(
        lambda data: _categories(data, "policy__publication"), label=_("Categories")
    )
    strongest = ByChoices(
        _strongest, choices=tuple(KINDS_IN_WORDS.items()), label=_("Strongest kind of policy")
    )
    judged = ByChoice(
        lambda data: Q(
            Exists(PublishedScore.objects.filter(publication=OuterRef("pk"), is_judged=True))
        ),
        choices=(("yes", _("yes")),),
        label=_("With a judged criterion"),
    )
    on = ByDay(everything, label=_("As published on"))
    match = ByChoice(everything, choices=MATCH, label=_("Having"))
    sort = ByChoice(
        everything,
        choices=(
            ("name", _("name")),
            ("-score", _("score, highest first")),
            ("score", _("score, lowest first")),
            ("-date", _("date of publication, latest first")),
        ),
        label=_("Sorted by"),
    )

    class Meta:
        model = Publication
        fields: list[str] = []


# Policies: conditions on a published policy


def _said(data: Data) -> Q:
    """A section says one of these and names no category; one that is missing was not researched."""
    return reduce(or_, (_says(*value.rsplit(".", 1)) for value in data["said"]))


def _says(section: str, availability: str) -> Q:
    own = PublishedSection.objects.filter(policy=OuterRef("pk"), section=section)
    named = CategoryUse.objects.filter(policy=OuterRef("pk"), category__section_type__code=section)
    says = Q(Exists(own.filter(availability=availability)))
    if availability == Availability.NOT_RESEARCHED:
        says |= ~Q(Exists(own))
    return says & ~Q(Exists(named))


def _age(data: Data) -> Q:
    """Years from the start to the year of the collection."""
    return reduce(or_, map(_aged, data["age"]))


def _aged(band: str) -> Q:
    if band == UNKNOWN_AGE:
        return Q(starting_year=None)
    over, up_to = AGES[band]
    year = ExtractYear("publication__factsheet__edition__collected_on")
    found = Q(starting_year__isnull=False)
    if over is not None:
        found &= Q(starting_year__lt=year - over)
    if up_to is not None:
        found &= Q(starting_year__gte=year - up_to)
    return found


BUDGETS = tuple(
    (f"{name}.{value}", lazy(specified, str)(title, label))
    for name, title in (("overall", _("Overall")), ("annual", _("Annual")))
    for value, label in Availability.choices
)


def _budget(data: Data) -> Q:
    asked = (value.split(".") for value in data["budget"])
    return reduce(or_, (Q(**{f"{name}_budget": said}) for name, said in asked))


class PolicyFilters(Filters):
    CHOSEN = ("edition", "category", "said")
    LINKED = ("said", "period", "age", "budget", "on")

    q = ByText(lambda data: _text(data, "publication"), max_length=LONGEST, label=_("Text"))
    edition = ByChoice(lambda data: _edition(data, f"publication__{YEAR}"), label=_("Edition"))
    group = ByChoices(
        lambda data: Q(publication__factsheet__country__group__in=data["group"]),
        choices=Country.Group.choices,
        label=_("Country group"),
    )
    kind = ByChoices(
        lambda data: Q(kind__in=data["kind"]), choices=Kind.choices, label=_("Kind of policy")
    )
    level = ByChoices(
        lambda data: Q(level__in=data["level"]), choices=Level.choices, label=_("Level")
    )
    category = ByChoices(lambda data: _categories(data, "policy"), label=_("Categories"))
    said = ByChoices(_said, label=_("Without a category"))
    period = ByChoices(
        lambda data: Q(period__in=data["period"]), choices=Period.choices, label=_("Period")
    )
    age = ByChoices(_age, choices=tuple(AGES_IN_WORDS.items()), label=_("Age"))
    budget = ByChoices(_budget, choices=BUDGETS, label=_("Budget"))
    on = ByDay(everything, label=_("As published on"))
    match = ByChoice(everything, choices=MATCH, label=_("Having"))
    sort = ByChoice(
        everything,
        choices=(
            ("country", _("country")),
            ("name", _("name")),
            ("start", _("starting year, oldest first")),
            ("-start", _("starting year, latest first")),
        ),
        label=_("Sorted by"),
    )

    class Meta:
        model = PublishedPolicy
        fields: list[str] = []
