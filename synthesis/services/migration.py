"""Users and keys of the original service, taken over from a table: all or none, and again without harm."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from synthesis.domain.errors import InvalidInput
from synthesis.services import audit, keys

COLUMNS = ("username", "key", "name", "email")
MAX_BYTES = 16 * 1024 * 1024
DEFAULT_NAME = "imported"
GUESSABLE = 20
_MOST_PROBLEMS = 50
_LONGEST_NAME = 100


class BadTable(InvalidInput):
    """The table has lines that cannot be taken over; `problems` names each, without its key."""

    def __init__(self, problems: list[str]) -> None:
        shown = problems[:_MOST_PROBLEMS]
        more = len(problems) - len(shown)
        super().__init__("\n".join([*shown, f"… and {more} more."] if more else shown))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: a user and one of their keys; without a key only the user."""

    line: int
    username: str
    key: str = field(repr=False)
    name: str
    email: str


@dataclass(slots=True)
class Change:
    """What was done, or would be."""

    users: int = 0
    keys: int = 0
    known: int = 0

    def __str__(self) -> str:
        return f"{self.users} users and {self.keys} keys added, {self.known} keys there already"


def read(content: bytes) -> list[Row]:
    """The rows of a CSV in UTF-8 with a line of column names, by commas or semicolons. Raises InvalidInput."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput("The table is not UTF-8.") from error
    if "\0" in text:
        raise InvalidInput("The table holds a NUL character: it is no text.")
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",", strict=True)
    try:
        columns = [name.strip().lower() for name in reader.fieldnames or ()]
        if "username" not in columns or set(columns) - set(COLUMNS) or len(set(columns)) < len(columns):
            raise InvalidInput(f"The first line names the columns: username, and any of {', '.join(COLUMNS[1:])}.")
        reader.fieldnames = columns
        return list(_rows(reader))
    except csv.Error as error:
        raise InvalidInput(f"Line {reader.line_num}: this is no CSV.") from error


def _rows(reader: "csv.DictReader[str]") -> Iterator[Row]:
    problems = []
    for record in reader:
        if None in record or None in record.values():
            problems.append(f"Line {reader.line_num}: it has not as many cells as the first line.")
            continue
        cells = {name: value.strip() for name, value in record.items()}
        yield Row(
            reader.line_num,
            cells["username"],
            cells.get("key", ""),
            cells.get("name") or DEFAULT_NAME,
            cells.get("email", ""),
        )
    if problems:
        raise BadTable(problems)


def load(rows: list[Row], *, dry_run: bool = False) -> Change:
    """Add the users and keys that are missing. Raises BadTable, and then nothing was added.

    A key that its user has already is left as it is, also when it was disabled since; so is a user.
    """
    change, problems = Change(), []
    with transaction.atomic():
        for row in rows:
            try:
                _take(row, change)
            except InvalidInput as error:
                problems.append(f"Line {row.line}: {error.message}")
        if problems:
            transaction.set_rollback(True)
            raise BadTable(problems)
        if dry_run:
            transaction.set_rollback(True)
    return change


def _take(row: Row, change: Change) -> None:
    user = User.objects.filter(username=row.username).first()
    if user is None:
        user = _new_user(row)
        change.users += 1
    elif not user.is_active:
        raise InvalidInput("this user is not active, their keys would be refused.")
    if not row.key:
        return
    found = keys.row_of(row.key)
    if found is not None and found.user_id == user.pk:
        change.known += 1
        return
    if found is not None:
        raise InvalidInput("this key belongs to another user already.")
    if len(row.name) > _LONGEST_NAME or not row.name.isprintable():
        raise InvalidInput(f"the name of a key is one line of at most {_LONGEST_NAME} characters.")
    key = keys.import_existing(user, row.name, row.key)
    audit.record_command("imported", key, detail=f"for {user.get_username()}")
    change.keys += 1


def _new_user(row: Row) -> User:
    user = User(username=row.username, email=row.email)
    user.set_unusable_password()
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        # Not the value: whoever swaps the columns would find keys in the log.
        raise InvalidInput(f"{', '.join(sorted(error.message_dict))} is not valid.") from error
    user.save()
    return user
