"""Content that is made once for all tests of a file: each is rolled back to it.

    @pytest.fixture(scope="module")
    def once(lasting: None) -> SimpleNamespace:
        cast = make_cast()
        return SimpleNamespace(cast=cast, published=make_publication(cast))

    cast, published = lent("cast"), lent("published")

All tests of the file have it, whether they ask or not. None of them may be transactional.
"""

from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import pytest


def lent(name: str) -> Any:
    """A fixture that lends every test a copy of its own of what `once` has under this name."""

    @pytest.fixture(name=name)
    def copied(once: SimpleNamespace, db: None) -> Any:
        return deepcopy(getattr(once, name))

    return copied
