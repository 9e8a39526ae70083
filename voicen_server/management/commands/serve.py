"""``manage.py serve``: the whole service on this machine, with one command.

Prepares the data folder, starts web and worker (Wyoming too, if wanted), waits until the first two are healthy,
speaks a sentence through the REST API, and serves until Ctrl-C. ``--once`` ends after the sentence.
"""

import signal
import socket
import sys
import urllib.error
import urllib.request
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone

from synthesis.domain.status import UNFINISHED
from synthesis.models import ApiKey, Job
from synthesis.pages import signin
from synthesis.services import audit, keys, presence
from voicen_server import first_sentence
from voicen_server.supervisor import GaveUp, Program, Supervisor
from workers import preflight

# Loading a model from a cold disk on a slow host; the usual start takes a few seconds.
_START_SECONDS = 180
_KEY_NAME = "quick start"
_KEY_LIFETIME = timedelta(days=30)


class _Stop(Exception):
    """Ctrl-C or SIGTERM."""


class Command(BaseCommand):
    help = "Run the whole service here: web and worker. Ctrl-C stops both."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="speak one sentence and end")
        parser.add_argument("--no-key", action="store_true", help="print no key and no password, where output is kept")

    def handle(self, *args: Any, once: bool, no_key: bool, **options: Any) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _stop)
        try:
            self._serve(once, show_key=not no_key)
        except _Stop:
            self.stdout.write("Stopped.")
        except (GaveUp, first_sentence.NotSpoken, preflight.NotReady) as error:
            raise CommandError(str(error)) from error

    def _serve(self, once: bool, show_key: bool) -> None:
        _check_port()
        preflight.check()
        self._prepare_database(show_key)
        with Supervisor(_programs()) as supervisor:
            if not supervisor.wait_for(_is_ready, _START_SECONDS):
                raise GaveUp(f"The service was not ready within {_START_SECONDS} s: see the lines above.")
            supervisor.settled = True
            self._prove(once, show_key)
            if not once:
                self.stdout.write("Serving; Ctrl-C stops.")
                self.stdout.flush()
                supervisor.wait_for(lambda: False, float("inf"))

    def _prepare_database(self, show_key: bool) -> None:
        try:
            call_command("prepare", stdout=self.stdout, show_password=show_key)
            # Workers of an earlier life on this machine: a killed one could not take leave.
            presence.bury_dead(presence.this_host())
        except DatabaseError as error:
            raise CommandError(
                f"The database cannot be used ({type(error).__name__}): see DATABASE_URL, and the space on its disk."
            ) from error

    def _prove(self, once: bool, show_key: bool) -> None:
        """Speak the first sentence, and say how to speak the next one."""
        administrator = User.objects.filter(is_superuser=True, is_active=True).order_by("id").first()
        if administrator is None:
            self.stdout.write("There is no active administrator: make one with manage.py createsuperuser.")
            return
        key = _quick_start_key(administrator)
        waiting = Job.objects.filter(status__in=UNFINISHED).count()
        if waiting and not once:
            self.stdout.write(f"\nThe service goes on with {waiting} unfinished jobs.\n")
        else:
            target = Path(settings.DATA_DIR) / "first-sentence.mp3"
            first_sentence.speak(_url(), key, target)
            self.stdout.write(f"\nThe service speaks: {target}\n")
        self.stdout.write(
            f"Studio: {settings.PUBLIC_URL or _url()}/\nAPI:    {_url()}/api/v1/\nAdmin:  {_url()}/admin/\n"
        )
        if show_key:
            self.stdout.write(_sample(key))
            if not once:
                self.stdout.write(_door(administrator))
        else:
            ApiKey.objects.filter(name=_KEY_NAME).delete()
        self.stdout.flush()
        connection.close()


def _sample(key: str) -> str:
    return (
        "\nTry it (the key is valid until the next start; manage.py create_token USERNAME makes lasting ones):\n\n"
        f'curl --header "Content-Type: application/json" \\\n'
        f'     --header "Authorization: Token {key}" \\\n'
        f'     --data \'{{"text":"salam", "lang":"az", "voice_id": "{first_sentence.VOICE_ID}"}}\' \\\n'
        f"     {_url()}/api/v1/jobs/text/\n\n"
        f'curl --header "Authorization: Token {key}" --output salam.mp3 \\\n'
        f"     {_url()}/api/v1/jobs/JOB_ID/synthesize/\n"
    )


def _door(administrator: User) -> str:
    return (
        f"\nOpen the studio in a browser (this signs {administrator.get_username()} in, once, within an hour):\n\n"
        f"{settings.PUBLIC_URL or _url()}/login/once/{signin.link_token(administrator)}/\n\n"
    )


def _stop(_number: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the second one would break off an orderly end
    raise _Stop


def _check_port() -> None:
    """Say in one line that the port is taken, before anything starts."""
    family = socket.AF_INET6 if ":" in settings.HOST else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.HOST, settings.PORT))
        except OSError as error:
            raise CommandError(
                f"{settings.HOST}:{settings.PORT} cannot be used ({error.strerror}): "
                f"end what listens there, or choose another port: PORT={settings.PORT + 1} make run"
            ) from error


def _programs() -> list[Program]:
    web = [sys.executable, "-m", "gunicorn", "-c", "python:voicen_server.gunicorn_conf", _WSGI]
    return [Program("web", web), *_workers(), *_wyoming()]


def _wyoming() -> list[Program]:
    """The door for Home Assistant, if it is wanted."""
    if not settings.WYOMING_PORT:
        return []
    return [Program("wyoming", [sys.executable, str(settings.BASE_DIR / "manage.py"), "wyoming"])]


def _workers() -> list[Program]:
    """The processes that speak.

    With the embedded broker each is a worker of its own: the children of one pool would share a lock there, and one
    that is killed while it waits for work takes that lock with it and stops all the others for ever. With Redis the
    pool has a pipe for each child.
    """
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "voicen_server", "worker"]
    quiet = ["--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    if not settings.CELERY_BROKER_URL.startswith("embedded:"):
        return [Program("worker", [*celery, "--pool", "prefork", "--hostname", "voicen@%h", *quiet])]
    return [
        Program(f"worker {number}", [*celery, "--pool", "solo", "--hostname", f"voicen{number}@%h", *quiet])
        for number in range(1, settings.WORKER_PROCESSES + 1)
    ]


_WSGI = "voicen_server.wsgi:application"


def _url() -> str:
    """The address of this service as seen from this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST)  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.PORT}{settings.PATH_PREFIX}"


def _is_ready() -> bool:
    try:
        with urllib.request.urlopen(f"{_url()}/readyz", timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _quick_start_key(administrator: User) -> str:
    """A new key of the administrator for the printed sample, instead of that of the last start."""
    ApiKey.objects.filter(name=_KEY_NAME).delete()
    key, plain = keys.create(administrator, _KEY_NAME, expires=timezone.now() + _KEY_LIFETIME)
    audit.record_command("added", key, detail=f"for {administrator.get_username()}")
    return plain
