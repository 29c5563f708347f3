"""What a file says of one section, put upon the section's content: pure values in and out.

A content is what `history.contents` gives. An edit names only what the file wants otherwise, so
that it can be put upon a content that has changed meanwhile.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Content = dict[str, Any]

# The lists of a content by the key that names an entry; None where an entry is its own name.
LISTS: dict[str, str | None] = {"references": "key", "policies": None}


@dataclass
class Edit:
    """`values` by dotted path; `items` of the section's list by key, None to take one out; `order`
    the places, counted from 1, that entries of the list shall have."""

    values: dict[str, Any] = field(default_factory=dict)
    items: dict[str, Content | None] = field(default_factory=dict)
    order: dict[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.values or self.items or self.order)

    def to_dict(self) -> dict[str, Any]:
        return {"values": self.values, "items": self.items, "order": self.order}


def value_at(content: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path; None where there is none."""
    value: Any = content
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def applied(content: Content, edit: Edit) -> Content:
    """A new content in which the edit is done."""
    for path, value in edit.values.items():
        content = _with(content, path.split("."), value)
    if edit.items or edit.order:
        name = _list_of(content)
        content = {**content, name: _listed(content[name], LISTS[name], edit)}
    return content


def remaining(edit: Edit, content: Content) -> Edit:
    """What of an edit is not so in the content already."""
    return Edit(
        {p: value for p, value in edit.values.items() if value_at(content, p) != value},
        {key: item for key, item in edit.items.items() if _differs(content, key, item)},
        {key: place for key, place in edit.order.items() if _places(content).get(key) != place},
    )


def adds_only(edit: Edit, content: Content) -> bool:
    """Whether all that is said is new entries of a list: they are in nobody's way."""
    if edit.values or not edit.items:
        return False
    present = _places(content)
    new = {key for key, item in edit.items.items() if item is not None and key not in present}
    return set(edit.items) == new and set(edit.order) <= new


def _with(content: Content, path: list[str], value: Any) -> Content:
    first, *rest = path
    return {**content, first: _with(content.get(first) or {}, rest, value) if rest else value}


def _list_of(content: Content) -> str:
    return next(name for name in LISTS if name in content)


def _listed(items: list[Any], key: str | None, edit: Edit) -> list[Any]:
    known = {item[key] if key else item: item for item in items}
    for code, item in edit.items.items():
        if item is None:
            known.pop(code, None)
        else:
            known[code] = {**known.get(code, {}), **item, key: code} if key else code
    return [known[code] for code in _ordered(list(known), edit.order)]


def _ordered(codes: list[str], order: Mapping[str, int]) -> list[str]:
    """Whoever claims a place gets it; the others stand around them as they stood."""
    ordered = [code for code in codes if code not in order]
    last = -1
    for code in sorted((code for code in codes if code in order), key=lambda c: order[c]):
        last = max(order[code] - 1, last + 1)
        ordered.insert(last, code)
    return ordered


def _items(content: Content) -> dict[str, Any]:
    name = next((name for name in LISTS if name in content), None)
    if name is None:
        return {}
    key = LISTS[name]
    return {item[key] if key else item: item for item in content[name]}


def _places(content: Content) -> dict[str, int]:
    return {code: number for number, code in enumerate(_items(content), 1)}


def _differs(content: Content, key: str, item: Content | None) -> bool:
    items = _items(content)
    if item is None or key not in items:
        return (item is None) == (key in items)
    stored = items[key]
    return isinstance(stored, Mapping) and any(stored.get(n) != v for n, v in item.items())
