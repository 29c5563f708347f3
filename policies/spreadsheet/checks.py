"""The rules of documents, asked of what a file changes, and told by the cell that is to blame."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from policies.checking import CITATION, Tables, broken_rules
from policies.document import HEADING, HISTORY, Document
from policies.history import TEXT, Key
from policies.models import PoliciesStatus
from policies.spreadsheet.edits import Content
from policies.spreadsheet.hearing import Heard
from policies.spreadsheet.planning import Planned, contents_after
from policies.spreadsheet.standing import BIBLIOGRAPHY, INTRODUCTION, Standing

COUNTING = ("starting_year", "ending_year", "is_example")


@dataclass(frozen=True)
class Flaw:
    """What is wrong in a cell; `column` is a header, blank where the whole row is meant.

    `place` is the column's, from 0, where its header does not tell: it is blank, or there twice.
    """

    sheet: str
    row: int
    column: str
    message: str
    place: int | None = None


def flaws(
    standing: Standing, heard: Heard, changes: Iterable[Planned], tables: Tables
) -> Iterator[Flaw]:
    """What the rules hold against a factsheet as it would be, as far as the file changes it."""
    changes = list(changes)
    after = contents_after(standing, changes, tables)
    part = _Part(standing, after, {c.key for c in changes if c.after})
    for problem in broken_rules(part.document(), tables):
        key, path = part.where(problem.path)
        said = heard.said.get(key)
        spoken = said is not None and path in said.cells
        if problem.code == CITATION and not spoken and BIBLIOGRAPHY not in part.changed:
            continue  # it was so before, and drafts may be so
        if said is None:
            row = heard.added.get(key[0]) or ("Factsheets", 0)
            yield Flaw(*row, _column(key, path), problem.message)
            continue
        sheet, row_number, column = said.cells.get(
            path, (*_row_of(said.rows, key, path), _column(key, path))
        )
        yield Flaw(sheet, row_number, column, problem.message)


def _row_of(rows: list[tuple[str, int]], key: Key, path: str) -> tuple[str, int]:
    """Of the rows that speak of a section, the one that has the column."""
    facts = path.split(".")[0] in (*HEADING, *HISTORY, "overall", "annual")
    return next((row for row in rows if (row[0] == "Policies") == facts), rows[0])


def _column(key: Key, path: str) -> str:
    if key == BIBLIOGRAPHY:
        return path.rsplit(".", 1)[-1]
    return path.replace(".", "_")


class _Part:
    """The parts of a document that a file changes, and the way back from a path to a section."""

    def __init__(self, standing: Standing, after: dict[Key, Content], changed: set[Key]) -> None:
        self.standing = standing
        self.after = after
        self.changed = changed
        counts = after[INTRODUCTION]["policies_status"] == PoliciesStatus.NONE_EXIST
        touched = {code for code, _type in changed}
        self.policies = [
            code for code in after[INTRODUCTION]["policies"] if counts or code in touched
        ]
        self.counts = counts
        parts = {s["type"]: s["part"] for s in standing.document["sections"]}
        self.own = [t for (code, t) in changed if not code and t in parts]
        criteria = {c["code"] for c in standing.document["maturity"]["criteria"]}
        self.criteria = [t for (code, t) in changed if not code and t in criteria]
        self.references = after.get(BIBLIOGRAPHY, {}).get("references", [])

    def document(self) -> Document:
        return {
            "country": {"code": self.standing.country.code},
            "edition": {"year": self.standing.edition.year},
            "policies_status": self.after[INTRODUCTION]["policies_status"],
            "sections": [self._text(("", type_)) for type_ in self.own],
            "policies": [self._policy(code) for code in self.policies],
            "maturity": {
                "criteria": [{"code": code, **self.after["", code]} for code in self.criteria]
            },
            "references": [self._reference(item) for item in self.references],
        }

    def _text(self, key: Key) -> Document:
        content = self.after[key]
        return {"type": key[1], **{name: content[name] for name in TEXT if name in content}}

    def _policy(self, code: str) -> Document:
        return {"code": code, **self._facts(code), "sections": self._sections(code)}

    def _facts(self, code: str) -> Document:
        heading, history = self.after[code, "heading"], self.after.get((code, "history"), {})
        facts: Document = {}
        if self.counts:
            both = {**heading, **history}
            facts |= {name: both[name] for name in COUNTING if name in both}
        if (code, "heading") in self.changed:
            facts |= heading
        if (code, "history") in self.changed:
            facts |= {name: history[name] for name in HISTORY}
        if (code, "budget") in self.changed:
            budget = self.after[code, "budget"]
            facts["budget"] = {name: budget[name] for name in ("overall", "annual")}
        return facts

    def _sections(self, code: str) -> list[Document]:
        return [self._text((code, type_)) for type_ in self._types(code)]

    def _types(self, code: str) -> list[str]:
        return [type_ for policy, type_ in self.changed if policy == code and type_ != "heading"]

    def _reference(self, item: Content) -> Document:
        """In full where it differs from what the site has."""
        same = BIBLIOGRAPHY not in self.changed or self.standing.references.get(item["key"]) == item
        return {"key": item["key"]} if same else item

    def where(self, path: str) -> tuple[Key, str]:
        """The section that a path of the document speaks of, and the path in its content."""
        found = re.match(r"(?:maturity\.)?(\w+)\[(\d+)\]\.?(.*)", path)
        if not found:
            return INTRODUCTION, path
        name, index, rest = found[1], int(found[2]), found[3]
        if name == "policies":
            return self._where_in_policy(self.policies[index], rest)
        if name == "references":
            return BIBLIOGRAPHY, f"{self.references[index]['key']}.{rest}"
        owner = (self.own if name == "sections" else self.criteria)[index]
        return ("", owner), _plain("judged" if rest.startswith("judged") else rest)

    def _where_in_policy(self, code: str, rest: str) -> tuple[Key, str]:
        found = re.match(r"sections\[(\d+)\]\.?(.*)", rest)
        if found:
            return (code, self._types(code)[int(found[1])]), _plain(found[2])
        if rest.startswith("budget."):
            return (code, "budget"), rest.removeprefix("budget.")
        path = _plain(rest)
        return (code, "history" if path in HISTORY else "heading"), path


def _plain(path: str) -> str:
    """Without what stands inside a list: `categories[1].detail` is `categories`."""
    return re.split(r"[.\[]", path, maxsplit=1)[0]
