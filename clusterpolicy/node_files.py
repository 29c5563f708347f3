"""Serves chosen files of the npm packages as static files, under node/."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import Error
from django.core.files.storage import FileSystemStorage


class NodeFiles(FileSystemStorage):
    """The installed packages; collectstatic puts what it takes from here below the prefix."""

    prefix = "node"


class NodeFilesFinder(BaseFinder):
    """Finds only what settings.NODE_FILES lists, so that no package is published whole."""

    def __init__(self, app_names=None, *args, **kwargs):
        self.storage = NodeFiles(location=settings.NODE_MODULES)

    def check(self, **kwargs):
        needed = (*settings.NODE_FILES, *settings.ATLAS.values())
        missing = [name for name in needed if not self.storage.exists(name)]
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
        listed = prefix == NodeFiles.prefix and name in settings.NODE_FILES
        if not listed or not self.storage.exists(name):
            return []
        return [self.storage.path(name)] if find_all else self.storage.path(name)

    def list(self, ignore_patterns):
        for name in settings.NODE_FILES:
            if self.storage.exists(name):
                yield name, self.storage
