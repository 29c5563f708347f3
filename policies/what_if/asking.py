"""What an address supposes: the facts that differ from those published, and no others."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.missing import Link, Missing, Refused
from scoring.facts import THREE_VALUED, Facts, Kind, Known, PolicyFacts, Status
from scoring.steps import KIND, LEFT_OUT, SINCE, STATUS, Change, applied, is_new, new_policy

NEW = ("new.1", "new.2", "new.3")  # the policies that a reader can add
EARLIEST, LATEST = 1800, 2200  # as for policies that are recorded
LONGEST = 50  # characters of what was asked that are said again

# By the word for them in addresses, in the order of the form.
FACTS: Mapping[str, str] = {
    "out": LEFT_OUT,
    "kind": KIND,
    "start": "starting_year",
    "end": "ending_year",
    "since": SINCE,
    **{name: name for name in THREE_VALUED},
}
WORDS = {fact: word for word, fact in FACTS.items()}
YEARS = ("starting_year", "ending_year", SINCE)
LABELS: Mapping[str, str | Promise] = {
    STATUS: gettext_lazy("Policies"),
    LEFT_OUT: gettext_lazy("Left out"),
    KIND: gettext_lazy("Kind"),
    "starting_year": gettext_lazy("Starting year"),
    "ending_year": gettext_lazy("Ending year"),
    SINCE: gettext_lazy("Running without a break since"),
    "financial": gettext_lazy("Financial instruments"),
    "technical": gettext_lazy("Technical assistance"),
    "ex_ante": gettext_lazy("Ex-ante evaluation"),
    "ex_post": gettext_lazy("Ex-post evaluation"),
    "ongoing": gettext_lazy("Ongoing evaluation"),
    "monitoring": gettext_lazy("Monitoring"),
}

Pairs = list[tuple[str, str]]
Wanted = dict[tuple[str, str], Any]  # the value by policy and fact


class Moved(Exception):
    """The same is supposed at a shorter address."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


def told(query: QueryDict) -> Pairs:
    """The parameters that name facts, each value once, in one order whatever theirs."""
    facts = (name for name in query if name == STATUS or "." in name)
    return sorted({(name, value.strip()) for name in facts for value in query.getlist(name)})


def addressed(path: str, pairs: Iterable[tuple[str, str]]) -> str:
    query = urlencode(list(pairs), errors="replace")
    return f"{path}?{query}" if query else path


@dataclass(frozen=True)
class Asked:
    """A factsheet's facts as published, and the changes that an address supposes."""

    path: str
    facts: Facts
    changes: tuple[Change, ...] = ()

    @cached_property
    def changed(self) -> Facts:
        """The supposed facts, in which new policies have a name."""
        found = applied(self.facts, self.changes)
        return replace(found, policies=tuple(_named(policy) for policy in found.policies))

    @cached_property
    def recorded(self) -> dict[str, PolicyFacts]:
        """The policies whose facts can be supposed: examples never count."""
        return {policy.code: policy for policy in self.facts.policies if not policy.is_example}

    @property
    def address(self) -> str:
        return addressed(self.path, map(_pair, self.changes))

    def with_(self, changes: Iterable[Change]) -> str:
        """The address of these changes besides."""
        wanted = {(change.policy, change.fact): change.value for change in self.changes}
        wanted |= {(change.policy, change.fact): change.value for change in changes}
        return self._supposing(wanted).address

    def without(self, left: Change) -> str:
        """The address without one change; without its kind, a new policy is none."""
        goes = is_new(left.policy) and left.fact == KIND
        return self._supposing(
            {
                (change.policy, change.fact): change.value
                for change in self.changes
                if change != left and not (goes and change.policy == left.policy)
            }
        ).address

    def _supposing(self, wanted: Wanted) -> "Asked":
        return replace(self, changes=tuple(_differences(self, wanted)))


def read(path: str, pairs: Pairs, facts: Facts) -> Asked:
    """Raises `Refused` for what can't be, and `Moved` where less says the same."""
    asked = Asked(path, facts)
    wanted = _Reading(asked, pairs).wanted()
    found = asked._supposing(wanted)
    _check_years(found, pairs)
    if sorted(map(_pair, found.changes)) != pairs:
        raise Moved(found.address)
    return found


def _differences(asked: Asked, wanted: Wanted) -> Iterable[Change]:
    """What differs from the facts that are published, or that a new policy begins with."""
    policies = [change for code in asked.recorded for change in _of_policy(asked, code, wanted)]
    policies += [change for code in NEW for change in _of_new(asked, code, wanted)]
    published = asked.facts.status
    status = wanted.get(("", STATUS), published)
    if status not in (published, applied(asked.facts, policies).status):
        yield Change("", STATUS, status)
    yield from policies


def _of_policy(asked: Asked, code: str, wanted: Wanted) -> Iterable[Change]:
    if wanted.get((code, LEFT_OUT)):
        yield Change(code, LEFT_OUT, True)
    else:
        yield from _of_facts(asked.recorded[code], wanted)


def _of_new(asked: Asked, code: str, wanted: Wanted) -> Iterable[Change]:
    """Nothing, where the kind is left empty: then the policy is none."""
    kind = wanted.get((code, KIND))
    if kind and not wanted.get((code, LEFT_OUT)):
        yield Change(code, KIND, kind)
        yield from _of_facts(new_policy(code, kind, asked.facts.collection_year), wanted)


