"""``manage.py create_token USERNAME``: a new API key, as the last word on standard output."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from synthesis.domain.errors import InvalidInput
from synthesis.services import audit, keys

_GUESSABLE = 20
_LONGEST_NAME = 100


class Command(BaseCommand):
    help = "Make an API key for a user, who is made when missing. The key is the last word of the output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="command line", help="what the key is for (default: %(default)s)")
        parser.add_argument("--import", dest="existing", metavar="KEY", help="take over this key, 8 to 64 characters")

    def handle(self, *args: Any, username: str, name: str, existing: str | None, **options: Any) -> None:
        if existing is not None:
            try:
                keys.check_importable(existing)
            except InvalidInput as error:
                raise CommandError(error.message) from error
        if len(name) > _LONGEST_NAME:
            raise CommandError(f"--name has {_LONGEST_NAME} characters at most.")
        user = self._user(username)
        if existing is None:
            key, plain = keys.create(user, name)
            audit.record_command("added", key, detail=f"for {user.get_username()}")
        else:
            plain = existing
            key = keys.import_existing(user, name, plain)
            audit.record_command("imported", key, detail=f"for {user.get_username()}")
            if len(plain) < _GUESSABLE:
                self.stderr.write(f"This key has only {len(plain)} characters: it may be guessed.")
        self.stdout.write(plain)

    def _user(self, username: str) -> User:
        user = User.objects.filter(username=username).first()
        if user is not None and not user.is_active:
            raise CommandError(f"The user {username!r} is not active: the key would be refused.")
        if user is not None:
            return user
        user = User(username=username)
        user.set_unusable_password()
        try:
            user.full_clean(exclude=["password"])
        except ValidationError as error:
            raise CommandError(f"{username!r} cannot be a user name: {' '.join(error.messages)}") from error
        user.save()
        return user
