"""``manage.py prepare``: tables and the first administrator, before web and worker start on their own hosts."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from voicen_server import prepare


class Command(BaseCommand):
    help = "Migrate the database and make the first administrator if there is none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--no-password", dest="show_password", action="store_false", help="print no password, where output is kept"
        )

    def handle(self, *args: Any, show_password: bool, **options: Any) -> None:
        password = prepare.prepare()
        if password and not show_password:
            self.stdout.write(
                f"Administrator made; set the password: manage.py changepassword {prepare.administrator()}"
            )
        elif password:
            self.stdout.write(f"Administrator {prepare.administrator()} made; password (shown only now): {password}")
