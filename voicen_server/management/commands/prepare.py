"""``manage.py prepare``: tables and the first administrator, before web and worker start on their own hosts."""

from typing import Any

from django.core.management.base import BaseCommand

from voicen_server import prepare


class Command(BaseCommand):
    help = "Migrate the database and make the first administrator if there is none."

    def handle(self, *args: Any, **options: Any) -> None:
        password = prepare.prepare()
        if password:
            self.stdout.write(f"Administrator {prepare.administrator()} made; password (shown only now): {password}")
