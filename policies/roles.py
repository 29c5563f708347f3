"""Who may do what: one table, asked by the admin, the commands and the workflow."""

from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from policies.models import Factsheet, State, User


class Role(StrEnum):
    EDITOR = "Editor"
    REVIEWER = "Reviewer"
    PUBLISHER = "Publisher"
    ADMINISTRATOR = "Administrator"


class Step(StrEnum):
    """What can be done with a factsheet, its policies and its sections."""

    VIEW = "view"
    COMMENT = "comment"  # and resolve a comment
    EXPLAIN = "explain"  # give the reason why a warning may stand
    WRITE = "write"
    CONFIRM = "confirm"  # that what was carried over from the last edition is still true
    SUBMIT = "submit"
    REOPEN = "reopen"  # take back what is submitted or approved
    RETURN = "return"
    APPROVE = "approve"
    ACCEPT = "accept"  # approve what a reviewer mended
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    VALIDATE = "validate"  # record what the national authority said, and objections
    OPEN = "open"  # create a factsheet and assign its people; open an edition
    DISCARD = "discard"  # delete a factsheet that was never published


@dataclass(frozen=True)
class Rule:
    """Who may take a step, in which states of a section, and the state that it leads to."""

    roles: frozenset[Role]
    states: frozenset[State] = frozenset(State)
    leads_to: str = ""


EDITORS = frozenset({Role.EDITOR})
WRITERS = frozenset({Role.EDITOR, Role.REVIEWER})
REVIEWERS = frozenset({Role.REVIEWER})
PUBLISHERS = frozenset({Role.PUBLISHER})
STAFF = WRITERS | PUBLISHERS
NOBODY_ELSE: frozenset[Role] = frozenset()

NEW = frozenset({State.DRAFT, State.CHANGES_REQUESTED})
HANDED_IN = frozenset({State.SUBMITTED})

# An administrator may take every step, four eyes apart. An editor may take theirs only with the
# factsheets that they are assigned to.
TABLE: dict[Step, Rule] = {
    Step.VIEW: Rule(STAFF),
    Step.COMMENT: Rule(STAFF),
    Step.EXPLAIN: Rule(STAFF),
    Step.WRITE: Rule(WRITERS),
    Step.CONFIRM: Rule(WRITERS, NEW),
    Step.SUBMIT: Rule(WRITERS, NEW, State.SUBMITTED),
    Step.REOPEN: Rule(WRITERS, frozenset({State.SUBMITTED, State.APPROVED}), State.DRAFT),
    Step.RETURN: Rule(REVIEWERS, HANDED_IN, State.CHANGES_REQUESTED),
    Step.APPROVE: Rule(REVIEWERS, HANDED_IN, State.APPROVED),
    Step.ACCEPT: Rule(EDITORS, HANDED_IN, State.APPROVED),
    Step.PUBLISH: Rule(PUBLISHERS),
    Step.WITHDRAW: Rule(PUBLISHERS),
    Step.VALIDATE: Rule(PUBLISHERS),
    Step.OPEN: Rule(NOBODY_ELSE),
    Step.DISCARD: Rule(NOBODY_ELSE),
}

# The tables that a role works on in the admin, beside what `TABLE` says of factsheets.
REFERENCE = ("country", "edition", "sectiontype", "category", "rubric", "criterion", "level")
CONTENT = ("factsheet", "policy", "section", "reference", "criterionscore")
TRANSLATIONS = ("translation",)  # come and go with the texts of those tables
RECORDS = ("publication", "sectionrevision", "reviewevent", "validation", "objection")
PERMISSIONS: dict[Role, dict[str, tuple[str, ...]]] = {
    Role.EDITOR: {
        "view": (*CONTENT, *RECORDS, *REFERENCE, *TRANSLATIONS, "batch"),
        "change": CONTENT,
        "add": ("policy", "reference", "batch"),
        "delete": ("policy", "reference"),
    },
    Role.REVIEWER: {
        "view": (*CONTENT, *RECORDS, *REFERENCE, *TRANSLATIONS, "batch"),
        "change": CONTENT,
        "add": ("reference", "batch"),
        "delete": ("reference",),
    },
    Role.PUBLISHER: {
        "view": (*CONTENT, *RECORDS, *REFERENCE, *TRANSLATIONS),
        "change": ("objection",),
        "add": ("validation", "objection"),
    },
    Role.ADMINISTRATOR: {
        "view": (*CONTENT, *RECORDS, *REFERENCE, *TRANSLATIONS, "batch", "user"),
        "change": (*CONTENT, *REFERENCE, *TRANSLATIONS, "objection", "user"),
        "add": (*CONTENT, *REFERENCE, "batch", "validation", "objection", "user"),
        "delete": ("factsheet", "policy", "reference", *REFERENCE),
    },
}


def roles_of(user: User) -> set[Role]:
    """The roles of an active person; a superuser is an administrator."""
    if not user.is_active:
        return set()
    if user.is_superuser:
        return {Role.ADMINISTRATOR}
    names = {group.name for group in user.groups.all()}
    return {role for role in Role if role in names}


def _able(user: User, step: Step) -> set[Role]:
    """The roles of the person that may take the step."""
    able = TABLE[step].roles | {Role.ADMINISTRATOR}
    return roles_of(user) & able


def may(
    user: User, step: Step, factsheet: Factsheet | None = None, state: str | None = None
) -> bool:
    """Whether the person may take the step, with this factsheet or (None) with some factsheet.

    `state` is that of the section it is to be taken with, if it is about one.
    """
    if state is not None and state not in TABLE[step].states:
        return False
    roles = _able(user, step)
    if roles - EDITORS:
        return True
    if not roles:
        return False
    return factsheet is None or factsheet.editors.filter(pk=user.pk).exists()


def visible(user: User, factsheets: QuerySet[Factsheet]) -> QuerySet[Factsheet]:
    """The factsheets whose drafts the person may see."""
    return within_reach(user, Step.VIEW, factsheets)


def within_reach(user: User, step: Step, factsheets: QuerySet[Factsheet]) -> QuerySet[Factsheet]:
    """The factsheets with which the person may take the step: `may`, asked of many."""
    roles = _able(user, step)
    if roles - EDITORS:
        return factsheets
    return factsheets.filter(editors=user) if roles else factsheets.none()


def load_groups() -> None:
    """Give the four groups exactly the permissions of the table above."""
    for role, permissions in PERMISSIONS.items():
        wanted = Q(pk__in=[])
        for verb, models in permissions.items():
            wanted |= Q(codename__in=[f"{verb}_{model}" for model in models])
        group, _created = Group.objects.get_or_create(name=role)
        ours = Permission.objects.filter(content_type__app_label__in=["policies", "scoring"])
        group.permissions.set(ours.filter(wanted))


def grant(user: User, role: Role) -> None:
    """Give a person a role and with it the way into the admin."""
    user.is_staff = True
    user.is_superuser = user.is_superuser or role is Role.ADMINISTRATOR
    user.save()
    user.groups.add(Group.objects.get(name=role))


def refusal(user: User, step: Step) -> str:
    """Why a step was refused, in words, with the way out."""
    able = ", ".join(
        role for role in Role if role in TABLE[step].roles or role is Role.ADMINISTRATOR
    )
    return _(
        "%(user)s may not %(step)s here. That takes the role %(roles)s; "
        "an editor must also be assigned to the factsheet."
    ) % {"user": user, "step": step, "roles": able}
