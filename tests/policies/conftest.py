"""Fixtures of content. They import models late, for pytest reads this before Django is set up."""

from typing import Any

import pytest


@pytest.fixture
def reference(db: None) -> None:
    """The reference tables, as every installation has them."""
    from policies.models import Edition
    from policies.reference_data import load_reference

    if not Edition.objects.exists():
        load_reference()


@pytest.fixture
def cast(reference: None) -> dict[str, Any]:
    """Ada the editor, Ben the reviewer, Cleo the publisher, Dan the outsider."""
    from tests.factory import make_cast

    return make_cast()
