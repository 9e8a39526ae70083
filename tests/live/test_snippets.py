"""The samples that the account page shows, run as they stand there."""

import html
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from tests.live.audio import samples
from tests.live.service import Service

pytestmark = pytest.mark.live
COMMANDS = {"curl": ["sh"], "python": [sys.executable], "php": ["php"]}


@pytest.mark.parametrize("kind", COMMANDS)
def test_it_speaks(kind: str, service: Service, tmp_path: Path) -> None:
    program = {"python": sys.executable}.get(kind, kind)
    if shutil.which(program) is None:
        pytest.skip(f"{kind} is not installed on this machine")
    shown = render_to_string("pages/snippets.html", {"base_url": service.url, "shown_key": service.key})
    found = re.search(rf'id="snippet-{kind}"><code>(.*?)</code>', shown, re.DOTALL)
    assert found
    script = tmp_path / "sample"
    script.write_text(html.unescape(found[1]), encoding="utf-8")
    done = subprocess.run([*COMMANDS[kind], script.name], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert samples((tmp_path / "salam.mp3").read_bytes()).size > 0
