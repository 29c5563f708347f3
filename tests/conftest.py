"""Settings of a test run; loaded before Django's settings are read."""

import os

os.environ.setdefault("DEBUG", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clusterpolicy.settings")
