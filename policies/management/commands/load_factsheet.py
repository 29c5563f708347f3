import argparse
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from policies.checking import InvalidDocument
from policies.lint import RULES
from policies.loading import Loaded, load
from policies.management.reading import person, read, refusal
from policies.models import ChangeKind, User
from policies.roles import Role, Step, roles_of
from policies.workflow import publish_whole
from policies.workflow.recording import require


class Command(BaseCommand):
    help = (
        "Make a draft from a factsheet document in JSON; with --publish, walk it to publication. "
        "The author of a new factsheet is assigned to it as an editor."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file")
        parser.add_argument(
            "--replace", action="store_true", help="Overwrite the draft if there is one already."
        )
        parser.add_argument("--publish", action="store_true")
        for who, what in (("author", "submits"), ("reviewer", "approves"), ("publisher", "")):
            parser.add_argument(
                f"--{who}", metavar="USERNAME", help=f"Who {what or 'publishes'} it."
            )

        parser.add_argument("--note", default="", help="What changed since the last version.")
        parser.add_argument(
            "--kind", choices=ChangeKind.values, default="", help="Why published content changed."
        )
        parser.add_argument(
            "--reason",
            action="append",
            type=_reason,
            default=[],
            metavar="RULE=TEXT",
            help="Why the warnings of a rule may stand; may be given once for each rule.",
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        people = self._people(options)
        author = people.get("author")
        loaded = self._load(options["file"], author, replace=options["replace"])
        for warning in loaded.warnings:
            self.stderr.write(f"{options['file']}: warning: {warning}")
        self.stdout.write(f"Loaded {loaded.factsheet} as a draft.")
        if not loaded.is_new and author:
            self._require(author, loaded)
        if loaded.is_new and author and Role.EDITOR in roles_of(author):
            loaded.factsheet.editors.add(author)
        if options["publish"]:
            self._publish(loaded, people, options)

    def _require(self, author: User, loaded: Loaded) -> None:
        """Raises where the author may not write the factsheet that was there; all is undone."""
        try:
            require(author, Step.WRITE, loaded.factsheet)
        except PermissionDenied as error:
            raise CommandError(f"Not loaded, nothing was written: {error}") from error

    def _people(self, options: dict[str, Any]) -> dict[str, User]:
        names = {who: options[who] for who in ("author", "reviewer", "publisher") if options[who]}
        if options["publish"] and len(names) < 3:
            raise CommandError("--publish needs --author, --reviewer and --publisher.")
        if len(set(names.values())) < len(names):
            raise CommandError("Author, reviewer and publisher are three different people.")
        return {who: person(name) for who, name in names.items()}

    def _load(self, path: str, author: User | None, *, replace: bool) -> Loaded:
        data = read(path)
        try:
            return load(data, by=author, note=path.rsplit("/", 1)[-1], replace=replace)
        except InvalidDocument as error:
            raise refusal(path, error) from error

    def _publish(self, loaded: Loaded, people: dict[str, User], options: dict[str, Any]) -> None:
        try:
            publication = publish_whole(
                loaded.factsheet,
                author=people["author"],
                reviewer=people["reviewer"],
                publisher=people["publisher"],
                note=options["note"],
                kind=options["kind"],
                reasons=dict(options["reason"]),
            )
        except (ValidationError, PermissionDenied) as error:
            messages = getattr(error, "messages", [str(error)])
            lines = "\n".join(f"  {message}" for message in messages)
            raise CommandError(f"Not published, nothing was written:\n{lines}") from error
        self.stdout.write(f"Published {publication}.")


def _reason(given: str) -> tuple[str, str]:
    rule, _equals, text = given.partition("=")
    if rule not in RULES or not text.strip():
        raise argparse.ArgumentTypeError(
            f"“{given}” is not RULE=TEXT. The rules are {', '.join(sorted(RULES))}."
        )
    return rule, text
