"""What a what-if starts from: a publication, and the rubric that scored it."""

import json
from typing import Any, NamedTuple

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from policies import missing
from policies.finding import SLUG, YEAR
from policies.missing import Link, Missing, Refused
from policies.models import Publication
from scoring.maturity import RubricTable
from scoring.models import Criterion
from scoring.rules import RULES


class Published(NamedTuple):
    """A current document, the name of its country today, and the edition before, if any."""

    document: dict[str, Any]
    name: str
    slug: str
    before: int | None

    @property
    def year(self) -> int:
        return self.document["edition"]["year"]


def published(year: int, slug: str) -> Published:
    """Raises `Refused` where nothing is published, or no longer."""
    current = Publication.objects.current()
    earlier = current.filter(**{f"{YEAR}__lt": OuterRef(YEAR)}).order_by(f"-{YEAR}")
    rows = current.filter(**{YEAR: year, SLUG: slug}).values_list(
        "document_json", "factsheet__country__name", Subquery(earlier.values(YEAR)[:1])
    )
    for document, name, before in rows:
        return Published(json.loads(document), name, slug, before)
    raise _gone(year, slug)


def _gone(year: int, slug: str) -> Refused:
    if not Publication.objects.of(year, slug).exists():
        return Refused(missing.country(year, slug), 404)
    message = _("This factsheet was withdrawn, so there is nothing to suppose about it.")
    where = reverse("policies:factsheet_detail", args=[year, slug])
    return Refused(Missing(message, _("Instead"), (Link(_("Why, and since when"), where),)), 410)


def rubric_of(found: Published) -> RubricTable:
    """The rubric that scored the publication.

    Raises `Refused` where it is gone, or has other criteria or rules than there are now.
    """
    maturity = found.document["maturity"]
    rows = Criterion.objects.filter(rubric__code=maturity["rubric"]).prefetch_related("levels")
    rubric = RubricTable(maturity["rubric"], tuple(criterion.table() for criterion in rows))
    rules = {rule for criterion in rubric.criteria for rule in criterion.rules}
    scored = [criterion["code"] for criterion in maturity["criteria"]]
    if [criterion.code for criterion in rubric.criteria] == scored and rules <= set(RULES):
        return rubric
    message = _("The scoring system “%(code)s” of this factsheet is not here any more as it was.")
    where = reverse("policies:factsheet_detail", args=[found.year, found.slug])
    links = (Link(_("The factsheet, as it was scored"), where),)
    raise Refused(Missing(message % {"code": rubric.code}, _("Instead"), links), 404)
