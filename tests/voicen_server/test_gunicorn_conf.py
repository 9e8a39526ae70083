import os
import subprocess
import sys
from pathlib import Path


def test_it_needs_no_environment(tmp_path: Path) -> None:
    """As docker-compose.yml starts it: without manage.py, which would name the settings."""
    command = [sys.executable, "-m", "gunicorn", "--check-config", "-c", "python:voicen_server.gunicorn_conf"]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [*command, "voicen_server.wsgi:application"],
        cwd=Path(__file__).parents[2],
        env=environment | {"VOICEN_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
