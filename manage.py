#!/usr/bin/env python3
"""Runs Django's commands and this project's own for an operator."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clusterpolicy.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        _ = settings.DEBUG  # the first use reads the settings
    except ImproperlyConfigured as error:
        sys.exit(f"Refused to start: {error}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
