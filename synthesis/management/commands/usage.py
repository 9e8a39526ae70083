"""``manage.py usage --month 2026-11``: what each account used on each day, as CSV on standard output."""

from argparse import ArgumentParser
from datetime import UTC, date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from synthesis.domain import quotas
from synthesis.models import Usage
from synthesis.services import usage


class Command(BaseCommand):
    help = "Write the usage of a month (UTC) as CSV: " + ", ".join(usage.COLUMNS) + "."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--month", metavar="YYYY-MM", help="default: the present one")
        parser.add_argument("--user", metavar="NAME", help="only this user, deleted ones included")

    def handle(self, *args: Any, month: str | None, user: str | None, **options: Any) -> None:
        if user is not None and not Usage.objects.filter(username=user).exists():
            raise CommandError(f"Nothing was ever counted for a user {user!r}.")
        for line in usage.table(usage.of_month(_month(month), user)):
            self.stdout.write(line, ending="")


def _month(given: str | None) -> date:
    if given is None:
        return quotas.month_of(quotas.today(timezone.now()))
    try:
        return datetime.strptime(given, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise CommandError(f"--month={given!r} is not a month such as 2026-11.") from error
