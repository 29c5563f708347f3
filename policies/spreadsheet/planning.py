"""From what a file says to what it would change, section by section; nothing is written here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from policies.checking import Tables
from policies.history import Key, content_of, revisions_of, says_something
from policies.models import ChangeStatus
from policies.spreadsheet.edits import Content, Edit, adds_only, applied, remaining
from policies.spreadsheet.hearing import Heard, Hearing, Row, Said
from policies.spreadsheet.standing import (
    INTRODUCTION,
    Standing,
    blank_policy,
    types_of_policies,
)

Bases = Mapping[tuple[int, int], Content]  # by section and version


@dataclass
class Planned:
    """What becomes of one section."""

    standing: Standing
    key: Key
    status: ChangeStatus
    rows: list[Row]
    before: Content | None
    after: Content | None
    seen: int = 0
    edit: Edit = field(default_factory=Edit)
    confirms: bool = False


def plan(hearing: Hearing) -> list[Planned]:
    """Every section that the file changes, factsheet by factsheet."""
    bases = _bases(hearing)
    return [
        planned
        for place, heard in hearing.heard.items()
        for planned in _Plan(hearing, hearing.standings[place], heard, bases).changes()
    ]


def _bases(hearing: Hearing) -> Bases:
    """What the sections held that have changed since the file was made."""
    wanted = {
        (stand.pk, said.version)
        for place, heard in hearing.heard.items()
        for key, said in heard.said.items()
        if (stand := hearing.standings[place].stands.get(key))
        and said.version not in (None, stand.version)
    }
    found = revisions_of({pk for pk, _version in wanted})
    return {
        (revision.section_id, revision.number): content_of(revision)
        for revision in found
        if revision.section_id and (revision.section_id, revision.number) in wanted
    }


class _Plan:
    """What a file changes in one factsheet."""

    def __init__(self, hearing: Hearing, standing: Standing, heard: Heard, bases: Bases) -> None:
        self.standing = standing
        self.heard = heard
        self.bases = bases
        self.new = {
            (code, type_): content
            for code in heard.added
            for type_, content in blank_policy(types_of_policies(standing, hearing.tables)).items()
        }

    def changes(self) -> Iterator[Planned]:
        for key, said in self.heard.said.items():
            if key[0] not in self.heard.deleted and key not in self.new:
                yield from self._changed(key, said)
        yield from self._added()
        for code in self.heard.deleted:
            yield from self._deleted(code)

    def _changed(self, key: Key, said: Said) -> Iterator[Planned]:
        stand, content = self.standing.stands[key], self.standing.contents[key]
        confirms = said.confirms and stand.is_unconfirmed
        stale = said.version != stand.version
        base = content if not stale else self.bases.get((stand.pk, said.version or 0))
        edit = remaining(said.edit, content if base is None else base)
        after = applied(content, edit)
        if after == content and not confirms:
            return
        conflict = stale and not adds_only(edit, content)
        if key == INTRODUCTION and not edit.values and not edit.order:
            conflict = False  # only policies that come or go: their own rows tell conflicts
        written = says_something(content) or content.get("judged")
        if said.version is None and stand.version <= 1 and not written:
            conflict = False  # nobody has written anything that could be lost
        yield Planned(
            self.standing,
            key,
            self._status(conflict, changed=after != content),
            said.rows,
            content,
            after,
            stand.version,
            edit,
            confirms,
        )

    def _status(self, conflict: bool, *, changed: bool) -> ChangeStatus:
        if conflict:
            return ChangeStatus.CONFLICT
        return ChangeStatus.CHANGED if changed else ChangeStatus.CONFIRMED

    def _added(self) -> Iterator[Planned]:
        for (code, type_), content in self.new.items():
            said = self.heard.said.get((code, type_), Said(rows=[self.heard.added[code]]))
            after = applied(content, said.edit)
            if after != content or type_ == "heading":
                edit = said.edit
                key = (code, type_)
                new = ChangeStatus.NEW
                yield Planned(self.standing, key, new, said.rows, None, after, 0, edit)

    def _deleted(self, code: str) -> Iterator[Planned]:
        row, version = self.heard.deleted[code]
        stale = version != self.standing.policy_versions[code]
        status = ChangeStatus.CONFLICT if stale else ChangeStatus.DELETED
        for key, content in self.standing.contents.items():
            if key[0] == code and key in self.standing.stands:
                seen = self.standing.stands[key].version
                yield Planned(self.standing, key, status, [row], content, None, seen, Edit())


def contents_after(
    standing: Standing, changes: Iterable[Any], tables: Tables
) -> dict[Key, Content]:
    """The contents of the factsheet once these changes (`Planned` or `BatchChange`) are made.

    A policy whose deletion is not among them stays, whatever else is said of the list; a new one
    has all its sections.
    """
    after = dict(standing.contents)
    for change in changes:
        if change.after is None:
            after.pop(change.key, None)
        else:
            after[change.key] = change.after
    there = {code for code, type_ in after if type_ == "heading"}
    if new := there - {code for code, _type in standing.contents}:
        blank = blank_policy(types_of_policies(standing, tables))
        sections = {(code, type_): content for code in new for type_, content in blank.items()}
        after = {**sections, **after}
    introduction = after[INTRODUCTION]
    listed = [code for code in introduction["policies"] if code in there]
    missing = [code for code in dict.fromkeys(c for c, _t in after) if code in there - set(listed)]
    after[INTRODUCTION] = {**introduction, "policies": [*listed, *missing]}
    return after
