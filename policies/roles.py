"""Who may do what: one table, asked by the admin, the commands and the workflow."""

from enum import StrEnum

from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from policies.models import Factsheet, User


class Role(StrEnum):
    EDITOR = "Editor"
    REVIEWER = "Reviewer"
    PUBLISHER = "Publisher"
    ADMINISTRATOR = "Administrator"


class Step(StrEnum):
    """What can be done with a factsheet, its policies and its sections."""

    VIEW = "view"
    WRITE = "write"
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    OPEN = "open"  # create a factsheet and assign its editors
    DISCARD = "discard"  # delete a factsheet that was never published


# An editor may do these only with the factsheets that they are assigned to.
ALLOWED: dict[Role, frozenset[Step]] = {
    Role.EDITOR: frozenset({Step.VIEW, Step.WRITE, Step.SUBMIT}),
    Role.REVIEWER: frozenset({Step.VIEW, Step.WRITE, Step.SUBMIT, Step.RETURN, Step.APPROVE}),
    Role.PUBLISHER: frozenset({Step.VIEW, Step.PUBLISH, Step.WITHDRAW}),
    Role.ADMINISTRATOR: frozenset(Step),
}

# The tables that a role works on in the admin, beside what `ALLOWED` says of factsheets.
REFERENCE = ("country", "edition", "sectiontype", "category", "rubric", "criterion", "level")
CONTENT = ("factsheet", "policy", "section", "reference", "criterionscore")
RECORDS = ("publication", "sectionrevision", "reviewevent")
PERMISSIONS: dict[Role, dict[str, tuple[str, ...]]] = {
    Role.EDITOR: {
        "view": (*CONTENT, *RECORDS, *REFERENCE),
        "change": CONTENT,
        "add": ("policy", "reference"),
        "delete": ("policy", "reference"),
    },
    Role.REVIEWER: {
        "view": (*CONTENT, *RECORDS, *REFERENCE),
        "change": CONTENT,
        "add": ("reference",),
        "delete": ("reference",),
    },
    Role.PUBLISHER: {"view": (*CONTENT, *RECORDS, *REFERENCE), "change": (), "add": ()},
    Role.ADMINISTRATOR: {
        "view": (*CONTENT, *RECORDS, *REFERENCE, "user"),
        "change": (*CONTENT, *REFERENCE, "user"),
        "add": (*CONTENT, *REFERENCE, "user"),
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


def may(user: User, step: Step, factsheet: Factsheet | None = None) -> bool:
    """Whether the person may take the step, with this factsheet or (None) with some factsheet."""
    roles = {role for role in roles_of(user) if step in ALLOWED[role]}
    if roles - {Role.EDITOR}:
        return True
    if not roles:
        return False
    return factsheet is None or factsheet.editors.filter(pk=user.pk).exists()


def visible(user: User, factsheets: QuerySet[Factsheet]) -> QuerySet[Factsheet]:
    """The factsheets whose drafts the person may see."""
    return within_reach(user, Step.VIEW, factsheets)


def within_reach(user: User, step: Step, factsheets: QuerySet[Factsheet]) -> QuerySet[Factsheet]:
    """The factsheets with which the person may take the step: `may`, asked of many."""
    roles = {role for role in roles_of(user) if step in ALLOWED[role]}
    if roles - {Role.EDITOR}:
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
    able = ", ".join(str(role) for role, steps in ALLOWED.items() if step in steps)
    return _(
        "%(user)s may not %(step)s here. That takes the role %(roles)s; "
        "an editor must also be assigned to the factsheet."
    ) % {"user": user, "step": step, "roles": able}
