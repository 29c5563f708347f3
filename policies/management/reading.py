"""What the commands that read a document share."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from policies.checking import InvalidDocument, parsed
from policies.models import User

NOT_LOADED = "was not loaded, nothing was written"


def read(path: str, outcome: str = NOT_LOADED) -> Any:
    """The parsed file, or a `CommandError` that names file, place and problem."""
    try:
        return parsed(Path(path).read_bytes())
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}.") from error
    except InvalidDocument as error:
        raise refusal(path, error, outcome) from error


def refusal(path: str, error: InvalidDocument, outcome: str = NOT_LOADED) -> CommandError:
    lines = "\n".join(f"  {problem}" for problem in error.problems)
    return CommandError(f"{path} {outcome}:\n{lines}")


def person(username: str) -> User:
    try:
        return User.objects.get(username=username)
    except User.DoesNotExist as error:
        raise CommandError(f"There is no user “{username}”.") from error
