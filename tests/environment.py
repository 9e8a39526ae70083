"""Loaded by pytest before Django's settings: a data folder of its own, and the engine that needs no weights."""

import atexit
import os
import shutil
import tempfile

from hypothesis import settings

if "VOICEN_DATA_DIR" not in os.environ:
    os.environ["VOICEN_DATA_DIR"] = tempfile.mkdtemp(prefix="voicen-test-")
    atexit.register(shutil.rmtree, os.environ["VOICEN_DATA_DIR"], ignore_errors=True)
os.environ["VOICEN_ENGINE"] = "tone"
# Tests speak the same texts again and again, and want each spoken; those of the cache switch it on.
os.environ["VOICEN_SPEECH_CACHE_MB"] = "0"
for _name in ("VOICEN_URL", "VOICEN_SECRET_KEY", "HOST", "PORT"):
    os.environ.pop(_name, None)

# Timing is measured in benchmarks/ and never asserted: the hosts of a test run are shared and noisy.
settings.register_profile("voicen", deadline=None)
settings.load_profile("voicen")
