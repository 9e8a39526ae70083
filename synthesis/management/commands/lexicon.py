"""``manage.py lexicon import FILE`` and ``manage.py lexicon export``: the pronunciation lexicon as a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from synthesis.domain import lexicon as files
from synthesis.domain.errors import InvalidInput
from synthesis.services import lexicon


class Command(BaseCommand):
    help = "Take over a lexicon from a CSV or PLS file, or write one to standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        load = actions.add_parser("import", help="take over the entries of a file, all or none")
        load.add_argument("file", type=Path)
        load.add_argument("--language", choices=files.LANGUAGES, help="of entries that name none")
        load.add_argument("--replace", action="store_true", help="remove the other entries in the file's languages")
        load.add_argument("--dry-run", action="store_true", help="only say what would change")
        write = actions.add_parser("export", help="write the enabled entries")
        write.add_argument("--format", choices=("csv", "pls"), default="csv", help="default: %(default)s")
        write.add_argument("--language", choices=files.LANGUAGES, help="only these; needed for pls")
        for action in (load, write):
            action.add_argument("--user", metavar="NAME", help="entries of this user (default: everybody's)")

    def handle(self, *args: Any, action: str, user: str | None, **options: Any) -> None:
        owner = self._user(user) if user is not None else None
        if action == "import":
            self._import(owner, **options)
        else:
            self._export(owner, options["format"], options["language"])

    def _import(
        self, owner: User | None, *, file: Path, language: str | None, replace: bool, dry_run: bool, **options: Any
    ) -> None:
        try:
            with file.open("rb") as opened:
                content = opened.read(files.MAX_BYTES + 1)
            collected = files.read(content, language)
            if collected.errors:
                raise CommandError("\n".join(["Nothing was imported.", *collected.errors]))
            change = lexicon.load(collected.records, owner, replace=replace, dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except InvalidInput as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{'Would be' if dry_run else 'Imported'}: {change}.")

    def _export(self, owner: User | None, form: str, language: str | None) -> None:
        records = lexicon.records(owner.pk if owner else None, language)
        if form == "csv":
            self.stdout.write(files.table.write(records), ending="")
        elif language is None:
            raise CommandError("A PLS file is of one language: give --language.")
        else:
            self.stdout.write(files.pls.write(records, language), ending="")

    def _user(self, name: str) -> User:
        try:
            return User.objects.get(username=name)
        except User.DoesNotExist as error:
            raise CommandError(f"There is no user {name!r}.") from error
