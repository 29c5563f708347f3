"""A document as rows, words and numbers that a template only has to print: pure functions."""

from policies.presentation.factsheet import Card, Page, card_of, page_of
from policies.presentation.lists import (
    Figures,
    Group,
    Version,
    figures_of,
    groups_of,
    versions_of,
)
from policies.presentation.method import CriterionRules, criteria_rules
from policies.presentation.words import kinds_of_nothing, points

__all__ = [
    "Card",
    "CriterionRules",
    "Figures",
    "Group",
    "Page",
    "Version",
    "card_of",
    "criteria_rules",
    "figures_of",
    "groups_of",
    "kinds_of_nothing",
    "page_of",
    "points",
    "versions_of",
]
