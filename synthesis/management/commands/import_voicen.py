"""``manage.py import_voicen TABLE.csv``: users and keys of the original service, so that their programs go on."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from synthesis.domain.errors import InvalidInput
from synthesis.services import migration


class Command(BaseCommand):
    help = "Take over users and their keys from a CSV with the columns username, key, name, email. Prints no key."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("table", help="the CSV file; - for standard input")
        parser.add_argument("--dry-run", action="store_true", help="check everything, change nothing")

    def handle(self, *args: Any, table: str, dry_run: bool, **options: Any) -> None:
        try:
            rows = migration.read(_content(table))
            change = migration.load(rows, dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"{table} cannot be read: {error.strerror}.") from error
        except InvalidInput as error:
            raise CommandError(f"Nothing was imported.\n{error.message}") from error
        guessable = sum(0 < len(row.key) < migration.GUESSABLE for row in rows)
        if guessable:
            self.stderr.write(
                f"{guessable} keys have fewer than {migration.GUESSABLE} characters: they may be guessed."
            )
        self.stdout.write(f"{'Would be: ' if dry_run else ''}{change}.")


def _content(table: str) -> bytes:
    if table == "-":
        content = sys.stdin.buffer.read(migration.MAX_BYTES + 1)
    else:
        with Path(table).open("rb") as file:
            content = file.read(migration.MAX_BYTES + 1)
    if len(content) > migration.MAX_BYTES:
        raise InvalidInput(f"The table is larger than {migration.MAX_BYTES // 2**20} MB.")
    return content
