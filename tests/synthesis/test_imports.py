"""The web process stays light."""

import json
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

_SCRIPT = """
import json, sys
from voicen_server.wsgi import application
from django.urls import get_resolver
get_resolver().url_patterns
print(json.dumps(sorted({"numpy", "onnxruntime", "torch", "TTS", "pydub", "workers"} & set(sys.modules))))
"""


def test_no_numerical_library(tmp_path: Path) -> None:
    environment = {**os.environ, "VOICEN_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "voicen_server.settings"}
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT], env=environment, cwd=settings.BASE_DIR, capture_output=True, check=True
    )
    assert json.loads(done.stdout) == []


def test_migrations_are_complete(db: None) -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
