"""``manage.py backup FILE``: everything that the service keeps, in one file, while it runs."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from synthesis.services import backup


class Command(BaseCommand):
    help = (
        "Write users, keys (digests), jobs, lexicon, texts and audio into one file. The service may run meanwhile. "
        "The secret key and the settings are not in it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a new file, or - for standard output")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        try:
            counts = backup.write(sys.stdout.buffer) if file == "-" else self._to_file(Path(file))
        except FileExistsError as error:
            raise CommandError(f"{file} exists: choose a new name.") from error
        except (OSError, backup.NotMigrated, DatabaseError) as error:
            reason = str(error) if isinstance(error, backup.NotMigrated) else _reason(error)
            raise CommandError(f"No backup was made: {reason}") from error
        users, jobs = counts.get("auth.user", 0), counts.get("synthesis.job", 0)
        self.stderr.write(
            f"Saved {users} users, {jobs} jobs, {counts['files']} files ({counts['bytes'] / 1e6:.1f} MB); "
            f"{counts['deleted']} jobs were deleted meanwhile."
        )

    def _to_file(self, path: Path) -> dict[str, int]:
        """Under its name only once it is whole and on the disk."""
        if path.exists():
            raise FileExistsError
        draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
        try:
            with draft.open("xb") as target:
                counts = self._write(target)
            draft.chmod(0o600)
            draft.rename(path)
        finally:
            draft.unlink(missing_ok=True)
        return counts

    def _write(self, target: BinaryIO) -> dict[str, int]:
        counts = backup.write(target)
        target.flush()
        os.fsync(target.fileno())
        return counts


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.strerror or type(error).__name__}."
    return f"the database cannot be read ({type(error).__name__})."
