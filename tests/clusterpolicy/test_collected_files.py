"""Production serves static files under fingerprinted names, which every reference must follow."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command

from clusterpolicy.fingerprinting import FingerprintedFiles

IMPORTED = re.compile(r"""^import\s(?:[^"';]+\sfrom\s)?["'](\.[^"']+)["'];""", re.MULTILINE)


@pytest.fixture
def collected(settings, tmp_path: Path) -> FingerprintedFiles:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "clusterpolicy.fingerprinting.FingerprintedFiles"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return FingerprintedFiles(location=tmp_path)


@pytest.mark.parametrize("name", ["policies/site.css", "node/chart.js/dist/chart.umd.min.js"])
def test_every_reference_of_a_static_file_is_collected(collected, name):
    assert collected.exists(collected.stored_name(name))


def test_modules_import_each_other_by_their_fingerprinted_names(collected, tmp_path):
    fingerprinted = set(collected.hashed_files.values())
    waiting, seen = [collected.stored_name("policies/admin/workplace.js")], set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        for address in IMPORTED.findall((tmp_path / name).read_text(encoding="utf-8")):
            imported = (tmp_path / name).parent.joinpath(address).resolve()
            waiting += {str(imported.relative_to(tmp_path.resolve()))} - seen
    assert seen <= fingerprinted
    assert len(seen) > 1
