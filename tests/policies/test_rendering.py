"""Texts of a document as HTML: what stands in which cell, and in which order notes are counted."""

import pytest

from policies.rendering import rendered, section_types


def make_policy(code, *types, note=""):
    sections = [{"type": type_, "text": f"{code} on {type_}"} for type_ in types]
    return {"code": code, "heading_note": note, "sections": sections}


def make_document(*policies):
    maturity = {"criteria": []}
    return {"sections": [], "policies": list(policies), "maturity": maturity, "references": []}


def html(document):
    return [
        [(section["type"], section["html"].strip()) for section in policy["sections"]]
        for policy in rendered(document)["policies"]
    ]


@pytest.mark.parametrize(
    ("policies", "types"),
    [
        ([], []),
        ([["a", "b", "c"], ["a", "c"]], ["a", "b", "c"]),
        ([["a", "c"], ["a", "b", "c"]], ["a", "b", "c"]),
        ([["b"], ["a", "b", "c"]], ["a", "b", "c"]),
        ([["a", "c"], ["b", "c", "d"], ["a", "d"]], ["b", "a", "c", "d"]),
    ],
)
def test_the_types_of_all_policies_keep_the_order_of_each(policies, types):
    assert section_types([make_policy("p", *row) for row in policies]) == types


@pytest.mark.parametrize("turn", [1, -1])
def test_each_section_keeps_its_own_text_where_another_policy_has_none(turn):
    policies = [make_policy("kept", "focus", "history"), make_policy("added", "history")][::turn]
    kept = [("focus", "<p>kept on focus</p>"), ("history", "<p>kept on history</p>")]
    assert html(make_document(*policies))[::turn] == [
        kept,
        [("history", "<p>added on history</p>")],
    ]


def test_footnotes_are_counted_along_rows_of_one_type():
    early, late = make_policy("early", "history"), make_policy("late", "focus", "history")
    early["sections"][0]["text"] = "Early[^1]\n\n[^1]: The second."
    late["sections"][0]["text"] = "Late[^1]\n\n[^1]: The first."
    notes = rendered(make_document(early, late))["footnotes"]
    assert [note["section"] for note in notes] == ["late.focus", "early.history"]


def test_the_note_of_a_column_is_a_footnote_of_its_head():
    (policy,) = rendered(make_document(make_policy("plan", note="Announced.")))["policies"]
    assert policy["heading_footnotes"] == [1]
