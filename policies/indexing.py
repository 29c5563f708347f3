"""The rows beside a publication by which it is filtered and counted."""

from decimal import Decimal

from policies.document import Document
from policies.models import Category, CategoryUse, Publication, PublishedPolicy, PublishedScore

POLICY_FIELDS = ("code", "names", "kind", "level", "starting_year", "ending_year", "is_example")


def index(publication: Publication, document: Document) -> None:
    """Write the rows of a publication that was just made."""
    policies = PublishedPolicy.objects.bulk_create(
        PublishedPolicy(publication=publication, **{key: policy[key] for key in POLICY_FIELDS})
        for policy in document["policies"]
    )
    PublishedScore.objects.bulk_create(
        PublishedScore(
            publication=publication,
            criterion=criterion["code"],
            points=Decimal(str(criterion["points"])),
            is_judged=criterion["judged"] is not None,
        )
        for criterion in document["maturity"]["criteria"]
    )
    rows = Category.objects.order_by().values_list("section_type__code", "code", "pk")
    categories = {(section, code): pk for section, code, pk in rows}
    CategoryUse.objects.bulk_create(
        CategoryUse(policy=row, category_id=categories[section["type"], category["code"]])
        for row, policy in zip(policies, document["policies"], strict=True)
        for section in policy["sections"]
        for category in section["categories"]
    )
