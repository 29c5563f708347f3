"""The sections of a policy or a factsheet as one fixed set of forms."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.contrib.admin.utils import flatten
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from policies.admin.base import FactInline
from policies.admin.conflicts import Conflict
from policies.admin.fields import RowField
from policies.admin.overtaking import CarriedField, OvertakingForm
from policies.models import Availability, Category, Part, Section, SectionCategory

AVAILABILITY = ("availability", "availability_note")
WRITTEN = (*AVAILABILITY, "text")


def shown(sections: QuerySet[Section]) -> QuerySet[Section]:
    """Sections with all that their forms show, in a number of queries that does not grow."""
    return sections.select_related("type", "policy", "factsheet__edition").prefetch_related(
        Prefetch("uses", SectionCategory.objects.select_related("category")),
        Prefetch("type__categories", Category.objects.select_related("since", "until")),
    )


@dataclass(frozen=True)
class Tick:
    """A category as the editor sees it: a checkbox and, where it needs one, a detail."""

    category: Category
    box: Any
    detail: Any


class SectionForm(OvertakingForm):
    """One section: whether there is something to say, its categories and its text."""

    opened = CarriedField()  # the version of the section that the page showed

    class Meta:
        model = Section
        fields = WRITTEN

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        section: Section = self.instance
        if not section.type_id:  # a form that belongs to no row of the page
            return
        self.initial["opened"] = section.version
        if not section.type.takes_text:
            del self.fields["text"]
        if section.type.part == Part.ASSESSMENT:  # it is judged, or not; no other nothing
            for name in AVAILABILITY:
                del self.fields[name]
        if section.type.takes_categories:
            self._add_categories()

    def section_of(self, name: str) -> str:
        return self.instance.type.code

    @cached_property
    def categories(self) -> dict[str, Category]:
        """Those of the section's type and edition, and those that are ticked already."""
        section: Section = self.instance
        year = section.factsheet.edition.year
        used = {use.category_id for use in section.uses.all()}
        return {
            category.code: category
            for category in section.type.categories.all()
            if category.pk in used or _in_use(category, year)
        }

    def _add_categories(self) -> None:
        uses = {use.category.code: use for use in self.instance.uses.all()}
        self.fields["categories"] = forms.MultipleChoiceField(
            label=_("Categories"),
            choices=[(code, category.label) for code, category in self.categories.items()],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            error_messages={"invalid_choice": _("This section has no category “%(value)s”.")},
        )
        self.initial["categories"] = list(uses)
        for code, category in self.categories.items():
            self.fields[_detail(code)] = forms.CharField(
                label=_("Detail of “%(category)s”") % {"category": category.label},
                max_length=SectionCategory._meta.get_field("detail").max_length,
                required=False,
            )
            self.initial[_detail(code)] = uses[code].detail if code in uses else ""

    def ticks(self) -> Iterator[Tick]:
        """For the template; a detail shows where it is needed, or has been typed."""
        for box in self["categories"]:
            category = self.categories[box.data["value"]]
            detail = self[_detail(category.code)]
            shows = category.needs_detail or detail.value()
            yield Tick(category, box, detail if shows else None)

    def proves(self) -> bool:
        """Whether ticks of this section can move the score."""
        return any(category.evidence for category in self.categories.values())

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "categories" in data:
            for code, category in self.categories.items():
                self._check_detail(category, ticked=code in data["categories"])
        return data

    def _check_detail(self, category: Category, *, ticked: bool) -> None:
        name = _detail(category.code)
        detail = self.cleaned_data.get(name)
        problem = None
        if detail and not category.needs_detail:
            problem = _("“%(category)s” takes no detail: clear it.")
        elif detail and not ticked:
            problem = _(
                "A detail is typed for “%(category)s”, which is not ticked: tick it, or clear "
                "the detail."
            )
        elif ticked and category.needs_detail and not detail and name not in self.errors:
            problem = _("“%(category)s” needs a detail: say in a word or two which.")
        if problem:
            self.add_error(name, problem % {"category": category.label})

    def save(self, commit: bool = True) -> Section:
        section: Section = self.instance
        written = [name for name in WRITTEN if name in self.fields]
        if section.type.part == Part.ASSESSMENT:
            reported, open_ = Availability.REPORTED, Availability.NOT_RESEARCHED
            section.availability = reported if section.text else open_
            written.append("availability")
        section.save(update_fields=written)
        if "categories" in self.fields:
            self._save_uses({use.category.code: use for use in section.uses.all()})
        return section

    def _save_uses(self, uses: dict[str, SectionCategory]) -> None:
        """Write only what differs from the stored rows."""
        details = {
            code: self.cleaned_data[_detail(code)] for code in self.cleaned_data["categories"]
        }
        for code in uses.keys() - details.keys():
            uses[code].delete()
        for code, detail in details.items():
            use = uses.get(code) or SectionCategory(
                section=self.instance, category=self.categories[code]
            )
            if use.pk is None or use.detail != detail:
                use.detail = detail
                use.save()


def _detail(code: str) -> str:
    return f"detail_{code}"


def _in_use(category: Category, year: int) -> bool:
    since, until = category.since, category.until
    return (since is None or since.year <= year) and (until is None or year <= until.year)


class FixedFormSet(BaseInlineFormSet):
    """Exactly the rows that there are: none to add, none to delete, none from elsewhere."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["id"] = RowField(
            {str(row.pk): row for row in self.get_queryset()}, initial=form.instance.pk
        )

    def clean(self) -> None:
        super().clean()
        rows = [form.instance.pk for form in self.forms]
        if None in rows or len(set(rows)) < len(rows):
            raise ValidationError(
                _("A row does not belong to this page. Nothing was saved; open the page anew."),
                code="foreign",
            )


class FixedInline(FactInline):
    """Rows that come with their parent and go with it."""

    formset = FixedFormSet
    template = "admin/policies/_nothing.html"  # the page's own template says where the forms go
    steps = {name: step for name, step in FactInline.steps.items() if name in ("view", "change")}
    can_delete = False
    max_num = 0


class SectionInline(FixedInline):
    model = Section
    form = SectionForm

    def get_queryset(self, request):
        return shown(super().get_queryset(request)).order_by("type__order", "pk")


@dataclass
class Cell:
    """A section on its page: its form and, where it has some, the facts that belong to it."""

    form: SectionForm
    facts: Any = None
    judgement: Any = None

    @property
    def section(self) -> Section:
        return self.form.instance

    @property
    def has_errors(self) -> bool:
        forms_ = [form for form in (self.form, self.judgement) if form]
        own = any(form.errors or form.overtaken for form in forms_)
        return own or bool(self.facts and wrong(self.facts))

    @property
    def conflicts(self) -> list[Conflict]:
        """What a colleague changed in the section while its text, facts or level were typed."""
        facts = self.facts.form if self.facts else None
        found = (
            form.conflicts.get(self.section.type.code)
            for form in (self.form, facts, self.judgement)
            if form
        )
        return [conflict for conflict in found if conflict]


def wrong(facts: Any) -> bool:
    """Whether a field of this fieldset has an error, or was overtaken."""
    form = facts.form
    overtaken = {name for section in form.overtaken for name in form.parts[section].names}
    return bool(overtaken.union(form.errors) & set(flatten(facts.fields)))


def cells(formset: Any) -> list[Cell]:
    """The rows of the page; a form that was made up for another row is left out."""
    return [Cell(form) for form in formset.forms if form.instance.type_id]


def formset_of(context: dict[str, Any], inline: type[FactInline]) -> Any:
    sets = context["inline_admin_formsets"]
    return next(found.formset for found in sets if isinstance(found.opts, inline))
