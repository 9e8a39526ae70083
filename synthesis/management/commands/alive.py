"""``manage.py alive``: whether the workers of this host or container give signs of life, for health checks."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from synthesis.services import presence


class Command(BaseCommand):
    help = "Succeed when a worker process of this host or container has given a sign of life within half a minute."
    # A health check runs often, and only reads.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--without-database",
            action="store_true",
            help="succeed too when the database cannot be asked: for a probe whose failure restarts the worker",
        )

    def handle(self, *args: Any, without_database: bool, **options: Any) -> None:
        try:
            count = presence.alive().filter(host=presence.this_host()).count()
        except DatabaseError as error:
            if without_database:
                return
            raise CommandError(f"The database cannot be asked ({type(error).__name__}).") from error
        if not count:
            raise CommandError("No worker process of this host has given a sign of life.")
        self.stdout.write(f"{count} worker processes are alive here.")
