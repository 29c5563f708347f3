"""What the score is computed from: plain values that know no factsheet and no database."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


class Known(StrEnum):
    """Three-valued, because unknown is not zero."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """From the weakest to the strongest."""

    BROAD = "broad"
    SECTORAL = "sectoral"
    CLUSTER = "cluster"


class Period(StrEnum):
    LIMITED = "limited"
    UNLIMITED = "unlimited"
    UNKNOWN = "unknown"


class Status(StrEnum):
    """What a factsheet says about its policies as a whole."""

    REPORTED = "reported"
    NONE_EXIST = "none_exist"
    NOT_RESEARCHED = "not_researched"


@dataclass(frozen=True)
class PolicyFacts:
    """One policy as the score sees it. The name is only there to be said in a reason."""

    code: str
    name: str
    kind: Kind
    is_example: bool = False
    period: Period = Period.UNKNOWN
    starting_year: int | None = None
    ending_year: int | None = None
    continuous_since: int | None = None
    financial: Known = Known.UNKNOWN
    technical: Known = Known.UNKNOWN
    ex_ante: Known = Known.UNKNOWN
    ex_post: Known = Known.UNKNOWN
    ongoing: Known = Known.UNKNOWN
    monitoring: Known = Known.UNKNOWN

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        known = {name: Known(data[name]) for name in THREE_VALUED}
        kinds = {"kind": Kind(data["kind"]), "period": Period(data["period"])}
        return cls(**{**data, **kinds, **known})


THREE_VALUED = ("financial", "technical", "ex_ante", "ex_post", "ongoing", "monitoring")


@dataclass(frozen=True)
class Facts:
    """All that a factsheet says which can move its score."""

    status: Status
    collection_year: int
    policies: tuple[PolicyFacts, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; `from_dict` reads it back."""
        return {
            "status": str(self.status),
            "collection_year": self.collection_year,
            "policies": [_plain(policy) for policy in self.policies],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        policies = tuple(PolicyFacts.from_dict(policy) for policy in data["policies"])
        return cls(Status(data["status"]), data["collection_year"], policies)

    @property
    def hash(self) -> str:
        """Changes with every fact, but not with the names or the order of the policies."""
        data = self.to_dict()
        data["policies"].sort(key=lambda policy: policy["code"])
        for policy in data["policies"]:
            del policy["name"]
        return digest(data)


def counts(policy: PolicyFacts, year: int) -> bool:
    """In force in `year` and no example. A missing start counts as started."""
    started = policy.starting_year is None or policy.starting_year <= year
    running = policy.ending_year is None or policy.ending_year >= year
    return started and running and not policy.is_example


def ended(policy: PolicyFacts, year: int) -> bool:
    """Over before `year` and no example: only its evaluations count."""
    over = policy.ending_year is not None and policy.ending_year < year
    return over and not policy.is_example


def years_running(policy: PolicyFacts, year: int) -> int | None:
    """Years without a break by `year`; None where no start, or only a later one, is known."""
    since = policy.continuous_since
    if since is None:
        since = policy.starting_year
    return None if since is None or since > year else year - since


def digest(data: object) -> str:
    """SHA-256 of plain data, the same whatever the order of its keys."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(policy: PolicyFacts) -> dict[str, Any]:
    return {
        name: str(value) if isinstance(value, StrEnum) else value
        for name, value in vars(policy).items()
    }
