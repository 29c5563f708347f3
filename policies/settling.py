"""What follows every change set: missing sections, revisions and scores, in its transaction."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from policies import assessing, bulk, history
from policies.changes import ChangeSet, change_set, change_set_ended
from policies.document import drafts, outline
from policies.models import (
    Category,
    Country,
    Edition,
    Factsheet,
    Part,
    Policy,
    Section,
    SectionType,
)
from scoring.models import Criterion, Level


def settle(changes: ChangeSet, **kwargs: Any) -> None:
    """Bring every touched factsheet in order: once per change set, after all is written.

    The factsheets are locked first, so that of two writers the second sees what the first wrote.
    """
    now = timezone.now()
    for keys in bulk.chunks(sorted(changes.factsheets)):
        known = [changes.drafts[key] for key in keys if key in changes.drafts]
        others = [key for key in keys if key not in changes.drafts]
        factsheets = [*known, *(drafts(others, lock=True) if others else [])]
        if create_missing_sections(factsheets):
            factsheets = drafts(keys)
        documents = {factsheet.pk: outline(factsheet) for factsheet in factsheets}
        history.record(factsheets, documents, changes, now)
        assessing.rescore(factsheets, now, documents=documents)


def create_missing_sections(factsheets: Iterable[Factsheet]) -> bool:
    """Give every factsheet and policy its sections, *not yet researched*; whether any lacked."""
    types = list(SectionType.objects.select_related("since", "until"))
    missing = [section for factsheet in factsheets for section in _missing(factsheet, types)]
    bulk.insert(missing)
    return bool(missing)


def _missing(factsheet: Factsheet, types: Iterable[SectionType]) -> Iterator[Section]:
    present = {(section.policy_id, section.type_id) for section in factsheet.sections.all()}
    for type_ in types:
        if not type_.applies_to(factsheet.country, factsheet.edition):
            continue
        policies = factsheet.policies.all() if type_.part == Part.POLICY else [None]
        for policy in policies:
            if (policy.pk if policy else None, type_.pk) not in present:
                yield Section(factsheet=factsheet, policy=policy, type=type_)


# A change of what drafts are measured with settles every draft that it can reach.

REACH: dict[type[Model], Callable[[Any], dict[str, Any]]] = {
    Category: lambda category: {"sections__type": category.section_type_id},
    SectionType: lambda type_: {"pk__in": _without(type_)},
    Country: lambda country: {"country": country.pk},
    Edition: lambda edition: {"edition": edition.pk},
    Criterion: lambda criterion: {"edition__rubric": criterion.rubric_id},
    Level: lambda level: {"edition__rubric__criteria": level.criterion_id},
}


def _without(type_: SectionType) -> QuerySet[Factsheet]:
    """The factsheets that lack a section of a type; most edits of a type concern none."""
    if type_.part == Part.POLICY:
        policies = Policy.objects.exclude(sections__type=type_)
        return Factsheet.objects.filter(policies__in=policies)
    return Factsheet.objects.exclude(sections__type=type_)


def _reference_changed(
    sender: type[Model], instance: Any, raw: bool = False, **kwargs: Any
) -> None:
    """Settle what the row reaches; not while a whole database is being loaded (`raw`)."""
    if not raw:
        reached = Factsheet.objects.filter(**REACH[sender](instance)).order_by()
        with change_set() as changes:
            changes.touch(reached.values_list("pk", flat=True).distinct())


def connect() -> None:
    change_set_ended.connect(settle, dispatch_uid="settle")
    for model in REACH:
        for signal in (post_save, post_delete):
            signal.connect(
                _reference_changed, sender=model, dispatch_uid=f"settle-{model.__name__}"
            )
