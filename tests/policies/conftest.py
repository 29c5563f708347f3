"""Fixtures of content. They import models late, for pytest reads this before Django is set up."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest


@pytest.fixture
def reference(db: None) -> None:
    """The reference tables, as every installation has them: every test starts with them."""


def _transaction(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A transaction around all tests of a file or class, for what is made once for them all."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


lasting = pytest.fixture(_transaction, scope="module", name="lasting")
lasting_in_class = pytest.fixture(_transaction, scope="class", name="lasting_in_class")


@pytest.fixture
def cast(reference: None) -> dict[str, Any]:
    """Ada the editor, Ben the reviewer, Cleo the publisher, Dan the outsider."""
    from tests.factory import make_cast

    return make_cast()


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """No page is remembered from an earlier test, whose content was taken back."""
    from policies.pages import Shelf, shelf

    monkeypatch.setattr("policies.pages.shelf", Shelf(shelf.size))


@pytest.fixture
def get(site: Any, db: None, client: Any) -> Callable[..., str]:
    """Fetches an address of what the file published as its `site`, and gives its text."""

    def fetch(address: str, status: int = 200) -> str:
        response = client.get(address)
        assert response.status_code == status
        return response.content.decode()

    return fetch
