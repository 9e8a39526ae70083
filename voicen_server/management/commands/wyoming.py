"""``manage.py wyoming``: the voices for Home Assistant, in a process of its own beside web and worker."""

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from synthesis import wyoming_server
from workers.pipeline.normalise.sentences import boundaries


class Command(BaseCommand):
    help = "Serve the Wyoming protocol (Home Assistant) until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.WYOMING_HOST, help="address to listen on (VOICEN_WYOMING_HOST)")
        parser.add_argument(
            "--port", type=int, default=settings.WYOMING_PORT or 10200, help="VOICEN_WYOMING_PORT, else 10200"
        )

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        try:
            wyoming_server.account()
            self.stdout.write(f"Wyoming: tcp://{f'[{host}]' if ':' in host else host}:{port}")
            self.stdout.flush()
            asyncio.run(wyoming_server.Server(host, port, boundaries).run())
        except wyoming_server.NoAccount as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"{host}:{port} cannot be used ({error.strerror}).") from error
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
