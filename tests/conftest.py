"""What a test run needs before Django's settings are read.

    pytest               on SQLite
    pytest --postgres    what needs a database, on a PostgreSQL that the run starts and stops
    pytest -m browser    only what needs Chromium

With CI set, a missing browser or database is an error; else the run says at its end what it
could not do.
"""

import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

from tests import postgres
from tests.restoring import copied_back, filled_after

pytest_plugins = ["tests.browser", "tests.office"]

# What an operator may have set on this machine must not change what is tested.
for name in (
    "ACCESSIBILITY_CONTACT",
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "SECURE_HSTS_SECONDS",
    "SECURE_SSL_REDIRECT",
    "SECURITY_CONTACT",
):
    os.environ.pop(name, None)
os.environ["DEBUG"] = "1"
os.environ["SITE_URL"] = "http://testserver"  # as Django's test client asks

# The same examples on every machine and every run: a failure can be run again.
hypothesis_settings.register_profile(
    "fixed", deadline=None, derandomize=True, database=None, max_examples=50, print_blob=True
)
# For a long look: pytest --hypothesis-profile=search
hypothesis_settings.register_profile("search", deadline=None, max_examples=1000)
hypothesis_settings.load_profile("fixed")

SERVER = pytest.StashKey[postgres.Server]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgres", action="store_true", help="run on a PostgreSQL of our own")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Choose the database, then have the settings read; xdist's workers inherit the choice."""
    if not hasattr(config, "workerinput"):
        os.environ.pop("DATABASE_URL", None)
        if config.getoption("postgres"):
            _start_postgres(config)
    os.environ["DJANGO_SETTINGS_MODULE"] = "clusterpolicy.settings"
    from django.conf import settings

    # Made-up passwords need no protection, and real hashing would be most of the run.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def _start_postgres(config: pytest.Config) -> None:
    try:
        server = postgres.start()
    except postgres.CannotStart as error:
        if os.environ.get("CI"):
            raise pytest.UsageError(f"No PostgreSQL starts: {error}") from error
        pytest.exit(f"NOT RUN on PostgreSQL, because none starts here: {error}", returncode=0)
    config.stash[SERVER] = server
    config.add_cleanup(server.stop)
    os.environ["DATABASE_URL"] = server.url


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what a database decides: the rest has had its run."""
    if not config.getoption("postgres"):
        return
    once = [item for item in items if not _asks_the_database(item)]
    items[:] = [item for item in items if item not in once]
    config.hook.pytest_deselected(items=once)


# Pages, rights and words: what a database decides about them, other tests ask.
PAGES = {
    "test_admin_authority",
    "test_admin_factsheet",
    "test_admin_history",
    "test_admin_policy",
    "test_admin_reference",
    "test_admin_review",
    "test_admin_rights",
    "test_categories",
    "test_citing",
    "test_compare",
    "test_feeds",
    "test_field",
    "test_languages",
    "test_list_files",
    "test_map",
    "test_messages",
    "test_public_history",
    "test_public_pages",
    "test_publish_page",
    "test_review_page",
    "test_rubric_movers",
    "test_scoring_admin",
    "test_site_pages",
    "test_statistics",
    "test_tongues",
    "test_what_if",
    "test_who_may",
}


def _asks_the_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    marked = item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db"}
    is_page = item.path.stem in PAGES or item.get_closest_marker("once")
    return bool(marked) and "chromium" not in fixtures and not is_page


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and not among what is imported: it was a seventh of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _no_records_of_widgets(django_test_environment: None) -> Iterator[None]:
    """Keep the contexts of pages for `response.context`, but not of each widget in them."""
    from django.template.base import Template

    with pytest.MonkeyPatch.context() as patch:
        recorded = Template._render

        def render(self: Any, context: Any) -> Any:
            widget = self.name and self.name.startswith("django/forms/")
            return self.nodelist.render(context) if widget else recorded(self, context)

        patch.setattr(Template, "_render", render)
        yield


def pytest_report_header(config: pytest.Config) -> str:
    server = config.stash.get(SERVER, None)
    return f"database: PostgreSQL of {server.programs}" if server else "database: SQLite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Give SQLite a file: in memory, all threads of a live server would share one connection."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        folder = tmp_path_factory.mktemp("database")
        database.setdefault("TEST", {})["NAME"] = str(folder / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Start every test with the reference tables, and bring them back after each that commits."""
    from django.db import connection
    from django.test import TransactionTestCase as Case

    from policies.reference_data import load_reference

    with django_db_blocker.unblock():
        load_reference()
        sqlite = connection.vendor == "sqlite"
        restore = copied_back() if sqlite else filled_after(Case._fixture_teardown)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Case, "_fixture_teardown", restore)
        yield
