"""The project's own settings; only the bench's command and the place of static files differ."""

import os

from clusterpolicy.settings import *  # noqa: F403
from clusterpolicy.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench"]
STATIC_ROOT = os.environ["BENCH_STATIC_ROOT"]
