"""Loaded by pytest before Django's settings: a data folder of its own, and the engine that needs no weights."""

import atexit
import os
import shutil
import tempfile

if "VOICEN_DATA_DIR" not in os.environ:
    os.environ["VOICEN_DATA_DIR"] = tempfile.mkdtemp(prefix="voicen-test-")
    atexit.register(shutil.rmtree, os.environ["VOICEN_DATA_DIR"], ignore_errors=True)
os.environ["VOICEN_ENGINE"] = "tone"
for _name in ("VOICEN_URL", "VOICEN_SECRET_KEY", "HOST", "PORT"):
    os.environ.pop(_name, None)
