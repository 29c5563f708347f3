"""What is wrong with a document that somebody wants to load: every problem, each with its place."""

from policies.checking.between import budget_problems, region_problems, year_problems
from policies.checking.problem import InvalidDocument, Problem, cut, did_you_mean, not_one_of
from policies.checking.reading import parsed
from policies.checking.rules import CITATION, broken_rules, problems
from policies.checking.shape import completed, schema
from policies.checking.tables import Tables
from policies.checking.warning import computed_maturity, warnings

__all__ = [
    "CITATION",
    "InvalidDocument",
    "Problem",
    "Tables",
    "broken_rules",
    "budget_problems",
    "completed",
    "computed_maturity",
    "cut",
    "did_you_mean",
    "not_one_of",
    "parsed",
    "problems",
    "region_problems",
    "schema",
    "warnings",
    "year_problems",
]
