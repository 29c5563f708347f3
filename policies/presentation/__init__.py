"""A document as rows, words and numbers that a template only has to print: pure functions."""

from policies.presentation.authority import Checked, Objected, checked_of, objected_of
from policies.presentation.bibtex import as_bibtex
from policies.presentation.citation import Citation, Rights, citation_of
from policies.presentation.factsheet import Card, Page, card_of, page_of
from policies.presentation.field import placed
from policies.presentation.linked_data import linked_data
from policies.presentation.lists import (
    Figures,
    Version,
    figures_of,
    versions_of,
)
from policies.presentation.method import CriterionRules, criteria_rules
from policies.presentation.ris import as_ris
from policies.presentation.words import kinds_of_nothing, points

__all__ = [
    "Card",
    "Checked",
    "Citation",
    "CriterionRules",
    "Figures",
    "Objected",
    "Page",
    "Rights",
    "Version",
    "as_bibtex",
    "as_ris",
    "card_of",
    "checked_of",
    "citation_of",
    "criteria_rules",
    "figures_of",
    "kinds_of_nothing",
    "linked_data",
    "objected_of",
    "page_of",
    "placed",
    "points",
    "versions_of",
]
