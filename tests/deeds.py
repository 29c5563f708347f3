"""What the runners of `racing.py` do: each deed gets ready, and returns the rest of it."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from policies import workflow
from policies.admin import presence
from policies.models import Factsheet, Policy, Section, User
from tests.admin_form import form_data, prefix_of

Do = Callable[[], str]


def ready(name: str, *values: Any) -> Do:
    return DEEDS[name](*values)


def _write(username: str, section: int, text: str) -> Do:
    """Open the policy's page, then save another text of one section."""
    row = Section.objects.get(pk=section)
    client = Client()
    client.force_login(User.objects.get(username=username))
    address = reverse("admin:policies_policy_change", args=[row.policy_id])
    data = form_data(client.get(address).text, "policy_form")
    data |= {f"{prefix_of(data, 'sections', section)}-text": text, "_continue": "1"}
    return lambda: _saved(client.post(address, data))


def _send(session: str, address: str, data: dict[str, Any]) -> Do:
    """Send a form that is open in a browser already."""
    client = Client()
    client.cookies["sessionid"] = session
    return lambda: _saved(client.post(address, data))


def _saved(response: Any) -> str:
    if response.status_code == 200:
        return "shown again"
    return "logged out" if "login" in response.url else "saved"


def _step(step: Callable[..., Any], rows: Any) -> Callable[[str, int], Do]:
    def prepared(username: str, key: int) -> Do:
        row, by = rows.get(pk=key), User.objects.get(username=username)

        def do() -> str:
            try:
                step(row, by=by)
            except ValidationError as error:
                return f"refused: {error.messages[0]}"
            return "done"

        return do

    return prepared


def _open(username: str, policy: int) -> Do:
    user, row = User.objects.get(username=username), Policy.objects.get(pk=policy)

    def do() -> str:
        presence.mark(user, row)
        return "there"

    return do


def _read(*addresses: str) -> Do:
    """Fetch pages as a reader does, whatever this process remembers of them."""

    def do() -> str:
        words = [Client().get(address).text for address in addresses]
        return ", ".join("there" if "Mexico" in text else "not there" for text in words)

    return do


DEEDS: dict[str, Callable[..., Do]] = {
    "write": _write,
    "send": _send,
    "open": _open,
    "read": _read,
    "submit": _step(workflow.submit, Section.objects),
    "approve": _step(workflow.approve, Section.objects),
    "publish": _step(workflow.publish, Factsheet.objects),
}
