"""The forms of a factsheet's and a policy's own facts."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from policies.admin.fields import LinesField
from policies.admin.overtaking import OvertakingForm
from policies.checking import Problem, budget_problems, region_problems, year_problems
from policies.document import HISTORY
from policies.models import Factsheet, Part, PoliciesStatus, Policy
from scoring.facts import Kind, PolicyFacts, counts

CODE_LENGTH = 100
PEOPLE = ""  # stands in no section

valid_code = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
    _("A code is made of small letters, digits and single hyphens, such as “cluster-plan”."),
)


def in_force(policy: Policy, factsheet: Factsheet) -> bool:
    """Whether the policy counts for the score of the factsheet's edition."""
    facts = PolicyFacts(
        code=policy.code,
        name="",
        kind=Kind(policy.kind),
        is_example=policy.is_example,
        starting_year=policy.starting_year,
        ending_year=policy.ending_year,
    )
    return counts(facts, factsheet.edition.collected_on.year)


class FactsheetForm(OvertakingForm):
    class Meta:
        widgets = {
            "editors": forms.CheckboxSelectMultiple,
            "reviewers": forms.CheckboxSelectMultiple,
        }

    def section_of(self, name: str) -> str:
        return PEOPLE if name in ("editors", "reviewers") else Part.INTRODUCTION

    def clean_policies_status(self) -> str:
        status = self.cleaned_data["policies_status"]
        if status == PoliciesStatus.NONE_EXIST and self.instance.pk:
            counting = [p for p in self.instance.policies.all() if in_force(p, self.instance)]
            if counting:
                raise ValidationError(
                    _("A policy exists, since this one counts: %(policies)s."),
                    code="none_exist",
                    params={"policies": ", ".join(map(str, counting))},
                )
        return status


class PolicyForm(OvertakingForm):
    names = LinesField(
        label=_("Names"),
        help_text=_("One name a line; most policies have just one."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    class Meta:
        widgets = {
            name: forms.TextInput(attrs={"size": 4, "maxlength": 3, "class": "currency-field"})
            for name in ("overall_currency", "annual_currency")
        }

    def section_of(self, name: str) -> str:
        if name.startswith(("overall_", "annual_")):
            return "budget"
        return "history" if name in HISTORY else "heading"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "code" in self.fields:
            self.fields["code"].required = False
            self.fields["code"].validators.append(valid_code)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "code" in self.fields and not data.get("code") and "code" not in self.errors:
            data["code"] = self._free_code(data.get("names") or [])
            if not data["code"] and data.get("names"):
                self.add_error("code", _("No code follows from the name: type one."))
        for currency in {"overall_currency", "annual_currency"} & data.keys():
            data[currency] = data[currency].upper()
        for problem in _problems(data):
            field = problem.path.lstrip(".")
            if field in self.fields and field not in self.errors:
                self.add_error(field, problem.message)
        return data

    def _free_code(self, names: list[str]) -> str:
        """The first name as a code that no other policy of the factsheet has."""
        wished = slugify(names[0].replace("_", "-"))[:CODE_LENGTH].strip("-") if names else ""
        factsheet = self.cleaned_data.get("factsheet") or self.instance.factsheet_id
        if not wished or not factsheet:
            return ""
        others = Policy.objects.filter(factsheet=factsheet).exclude(pk=self.instance.pk)
        taken = set(others.values_list("code", flat=True))
        return next(code for code in _numbered(wished) if code not in taken)

    def _get_validation_exclusions(self) -> set[str]:
        """The code is unique in the factsheet, which is no field of the page."""
        return super()._get_validation_exclusions() - {"factsheet"}  # type: ignore[misc]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            self._contradiction()

    def _contradiction(self) -> None:
        policy: Policy = self.instance
        factsheet = policy.factsheet
        if factsheet.policies_status == PoliciesStatus.NONE_EXIST and in_force(policy, factsheet):
            message = _(
                "The factsheet says that no policy exists, but this one counts. Change that on "
                "the factsheet's page first, or make this policy an example."
            )
            self.add_error(None, ValidationError(message, code="none_exist"))


def _numbered(wished: str) -> Iterable[str]:
    yield wished
    for number in range(2, 1000):
        yield f"{wished[: CODE_LENGTH - 4].rstrip('-')}-{number}"


def _problems(data: dict[str, Any]) -> Iterable[Problem]:
    """The rules between fields, as for a document; only where every field is valid so far."""
    if {"period", "starting_year", "ending_year"} <= data.keys():
        yield from year_problems("", data)
    if {"level", "region"} <= data.keys():
        yield from region_problems("", data)
    for name in ("overall", "annual"):
        keys = ("availability", "amount", "currency")
        if all(f"{name}_{key}" in data for key in keys):
            budget = {key: data[f"{name}_{key}"] for key in keys}
            for problem in budget_problems("", budget):
                yield Problem(f"{name}_{problem.path.lstrip('.')}", problem.message)
