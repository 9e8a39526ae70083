"""Django settings: read once from the environment. docs/configuration.md explains every variable."""

import importlib.util
import os
import socket
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from kombu import Exchange, Queue

from models import catalogue
from models.packs import licences
from voicen_server import __version__, env, state, turns

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where it lives -------------------------------------------------------------------------------------------------

# Whatever this process or a library writes is for its own account alone.
os.umask(0o077)
DATA_DIR = state.prepare(env.path("VOICEN_DATA_DIR", BASE_DIR / "data"))
SECRET_KEY = env.secret("VOICEN_SECRET_KEY") or state.secret_key(DATA_DIR)
DEBUG = env.boolean("VOICEN_DEBUG", default=False)
# Read by `prepare`; and the name that the API document's samples give to a client's key.
env.declare("VOICEN_ADMIN_USERNAME", "VOICEN_ADMIN_PASSWORD", "VOICEN_ADMIN_PASSWORD_FILE", "VOICEN_ACCESS_TOKEN")

# --- Addresses ------------------------------------------------------------------------------------------------------

HOST = env.text("HOST", "127.0.0.1")
PORT = env.integer("PORT", 8000, minimum=1, maximum=65535)
# The address that clients use, when a proxy stands in front: links are built from it, and its path is the prefix.
PUBLIC_URL = env.text("VOICEN_URL", "").rstrip("/")
_public = urlsplit(PUBLIC_URL)
if PUBLIC_URL and (_public.scheme not in {"http", "https"} or not _public.hostname):
    raise env.ConfigurationError(f"VOICEN_URL={PUBLIC_URL!r} is not an address such as https://tts.example.az.")
PATH_PREFIX = _public.path
TRUST_PROXY = env.boolean("VOICEN_TRUST_PROXY", default=False)

_every_address = HOST in {"0.0.0.0", "::", ""}  # noqa: S104 - compared, not bound
# Health checks and the first sentence call from this machine, whatever names are allowed.
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"] + (
    env.items("VOICEN_ALLOWED_HOSTS")
    or [
        socket.gethostname().lower(),
        # Bound to every address the names of this host cannot be listed. Only the links of a list of jobs are built
        # from the Host header, for the one who sent it; VOICEN_URL fixes them.
        *(["*"] if _every_address else [f"[{HOST}]" if ":" in HOST else HOST]),
        *([_public.hostname] if _public.hostname else []),
    ]
)
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{_public.netloc}"] if PUBLIC_URL else []
_https = _public.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_HSTS_SECONDS = env.integer("VOICEN_HSTS_SECONDS", 0, minimum=0, maximum=2**31)
SECURE_SSL_REDIRECT = env.boolean("VOICEN_HTTPS_REDIRECT", default=False)
SECURE_REDIRECT_EXEMPT = [r"(^|/)healthz$", r"(^|/)readyz$", r"(^|/)metrics$"]
# Whether all hosts of a domain are on https is for the domain's owner to promise, not for one service on it.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
if PATH_PREFIX:
    FORCE_SCRIPT_NAME = PATH_PREFIX
if SECURE_SSL_REDIRECT and not TRUST_PROXY:
    raise env.ConfigurationError(
        "VOICEN_HTTPS_REDIRECT=true needs VOICEN_TRUST_PROXY=true: https ends at a proxy, which has to say so."
    )
# How many proxies, each trusted, append to X-Forwarded-For: whatever stands further left was written by the client.
PROXY_COUNT = env.integer("VOICEN_PROXY_COUNT", 1, minimum=1, maximum=10)
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    USE_X_FORWARDED_HOST = True

# --- Applications ---------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    # Before Django's own: the words of the pages are theirs, also where the admin translates the same ones otherwise.
    "synthesis.pages",
    "voicen_server.admin_config.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "csp",
    "synthesis",
    "synthesis.metrics",
    "voicen_server",
]

