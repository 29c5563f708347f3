"""What the national authority said about a version, and objections to it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from policies.models import Decision, Objection, Validation, ValidationStatus
from policies.presentation.words import moment


@dataclass(frozen=True)
class Checked:
    """One sentence on a version, with the note that was made, and what is known of earlier ones."""

    status: str
    words: str
    note: str = ""
    earlier: str = ""


@dataclass(frozen=True)
class Objected:
    received: str
    office: str
    text: str
    decision: str
    grounds: str


def checked_of(number: int, validations: Iterable[tuple[int, Validation]]) -> Checked:
    """Where the check of a version stands; silence is not consent.

    `validations` come in order, each with its version's number: the latest of a version counts.
    """
    latest = dict(validations)
    own = latest.get(number)
    status = own.status if own else ValidationStatus.NOT_ASKED
    earlier = "" if status == ValidationStatus.VALIDATED else _earlier(number, latest)
    return Checked(status, _words(own), own.note if own else "", earlier)


def _words(validation: Validation | None) -> str:
    if validation is None or validation.status == ValidationStatus.NOT_ASKED:
        return _("The national authority has not been asked to check this version.")
    values = {"office": validation.office, "day": moment(validation.on)}
    if validation.status == ValidationStatus.VALIDATED:
        return _("Validated by %(office)s on %(day)s.") % values
    if validation.status == ValidationStatus.ASKED:
        return _("Asked on %(day)s (%(office)s); no reply so far. Silence is not consent.") % values
    return _("No reply by %(day)s (%(office)s). Silence is not consent.") % values


def _earlier(number: int, latest: dict[int, Validation]) -> str:
    validated = [
        version
        for version, validation in latest.items()
        if version < number and validation.status == ValidationStatus.VALIDATED
    ]
    if not validated:
        return ""
    version = max(validated)
    return _("Version %(number)d was validated by %(office)s on %(day)s; this one was not.") % {
        "number": version,
        "office": latest[version].office,
        "day": moment(latest[version].on),
    }


def objected_of(number: int, objections: Iterable[tuple[int, Objection]]) -> list[Objected]:
    """The objections to a version, the oldest first, with what was decided and when."""
    return [_objected(objection) for version, objection in objections if version == number]


def _objected(objection: Objection) -> Objected:
    decision = _("Not yet decided.")
    if objection.decision != Decision.OPEN:
        decision = _("%(decision)s on %(day)s.") % {
            "decision": str(objection.get_decision_display()).capitalize(),
            "day": moment(objection.decided_on),
        }
    return Objected(
        moment(objection.received_on),
        objection.office,
        objection.text,
        decision,
        objection.decision_note,
    )
