"""What is wrong with a document that somebody wants to load: every problem, each with its place."""

from policies.checking.between import budget_problems, region_problems, year_problems
from policies.checking.problem import InvalidDocument, Problem, did_you_mean
from policies.checking.reading import parsed
from policies.checking.rules import CITATION, problems
from policies.checking.shape import completed, schema
from policies.checking.warning import computed_maturity, warnings

__all__ = [
    "CITATION",
    "InvalidDocument",
    "Problem",
    "budget_problems",
    "completed",
    "computed_maturity",
    "did_you_mean",
    "parsed",
    "problems",
    "region_problems",
    "schema",
    "warnings",
    "year_problems",
]
