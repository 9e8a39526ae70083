#!/usr/bin/env python3
"""The command line of the project: ``manage.py serve``, ``manage.py create_token``, and Django's own commands."""

import os
import sys

from voicen_server.env import ConfigurationError


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voicen_server.settings")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ConfigurationError as error:
        # An operator's slip, not a fault of the program: one line that says what to do, no traceback.
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
