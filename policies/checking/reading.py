"""From the bytes of a file to a JSON value."""

import json
from typing import Any

from django.utils.translation import gettext as _

from policies.checking.problem import InvalidDocument, Problem


def parsed(data: bytes) -> Any:
    """The value of a JSON file in UTF-8; refuses repeated keys and numbers that JSON lacks."""
    try:
        return json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_no_constant
        )
    except UnicodeDecodeError as error:
        place = _("byte %(byte)s") % {"byte": error.start + 1}
        raise InvalidDocument([Problem(place, _("The file is not UTF-8 text."))]) from error
    except json.JSONDecodeError as error:
        place = _("line %(line)s, column %(column)s") % {
            "line": error.lineno,
            "column": error.colno,
        }
        message = _("This is not JSON: %(error)s.") % {"error": error.msg}
        raise InvalidDocument([Problem(place, message)]) from error
    except RecursionError as error:
        raise InvalidDocument([Problem("$", _("The file is nested too deeply."))]) from error
    except ValueError as error:  # Python reads no integer of more than some 4,000 digits
        raise InvalidDocument([Problem("$", _("A number is too long."))]) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise InvalidDocument([Problem(key, _("This key stands twice in one object."))])
        found[key] = value
    return found


def _no_constant(name: str) -> None:
    raise InvalidDocument([Problem(name, _("JSON has no such number."))])
