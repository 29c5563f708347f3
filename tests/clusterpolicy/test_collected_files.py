"""Production serves static files under fingerprinted names, which every reference must follow."""

from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.management import call_command


@pytest.fixture
def collected(settings, tmp_path: Path) -> ManifestStaticFilesStorage:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return ManifestStaticFilesStorage(location=tmp_path)


@pytest.mark.parametrize("name", ["policies/site.css", "node/chart.js/dist/chart.umd.min.js"])
def test_every_reference_of_a_static_file_is_collected(collected, name):
    assert collected.exists(collected.stored_name(name))
