"""docs/methodology.md says what the rubric and its rules say."""

import json
import re
from pathlib import Path

import pytest

from scoring.loading import RUBRIC_2022
from scoring.rules import RULES

TEXT = (Path(__file__).parents[2] / "docs/methodology.md").read_text(encoding="utf-8")
RUBRIC = json.loads(RUBRIC_2022.read_text(encoding="utf-8"))


def rows(title):
    """The rows of the table under a heading."""
    section = re.split(r"^#+ ", TEXT.split(f"### {title}\n")[1], flags=re.MULTILINE)[0]
    lines = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("|")]
    return lines[2:]


def told(points, label, rule):
    return [points, label, f"`{rule}`", " ".join(RULES[rule].guidance.split())]


@pytest.mark.parametrize("criterion", RUBRIC["criteria"], ids=lambda criterion: criterion["code"])
def test_every_level_and_gap_is_explained_by_its_rule(criterion):
    levels = [
        told(f"{float(level['points']):g}", level["label"], level["rule"])
        for level in criterion["levels"]
    ]
    gap = criterion.get("known_gap")
    left = [told("none", "*left to a judgement*", gap)] if gap else []
    assert rows(criterion["title"]) == levels + left


def test_no_other_criterion_is_explained():
    titles = re.findall(r"^### (.+)$", TEXT, re.MULTILINE)
    assert titles == [criterion["title"] for criterion in RUBRIC["criteria"]]
