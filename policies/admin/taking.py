"""Taking a step row by row from a list or a button: who may, what was refused, what was done."""

import logging
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from policies import mailing
from policies.admin.base import allowed
from policies.roles import Step, refusal

logger = logging.getLogger(__name__)

SHOWN = 12  # refusals; more are counted

ACTIONS = {
    "submit": Step.SUBMIT,
    "approve": Step.APPROVE,
    "return_": Step.RETURN,
    "reopen": Step.REOPEN,
    "confirm": Step.CONFIRM,
    "publish": Step.PUBLISH,
    "withdraw": Step.WITHDRAW,
}


class Asked(NamedTuple):
    """A row of a page that asks for a note."""

    row: Any


class NextStep(NamedTuple):
    """A button on the page of a row; `seen` are the sections and versions that the page shows."""

    name: str
    label: str
    seen: str = ""


class StepsMixin(admin.ModelAdmin):
    """Shows a step to those who may take it, takes it row by row and reports every refusal."""

    def has_submit_permission(self, request):
        return allowed(request, Step.SUBMIT)

    def has_return_permission(self, request):
        return allowed(request, Step.RETURN)

    def has_approve_permission(self, request):
        """An editor approves what a reviewer mended; which that is, `workflow` knows."""
        return allowed(request, Step.APPROVE) or allowed(request, Step.ACCEPT)

    def has_reopen_permission(self, request):
        return allowed(request, Step.REOPEN)

    def has_confirm_permission(self, request):
        return allowed(request, Step.CONFIRM)

    def has_publish_permission(self, request):
        return allowed(request, Step.PUBLISH)

    def has_withdraw_permission(self, request):
        return allowed(request, Step.WITHDRAW)

    def changelist_view(self, request, extra_context=None):
        """Tell whoever sends an action that their page does not offer, and keep the attempt."""
        name = _action(request)
        if (
            name in ACTIONS
            and name in (self.actions or ())
            and name not in self.get_actions(request)
        ):
            rows = request.POST.getlist(ACTION_CHECKBOX_NAME)
            what = f"{self.opts.model_name} {', '.join(rows)[:200]}"
            logger.warning("refused: %s, %s, %s", request.user, ACTIONS[name], what)
            messages.error(request, refusal(request.user, ACTIONS[name]))
            return returning(self, request) or HttpResponseRedirect(request.get_full_path())
        return super().changelist_view(request, extra_context)

    def offered(self, request: HttpRequest, useful: dict[str, Any]) -> list[NextStep]:
        """The actions that the person may take and that have something to do, to be buttons."""
        return [
            NextStep(name, str(action[2]), seen if isinstance(seen := useful[name], str) else "")
            for name, action in self.get_actions(request).items()
            if action and useful.get(name)
        ]

    def ask(
        self, request: HttpRequest, action: str, rows: Iterable[Any], **context: Any
    ) -> TemplateResponse:
        """A page between the list and the step, on which something is asked."""
        context = {
            **admin.site.each_context(request),
            "opts": self.opts,
            "action": action,
            "rows": rows,
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "select_across": request.POST.get("select_across") or "0",
            "seen": " ".join(request.POST.getlist("seen")),
            "back": back(self, request) or request.get_full_path(),
            **context,
        }
        return TemplateResponse(request, "admin/policies/step.html", context)


def _action(request: HttpRequest) -> str:
    """The action that a list or a button sends: of several menus, the one beside the button."""
    sent = request.POST.getlist("action")
    index = request.POST.get("index", "0")
    place = int(index) if index.isdecimal() and len(index) < 4 else 0
    return sent[place] if place < len(sent) else ""


def take(request: HttpRequest, rows: Iterable[Any], step: Callable[[Any], Any]) -> int:
    """Take the step with each row on its own; how many times it was taken."""
    taken = 0
    refusals: list[str] = []
    with mailing.digest():
        for row in rows:
            try:
                step(row)
                taken += 1
            except (ValidationError, PermissionDenied) as error:
                refusals += words(error)
    _report(request, list(dict.fromkeys(refusals)))
    return taken


def words(error: ValidationError | PermissionDenied) -> list[str]:
    return error.messages if isinstance(error, ValidationError) else [str(error)]


def _report(request: HttpRequest, refusals: list[str]) -> None:
    for message in refusals[:SHOWN]:
        messages.error(request, message)
    if len(refusals) > SHOWN:
        rest = {"count": len(refusals) - SHOWN}
        messages.error(request, _("… and %(count)d more refusals.") % rest)


def back(page: Any, request: HttpRequest) -> str | None:
    """The row's own page, if a button there started the step; else the list."""
    selected = request.POST.getlist(ACTION_CHECKBOX_NAME)
    if "from_row" not in request.POST or len(selected) != 1 or not selected[0].isdecimal():
        return None
    return reverse(f"admin:policies_{page.opts.model_name}_change", args=selected)


def returning(page: Any, request: HttpRequest) -> HttpResponseRedirect | None:
    address = back(page, request)
    return HttpResponseRedirect(address) if address else None
