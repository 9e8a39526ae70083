"""The Celery application. Tasks carry nothing but "there is work": the rows of the database are the truth."""

import os

from celery import Celery
from celery.signals import setup_logging
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voicen_server.settings")

TRANSPORT_ALIASES["embedded"] = "voicen_server.broker:Transport"


@setup_logging.connect
def _keep_our_logging(**_: object) -> None:
    """With a receiver here Celery leaves the logging alone that Django has set up."""


app = Celery("voicen_server")
app.config_from_object("django.conf:settings", namespace="CELERY")
