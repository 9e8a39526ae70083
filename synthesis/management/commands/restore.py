"""``manage.py restore FILE``: what ``manage.py backup`` wrote, back in its place."""

import shutil
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from synthesis.services import archive, restore


class Command(BaseCommand):
    help = "Restore a backup. Stop web and workers first. Unfinished jobs start anew; everybody has to log in again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="what manage.py backup wrote, or - for standard input")
        parser.add_argument("--replace", action="store_true", help="first erase every user, key, job and file there is")

    def handle(self, *args: Any, file: str, replace: bool, **options: Any) -> None:
        try:
            counts = self._restore(file, replace)
        except restore.NotEmpty as error:
            raise CommandError(
                "This installation has users or jobs: restore into an empty one, or erase everything with --replace."
            ) from error
        except archive.BadArchive as error:
            raise CommandError(f"Nothing was changed. {error}") from error
        except OSError as error:
            raise CommandError(f"{file} was not restored: {error.strerror or type(error).__name__}.") from error
        except DatabaseError as error:
            raise CommandError(
                f"The restoring broke off ({type(error).__name__}): mend the cause, then repeat it with --replace."
            ) from error
        self.stdout.write(f"Restored {counts['rows']} rows and {counts['files']} files.")

    def _restore(self, file: str, replace: bool) -> dict[str, int]:
        if file != "-":
            with Path(file).open("rb") as source:
                return restore.read(source, replace=replace)
        # It is read three times: checked, the files, the rows.
        with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as source:
            shutil.copyfileobj(sys.stdin.buffer, source)
            return restore.read(source, replace=replace)