def _of_facts(policy: PolicyFacts, wanted: Wanted) -> Iterable[Change]:
    for fact in WORDS:
        if fact != LEFT_OUT and (policy.code, fact) in wanted:
            value = wanted[policy.code, fact]
            if value != getattr(policy, fact):
                yield Change(policy.code, fact, value)


def _pair(change: Change) -> tuple[str, str]:
    if change.fact == STATUS:
        return STATUS, str(change.value)
    if change.fact == LEFT_OUT:
        return f"{change.policy}.out", "1"
    value = "" if change.value is None else str(change.value)
    return f"{change.policy}.{WORDS[change.fact]}", value


def _named(policy: PolicyFacts) -> PolicyFacts:
    if not is_new(policy.code):
        return policy
    number = policy.code.removeprefix("new.")
    return replace(policy, name=_("New policy %(number)s") % {"number": number})


# Reading strictly


@dataclass(frozen=True)
class _Reading:
    asked: Asked
    pairs: Pairs

    def wanted(self) -> Wanted:
        found: Wanted = {}
        for name, value in self.pairs:
            place = self._place(name)
            if place in found:
                message = _("“%(name)s” is given more than once, and only one value makes sense.")
                raise self._refused(message, name)
            found[place] = self._value(name, place[1], value)
        for code in NEW:
            self._check_new(code, found)
        return found

    def _place(self, name: str) -> tuple[str, str]:
        if name == STATUS:
            return "", STATUS
        code, _dot, word = name.rpartition(".")
        if code not in self.asked.recorded and code not in NEW:
            message = _("This factsheet has no policy “%(policy)s” whose facts could be others.")
            raise self._refused(message, name, policy=code)
        if word not in FACTS:
            raise self._refused(_("“%(fact)s” is no fact that moves the score."), name, fact=word)
        return code, FACTS[word]

    def _value(self, name: str, fact: str, value: str) -> Any:
        if fact == LEFT_OUT:
            return self._one_of(name, value, {"1": True, "": False})
        if fact in YEARS:
            return self._year(name, value)
        kinds = {STATUS: Status, KIND: Kind}.get(fact, Known)
        choices: dict[str, Any] = {str(each): each for each in kinds}
        if fact == KIND and name.removesuffix(".kind") in NEW:
            choices[""] = None
        return self._one_of(name, value, choices)

    def _one_of(self, name: str, value: str, choices: Mapping[str, Any]) -> Any:
        if value in choices:
            return choices[value]
        known = [choice for choice in choices if choice]
        message = _("“%(value)s” is no value of “%(name)s”: take one of %(choices)s.")
        if len(known) == 1:
            message = _("“%(value)s” is no value of “%(name)s”: it can only be %(choices)s.")
        raise self._refused(message, name, value=value, choices=", ".join(known))

    def _year(self, name: str, value: str) -> int | None:
        if not value:
            return None
        if re.fullmatch("[0-9]{4}", value) and EARLIEST <= int(value) <= LATEST:
            return int(value)
        message = _("“%(value)s” is no year from %(earliest)d to %(latest)d, as “%(name)s” is.")
        raise self._refused(message, name, value=value, earliest=EARLIEST, latest=LATEST)

    def _check_new(self, code: str, found: Wanted) -> None:
        """A kind makes a policy; one that is left empty, as in the form, leaves out the rest."""
        stray = [pair for pair in self.pairs if pair[0].startswith(f"{code}.")]
        if stray and (code, KIND) not in found:
            message = _("“%(name)s” is of a new policy whose kind the address does not say.")
            raise self._refused(message, stray[0][0])

    def _refused(self, message: str, name: str, **values: Any) -> Refused:
        return refused(self.asked.path, self.pairs, message, name, **values)


def _check_years(asked: Asked, pairs: Pairs) -> None:
    touched = {change.policy for change in asked.changes}
    for policy in asked.changed.policies:
        start, end = policy.starting_year, policy.ending_year
        if policy.code in touched and start is not None and end is not None and end < start:
            message = _("%(policy)s can not end in %(end)d, before it starts in %(start)d.")
            names = [f"{policy.code}.{word}" for word in ("end", "start")]
            values = {"policy": policy.name, "start": start, "end": end}
            raise refused(asked.path, pairs, message, *names, **values)
        since, year = policy.continuous_since, asked.facts.collection_year
        if policy.code in touched and since is not None and since > year:
            message = _(
                "%(policy)s can not run without a break since %(since)d, "
                "after %(year)d, the year of collection."
            )
            values = {"policy": policy.name, "since": since, "year": year}
            raise refused(asked.path, pairs, message, f"{policy.code}.since", **values)


def refused(path: str, pairs: Pairs, message: str, *names: str, **values: Any) -> Refused:
    """The same without each of the parameters that are wrong, and the facts as published."""
    said = {key: _short(value) for key, value in {"name": names[0], **values}.items()}
    given = [name for name in names if any(found == name for found, _value in pairs)]
    links = [
        Link(
            _("The same without “%(name)s”") % {"name": _short(name)},
            addressed(path, (pair for pair in pairs if pair[0] != name)),
        )
        for name in given
    ]
    if len(pairs) > MANY:
        links = []
    links.append(Link(_("What if, from the facts as published"), path))
    about = tuple(_short(name) for name in given)
    return Refused(Missing(message % said, _("Instead"), tuple(links), about=about))


MANY = 200  # parameters; an address with so many was not made by this page


def _short(value: Any) -> Any:
    return value[:LONGEST] if isinstance(value, str) else value
