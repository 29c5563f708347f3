"""Serves chosen files of the npm packages as static files, under node/."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import Error
from django.core.files.storage import FileSystemStorage


class NodeFilesFinder(BaseFinder):
    """Finds only what settings.NODE_FILES lists, so that no package is published whole."""

    prefix = "node"

    def __init__(self, app_names=None, *args, **kwargs):
        self.storage = FileSystemStorage(location=settings.NODE_MODULES)
        self.storage.prefix = self.prefix  # collectstatic puts the files below it

    def check(self, **kwargs):
        missing = [name for name in settings.NODE_FILES if not self.storage.exists(name)]
        if not missing:
            return []
        return [
            Error(
                f"Front-end files are missing: {', '.join(missing)}.",
                hint="Run `make setup`, or `npm ci --ignore-scripts`.",
                id="clusterpolicy.E001",
            )
        ]

    def find(self, path, find_all=False, **kwargs):
        prefix, _, name = Path(path).as_posix().partition("/")
        found = prefix == self.prefix and name in settings.NODE_FILES and self.storage.exists(name)
        if not found:
            return []
        return [self.storage.path(name)] if find_all else self.storage.path(name)

    def list(self, ignore_patterns):
        for name in settings.NODE_FILES:
            if self.storage.exists(name):
                yield name, self.storage
