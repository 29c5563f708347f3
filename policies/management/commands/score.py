import argparse
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from policies.checking import InvalidDocument, completed, computed_maturity, problems
from policies.document import Document
from policies.management.reading import read, refusal
from policies.models import Edition
from scoring.maturity import RubricTable
from scoring.models import Rubric

NOT_SCORED = "can not be scored"


class Command(BaseCommand):
    help = (
        "Print the maturity of a factsheet document, published or not, computed anew from its "
        "facts, as JSON. Nothing is written."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file")
        parser.add_argument(
            "--rubric",
            metavar="CODE",
            help="Score by this scoring system, draft or released, instead of the edition's.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        rubric = _rubric(options["rubric"])
        data = read(options["file"], NOT_SCORED)
        if found := problems(data):
            raise refusal(options["file"], InvalidDocument(found), NOT_SCORED)
        edition = Edition.objects.select_related("rubric").get(year=data["edition"]["year"])
        maturity = computed_maturity(completed(data), edition, rubric)
        for criterion in maturity["criteria"]:
            self._warn(criterion)
        self.stdout.write(json.dumps(maturity, ensure_ascii=False, indent=2))

    def _warn(self, criterion: Document) -> None:
        """Of points that somebody gave and that are no level of this rubric."""
        levels = [level["points"] for level in criterion["levels"]]
        if (judged := criterion["judged"]) and judged["points"] not in levels:
            self.stderr.write(
                f"{criterion['title']}: judged at {judged['points']}, which is no level of this "
                "scoring system. It has to be judged anew."
            )


def _rubric(code: str | None) -> RubricTable | None:
    if code is None:
        return None
    found = {rubric.code: rubric for rubric in Rubric.objects.all()}
    if code not in found:
        codes = ", ".join(found) or "none"
        raise CommandError(f"There is no scoring system “{code}”. There are: {codes}.")
    return found[code].table()