MIDDLEWARE = [
    "synthesis.requestid.RequestIdMiddleware",
    "synthesis.forwarded.ForwardedMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "synthesis.keyed.Sessions",
    "synthesis.pages.language.PageLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "synthesis.keyed.LogIns",
    "synthesis.keyed.Messages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "synthesis.keyed.ContentPolicy",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "voicen_server.urls"
WSGI_APPLICATION = "voicen_server.wsgi.application"
# The API serves both forms of every path itself: a redirect would turn a POST into a GET.
APPEND_SLASH = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Ours before those of the admin, one of which they extend.
        "DIRS": [BASE_DIR / "synthesis" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# --- People who log in (pages and admin) ----------------------------------------------------------------------------

LOGIN_URL = "pages:login"
LOGIN_REDIRECT_URL = "pages:studio"
LOGOUT_REDIRECT_URL = "pages:login"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
# Failures are counted in the database, so that all web processes and hosts know of them. Counted for a name at an
# address: for a name alone anybody could lock the administrator out, for an address alone one forgetful person would
# lock out everybody who shares it.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "synthesis.login.address"
AXES_LOCKOUT_CALLABLE = "synthesis.login.locked_out"
AXES_DISABLE_ACCESS_LOG = True  # the audit log has it
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "csrfmiddlewaretoken"]
CSRF_COOKIE_HTTPONLY = True
# A day at the desk; Django's default is two weeks.
SESSION_COOKIE_AGE = 12 * 3600

# Nothing from elsewhere, nothing inline, no frame around us. The admin's own pages keep to it.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "media-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

# The API, the admin and the logs are in English; synthesis/pages/language.py gives the pages the reader's language.
LANGUAGE_CODE = "en"
LANGUAGES = [("az", "Azərbaycanca"), ("tr", "Türkçe"), ("ru", "Русский"), ("en", "English")]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE, LANGUAGE_COOKIE_SECURE = True, "Lax", _https
TIME_ZONE = "UTC"
USE_TZ = True

# With the prefix written out: Django would add it to a relative one only after it has asked for it once.
STATIC_URL = f"{PATH_PREFIX}/static/"
# Static files are served from where the packages installed them: no collectstatic step.
WHITENOISE_USE_FINDERS = True

# --- Database -------------------------------------------------------------------------------------------------------

_SQLITE_OPTIONS = {
    # Waits for the one writer instead of failing; a transaction takes the write lock at its start, since a reader that
    # turns writer fails at once whatever the time-out.
    "timeout": 30,
    "transaction_mode": "IMMEDIATE",
    # FULL: a 200 survives a power cut.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}
DATABASE_PREPARED = env.boolean("VOICEN_DATABASE_PREPARED", default=True)


def _database() -> dj_database_url.DBConfig:
    url = env.secret("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'voicen.sqlite3'}"
    try:
        config = dj_database_url.parse(url, conn_max_age=None, conn_health_checks=True)
    except (ValueError, ImproperlyConfigured, KeyError) as error:
        raise env.ConfigurationError(
            "DATABASE_URL cannot be understood: write postgresql://user:password@host:5432/name."
        ) from error
    if password := env.secret("VOICEN_DATABASE_PASSWORD"):
        if config.get("PASSWORD"):
            raise env.ConfigurationError("DATABASE_URL holds a password and VOICEN_DATABASE_PASSWORD is set: keep one.")
        config["PASSWORD"] = password
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = dict(_SQLITE_OPTIONS)
        config["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}  # a file, as in service: threads share it
    else:
        if config["ENGINE"] == "django.db.backends.postgresql":
            config["ENGINE"] = "voicen_server.postgresql"
        # A host that is gone or frozen is noticed within seconds, not when TCP gives up after minutes.
        dead_peer = {"connect_timeout": 5, "tcp_user_timeout": 10_000}
        dead_peer |= {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
        config["OPTIONS"] = dead_peer | config.get("OPTIONS", {})
        # Only the cursors of synthesis/prepared.py look at it: the second run of a statement prepares it.
        config["OPTIONS"]["prepare_threshold"] = 1 if DATABASE_PREPARED else None
    return config


DATABASES = {"default": _database()}

# --- Files ----------------------------------------------------------------------------------------------------------

MEDIA_ROOT = DATA_DIR / "media"
FILE_UPLOAD_TEMP_DIR = str(state.private_folder(DATA_DIR / "tmp"))
FILE_UPLOAD_PERMISSIONS = 0o600
S3_BUCKET = env.text("VOICEN_S3_BUCKET", "")


def _speech_storage() -> dict[str, object]:
    """Texts and audio: files in the data folder, or a bucket that all hosts share."""
    options = {
        "endpoint_url": env.text("VOICEN_S3_ENDPOINT_URL", ""),
        "region_name": env.text("VOICEN_S3_REGION", ""),
        "access_key": env.secret("VOICEN_S3_ACCESS_KEY"),
        "secret_key": env.secret("VOICEN_S3_SECRET_KEY"),
        "location": env.text("VOICEN_S3_PREFIX", "").strip("/"),
        "addressing_style": env.choice("VOICEN_S3_ADDRESSING", "auto", {"auto", "path", "virtual"}),
    }
    if not S3_BUCKET:
        return {
            "BACKEND": "synthesis.storage.DurableFileSystemStorage",
            "OPTIONS": {"location": str(MEDIA_ROOT)},
        }
    if bool(options["access_key"]) != bool(options["secret_key"]):
        raise env.ConfigurationError("VOICEN_S3_ACCESS_KEY and VOICEN_S3_SECRET_KEY go together: set both or neither.")
    if not importlib.util.find_spec("storages") or not importlib.util.find_spec("boto3"):
        raise env.ConfigurationError("VOICEN_S3_BUCKET needs two more libraries: pip install -r requirements-s3.txt.")
    given = {name: value for name, value in options.items() if value}
    return {"BACKEND": "synthesis.storage_s3.SpeechS3Storage", "OPTIONS": {"bucket_name": S3_BUCKET, **given}}


STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "speech": _speech_storage(),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# --- API ------------------------------------------------------------------------------------------------------------

MAX_CHARACTERS = env.integer("VOICEN_MAX_CHARACTERS", 1_000_000, minimum=1, maximum=50_000_000)
# Of one account, unless its own limits say otherwise; 0: no limit.
MAX_UNFINISHED_JOBS = env.integer("VOICEN_MAX_UNFINISHED_JOBS", 10_000, minimum=0, maximum=10_000_000)
CHARACTERS_PER_DAY = env.integer("VOICEN_CHARACTERS_PER_DAY", 0, minimum=0, maximum=10**15)
CHARACTERS_PER_MONTH = env.integer("VOICEN_CHARACTERS_PER_MONTH", 0, minimum=0, maximum=10**15)
RETENTION_DAYS = env.integer("VOICEN_RETENTION_DAYS", 0, minimum=0, maximum=36_500)
# Seconds for the whole body of a request: one that comes in drops would hold a thread of the web server for ever.
UPLOAD_SECONDS = env.integer("VOICEN_UPLOAD_SECONDS", 300, minimum=5, maximum=86_400)
# Our parsers bound a body themselves, by MAX_CHARACTERS, and answer in the API's own shape.
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["synthesis.api.authentication.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["synthesis.api.rendering.JsonRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "synthesis.api.negotiation.IgnoreAccept",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "synthesis.api.errors.exception_handler",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": None,
}

# The document of /api/v2/, made from its views; its pages come from the sidecar's files, nothing from elsewhere.
SPECTACULAR_SETTINGS = {
    "TITLE": "Voicen Server",
    "DESCRIPTION": "Text to speech in Azerbaijani, Turkish and Russian.",
    "VERSION": __version__,
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v2",
    "PREPROCESSING_HOOKS": ["synthesis.api.v2.schema.only_v2"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "synthesis.api.v2.webhook_schema.with_headers",
    ],
    "WEBHOOKS": [f"synthesis.api.v2.webhook_schema.{event}" for event in ("completed", "failed", "deleted", "test")],
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

# --- Speech ---------------------------------------------------------------------------------------------------------

_LIBRARIES = {"kokoro": "onnxruntime", "coqui": "TTS"}
ENGINE = env.choice("VOICEN_ENGINE", "kokoro", {"kokoro", "coqui", "tone"})
WEIGHTS_DIR = env.optional_path("VOICEN_WEIGHTS_DIR")
KOKORO_RUNTIME = env.choice("VOICEN_KOKORO_RUNTIME", "auto", {"auto", "winograd", "onnxruntime", "cuda", "tensorrt"})
VOICES_DIR = env.path("VOICEN_VOICES_DIR", DATA_DIR / "voices")
VOICES_FILE = env.optional_path("VOICEN_VOICES_FILE")
DEVICE = env.pattern("VOICEN_DEVICE", "auto", r"auto|cpu|cuda(:\d{1,2})?", "auto, cpu, cuda or cuda:0")
try:
    ACCEPTED_LICENCES = frozenset(map(licences.canonical, env.items("VOICEN_ACCEPTED_LICENCES")))
except ValueError as error:
    raise env.ConfigurationError(f"VOICEN_ACCEPTED_LICENCES: {error}.") from error
try:
    catalogue.configure(VOICES_FILE)
except (ValueError, OSError) as error:
    raise env.ConfigurationError(f"VOICEN_VOICES_FILE: {error}.") from error
# What tells the web process how a text is read: by name, since it may not import the workers.
READER = "workers.reading.read"
READING_WITHOUT = env.items("VOICEN_READING_WITHOUT")
# Two processes of one thread speak a quarter more than one process of two threads.
WORKER_PROCESSES = env.integer("VOICEN_WORKER_PROCESSES", os.cpu_count() or 1, minimum=1, maximum=512)
WORKER_MEMORY_MB = env.integer("VOICEN_WORKER_MEMORY_MB", 0, minimum=0, maximum=2**20)
ENGINE_THREADS = env.integer("VOICEN_ENGINE_THREADS", 1, minimum=1, maximum=256)
# Chunks of one voice that an engine which can speaks in one go (0: 8 on a GPU, 1 on a CPU).
BATCH_CHUNKS = env.integer("VOICEN_BATCH_CHUNKS", 0, minimum=0, maximum=64)
# What a process keeps loaded: so many engines, each until nobody has used it for so many seconds (0: for ever).
ENGINE_LIMIT = env.integer("VOICEN_ENGINE_LIMIT", 2, minimum=1, maximum=64)
ENGINE_TTL = env.integer("VOICEN_ENGINE_TTL", 0, minimum=0, maximum=7 * 24 * 3600)
# A process above it unloads what is idle, then makes room for a new one between two chunks (0: never).
MEMORY_MARK_MB = env.integer("VOICEN_MEMORY_MARK_MB", 0, minimum=0, maximum=2**20)
# Chunks that were spoken before, on the speech storage (0: none are kept).
SPEECH_CACHE_MB = env.integer("VOICEN_SPEECH_CACHE_MB", 256, minimum=0, maximum=2**20)
WARM_VOICES = env.whole_numbers("VOICEN_WARM_VOICES")
WORKER_ENGINES = env.choices("VOICEN_WORKER_ENGINES", {"kokoro", "coqui", "tone"}) or [
    # What is installed here, and what the service speaks with: preflight says what that one lacks.
    *dict.fromkeys([ENGINE, *(name for name, library in _LIBRARIES.items() if importlib.util.find_spec(library))])
]
WEB_PROCESSES = env.integer("VOICEN_WEB_PROCESSES", 2, minimum=1, maximum=64)
WEB_THREADS = env.integer("VOICEN_WEB_THREADS", 16, minimum=1, maximum=256)
# Requests for rows that a web process works on at a time.
WEB_TURNS = turns.at_a_time(DATABASES["default"].get("HOST"))
# Requests of each web process that wait for speech or stream it, at a time: the other threads stay for everybody else.
WEB_STREAMS = env.integer("VOICEN_WEB_STREAMS", max(1, WEB_THREADS * 3 // 4), minimum=1, maximum=256)
# How long the signed address of a job's audio is good.
AUDIO_URL_HOURS = env.integer("VOICEN_AUDIO_URL_HOURS", 24, minimum=1, maximum=24 * 365)
MP3_BITRATE_KBPS = int(env.choice("VOICEN_MP3_BITRATE_KBPS", "64", {"32", "40", "48", "56", "64", "80", "96", "128"}))

# --- Clients that wait for their audio --------------------------------------------------------------------------------

# What such a client has heard is of no use to it later.
SPEECH_KEEP_HOURS = env.integer("VOICEN_SPEECH_KEEP_HOURS", 24, minimum=0, maximum=24 * 3650)
# Seconds without new audio after which such a client is told that there will be none.
SPEECH_PATIENCE_SECONDS = env.integer("VOICEN_SPEECH_PATIENCE_SECONDS", 300, minimum=5, maximum=24 * 3600)
# Whether voices and models are listed for clients without a key: Open WebUI and others send none there.
PUBLIC_CATALOGUE = env.boolean("VOICEN_PUBLIC_CATALOGUE", default=True)
# Whose account MaryTTS' clients use, which send no key, and from where; without a name they need one.
MARYTTS_USER = env.text("VOICEN_MARYTTS_USER", "")
MARYTTS_NETWORKS = env.networks("VOICEN_MARYTTS_NETWORKS") or (ip_network("127.0.0.0/8"), ip_network("::1/128"))
# Home Assistant's protocol, which knows no keys at all: off unless a port is named; then `serve` starts its process.
WYOMING_PORT = env.integer("VOICEN_WYOMING_PORT", 0, minimum=0, maximum=65535)
WYOMING_HOST = env.text("VOICEN_WYOMING_HOST", HOST)
WYOMING_USER = env.text("VOICEN_WYOMING_USER", "")
if WYOMING_PORT and not WYOMING_USER:
    raise env.ConfigurationError("VOICEN_WYOMING_PORT needs VOICEN_WYOMING_USER: the account that its clients use.")

# --- Queue ----------------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = env.secret("CELERY_BROKER_URL") or "embedded://localhost"
CELERY_INCLUDE = ["workers.tasks"]
CELERY_TASK_DEFAULT_QUEUE = "speech"
# A doorbell for each engine, so that no worker answers one that it cannot serve.
DOORBELLS = {
    name: CELERY_TASK_DEFAULT_QUEUE if name == ENGINE else f"{CELERY_TASK_DEFAULT_QUEUE}.{name}"
    for name in ("kokoro", "coqui", "tone")
}
CELERY_TASK_QUEUES = [
    Queue(name, Exchange(name), routing_key=name) for name in (DOORBELLS[engine] for engine in WORKER_ENGINES)
]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_STORE_ERRORS_EVEN_IF_IGNORED = False
CELERY_ACCEPT_CONTENT = ["json"]
# The database redelivers work (leases), so the broker never has to.
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_CONCURRENCY = WORKER_PROCESSES
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A child loads its engine and speaks a sentence before it takes work; the default of 4 s would kill it.
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 300.0
if CELERY_BROKER_URL.startswith("embedded:"):
    _queue = state.private_folder(DATA_DIR / "queue")
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
        "data_folder_in": str(_queue),
        "data_folder_out": str(_queue),
        "control_folder": str(state.private_folder(_queue / "control")),
        # Half of it is what a nudge waits. Each look lists a nearly empty folder for every queue.
        "polling_interval": 0.03,
    }
else:
    # A frozen broker must not freeze us: redis-py waits for ever unless told otherwise.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "socket_timeout": 3,
        "socket_connect_timeout": 3,
        "socket_keepalive": True,
    }
# Every worker rings for itself this often, so a lost message costs seconds at most.
RING_SECONDS = 5
# A worker that shows no sign of life for this long has lost the step that it works on.
LEASE_SECONDS = env.integer("VOICEN_LEASE_SECONDS", 30, minimum=3, maximum=3600)

# Whether webhooks may go to addresses of this network, such as 10.0.0.7.
WEBHOOKS_ALLOW_PRIVATE = env.boolean("VOICEN_WEBHOOKS_ALLOW_PRIVATE", default=False)

# --- Metrics --------------------------------------------------------------------------------------------------------

VERSION = __version__
# The commit that an image was built from.
REVISION = env.text("VOICEN_REVISION", "unknown")
# Neither set: /metrics does not exist.
METRICS_TOKEN = env.secret("VOICEN_METRICS_TOKEN")
METRICS_NETWORKS = env.networks("VOICEN_METRICS_NETWORKS")
if METRICS_TOKEN and len(METRICS_TOKEN) < 16:
    raise env.ConfigurationError("VOICEN_METRICS_TOKEN is too short to be safe: use 16 characters or more.")

# --- Logs: ids, lengths and reasons; never a text, never a key --------------------------------------------------------

LOG_LEVEL = env.choice("VOICEN_LOG_LEVEL", "INFO", {"DEBUG", "INFO", "WARNING", "ERROR"})
LOG_FORMAT = env.choice("VOICEN_LOG_FORMAT", "line", {"line", "json"})
# A line for each request: on where a program reads the log.
LOG_REQUESTS = env.boolean("VOICEN_LOG_REQUESTS", default=LOG_FORMAT == "json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "voicen_server.logs.LineFormatter",
            "format": "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s",
        },
        "json": {"()": "voicen_server.logs.JsonFormatter"},
    },
    "filters": {
        "known": {"()": "voicen_server.logs.NotOurRefusals"},
        "context": {"()": "voicen_server.logs.Context"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["context"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "voicen": {"level": LOG_LEVEL},
        "axes": {"level": "ERROR"},  # its warnings name what was typed as user name: at times a password
        "voicen.request": {"level": LOG_LEVEL if LOG_REQUESTS else "CRITICAL"},
        # Django's own handlers print to a terminal only in DEBUG and mail to nobody; errors go to ours.
        "django": {"handlers": [], "level": "ERROR", "propagate": True},
        "django.request": {"filters": ["known"]},
        "django.security.DisallowedHost": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
