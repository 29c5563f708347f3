"""What the desk costs: no more queries for a whole edition than for three factsheets."""

import pytest

from policies.models import Section, User
from policies.roles import Role
from tests.admin_form import queries
from tests.edition import make_edition
from tests.factory import make_user

pytestmark = pytest.mark.django_db


PAGES = ("/admin/", "/admin/progress/")


@pytest.mark.parametrize("role", list(Role))
def test_56_countries_by_30_sections_cost_no_more_queries_than_3(client, cast, role):
    user = make_user("eve", role)
    if role == Role.ADMINISTRATOR:
        User.objects.filter(pk=user.pk).update(is_superuser=False)
    make_edition(3, 30, author=cast["ada"], editor=user)
    client.force_login(user)
    before = [queries(client, address) for address in PAGES]
    make_edition(53, 30, author=cast["ada"], editor=user)
    assert Section.objects.count() == 56 * 30
    assert [queries(client, address) for address in PAGES] == before
    assert max(before) <= 10
