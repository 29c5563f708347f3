"""The rules between the keys of one policy or budget; the admin asks them, too."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from policies.checking.problem import Problem
from policies.models import Availability, Level, Period

YEARS = {"period", "starting_year", "ending_year"}
REGION = {"level", "region"}
BUDGET = {"availability", "amount", "currency"}


def year_problems(path: str, policy: dict[str, Any]) -> Iterator[Problem]:
    start, end = policy["starting_year"], policy["ending_year"]
    if policy["period"] == Period.LIMITED and end is None:
        yield Problem(f"{path}.ending_year", _("A limited period needs an ending year."))
    if policy["period"] != Period.LIMITED and end is not None:
        yield Problem(f"{path}.ending_year", _("Only a limited period has an ending year."))
    if start is not None and end is not None and end < start:
        yield Problem(f"{path}.ending_year", _("The ending year is before the starting year."))


def region_problems(path: str, policy: dict[str, Any]) -> Iterator[Problem]:
    if (policy["level"] == Level.REGIONAL) != bool(policy["region"].strip()):
        message = _("Name the region if, and only if, the level is regional.")
        yield Problem(f"{path}.region", message)


def budget_problems(path: str, budget: dict[str, Any]) -> Iterator[Problem]:
    if (budget["amount"] is None) != (not budget["currency"]):
        yield Problem(f"{path}.currency", _("An amount and its currency stand together."))
    if budget["amount"] is not None and budget["availability"] != Availability.REPORTED:
        yield Problem(f"{path}.availability", _("An amount stands only in a reported budget."))
