#!/usr/bin/env python3
"""The command line of the project: ``manage.py serve``, ``manage.py create_token``, and Django's own commands."""

import os
import select
import sys

from voicen_server.env import ConfigurationError

_ENDED_BY_A_CLOSED_PIPE = 128 + 13


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voicen_server.settings")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
        sys.stdout.flush()
    except ConfigurationError as error:
        # An operator's slip, not a fault of the program: one line that says what to do, no traceback.
        sys.exit(f"error: {error}")
    except BrokenPipeError:
        if not _nobody_reads_on():
            raise
        # `manage.py read … | head` has seen enough. What is still in the buffer goes nowhere, without a complaint at
        # the end of the program; the status is that of a program which the closed pipe has ended.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(_ENDED_BY_A_CLOSED_PIPE)


def _nobody_reads_on() -> bool:
    """Whether standard output is a pipe whose reader is gone: another pipe may have broken as well."""
    look = select.poll()
    look.register(sys.stdout.fileno(), 0)
    return any(event & select.POLLERR for _, event in look.poll(0))


if __name__ == "__main__":
    main()
