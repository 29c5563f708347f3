"""The rules that levels name: one pure predicate each, over facts that are all known.

The parameters of a rule are the pooled facts it reads (see `pooling.DOMAINS`). Its docstring
is the help that people see who edit a rubric, its sentence the reason that readers see.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .pooling import DOMAINS, Value

Predicate: TypeAlias = Callable[..., bool]
Sentence: TypeAlias = str | Promise


@dataclass(frozen=True)
class Rule:
    code: str
    reason: Sentence
    reads: tuple[str, ...]
    guidance: str
    predicate: Predicate
    is_gap: bool

    @property
    def explained(self) -> str:
        """Its code and its guidance in one line, to choose it by."""
        return f"{self.code}: {' '.join(self.guidance.split())}"

    def matches(self, combination: Mapping[str, Value]) -> bool:
        return self.predicate(*(combination[fact] for fact in self.reads))


RULES: dict[str, Rule] = {}


def rule(code: str, reason: Sentence, is_gap: bool = False) -> Callable[[Predicate], Predicate]:
    """Register a predicate. `reason` may say `%(points)s`; a gap has no points to say."""

    def register(predicate: Predicate) -> Predicate:
        reads = tuple(inspect.signature(predicate).parameters)
        unheard_of = set(reads) - set(DOMAINS)
        if unheard_of or code in RULES:
            raise ValueError(f"Rule {code} exists already or reads no pooled fact: {unheard_of}")
        guidance = inspect.getdoc(predicate) or ""
        RULES[code] = Rule(code, reason, reads, guidance, predicate, is_gap)
        return predicate

    return register


def level_choices() -> list[tuple[str, str]]:
    """The rules that a level can name, each with what it asks."""
    return [(rule.code, rule.explained) for rule in RULES.values() if not rule.is_gap]


def gap_choices() -> list[tuple[str, str]]:
    """The rules that describe what a rubric knowingly leaves open."""
    return [(rule.code, rule.explained) for rule in RULES.values() if rule.is_gap]


# Policy scope


@rule("scope.none", _("There is no policy that counts, so policy scope is %(points)s."))
def no_policy(kind: str | None) -> bool:
    """It is stated that no policy exists; ended ones and examples may be on record."""
    return kind is None


@rule(
    "scope.broad",
    _("The strongest policy that counts is a broad policy, so policy scope is %(points)s."),
)
def broad_policy(kind: str | None) -> bool:
    """A broad policy counts, and neither a sectoral nor a cluster policy does."""
    return kind == "broad"


@rule(
    "scope.sectoral",
    _("The strongest policy that counts is a sectoral policy, so policy scope is %(points)s."),
)
def sectoral_policy(kind: str | None) -> bool:
    """A sectoral policy counts, and no cluster policy does."""
    return kind == "sectoral"


@rule("scope.cluster", _("A cluster policy counts, so policy scope is %(points)s."))
def cluster_policy(kind: str | None) -> bool:
    """A cluster policy counts, national or regional."""
    return kind == "cluster"


# Continuity


@rule(
    "continuity.none",
    _("No policy that counts is a cluster policy, so continuity is %(points)s."),
)
def no_cluster_policy(cluster_years: int | None) -> bool:
    """No policy that counts is a cluster policy."""
    return cluster_years is None


@rule(
    "continuity.recent",
    _("No cluster policy has run for more than 2 years, so continuity is %(points)s."),
)
def recent_cluster_policy(cluster_years: int | None) -> bool:
    """The cluster policy that has run longest without a break has run for up to 2 years."""
    return cluster_years is not None and cluster_years <= 2


@rule(
    "continuity.established",
    _(
        "The longest-running cluster policy has run for more than 2 and at most 10 years, "
        "so continuity is %(points)s."
    ),
)
def established_cluster_policy(cluster_years: int | None) -> bool:
    """The cluster policy that has run longest has run for over 2 and up to 10 years."""
    return cluster_years is not None and 2 < cluster_years <= 10


@rule(
    "continuity.long",
    _("A cluster policy has run for more than 10 years, so continuity is %(points)s."),
)
def long_cluster_policy(cluster_years: int | None) -> bool:
    """A cluster policy has run without a break for over 10 years."""
    return cluster_years is not None and cluster_years > 10


# Evidence of performance


@rule(
    "evidence.none",
    _("There is neither monitoring nor any evaluation, so evidence of performance is %(points)s."),
)
def no_evidence(
    monitoring: bool, ongoing: bool, ex_ante: bool, ex_post: bool, past_evaluation: bool
) -> bool:
    """No policy is monitored or evaluated, and no ended policy was evaluated."""
    return not (monitoring or ongoing or ex_ante or ex_post or past_evaluation)


@rule(
    "evidence.evaluation",
    _(
        "There is an evaluation before or after a policy, but neither monitoring nor an ongoing "
        "evaluation, so evidence of performance is %(points)s."
    ),
)
def evaluation_only(
    monitoring: bool, ongoing: bool, ex_ante: bool, ex_post: bool, past_evaluation: bool
) -> bool:
    """An ex-ante or ex-post evaluation, or any evaluation of an ended policy, and nothing else."""
    return (ex_ante or ex_post or past_evaluation) and not (monitoring or ongoing)


@rule(
    "evidence.monitoring_or_ongoing",
    _(
        "There is monitoring or an ongoing evaluation, but not monitoring together with an "
        "ex-ante or ongoing evaluation, so evidence of performance is %(points)s."
    ),
)
def monitoring_or_ongoing(monitoring: bool, ongoing: bool, ex_ante: bool) -> bool:
    """Monitoring or an ongoing evaluation, but not monitoring and an ex-ante or ongoing one."""
    return (monitoring or ongoing) and not monitoring_and_evaluation(monitoring, ongoing, ex_ante)


@rule(
    "evidence.monitoring_and_evaluation",
    _(
        "There is monitoring and an ex-ante or ongoing evaluation, "
        "so evidence of performance is %(points)s."
    ),
)
def monitoring_and_evaluation(monitoring: bool, ongoing: bool, ex_ante: bool) -> bool:
    """Monitoring together with an ex-ante or an ongoing evaluation, be it of different policies."""
    return monitoring and (ex_ante or ongoing)


# Cluster support instruments


@rule(
    "support.none",
    _("No policy that counts has an instrument, so cluster support is %(points)s."),
)
def no_instruments(
    cluster_financial: bool, cluster_technical: bool, other_financial: bool, other_technical: bool
) -> bool:
    """No policy that counts gives financial or technical support."""
    return not (cluster_financial or cluster_technical or other_financial or other_technical)


@rule(
    "support.financial_elsewhere",
    _(
        "No cluster policy has instruments, but a broad or sectoral policy gives financial "
        "support, so cluster support is %(points)s."
    ),
)
def financial_elsewhere(
    cluster_financial: bool, cluster_technical: bool, other_financial: bool
) -> bool:
    """Financial support in a broad or sectoral policy, and no support in a cluster policy."""
    return other_financial and not (cluster_financial or cluster_technical)


@rule(
    "support.one_kind",
    _(
        "Cluster policies give either financial or technical support, but not both, "
        "so cluster support is %(points)s."
    ),
)
def one_kind_of_support(cluster_financial: bool, cluster_technical: bool) -> bool:
    """Exactly one of financial and technical support in the cluster policies taken together."""
    return cluster_financial != cluster_technical


@rule(
    "support.both_kinds",
    _("Cluster policies give financial and technical support, so cluster support is %(points)s."),
)
def both_kinds_of_support(cluster_financial: bool, cluster_technical: bool) -> bool:
    """Financial and technical support in the cluster policies taken together."""
    return cluster_financial and cluster_technical


@rule(
    "support.technical_elsewhere",
    _(
        "Only broad or sectoral policies have instruments, and these are technical only: "
        "the scoring system has no level for that."
    ),
    is_gap=True,
)
def technical_elsewhere(
    cluster_financial: bool, cluster_technical: bool, other_financial: bool, other_technical: bool
) -> bool:
    """Technical support in broad or sectoral policies, and no other support anywhere."""
    support = cluster_financial or cluster_technical or other_financial
    return other_technical and not support
