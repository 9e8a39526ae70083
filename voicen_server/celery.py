"""The Celery application. Tasks carry nothing but "there is work": the rows of the database are the truth."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voicen_server.settings")

TRANSPORT_ALIASES["embedded"] = "voicen_server.broker:Transport"

app = Celery("voicen_server")
app.config_from_object("django.conf:settings", namespace="CELERY")
