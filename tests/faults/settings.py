"""The service's own settings; its workers also load what makes faults (`inject`)."""

from voicen_server.settings import *  # noqa: F403
from voicen_server.settings import CELERY_INCLUDE as _INCLUDE

CELERY_INCLUDE = [*_INCLUDE, "tests.faults.inject"]
