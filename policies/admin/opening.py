"""The forms by which an edition is opened: its facts, and a row for each country."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby, pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.admin.fields import DayInput
from policies.checking import did_you_mean
from policies.editions import Chosen
from policies.models import Country, Edition, Factsheet, Publication, User
from policies.roles import Role
from scoring.models import Rubric

DATES = ("collected_on", "submit_by", "review_by", "publish_by")
KEPT = ("rubric", "author", "publisher", "licence")
DEADLINES = ("submit_by", "review_by", "publish_by")


class EditionForm(forms.ModelForm):
    class Meta:
        model = Edition
        fields = ("year", "label", *DATES, *KEPT, "source_line")
        widgets = {
            **dict.fromkeys(DATES, DayInput),
            "licence": forms.Textarea(attrs={"rows": 2}),
        }
        error_messages = {
            "year": {
                "unique": gettext_lazy(
                    "This edition is open already. Its own page leads to adding countries."
                )
            },
            "rubric": {
                "invalid_choice": gettext_lazy(
                    "This scoring system is a draft or gone: choose one that is released."
                )
            },
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if rubric := self.fields.get("rubric"):
            rubric.queryset = Rubric.objects.released()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The deadlines follow each other."""
        data = super().clean() or {}
        given = [(name, data[name]) for name in DEADLINES if data.get(name)]
        for (before, first), (after, second) in pairwise(given):
            if second < first:
                message = _("This day is before “%(label)s”: choose a later one.")
                self.add_error(after, message % {"label": self.fields[before].label})
        return data


def proposed(last: Edition | None) -> dict[str, Any]:
    """The next edition as it will most likely be: a year later, and else the same."""
    if last is None:
        return {}
    year, before = str(last.year + 1), str(last.year)
    return {
        "year": last.year + 1,
        **{name: getattr(last, name).replace(before, year) for name in ("label", "source_line")},
        **{name: _a_year_later(getattr(last, name)) for name in DATES},
        **{name: getattr(last, name) for name in KEPT},
    }


def _a_year_later(day: date | None) -> date | None:
    if day is None:
        return None
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if leap else day.day)


class PeopleField(forms.CharField):
    """People with a role, by their user names; commas and spaces stand between them."""

    def __init__(self, people: Mapping[str, User], role: Role, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.people = people
        self.role = role

    def clean(self, value: Any) -> list[User]:
        names = dict.fromkeys(super().clean(value).replace(",", " ").replace(";", " ").split())
        if unknown := [name for name in names if name not in self.people]:
            raise ValidationError([self._problem(name) for name in unknown])
        return [self.people[name] for name in names]

    def _problem(self, name: str) -> str:
        message = _("Nobody with the role %(role)s is called “%(name)s”.")
        hint = did_you_mean(name, list(self.people))
        return message % {"role": self.role, "name": name} + hint


class CountryForm(forms.Form):
    """Whether a country takes part, and who works on it."""

    part = forms.BooleanField(required=False)

    def __init__(self, row: "Row", people: "People", **kwargs: Any) -> None:
        super().__init__(prefix=row.country.code, **kwargs)
        self.row = row
        self.fields["part"].label = row.country.name
        for name, role in ROLES.items():
            self.fields[name] = PeopleField(people[role], role, label=LABELS[name])
        self.initial = {
            "part": row.took_part,
            **{name: ", ".join(row.people(name, people[role])) for name, role in ROLES.items()},
        }

    def full_clean(self) -> None:
        """What stands beside a country that takes no part is not looked at."""
        super().full_clean()
        if self.is_bound and not self.cleaned_data.get("part"):
            self._errors = forms.utils.ErrorDict()

    @property
    def is_open(self) -> bool:
        return bool(self["part"].value() or self.errors)

    def chosen(self) -> Chosen | None:
        data = self.cleaned_data
        if not data["part"]:
            return None
        return Chosen(self.row.country, data["editors"], data["reviewers"])


People = Mapping[Role, Mapping[str, User]]
ROLES = {"editors": Role.EDITOR, "reviewers": Role.REVIEWER}
LABELS = {"editors": gettext_lazy("Editors"), "reviewers": gettext_lazy("Reviewers")}


@dataclass
class Row:
    """A country with its last factsheet, if it has one."""

    country: Country
    last: Factsheet | None
    took_part: bool  # in the latest edition

    @property
    def last_time(self) -> str:
        if self.last is None:
            return _("no factsheet yet")
        published = [p.number for p in self.last.publications.all()]
        state = _("version %(number)d") % {"number": published[0]} if published else _("draft")
        return f"{self.last.edition}, {state}"

    def people(self, name: str, able: Collection[str]) -> list[str]:
        """Who did this last time and still may."""
        found = getattr(self.last, name).all() if self.last else []
        return sorted(user.username for user in found if user.username in able)


@dataclass
class Group:
    """The countries of a group: those with a factsheet, and those that could be added."""

    code: str
    label: str
    known: list[CountryForm]
    others: list[CountryForm]

    @property
    def others_are_open(self) -> bool:
        return any(form.is_open for form in self.others)


class CountryForms:
    """A form for each country that can take part."""

    def __init__(self, edition: Edition | None, data: Any = None) -> None:
        """`edition` is the one that gets more countries; none if a new one is opened."""
        self.edition = edition
        self.people = {role: _people(role) for role in ROLES.values()}
        self.forms = [CountryForm(row, self.people, data=data) for row in _rows(edition)]

    def is_valid(self) -> bool:
        return not self.wrong()

    def chosen(self) -> list[Chosen]:
        return [chosen for form in self.forms if (chosen := form.chosen())]

    @cached_property
    def groups(self) -> list[Group]:
        by_group = sorted(self.forms, key=_group_of)
        return [_group(list(found)) for _place, found in groupby(by_group, _group_of)]

    def wrong(self) -> list[CountryForm]:
        return [form for form in self.forms if form.errors]


def _group(found: list[CountryForm]) -> Group:
    known = [form for form in found if form.row.last]
    others = [form for form in found if not form.row.last]
    country = found[0].row.country
    return Group(country.group, country.get_group_display(), known, others)


def _group_of(form: CountryForm) -> int:
    return Country.Group.values.index(form.row.country.group)


def _people(role: Role) -> dict[str, User]:
    found = User.objects.filter(is_active=True, groups__name=role).order_by("username")
    return {user.username: user for user in found}


def _rows(edition: Edition | None) -> Iterator[Row]:
    """By name; those that the edition has already are left out."""
    sheets = Factsheet.objects.select_related("edition").order_by("edition__year")
    if edition:
        sheets = sheets.filter(edition__year__lt=edition.year)
    current = Publication.objects.current().defer("document_json")
    prefetched = sheets.prefetch_related("editors", "reviewers", Prefetch("publications", current))
    last = {sheet.country_id: sheet for sheet in prefetched}
    latest = max((sheet.edition.year for sheet in last.values()), default=0)
    present = Factsheet.objects.filter(edition=edition).order_by().values("country")
    for country in Country.objects.exclude(pk__in=present).order_by("name"):
        found = last.get(country.pk)
        took_part = edition is None and found is not None and found.edition.year == latest
        yield Row(country, found, took_part)
